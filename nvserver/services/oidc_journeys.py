"""To a provider of OpenID Connect and back.

Nothing is kept between going and coming back: the browser carries it sealed.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Final, TypeVar

import msgspec

from nvserver.errors import ProviderNotFound, ProviderSignInFailed
from nvserver.ports.clock import NowMs
from nvserver.services.oidc_provider import OidcProvider, Person
from nvserver.services.sealing import Sealer

LONGEST_SEALED: Final = 1024
"""Characters."""


class Begun(msgspec.Struct, frozen=True):
    """`url`: where the person goes. `sealed`: what the browser brings back; it is good for `seconds`."""

    url: str
    sealed: str
    seconds: int


class Carried(msgspec.Struct, frozen=True):
    """What a browser carries sealed, good until `until`."""

    until: int


class _Journey(Carried, frozen=True):
    """What was sent along. `user_id`: whose account the identity is for; None: who comes back signs in."""

    provider: str
    state: str
    nonce: str
    verifier: str
    user_id: str | None


T = TypeVar("T", bound=Carried)


class SealedNotes:
    """Notes to ourselves that others carry, each kind good for what it was made for only."""

    def __init__(self, sealer: Sealer, now_ms: NowMs) -> None:
        self._sealer = sealer
        self._now_ms = now_ms

    def seal(self, what: Carried) -> str:
        """Unreadable to who carries it."""
        sealed = self._sealer.seal(msgspec.json.encode(what), type(what).__name__)
        return base64.urlsafe_b64encode(sealed).decode()

    def open(self, text: str, kind: type[T]) -> T | None:
        """None for what is not ours, changed, or good no more."""
        if len(text) > LONGEST_SEALED:
            return None
        try:
            plain = self._sealer.open(base64.urlsafe_b64decode(text), kind.__name__)
        except (binascii.Error, ValueError):
            return None
        opened = None if plain is None else msgspec.json.decode(plain, type=kind)
        return opened if opened is not None and self._now_ms() < opened.until else None


class OidcJourneys:
    """All of it raises `Unavailable` when the provider does not answer as it should."""

    def __init__(self, providers: Sequence[OidcProvider], notes: SealedNotes, now_ms: NowMs) -> None:
        self.providers: Mapping[str, OidcProvider] = {provider.id: provider for provider in providers}
        self._notes = notes
        self._now_ms = now_ms

    async def begin(self, provider_id: str, *, user_id: str | None = None) -> Begun:
        """Send somebody to the provider, to sign in, or for an identity of the account. Raises `ProviderNotFound`."""
        provider = self.provider(provider_id)
        seconds = provider.settings.signed_in_minutes * 60
        until = self._now_ms() + seconds * 1000
        journey = _Journey(until, provider.id, token_urlsafe(24), token_urlsafe(24), token_urlsafe(48), user_id)
        url = await provider.address(journey.state, journey.nonce, journey.verifier)
        return Begun(url, self._notes.seal(journey), seconds)

    async def end(
        self, sealed: str, state: str, code: str, issuer: str | None, *, user_id: str | None = None
    ) -> tuple[OidcProvider, Person]:
        """Who came back, and from where. `issuer`: who says that it sent him (RFC 9207). One that was begun for
        something else is none. Raises `ProviderSignInFailed`."""
        journey = self._notes.open(sealed, _Journey)
        if journey is None or not hmac.compare_digest(journey.state.encode(), state.encode()):
            raise ProviderSignInFailed
        if journey.user_id != user_id:
            raise ProviderSignInFailed
        try:
            provider = self.provider(journey.provider)
        except ProviderNotFound:  # no longer in the settings
            raise ProviderSignInFailed from None
        return provider, await provider.person(code, journey.nonce, journey.verifier, issuer)

    def provider(self, provider_id: str) -> OidcProvider:
        """Raises `ProviderNotFound`."""
        provider = self.providers.get(provider_id)
        if provider is None:
            raise ProviderNotFound
        return provider
