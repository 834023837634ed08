"""How often something may be tried: token buckets by key, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TypeAlias

from nvserver.core.rate_limit import TokenBucket
from nvserver.errors import RateLimited
from nvserver.ports.clock import Seconds


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tries at once, and one more every `seconds`."""

    burst: int
    seconds: float


Counted: TypeAlias = Callable[[str, int], None]
"""Hears of tries that were counted here: of which key, and how many (-1: one was given back)."""


class Throttle:
    """One bucket a key. When `max_keys` are in use, the one not tried for the longest time is forgotten."""

    def __init__(
        self, rate: Rate, seconds: Seconds, *, max_keys: int = 65_536, on_counted: Counted = lambda _key, _tries: None
    ) -> None:
        self._rate = rate
        self._seconds = seconds
        self._max_keys = max_keys
        self._on_counted = on_counted
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, key: str) -> None:
        """One try. Raises `RateLimited` when there is none left; then nothing is taken."""
        wait = self.count(key, 1)
        if wait > 0:
            raise RateLimited(wait)
        self._on_counted(key, 1)

    def give_back(self, key: str) -> None:
        """The try did not count."""
        if key in self._buckets:
            self.count(key, -1)
            self._on_counted(key, -1)

    def count(self, key: str, tries: int) -> float:
        """Tries that were taken, or given back, here or elsewhere. The seconds until there will be as many; 0: they
        were taken."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(1 / self._rate.seconds, self._rate.burst)
            if len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket.take(self._seconds(), tries)


class Unlimited:
    """A throttle that never says no, for `rate_limits = off`."""

    def take(self, key: str) -> None:
        """Nothing happens."""

    def give_back(self, key: str) -> None:
        """Nothing happens."""

    def count(self, key: str, tries: int) -> float:  # noqa: ARG002
        """Nothing happens."""
        return 0.0


def network_of(address: str) -> str:
    """What of an address is one customer: all of an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
