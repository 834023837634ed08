"""How often something may be tried: token buckets by key, in bounded memory."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from nvserver.core.rate_limit import TokenBucket
from nvserver.errors import RateLimited
from nvserver.ports.clock import Seconds


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tries at once, and one more every `seconds`."""

    burst: int
    seconds: float


class Throttle:
    """One bucket a key. When `max_keys` are in use, the one not tried for the longest time is forgotten."""

    def __init__(self, rate: Rate, seconds: Seconds, *, max_keys: int = 65_536) -> None:
        self._rate = rate
        self._seconds = seconds
        self._max_keys = max_keys
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def take(self, key: Hashable) -> None:
        """One try. Raises `RateLimited` when there is none left; then nothing is taken."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(1 / self._rate.seconds, self._rate.burst)
            if len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        wait = bucket.take(self._seconds())
        if wait > 0:
            raise RateLimited(wait)

    def give_back(self, key: Hashable) -> None:
        """The try did not count."""
        if bucket := self._buckets.get(key):
            bucket.take(self._seconds(), -1)


class Unlimited:
    """A throttle that never says no, for `rate_limits = off`."""

    def take(self, key: Hashable) -> None:
        """Nothing happens."""

    def give_back(self, key: Hashable) -> None:
        """Nothing happens."""


def network_of(address: str) -> str:
    """What of an address is one customer: all of an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
