"""How many requests somebody may send."""

from dataclasses import dataclass, field

from nvserver.ports.clock import Seconds
from nvserver.services.throttle import Rate, Throttle, Unlimited, network_of


@dataclass(frozen=True, slots=True)
class RequestRates:
    """`_burst` requests to the API at once, and one more every `_seconds`. Section `[request_rates]`.

    Beyond it they are answered `RATE_LIMITED` with `Retry-After`. Counted on each node and from its start on."""

    address_burst: int = field(default=2000, metadata={"min": 1})
    """From one address (of IPv6: one /64), whoever asks."""
    address_seconds: float = field(default=0.005, metadata={"min": 0.0001})
    person_burst: int = field(default=600, metadata={"min": 1})
    """Of one person, from wherever, by tokens of any kind."""
    person_seconds: float = field(default=0.02, metadata={"min": 0.0001})


class RequestLimits:
    """Counts requests. `is_on` False lifts the limits."""

    def __init__(self, rates: RequestRates, seconds: Seconds, *, is_on: bool) -> None:
        def throttle(burst: int, refill_seconds: float) -> Throttle | Unlimited:
            return Throttle(Rate(burst, refill_seconds), seconds) if is_on else Unlimited()

        self._address = throttle(rates.address_burst, rates.address_seconds)
        self._person = throttle(rates.person_burst, rates.person_seconds)

    def before(self, address: str) -> None:
        """Count a request before it is looked at. Raises `RateLimited`."""
        self._address.take(network_of(address))

    def before_person(self, user_id: str) -> None:
        """Count a request of somebody who showed who he is. Raises `RateLimited`."""
        self._person.take(user_id)
