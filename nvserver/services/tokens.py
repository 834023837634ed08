"""Who is behind an access token, as things stand now: the one gate of REST and realtime."""

from collections import OrderedDict

import msgspec

from nvserver.core.principal import Principal
from nvserver.errors import Unauthenticated
from nvserver.ports.accounts import AccountStore
from nvserver.ports.clock import NowMs
from nvserver.services.access_tokens import AccessTokens, TokenSettings


class Authenticated(msgspec.Struct, frozen=True):
    """A verified caller. `expires_at`: when the token ends, milliseconds since 1970 UTC."""

    principal: Principal
    expires_at: int


class _SignIn(msgspec.Struct, frozen=True):
    principal: Principal
    checked_at: int


class TokenVerifier:
    """Verifies tokens. A sign-in that was revoked on this node fails at once, elsewhere within `recheck_seconds`."""

    def __init__(self, tokens: AccessTokens, store: AccountStore, settings: TokenSettings, now_ms: NowMs) -> None:
        self._tokens = tokens
        self._store = store
        self._settings = settings
        self._now_ms = now_ms
        self._sign_ins: OrderedDict[str, _SignIn] = OrderedDict()
        self._revoked: OrderedDict[str, int] = OrderedDict()
        """Revoked session ids and when, oldest first; each is kept until the last token of its session has expired."""

    async def verify(self, token: str) -> Authenticated:
        """The caller. Raises `TokenExpired`, `Unauthenticated`, or `Unavailable` when the store cannot tell."""
        claims = self._tokens.read(token, self._now_ms())
        principal = await self._principal(claims.sid)
        if principal.user_id != claims.user_id:
            raise Unauthenticated
        return Authenticated(principal, claims.exp * 1000)

    def revoke(self, session_id: str) -> None:
        """From now on the session's tokens fail here."""
        now = self._now_ms()
        oldest_of_use = now - self._settings.access_seconds * 1000
        while self._revoked and next(iter(self._revoked.values())) < oldest_of_use:
            self._revoked.popitem(last=False)
        self._revoked[session_id] = now
        self._sign_ins.pop(session_id, None)

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
        if account is None or session_id in self._revoked:
            self._sign_ins.pop(session_id, None)
            raise Unauthenticated
        principal = Principal(account.id, account.display_name, account.avatar_url, session_id, account.system_role)
        self._sign_ins[session_id] = _SignIn(principal, now)
        if len(self._sign_ins) > self._settings.max_remembered:
            self._sign_ins.popitem(last=False)
        return principal
