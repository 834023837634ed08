"""How many requests somebody may send."""

from dataclasses import dataclass, field
from typing import Final

from nvserver.ports.clock import Seconds
from nvserver.services.shared_throttles import SharedThrottles
from nvserver.services.throttle import Rate, network_of

_ADDRESS: Final = "requests_from_address"
_PERSON: Final = "requests_of_person"


@dataclass(frozen=True, slots=True)
class RequestRates:
    """`_burst` requests to the API at once, and one more every `_seconds`. Section `[request_rates]`.

    Beyond it they are answered `RATE_LIMITED` with `Retry-After`. Nodes count together, each from its start on."""

    address_burst: int = field(default=2000, metadata={"min": 1})
    """From one address (of IPv6: one /64), whoever asks."""
    address_seconds: float = field(default=0.005, metadata={"min": 0.0001})
    """How long until one more is allowed."""
    person_burst: int = field(default=600, metadata={"min": 1})
    """Of one person, from wherever, by tokens of any kind."""
    person_seconds: float = field(default=0.02, metadata={"min": 0.0001})
    """How long until one more is allowed."""


class RequestLimits:
    """Counts requests, together with the other nodes. `is_on` False lifts the limits."""

    def __init__(self, rates: RequestRates, seconds: Seconds, *, is_on: bool) -> None:
        self._throttles = SharedThrottles(
            {
                _ADDRESS: Rate(rates.address_burst, rates.address_seconds),
                _PERSON: Rate(rates.person_burst, rates.person_seconds),
            },
            seconds,
            is_on=is_on,
        )
        self.share, self.heard = self._throttles.share, self._throttles.heard

    def before(self, address: str) -> None:
        """Count a request before it is looked at. Raises `RateLimited`."""
        self._throttles.take(_ADDRESS, network_of(address))

    def before_person(self, user_id: str) -> None:
        """Count a request of somebody who showed who he is. Raises `RateLimited`."""
        self._throttles.take(_PERSON, user_id)
