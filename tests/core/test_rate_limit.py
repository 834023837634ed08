import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvserver.core.rate_limit import TokenBucket


@given(st.lists(st.floats(0, 5), max_size=200))
def test_no_window_lets_more_through_than_burst_and_rate(gaps: list[float]) -> None:
    rate, burst, now = 3.0, 5, 0.0
    bucket = TokenBucket(rate, burst)
    taken: list[float] = []
    for gap in gaps:
        now += gap
        if bucket.take(now) == 0:
            taken.append(now)
    for i, start in enumerate(taken):
        for j in range(i, len(taken)):
            assert j - i + 1 <= burst + (taken[j] - start) * rate + 1e-6


@given(st.floats(0.1, 100), st.integers(1, 50))
def test_the_told_wait_is_enough(rate: float, burst: int) -> None:
    bucket = TokenBucket(rate, burst)
    for _ in range(burst):
        assert bucket.take(10.0) == 0
    wait = bucket.take(10.0)
    assert wait > 0
    assert bucket.take(10.0 + wait * 1.000001) == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    bucket = TokenBucket(1, 1)
    assert bucket.take(10.0) == 0
    assert bucket.take(5.0) > 0
    assert bucket.take(10.5) > 0


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_bad_settings_are_refused(rate: float, burst: float) -> None:
    with pytest.raises(ValueError, match="bucket"):
        TokenBucket(rate, burst)
