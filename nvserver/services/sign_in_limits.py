"""How often people may try to sign in or register, from where."""

from dataclasses import dataclass, field
from typing import Final

from nvserver.ports.clock import Seconds
from nvserver.services.shared_throttles import SharedThrottles
from nvserver.services.throttle import Rate, network_of

_NAMES: Final = ("account_from_address", "account", "address", "codes", "registrations", "mails", "mails_from_address")


@dataclass(frozen=True, slots=True)
class SignInRates:
    """`_burst` tries at once, and one more every `_seconds`. Section `[sign_in]`.

    Wrong passwords count, right ones do not. For one account less than 100 guesses in 15 minutes, wherever from; one
    address cannot use all of them, so that it cannot lock the account's owner out."""

    account_from_address_burst: int = field(default=5, metadata={"min": 1})
    """Of one account from one address."""
    account_from_address_seconds: float = field(default=30, metadata={"min": 0.001})
    """How long until one more is allowed."""
    account_burst: int = field(default=20, metadata={"min": 1})
    """Of one account, wherever from."""
    account_seconds: float = field(default=15, metadata={"min": 0.001})
    """How long until one more is allowed."""
    address_burst: int = field(default=100, metadata={"min": 1})
    """From one address, whatever the account."""
    address_seconds: float = field(default=1, metadata={"min": 0.001})
    """How long until one more is allowed."""
    codes_burst: int = field(default=5, metadata={"min": 1})
    """Wrong codes of a second factor, of one account wherever from."""
    codes_seconds: float = field(default=60, metadata={"min": 0.001})
    """How long until one more is allowed."""
    registrations_burst: int = field(default=100, metadata={"min": 1})
    """New accounts from one address."""
    registrations_seconds: float = field(default=10, metadata={"min": 0.001})
    """How long until one more is allowed."""
    mails_burst: int = field(default=3, metadata={"min": 1})
    """Mails to one account that somebody asked for."""
    mails_seconds: float = field(default=300, metadata={"min": 0.001})
    """How long until one more is allowed."""
    mails_from_address_burst: int = field(default=20, metadata={"min": 1})
    """Mails that somebody at one address asked for."""
    mails_from_address_seconds: float = field(default=30, metadata={"min": 0.001})
    """How long until one more is allowed."""


class SignInLimits:
    """The throttles of signing in, shared between nodes. `is_on` False lifts all of them."""

    def __init__(self, rates: SignInRates, seconds: Seconds, *, is_on: bool) -> None:
        self._throttles = SharedThrottles(
            {name: Rate(getattr(rates, f"{name}_burst"), getattr(rates, f"{name}_seconds")) for name in _NAMES},
            seconds,
            is_on=is_on,
        )
        self.share, self.heard = self._throttles.share, self._throttles.heard

    def before_password(self, email: str, address: str) -> None:
        """Count a guess. Raises `RateLimited`."""
        network = network_of(address)
        self._throttles.take("address", network)
        self._throttles.take("account_from_address", email, network)
        self._throttles.take("account", email)

    def after_right_password(self, email: str, address: str) -> None:
        """It was no guess."""
        network = network_of(address)
        self._throttles.give_back("address", network)
        self._throttles.give_back("account_from_address", email, network)
        self._throttles.give_back("account", email)

    def before_code(self, user_id: str) -> None:
        """Count a guess of a second factor. Raises `RateLimited`."""
        self._throttles.take("codes", user_id)

    def after_right_code(self, user_id: str) -> None:
        """It was no guess."""
        self._throttles.give_back("codes", user_id)

    def before_registration(self, address: str) -> None:
        """Count a new account. Raises `RateLimited`."""
        self._throttles.take("registrations", network_of(address))

    def before_mail(self, email: str, address: str) -> None:
        """Count a mail that somebody asks for, whether or not anybody has the address. Raises `RateLimited`."""
        self._throttles.take("mails_from_address", network_of(address))
        self._throttles.take("mails", email)
