"""Sign-ins (auth sessions): starting one, keeping it alive with refresh tokens, ending it."""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from nvserver.errors import SessionNotFound, Unauthenticated
from nvserver.ports.accounts import Account, AccountStore, AuthSession, Reused, Rotation
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.services.access_tokens import AccessToken, AccessTokens, TokenSettings
from nvserver.services.accounts import Origin
from nvserver.services.refresh_tokens import LONGEST_TOKEN, first_token, successors, token_hash
from nvserver.services.tokens import TokenVerifier

WORKSPACES_IN_TOKEN: Final = 20
"""The claim is a hint; a token travels with every request and must stay small."""
DAY_MS: Final = 86_400_000


class SessionCloser(Protocol):
    """Whoever holds open connections of sign-ins."""

    def close_auth_session(self, auth_session_id: str) -> None:
        """Close the connections that came by this sign-in. Never blocks, never raises."""
        ...


class SignedIn(msgspec.Struct, frozen=True):
    """What a sign-in or a refresh gives. `refresh_seconds`: how long the refresh token is good for."""

    account: Account
    access: AccessToken
    refresh_token: str
    refresh_seconds: int


class SignInService:
    """Starts, refreshes and ends sign-ins. Ending one closes its connections and fails its tokens at once."""

    def __init__(
        self,
        store: AccountStore,
        index: WorkspaceIndex,
        tokens: AccessTokens,
        verifier: TokenVerifier,
        closer: SessionCloser,
        keys: Sequence[bytes],
        settings: TokenSettings,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        """`keys` derive refresh tokens; the first makes new ones."""
        self._store = store
        self._index = index
        self._tokens = tokens
        self._verifier = verifier
        self._closer = closer
        self._keys = tuple(keys)
        self._settings = settings
        self._now_ms = now_ms
        self._new_id = new_id

    async def start(self, account: Account, origin: Origin) -> SignedIn:
        """Sign the account in. Who may have it was judged before (`AccountService`)."""
        now, refresh_token = self._now_ms(), first_token()
        session = AuthSession(
            self._new_id(), account.id, origin.client, origin.address, now, now, now + self._refresh_ms
        )
        await self._store.create_session(session, token_hash(refresh_token))
        return await self._signed_in(account, session.id, refresh_token)

    async def refresh(self, refresh_token: str, origin: Origin) -> SignedIn:
        """Use a refresh token. Raises `Unauthenticated`; a reused one ends its sign-in."""
        if len(refresh_token) > LONGEST_TOKEN:
            raise Unauthenticated
        next_tokens = {token_hash(token): token for token in successors(refresh_token, self._keys)}
        now = self._now_ms()
        rotation = Rotation(
            presented=token_hash(refresh_token),
            successor=next(iter(next_tokens)),
            client=origin.client,
            address=origin.address,
            at=now,
            expires_at=now + self._refresh_ms,
            grace_ms=self._settings.refresh_grace_seconds * 1000,
        )
        outcome = await self._store.rotate(rotation)
        if isinstance(outcome, Reused):
            self._ended(outcome.session.id)
        if outcome is None or isinstance(outcome, Reused):
            raise Unauthenticated("Sign in again")
        account = await self._store.account(outcome.session.user_id)
        next_token = next_tokens.get(outcome.successor)  # None: made under a key that is no longer ours
        if account is None or next_token is None or account.suspended_at is not None:
            raise Unauthenticated("Sign in again")
        return await self._signed_in(account, outcome.session.id, next_token)

    async def sessions(self, user_id: str) -> Sequence[AuthSession]:
        """The person's sign-ins, last used first."""
        return await self._store.sessions_of(user_id, self._now_ms())

    async def end(self, user_id: str, session_id: str) -> None:
        """End one of the person's sign-ins. Raises `SessionNotFound`."""
        if not await self._store.revoke_session(user_id, session_id):
            raise SessionNotFound
        self._ended(session_id)

    async def end_all(self, user_id: str, *, keep: str | None = None) -> None:
        """End all of the person's sign-ins but `keep`."""
        for session_id in await self._store.revoke_sessions_of(user_id, keep=keep):
            self._ended(session_id)

    @property
    def _refresh_ms(self) -> int:
        return self._settings.refresh_days * DAY_MS

    async def _signed_in(self, account: Account, session_id: str, refresh_token: str) -> SignedIn:
        listings = await self._index.workspaces_of(account.id, after=None, limit=WORKSPACES_IN_TOKEN)
        workspaces = [listing.info.id for listing in listings]
        access = self._tokens.sign(account, session_id, workspaces, self._now_ms())
        await self._verifier.look_up(session_id)
        return SignedIn(account, access, refresh_token, self._refresh_ms // 1000)

    def _ended(self, session_id: str) -> None:
        self._verifier.revoke(session_id)
        self._closer.close_auth_session(session_id)
