"""The busier a node is, the longer it rests between rounds, up to a bound."""

from hypothesis import given
from hypothesis import strategies as st

from nvserver.edge.pace import Pace

COSTS = st.lists(st.floats(0, 0.1), min_size=1, max_size=20)


@given(COSTS, st.floats(0, 100), st.floats(0, 1))
def test_a_rest_is_in_proportion_to_what_the_round_before_cost(costs: list[float], factor: float, bound: float) -> None:
    spent = 100.0
    pace = Pace(factor, bound, lambda: spent)
    assert pace.begin() == 0
    for cost in costs:
        before, spent = spent, spent + cost
        assert pace.begin() == min(factor * (spent - before), bound)
