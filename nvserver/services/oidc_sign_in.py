"""Signing in by a provider of OpenID Connect: to it and back, and whose account that is.

Whoever was here before by the same provider gets the account of then. Whoever is new gets

- the account with his address, if the operator trusts the provider's addresses (`oidc.trust_email`), the provider calls
  it verified, and it was proved here too: an account that anybody could have made with a stranger's address is not
  handed to the stranger, who would share it;
- no account, with `EMAIL_TAKEN`, if one has his address otherwise;
- a new one else, if the operator lets people register so (`oidc.may_register`).

Nothing is kept between going and coming back: the browser carries it sealed.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Final, TypeVar

import msgspec

from nvserver.errors import (
    AccountSuspended,
    EmailTaken,
    ProviderNotFound,
    ProviderSignInFailed,
    RegistrationRefused,
    SecondFactorNeeded,
    ValidationFailed,
)
from nvserver.ports.accounts import Account, AccountStore, Credentials
from nvserver.ports.clock import NowMs
from nvserver.ports.identities import Identity, IdentityStore
from nvserver.services.accounts import AccountService, Origin, normal_email
from nvserver.services.email_verification import EmailVerification
from nvserver.services.oidc_provider import OidcProvider, Person
from nvserver.services.sealing import Sealer
from nvserver.services.second_factors import SecondFactors

LONGEST_SEALED: Final = 1024
"""Characters."""
SECOND_FACTOR_MS: Final = 300_000
"""How long the code of a second factor may be given after coming back."""
_NAME_CHARACTERS: Final = 100


class Begun(msgspec.Struct, frozen=True):
    """`url`: where the person goes. `sealed`: what the browser brings back; it is good for `seconds`."""

    url: str
    sealed: str
    seconds: int


class _Journey(msgspec.Struct, frozen=True):
    """What was sent along, and until when an answer counts."""

    provider: str
    state: str
    nonce: str
    verifier: str
    until: int


class _Pass(msgspec.Struct, frozen=True):
    """The person came back; the second factor is missing."""

    user_id: str
    until: int


T = TypeVar("T", _Journey, _Pass)


class OidcSignIn:
    """All of it raises `Unavailable` when the provider does not answer as it should."""

    def __init__(
        self,
        providers: Sequence[OidcProvider],
        identities: IdentityStore,
        store: AccountStore,
        accounts: AccountService,
        verification: EmailVerification,
        second_factors: SecondFactors,
        sealer: Sealer,
        now_ms: NowMs,
        *,
        minutes: int,
        is_email_trusted: bool,
        may_register: bool,
    ) -> None:
        """`minutes`: how long somebody may be away."""
        self.providers: Mapping[str, OidcProvider] = {provider.id: provider for provider in providers}
        self._identities = identities
        self._store = store
        self._accounts = accounts
        self._verification = verification
        self._second_factors = second_factors
        self._sealer = sealer
        self._now_ms = now_ms
        self._seconds = minutes * 60
        self._is_email_trusted = is_email_trusted
        self._may_register = may_register

    async def begin(self, provider_id: str) -> Begun:
        """Send somebody to the provider. Raises `ProviderNotFound`."""
        provider = self._provider(provider_id)
        until = self._now_ms() + self._seconds * 1000
        journey = _Journey(provider.id, token_urlsafe(24), token_urlsafe(24), token_urlsafe(48), until)
        url = await provider.address(journey.state, journey.nonce, journey.verifier)
        return Begun(url, self._seal(journey), self._seconds)

    async def finish(self, sealed: str, state: str, code: str, issuer: str | None, origin: Origin) -> Account:
        """The account of who came back. `issuer`: who says that it sent him (RFC 9207).

        Raises `ProviderSignInFailed`, `EmailTaken`, `RegistrationRefused`, `AccountSuspended`, `RateLimited`, and
        `SecondFactorNeeded` with a `ticket` in its details, which `finish_with_code` takes."""
        journey = self._open(sealed, _Journey)
        if journey is None or not hmac.compare_digest(journey.state.encode(), state.encode()):
            raise ProviderSignInFailed
        provider = self._provider(journey.provider)
        if issuer not in (None, provider.issuer):
            raise ProviderSignInFailed
        person = await provider.person(code, journey.nonce, journey.verifier)
        account = await self._account(provider.issuer, person, origin)
        if account.suspended_at is not None:
            raise AccountSuspended
        try:
            await self._second_factors.check(account.id, None)
        except SecondFactorNeeded:
            ticket = self._seal(_Pass(account.id, self._now_ms() + SECOND_FACTOR_MS))
            raise SecondFactorNeeded(details={"ticket": ticket}) from None
        return account

    async def finish_with_code(self, ticket: str, code: str) -> Account:
        """The account, shown by its second factor too. Raises `ProviderSignInFailed`, `SecondFactorWrong`,
        `AccountSuspended`, `RateLimited`."""
        passed = self._open(ticket, _Pass)
        account = await self._store.account(passed.user_id) if passed else None
        if account is None:
            raise ProviderSignInFailed
        if account.suspended_at is not None:
            raise AccountSuspended
        await self._second_factors.check(account.id, code)
        return account

    def _provider(self, provider_id: str) -> OidcProvider:
        provider = self.providers.get(provider_id)
        if provider is None:
            raise ProviderNotFound
        return provider

    async def _account(self, issuer: str, person: Person, origin: Origin) -> Account:
        known = await self._known(issuer, person)
        if known is not None:
            return known
        if person.email is None:
            raise RegistrationRefused("The provider does not tell your e-mail address")
        try:
            email = normal_email(person.email)
        except ValidationFailed:
            raise RegistrationRefused("The provider tells no e-mail address that can be used") from None
        is_proved = self._is_email_trusted and person.is_email_verified
        found = await self._store.credentials(email)
        if found is not None:
            return await self._linked(issuer, person, found, is_proved=is_proved)
        if not self._may_register:
            raise RegistrationRefused
        return await self._registered(issuer, person, email, origin, is_proved=is_proved)

    async def _known(self, issuer: str, person: Person) -> Account | None:
        user_id = await self._identities.owner(issuer, person.subject)
        return None if user_id is None else await self._store.account(user_id)

    async def _linked(self, issuer: str, person: Person, found: Credentials, *, is_proved: bool) -> Account:
        if not is_proved or not found.account.email_verified:
            raise EmailTaken(
                "An account has this address. Sign in by its password; if it is yours, confirm the address"
            )
        await self._identities.link(Identity(issuer, person.subject, found.account.id, self._now_ms()))
        return found.account

    async def _registered(self, issuer: str, person: Person, email: str, origin: Origin, *, is_proved: bool) -> Account:
        name = "".join(letter for letter in person.name or "" if letter.isprintable()).strip()[:_NAME_CHARACTERS]
        try:
            # A password that nobody knows: who wants one asks for a mail that sets it.
            account = await self._accounts.register(
                email, token_urlsafe(32), name.strip() or email.partition("@")[0], origin
            )
        except EmailTaken:  # by himself, a moment ago in another tab
            known = await self._known(issuer, person)
            if known is None:
                raise
            return known
        await self._identities.link(Identity(issuer, person.subject, account.id, self._now_ms()))
        if not is_proved:
            self._verification.send(account)
        elif await self._verification.set_verified(account.id, email):
            account = msgspec.structs.replace(account, email_verified=True)
        return account

    def _seal(self, what: _Journey | _Pass) -> str:
        sealed = self._sealer.seal(msgspec.json.encode(what), type(what).__name__)
        return base64.urlsafe_b64encode(sealed).decode()

    def _open(self, text: str, kind: type[T]) -> T | None:
        """None for what is not ours, changed, or good no more."""
        if len(text) > LONGEST_SEALED:
            return None
        try:
            plain = self._sealer.open(base64.urlsafe_b64decode(text), kind.__name__)
        except (binascii.Error, ValueError):
            return None
        opened = None if plain is None else msgspec.json.decode(plain, type=kind)
        return opened if opened is not None and self._now_ms() < opened.until else None
