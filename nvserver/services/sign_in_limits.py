"""How often people may try to sign in or register, from where."""

from dataclasses import dataclass, field

from nvserver.ports.clock import Seconds
from nvserver.services.throttle import Rate, Throttle, Unlimited, network_of


@dataclass(frozen=True, slots=True)
class SignInRates:
    """`_burst` tries at once, and one more every `_seconds`. Section `[sign_in]`.

    Wrong passwords count, right ones do not. For one account less than 100 guesses in 15 minutes, wherever from; one
    address cannot use all of them, so that it cannot lock the account's owner out."""

    account_from_address_burst: int = field(default=5, metadata={"min": 1})
    account_from_address_seconds: float = field(default=30, metadata={"min": 0.001})
    account_burst: int = field(default=20, metadata={"min": 1})
    account_seconds: float = field(default=15, metadata={"min": 0.001})
    address_burst: int = field(default=100, metadata={"min": 1})
    address_seconds: float = field(default=1, metadata={"min": 0.001})
    codes_burst: int = field(default=5, metadata={"min": 1})
    """Wrong codes of a second factor, of one account wherever from."""
    codes_seconds: float = field(default=60, metadata={"min": 0.001})
    registrations_burst: int = field(default=100, metadata={"min": 1})
    registrations_seconds: float = field(default=10, metadata={"min": 0.001})
    mails_burst: int = field(default=3, metadata={"min": 1})
    """Mails to one account that somebody asked for."""
    mails_seconds: float = field(default=300, metadata={"min": 0.001})
    mails_from_address_burst: int = field(default=20, metadata={"min": 1})
    mails_from_address_seconds: float = field(default=30, metadata={"min": 0.001})


class SignInLimits:
    """The throttles of signing in. `is_on` False lifts all of them."""

    def __init__(self, rates: SignInRates, seconds: Seconds, *, is_on: bool) -> None:
        def throttle(burst: int, refill_seconds: float) -> Throttle | Unlimited:
            return Throttle(Rate(burst, refill_seconds), seconds) if is_on else Unlimited()

        self._account_from_address = throttle(rates.account_from_address_burst, rates.account_from_address_seconds)
        self._account = throttle(rates.account_burst, rates.account_seconds)
        self._address = throttle(rates.address_burst, rates.address_seconds)
        self._codes = throttle(rates.codes_burst, rates.codes_seconds)
        self._registrations = throttle(rates.registrations_burst, rates.registrations_seconds)
        self._mails = throttle(rates.mails_burst, rates.mails_seconds)
        self._mails_from_address = throttle(rates.mails_from_address_burst, rates.mails_from_address_seconds)

    def before_password(self, email: str, address: str) -> None:
        """Count a guess. Raises `RateLimited`."""
        network = network_of(address)
        self._address.take(network)
        self._account_from_address.take((email, network))
        self._account.take(email)

    def after_right_password(self, email: str, address: str) -> None:
        """It was no guess."""
        network = network_of(address)
        self._address.give_back(network)
        self._account_from_address.give_back((email, network))
        self._account.give_back(email)

    def before_code(self, user_id: str) -> None:
        """Count a guess of a second factor. Raises `RateLimited`."""
        self._codes.take(user_id)

    def after_right_code(self, user_id: str) -> None:
        """It was no guess."""
        self._codes.give_back(user_id)

    def before_registration(self, address: str) -> None:
        """Count a new account. Raises `RateLimited`."""
        self._registrations.take(network_of(address))

    def before_mail(self, email: str, address: str) -> None:
        """Count a mail that somebody asks for, whether or not anybody has the address. Raises `RateLimited`."""
        self._mails_from_address.take(network_of(address))
        self._mails.take(email)
