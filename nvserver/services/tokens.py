"""Who is behind an access token or a personal API token, as things stand now: the one gate of REST and realtime."""

from collections import OrderedDict
from typing import Final

import msgspec

from nvserver.core.principal import Principal
from nvserver.errors import TokenExpired, Unauthenticated
from nvserver.ports.accounts import Account, AccountStore
from nvserver.ports.api_tokens import ApiTokenStore
from nvserver.ports.clock import NowMs
from nvserver.services.access_tokens import AccessTokens, TokenSettings
from nvserver.services.refresh_tokens import LONGEST_TOKEN, token_hash

API_TOKEN_PREFIX: Final = "nvp_"  # noqa: S105 - no secret
"""Tells personal API tokens from access tokens, to us and to programs that look for secrets in the wrong places."""


class Authenticated(msgspec.Struct, frozen=True):
    """A verified caller. `expires_at`: when the token ends, milliseconds since 1970 UTC."""

    principal: Principal
    expires_at: int


class _SignIn(msgspec.Struct, frozen=True):
    principal: Principal
    checked_at: int
    expires_at: int
    """When it ends unless it is revoked; for sign-ins 0: their access tokens say it."""


class TokenVerifier:
    """Verifies tokens. A sign-in that was revoked on this node fails at once, elsewhere within `recheck_seconds`."""

    def __init__(
        self,
        tokens: AccessTokens,
        store: AccountStore,
        api_tokens: ApiTokenStore,
        settings: TokenSettings,
        now_ms: NowMs,
    ) -> None:
        self._tokens = tokens
        self._store = store
        self._api_tokens = api_tokens
        self._settings = settings
        self._now_ms = now_ms
        self._sign_ins: OrderedDict[str, _SignIn] = OrderedDict()
        """By the id of the session, or the hash of the API token in hex."""
        self._revoked: OrderedDict[str, int] = OrderedDict()
        """Revoked ids of sessions and API tokens and when, oldest first; each is kept until the last token of its
        session has expired."""

    async def verify(self, token: str) -> Authenticated:
        """The caller. Raises `TokenExpired`, `Unauthenticated`, or `Unavailable` when the store cannot tell."""
        if token.startswith(API_TOKEN_PREFIX):
            return await self._of_api_token(token)
        claims = self._tokens.read(token, self._now_ms())
        principal = await self._principal(claims.sid)
        if principal.user_id != claims.user_id:
            raise Unauthenticated
        return Authenticated(principal, claims.exp * 1000)

    async def look_up(self, session_id: str) -> None:
        """Know the sign-in before its first token comes, so that this one waits for no store. Raises as `verify`."""
        await self._principal(session_id)

    def revoke(self, session_id: str) -> None:
        """From now on the tokens of the session, or the API token with that id, fail here."""
        now = self._now_ms()
        oldest_of_use = now - self._settings.access_seconds * 1000
        while self._revoked and next(iter(self._revoked.values())) < oldest_of_use:
            self._revoked.popitem(last=False)
        self._revoked[session_id] = now
        self._sign_ins.pop(session_id, None)
        for key in [key for key, known in self._sign_ins.items() if known.principal.auth_session_id == session_id]:
            del self._sign_ins[key]

    def forget(self, user_id: str) -> None:
        """The person's name or role changed: look anew at the next token."""
        for session_id in [session for session, known in self._sign_ins.items() if known.principal.user_id == user_id]:
            del self._sign_ins[session_id]

    async def _principal(self, session_id: str) -> Principal:
        now = self._now_ms()
        known = self._sign_ins.get(session_id)
        if known is not None and 0 <= now - known.checked_at < self._settings.recheck_seconds * 1000:
            return known.principal
        account = await self._store.signed_in(session_id)
        # Looked at after the wait, so that a revocation during it counts.
        if account is None or account.suspended_at is not None or session_id in self._revoked:
            self._sign_ins.pop(session_id, None)
            raise Unauthenticated
        principal = _principal_of(account, session_id)
        self._remember(session_id, _SignIn(principal, now, 0))
        return principal

    async def _of_api_token(self, text: str) -> Authenticated:
        if len(text) > LONGEST_TOKEN:
            raise Unauthenticated
        hashed, now = token_hash(text), self._now_ms()
        known = self._sign_ins.get(hashed.hex())
        if known is None or not 0 <= now - known.checked_at < self._settings.recheck_seconds * 1000:
            owner = await self._api_tokens.use(hashed, now)
            if owner is None or owner.account.suspended_at is not None or owner.token.id in self._revoked:
                self._sign_ins.pop(hashed.hex(), None)
                raise Unauthenticated
            token = owner.token
            known = _SignIn(_principal_of(owner.account, token.id, token.scopes), now, token.expires_at)
            self._remember(hashed.hex(), known)
        if known.expires_at <= now:
            raise TokenExpired
        return Authenticated(known.principal, known.expires_at)

    def _remember(self, key: str, known: _SignIn) -> None:
        self._sign_ins[key] = known
        if len(self._sign_ins) > self._settings.max_remembered:
            self._sign_ins.popitem(last=False)


def _principal_of(account: Account, session_id: str, scopes: tuple[str, ...] | None = None) -> Principal:
    return Principal(account.id, account.display_name, account.avatar_url, session_id, account.system_role, scopes)
