"""Signing in by a provider of OpenID Connect: whose account that is.

Whoever was here before by the same provider, or linked it himself (`services.identity_links`), gets that account.
Whoever is new gets

- the account with his address, if the operator trusts the provider's addresses (`trust_email`), the provider calls it
  verified, and it was proved here too: an account that anybody could have made with a stranger's address is not handed
  to the stranger, who would share it;
- no account, with `EMAIL_TAKEN`, if one has his address otherwise;
- a new one else, if the operator lets people register so (`may_register`).
"""

from typing import Final

import msgspec

from nvserver.errors import (
    AccountSuspended,
    EmailTaken,
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
from nvserver.services.oidc_journeys import Begun, Carried, OidcJourneys, SealedNotes
from nvserver.services.oidc_provider import OidcProvider, Person
from nvserver.services.second_factors import SecondFactors

SECOND_FACTOR_MS: Final = 300_000
"""How long the code of a second factor may be given after coming back."""
_NAME_CHARACTERS: Final = 100


class _Pass(Carried, frozen=True):
    """The person came back; the second factor is missing."""

    user_id: str


class OidcSignIn:
    """All of it raises `Unavailable` when the provider does not answer as it should."""

    def __init__(
        self,
        journeys: OidcJourneys,
        identities: IdentityStore,
        store: AccountStore,
        accounts: AccountService,
        verification: EmailVerification,
        second_factors: SecondFactors,
        notes: SealedNotes,
        now_ms: NowMs,
    ) -> None:
        self.providers = journeys.providers
        self._journeys = journeys
        self._identities = identities
        self._store = store
        self._accounts = accounts
        self._verification = verification
        self._second_factors = second_factors
        self._notes = notes
        self._now_ms = now_ms

    async def begin(self, provider_id: str) -> Begun:
        """Send somebody to the provider. Raises `ProviderNotFound`."""
        return await self._journeys.begin(provider_id)

    async def finish(self, sealed: str, state: str, code: str, issuer: str | None, origin: Origin) -> Account:
        """The account of who came back. `issuer`: who says that it sent him (RFC 9207).

        Raises `ProviderSignInFailed`, `EmailTaken`, `RegistrationRefused`, `AccountSuspended`, `RateLimited`, and
        `SecondFactorNeeded` with a `ticket` in its details, which `finish_with_code` takes."""
        provider, person = await self._journeys.end(sealed, state, code, issuer)
        account = await self._account(provider, person, origin)
        if account.suspended_at is not None:
            raise AccountSuspended
        try:
            await self._second_factors.check(account.id, None)
        except SecondFactorNeeded:
            ticket = self._notes.seal(_Pass(self._now_ms() + SECOND_FACTOR_MS, account.id))
            raise SecondFactorNeeded(details={"ticket": ticket}) from None
        return account

    async def finish_with_code(self, ticket: str, code: str) -> Account:
        """The account, shown by its second factor too. Raises `ProviderSignInFailed`, `SecondFactorWrong`,
        `AccountSuspended`, `RateLimited`."""
        passed = self._notes.open(ticket, _Pass)
        account = await self._store.account(passed.user_id) if passed else None
        if account is None:
            raise ProviderSignInFailed
        if account.suspended_at is not None:
            raise AccountSuspended
        await self._second_factors.check(account.id, code)
        return account

    async def _account(self, provider: OidcProvider, person: Person, origin: Origin) -> Account:
        issuer, settings = provider.issuer, provider.settings
        known = await self._known(issuer, person)
        if known is not None:
            return known
        if person.email is None:
            raise RegistrationRefused("The provider does not tell your e-mail address")
        try:
            email = normal_email(person.email)
        except ValidationFailed:
            raise RegistrationRefused("The provider tells no e-mail address that can be used") from None
        is_proved = settings.trust_email and person.is_email_verified
        found = await self._store.credentials(email)
        if found is not None:
            return await self._linked(issuer, person, found, is_proved=is_proved)
        if not settings.may_register:
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
            account = await self._accounts.register_without_password(
                email, name.strip() or email.partition("@")[0], origin
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
