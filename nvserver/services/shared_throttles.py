"""Throttles by name whose counts several nodes share."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeAlias

from nvserver.ports.clock import Seconds
from nvserver.services.throttle import Rate, Throttle, Unlimited

Tell: TypeAlias = Callable[[str, str, int], None]
"""Of which throttle, which key, how many tries. Never blocks, never raises."""


class SharedThrottles:
    """Nodes tell each other what they count, so that several of them allow hardly more than one. Each goes on by what
    it knows while it does not hear from the others: nothing is lifted, and nobody waits for a word. Keys are told as
    hashes. `is_on` False lifts all."""

    def __init__(self, rates: Mapping[str, Rate], seconds: Seconds, *, is_on: bool) -> None:
        self._tell: Tell = lambda _name, _key, _tries: None

        def throttle(name: str, rate: Rate) -> Throttle | Unlimited:
            if not is_on:
                return Unlimited()
            return Throttle(rate, seconds, on_counted=lambda key, tries: self._tell(name, key, tries))

        self._throttles = {name: throttle(name, rate) for name, rate in rates.items()}

    def share(self, tell: Tell) -> None:
        """What is counted here is told by `tell`."""
        self._tell = tell

    def heard(self, name: str, key: str, tries: int) -> None:
        """Another node counted this. Names of other throttles are not ours to count."""
        if name in self._throttles:
            self._throttles[name].counted(key, tries)

    def take(self, name: str, *parts: str) -> None:
        """Count a try of what the parts name. Raises `RateLimited`."""
        self._throttles[name].take(_key(parts))

    def give_back(self, name: str, *parts: str) -> None:
        """The try did not count."""
        self._throttles[name].give_back(_key(parts))


def _key(parts: Sequence[str]) -> str:
    """The same on every node; tells nobody's address."""
    return blake2b("\x00".join(parts).encode(), digest_size=12).hexdigest()
