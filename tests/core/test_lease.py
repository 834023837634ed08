"""Leases: for any delays, a node thinks its own to end before anybody else does."""

from hypothesis import given
from hypothesis import strategies as st

from nvserver.core.lease import Lease, Neighbours, Sighting

delays = st.floats(0, 5, allow_nan=False)


@given(st.floats(0, 1000), delays, delays, delays, st.floats(0.2, 10))
def test_the_holder_gives_up_before_others_take_over(
    sent_at: float, way_there: float, asked_after: float, way_back: float, seconds: float
) -> None:
    """On one imagined clock: the directory takes the renewal `way_there` after it was sent; another node asks."""
    lease = Lease(seconds)
    lease.renewed(sent_at)
    taken_at = sent_at + way_there
    left = max(0.0, taken_at + seconds - (taken_at + asked_after))
    received_at = taken_at + asked_after + way_back
    others = Neighbours(max_age_seconds=seconds)
    others.saw(received_at, [Sighting("holder", left)])
    end_for_others = others.next_end(received_at)
    if end_for_others is not None:
        assert not lease.is_held(end_for_others + 1e-6)


def test_an_answer_that_comes_late_takes_nothing_back() -> None:
    lease = Lease(3)
    assert not lease.is_held(0)
    lease.renewed(10)
    lease.renewed(8)
    assert lease.is_held(12.9) and not lease.is_held(13)
    assert lease.left(11) == 2
    lease.lose()
    assert not lease.is_held(11)


def test_two_renewals_may_be_lost() -> None:
    lease = Lease(3)
    lease.sent(10)
    lease.renewed(10)
    assert lease.next_renewal == 11
    lease.sent(11)
    lease.sent(lease.next_renewal)
    assert lease.is_held(lease.next_renewal - 0.1)


def test_who_has_slept_says_nothing_of_others() -> None:
    others = Neighbours(max_age_seconds=3)
    assert not others.is_fresh(0)
    others.saw(10, [Sighting("a", 2)])
    assert others.is_alive("a", 11.9) and not others.is_alive("a", 12) and not others.is_alive("b", 11)
    assert others.is_fresh(13) and not others.is_fresh(13.1)
    assert others.next_end(11) == 12 and others.next_end(12) is None
