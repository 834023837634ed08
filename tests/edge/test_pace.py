"""The busier a node is, the longer it rests between rounds, up to a bound; while it has been quiet it does not rest."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from nvserver.edge.pace import Pace

COSTS = st.lists(st.floats(0, 0.1), min_size=1, max_size=20)


@given(COSTS, st.floats(0, 100), st.floats(0, 1))
def test_under_load_a_rest_is_in_proportion_to_what_the_round_before_cost(
    costs: list[float], factor: float, bound: float
) -> None:
    spent, now = 100.0, 5.0
    pace = Pace(factor, bound, 0.0, lambda: spent)
    now += pace.begin(now)
    for cost in costs:
        before, spent = spent, spent + cost
        rest = pace.begin(now)
        assert rest == min(factor * (spent - before), bound)
        now += rest


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 10_000)), max_size=50), st.integers(0, 5_000))
def test_rounds_without_a_rest_are_paid_for_by_quiet_time(rounds: list[tuple[int, int]], credit: int) -> None:
    """Costs and pauses in microseconds; factor 16, so that every sum is exact."""
    spent, now, rested_at = Fraction(0), Fraction(0), Fraction(0)
    left = most = Fraction(credit, 2**20)
    pace = Pace(16, 1, float(most), lambda: float(spent))
    assert pace.begin(0.0) == 0
    for cost, pause in rounds:
        spent += Fraction(cost, 2**20)
        now = rested_at + Fraction(pause, 2**20)
        left = min(most, left + Fraction(pause, 2**24))
        is_paid = Fraction(cost, 2**20) <= left
        rest = pace.begin(float(now))
        assert rest == (0 if is_paid else float(Fraction(16 * cost, 2**20)))
        if is_paid:
            left -= Fraction(cost, 2**20)
        rested_at = now + Fraction(rest)


def test_who_writes_alone_waits_for_nothing_and_a_crowd_is_read_in_rounds() -> None:
    spent = now = 0.0
    pace = Pace(15, 0.016, 0.01, lambda: spent)
    waits = []
    for _ in range(100):  # a key every 60 ms, and the caret beside it
        for pause in (0.01, 0.05):
            waits.append(pace.begin(now))
            spent += 0.002
            now += pause
    assert not any(waits)
    for _ in range(10):
        now += pace.begin(now)
        spent += 0.002
    assert pace.begin(now) == 0.016
