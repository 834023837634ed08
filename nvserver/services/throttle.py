"""How often something may be tried: token buckets by key, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final, TypeAlias

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

_TOLD_SHARE: Final = 100
_DEBT_SHARE: Final = 10


class _Bucket(TokenBucket):
    """`untold`: tries that were counted here and that nobody heard of yet."""

    __slots__ = ("untold",)

    def __init__(self, rate_per_second: float, burst: float, *, most_debt: float) -> None:
        super().__init__(rate_per_second, burst, most_debt=most_debt)
        self.untold = 0


class Throttle:
    """One bucket a key. When `max_keys` are in use, the one not tried for the longest time is forgotten.

    Tries are told together, a hundredth of the burst at a time: a throttle of few tries tells each, one of many
    requests costs little."""

    def __init__(
        self, rate: Rate, seconds: Seconds, *, max_keys: int = 65_536, on_counted: Counted = lambda _key, _tries: None
    ) -> None:
        self._rate = rate
        self._seconds = seconds
        self._max_keys = max_keys
        self._on_counted = on_counted
        self._told_together = max(1, rate.burst // _TOLD_SHARE)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> None:
        """One try. Raises `RateLimited` when there is none left; then nothing is taken."""
        bucket = self._bucket(key)
        if (wait := bucket.take(self._seconds())) > 0:
            raise RateLimited(wait)
        self._tell(key, bucket, 1)

    def give_back(self, key: str) -> None:
        """The try did not count."""
        if key in self._buckets:
            bucket = self._bucket(key)
            bucket.spend(self._seconds(), -1)
            self._tell(key, bucket, -1)

    def counted(self, key: str, tries: int) -> None:
        """Tries that were taken, or given back, elsewhere. More than were left are owed, up to a tenth of the burst:
        so nodes that hear of each other late allow together what they should in the long run."""
        self._bucket(key).spend(self._seconds(), tries)

    def _bucket(self, key: str) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            rate = self._rate
            bucket = self._buckets[key] = _Bucket(1 / rate.seconds, rate.burst, most_debt=rate.burst / _DEBT_SHARE)
            if len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket

    def _tell(self, key: str, bucket: _Bucket, tries: int) -> None:
        bucket.untold += tries
        if abs(bucket.untold) >= self._told_together:
            self._on_counted(key, bucket.untold)
            bucket.untold = 0


class Unlimited:
    """A throttle that never says no, for `rate_limits = off`."""

    def take(self, key: str) -> None:
        """Nothing happens."""

    def give_back(self, key: str) -> None:
        """Nothing happens."""

    def counted(self, key: str, tries: int) -> None:
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
