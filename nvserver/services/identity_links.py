"""A person's identities at providers: linking one to the account, and taking it away.

An identity is linked by whoever is signed in to the account and, at once, at the provider: addresses prove nothing
here. Nobody is left without a way to sign in.
"""

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

import msgspec

from nvserver.core.principal import Principal
from nvserver.errors import Conflict, IdentityNotFound, IdentityTaken, ProviderLinkFailed, ProviderSignInFailed
from nvserver.ports.clock import NowMs
from nvserver.ports.identities import Identity, IdentityStore
from nvserver.services.accounts import AccountService, Origin
from nvserver.services.oidc_journeys import Begun, OidcJourneys
from nvserver.services.reauthentication import Reauthentication
from nvserver.services.safety_mails import SafetyMails


class LinkedIdentity(msgspec.Struct, frozen=True):
    """`provider_id` None: the provider is no longer in the settings, and nobody signs in by it."""

    id: str
    provider_id: str | None
    provider_name: str
    linked_at: int


class IdentityLinks:
    """Of the person who calls."""

    def __init__(
        self,
        journeys: OidcJourneys,
        identities: IdentityStore,
        accounts: AccountService,
        reauthentication: Reauthentication,
        safety: SafetyMails,
        now_ms: NowMs,
    ) -> None:
        self._journeys = journeys
        self._identities = identities
        self._accounts = accounts
        self._reauthentication = reauthentication
        self._safety = safety
        self._now_ms = now_ms

    async def of_user(self, user_id: str) -> Sequence[LinkedIdentity]:
        """First linked first."""
        return [self._view(identity) for identity in await self._identities.of_user(user_id)]

    async def has_password(self, user_id: str) -> bool:
        """Whether the person can sign in without a provider."""
        return await self._accounts.has_password(await self._accounts.account(user_id))

    async def begin(
        self, principal: Principal, provider_id: str, password: str | None, code: str | None, origin: Origin
    ) -> Begun:
        """Send the person to the provider. Raises `ProviderNotFound`, and as `Reauthentication.check`."""
        self._journeys.provider(provider_id)
        await self._reauthentication.check(principal, password, code, origin)
        return await self._journeys.begin(provider_id, user_id=principal.user_id)

    async def finish(self, user_id: str, sealed: str, state: str, code: str, issuer: str | None) -> LinkedIdentity:
        """The person came back from there: it is his from now on. Raises `ProviderLinkFailed`, `IdentityTaken`."""
        try:
            provider, person = await self._journeys.end(sealed, state, code, issuer, user_id=user_id)
        except ProviderSignInFailed:  # his sign-in here is good, so it is no 401
            raise ProviderLinkFailed from None
        identity = Identity(provider.issuer, person.subject, user_id, self._now_ms())
        if await self._identities.link(identity):
            self._safety.tell(await self._accounts.account(user_id), "identity_link", provider.name)
            return self._view(identity)
        for known in await self._identities.of_user(user_id):
            if _id(known) == _id(identity):
                return self._view(known)
        raise IdentityTaken

    async def unlink(
        self, principal: Principal, identity_id: str, password: str | None, code: str | None, origin: Origin
    ) -> None:
        """Nobody signs in by it any more. Raises `IdentityNotFound`, `Conflict` for the last way to sign in, and as
        `Reauthentication.check`."""
        identities = await self._identities.of_user(principal.user_id)
        identity = next((one for one in identities if _id(one) == identity_id), None)
        if identity is None:
            raise IdentityNotFound
        await self._reauthentication.check(principal, password, code, origin)
        has_password = await self.has_password(principal.user_id)
        others = [one for one in identities if one is not identity and self._view(one).provider_id]
        if not has_password and not others:
            raise _last()
        if await self._identities.unlink(
            principal.user_id, identity.issuer, identity.subject, keeps_one=not has_password
        ):
            account = await self._accounts.account(principal.user_id)
            self._safety.tell(account, "identity_unlink", self._view(identity).provider_name)
            return
        if any(_id(one) == identity_id for one in await self._identities.of_user(principal.user_id)):
            raise _last()  # another went at the same time
        raise IdentityNotFound

    def _view(self, identity: Identity) -> LinkedIdentity:
        provider = next((one for one in self._journeys.providers.values() if one.issuer == identity.issuer), None)
        provider_id, name = (provider.id, provider.name) if provider else (None, identity.issuer)
        return LinkedIdentity(_id(identity), provider_id, name, identity.linked_at)


def _id(identity: Identity) -> str:
    """Tells nothing of the subject."""
    return str(uuid5(NAMESPACE_URL, f"{identity.issuer} {identity.subject}"))


def _last() -> Conflict:
    return Conflict("This is your only way to sign in: choose a password first, by the mail for a forgotten one")
