"""How often something may be tried: token buckets by key, in bounded memory."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from nvserver.errors import RateLimited
from nvserver.ports.clock import NowMs


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tries at once, and one more every `seconds`."""

    burst: int
    seconds: float


class Throttle:
    """One bucket a key, kept as the time at which it will be full again (GCRA).

    When `max_keys` are in use at once, the one not tried for the longest time is forgotten."""

    def __init__(self, rate: Rate, now_ms: NowMs, *, max_keys: int = 65_536) -> None:
        self._rate = rate
        self._now_ms = now_ms
        self._max_keys = max_keys
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, key: Hashable) -> None:
        """One try. Raises `RateLimited` when there is none left; then nothing is taken."""
        now, step = self._now_ms() / 1000, self._rate.seconds
        full_at = max(self._full_at.get(key, now), now) + step
        wait = full_at - now - step * self._rate.burst
        if wait > 0:
            raise RateLimited(wait)
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._max_keys:
            self._full_at.popitem(last=False)

    def give_back(self, key: Hashable) -> None:
        """The try did not count."""
        if key in self._full_at:
            self._full_at[key] -= self._rate.seconds


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
