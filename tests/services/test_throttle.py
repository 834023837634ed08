"""Buckets by key, against a count by hand."""

import random
from functools import partial

import pytest

from nvserver.errors import RateLimited
from nvserver.services.sign_in_limits import SignInLimits, SignInRates
from nvserver.services.throttle import Rate, Throttle, network_of


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def allowed(throttle: Throttle, key: str) -> bool:
    try:
        throttle.take(key)
    except RateLimited:
        return False
    return True


def test_in_any_stretch_of_time_no_more_than_the_burst_and_the_refill(rng: random.Random) -> None:
    clock, rate = Clock(), Rate(burst=5, seconds=2.0)
    throttle = Throttle(rate, clock)
    taken: list[float] = []
    for _ in range(2_000):
        clock.now += rng.choice([0, 0.01, 0.5, 3.0, 20.0])
        if allowed(throttle, "a"):
            taken.append(clock.now)
    for start in range(len(taken)):
        for end in range(start, min(start + 30, len(taken))):
            elapsed = taken[end] - taken[start]
            assert end - start + 1 <= rate.burst + elapsed / rate.seconds + 1e-6


def test_whoever_waits_as_told_may_go_on() -> None:
    clock = Clock()
    throttle = Throttle(Rate(burst=1, seconds=7.0), clock)
    throttle.take("a")
    for _ in range(5):
        with pytest.raises(RateLimited) as refused:
            throttle.take("a")
        clock.now += refused.value.retry_after_seconds + 1e-9
        throttle.take("a")


def test_keys_do_not_share_and_a_try_can_be_given_back() -> None:
    throttle = Throttle(Rate(burst=2, seconds=1e9), Clock())
    assert [allowed(throttle, key) for key in "aab"] == [True] * 3
    assert not allowed(throttle, "a")
    throttle.give_back("a")
    assert [allowed(throttle, "a") for _ in range(2)] == [True, False]
    throttle.give_back("unknown")


def test_memory_is_bounded() -> None:
    throttle = Throttle(Rate(burst=1, seconds=1e9), Clock(), max_keys=10)
    for n in range(1_000):
        throttle.take(str(n))
    assert not allowed(throttle, "999")
    assert allowed(throttle, "0")  # forgotten
    assert len(throttle._buckets) == 10


def guesses(limits: SignInLimits, count: int) -> int:
    """How many of so many guesses at one account, from as many addresses, are looked at."""
    looked_at = 0
    for number in range(count):
        try:
            limits.before_password("ada@notes.test", f"192.0.2.{number}")
        except RateLimited:
            continue
        looked_at += 1
    return looked_at


def test_nodes_that_tell_each_other_allow_as_much_as_one() -> None:
    rates, clock = SignInRates(), Clock()
    nodes = [SignInLimits(rates, clock, is_on=True) for _ in range(3)]
    told: list[tuple[str, str, int]] = []

    def tell(sender: int, *tries: str | int) -> None:
        told.append(tries)  # type: ignore[arg-type]
        for number, node in enumerate(nodes):
            if number != sender:
                node.heard(*tries)  # type: ignore[arg-type]

    for number, node in enumerate(nodes):
        node.share(partial(tell, number))
    assert sum(guesses(node, 15) for node in nodes) == rates.account_burst
    assert told and not [name for name in told if "ada" in str(name)]
    clock.now += rates.account_seconds
    assert [guesses(node, 5) for node in nodes] == [1, 0, 0]
    nodes[2].after_right_password("ada@notes.test", "192.0.2.0")
    assert [guesses(node, 5) for node in nodes] == [1, 0, 0]
    nodes[0].heard("nothing", "x", 1)


def test_a_node_that_hears_of_nobody_still_counts() -> None:
    limits = SignInLimits(SignInRates(), Clock(), is_on=True)
    assert guesses(limits, 100) == SignInRates().account_burst


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("nonsense", "nonsense"),
    ],
)
def test_an_ipv6_customer_has_many_addresses(address: str, network: str) -> None:
    assert network_of(address) == network
