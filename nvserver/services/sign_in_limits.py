"""How often people may try to sign in or register, from where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, TypeAlias

from nvserver.ports.clock import Seconds
from nvserver.services.throttle import Rate, Throttle, Unlimited, network_of

Tell: TypeAlias = Callable[[str, str, int], None]
"""Of which throttle, which key, how many tries. Never blocks, never raises."""

_NAMES: Final = ("account_from_address", "account", "address", "codes", "registrations", "mails", "mails_from_address")


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
    """The throttles of signing in. `is_on` False lifts all of them.

    Nodes tell each other what they count, so that several of them allow hardly more than one. Each goes on by what it
    knows while it does not hear from the others: nothing is lifted. Keys are told as hashes."""

    def __init__(self, rates: SignInRates, seconds: Seconds, *, is_on: bool) -> None:
        self._tell: Tell = lambda _name, _key, _tries: None

        def throttle(name: str) -> Throttle | Unlimited:
            rate = Rate(getattr(rates, f"{name}_burst"), getattr(rates, f"{name}_seconds"))
            if not is_on:
                return Unlimited()
            return Throttle(rate, seconds, on_counted=lambda key, tries: self._tell(name, key, tries))

        self._throttles = {name: throttle(name) for name in _NAMES}

    def share(self, tell: Tell) -> None:
        """What is counted here is told by `tell`."""
        self._tell = tell

    def heard(self, name: str, key: str, tries: int) -> None:
        """Another node counted this."""
        if name in self._throttles:
            self._throttles[name].count(key, tries)

    def before_password(self, email: str, address: str) -> None:
        """Count a guess. Raises `RateLimited`."""
        network = network_of(address)
        self._take("address", network)
        self._take("account_from_address", email, network)
        self._take("account", email)

    def after_right_password(self, email: str, address: str) -> None:
        """It was no guess."""
        network = network_of(address)
        self._give_back("address", network)
        self._give_back("account_from_address", email, network)
        self._give_back("account", email)

    def before_code(self, user_id: str) -> None:
        """Count a guess of a second factor. Raises `RateLimited`."""
        self._take("codes", user_id)

    def after_right_code(self, user_id: str) -> None:
        """It was no guess."""
        self._give_back("codes", user_id)

    def before_registration(self, address: str) -> None:
        """Count a new account. Raises `RateLimited`."""
        self._take("registrations", network_of(address))

    def before_mail(self, email: str, address: str) -> None:
        """Count a mail that somebody asks for, whether or not anybody has the address. Raises `RateLimited`."""
        self._take("mails_from_address", network_of(address))
        self._take("mails", email)

    def _take(self, name: str, *parts: str) -> None:
        self._throttles[name].take(_key(parts))

    def _give_back(self, name: str, *parts: str) -> None:
        self._throttles[name].give_back(_key(parts))


def _key(parts: Sequence[str]) -> str:
    """The same on every node; tells nobody's address."""
    return blake2b("\x00".join(parts).encode(), digest_size=12).hexdigest()
