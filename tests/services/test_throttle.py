"""Buckets by key, against a count by hand."""

import random
from functools import partial

import pytest

from nvserver.edge.http.request_limits import RequestLimits, RequestRates
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


@pytest.mark.parametrize("share", [(1, 1, 1), (5, 1, 0), (1, 0, 0)])
def test_nodes_allow_together_the_requests_of_one_and_tell_little(share: tuple[int, ...], rng: random.Random) -> None:
    """A word takes up to 0.2 seconds to the others; the caller sends three times what he may."""
    rates, clock = RequestRates(person_burst=600, person_seconds=0.02), Clock()
    nodes = [RequestLimits(rates, clock, is_on=True) for _ in share]
    under_way: list[tuple[float, int, tuple[str, str, int]]] = []

    def tell(sender: int, name: str, key: str, tries: int) -> None:
        under_way.extend(
            (clock.now + rng.uniform(0, 0.2), number, (name, key, tries))
            for number in range(len(nodes))
            if number != sender
        )

    for number, node in enumerate(nodes):
        node.share(partial(tell, number))
    seconds, rate, taken = 60, 150, 0
    for _ in range(seconds * rate):
        clock.now += 1 / rate
        for word in [word for word in under_way if word[0] <= clock.now]:
            under_way.remove(word)
            nodes[word[1]].heard(*word[2])
        (number,) = rng.choices(range(len(nodes)), share)
        try:
            nodes[number].before_person("ada")
        except RateLimited:
            continue
        taken += 1
    promised = 600 + seconds / 0.02
    assert promised * 0.9 <= taken <= promised * 1.1
    told = under_way and under_way[0][2]
    assert not told or (told[0] == "requests_of_person" and told[2] == 6 and "ada" not in told[1])


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
