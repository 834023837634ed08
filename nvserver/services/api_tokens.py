"""Personal API tokens: made by a person for his programs, shown once, kept as a hash."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

from nvserver.errors import ApiTokenNotFound, Conflict
from nvserver.ports.api_tokens import ApiToken, ApiTokenStore, Scope
from nvserver.ports.clock import NewId, NowMs
from nvserver.services.refresh_tokens import TOKEN_BYTES, token_hash
from nvserver.services.sign_ins import DAY_MS, SessionCloser
from nvserver.services.tokens import API_TOKEN_PREFIX, TokenVerifier

MOST_TOKENS: Final = 50
"""That a person may have."""


class ApiTokenService:
    """Makes and ends tokens. Ending one closes its connections and fails it at once."""

    def __init__(
        self, store: ApiTokenStore, verifier: TokenVerifier, closer: SessionCloser, now_ms: NowMs, new_id: NewId
    ) -> None:
        self._store = store
        self._verifier = verifier
        self._closer = closer
        self._now_ms = now_ms
        self._new_id = new_id

    async def create(self, user_id: str, name: str, scopes: Sequence[Scope], lasts_days: int) -> tuple[ApiToken, str]:
        """The token and its text, which nobody can be told again. Raises `Conflict` when there are too many."""
        now, text = self._now_ms(), API_TOKEN_PREFIX + token_urlsafe(TOKEN_BYTES)
        token = ApiToken(self._new_id(), user_id, name, tuple(sorted(set(scopes))), now, now + lasts_days * DAY_MS)
        if not await self._store.add(token, token_hash(text), most=MOST_TOKENS):
            raise Conflict(f"You have {MOST_TOKENS} tokens already; end one first")
        return token, text

    async def of_user(self, user_id: str) -> Sequence[ApiToken]:
        """The person's tokens."""
        return await self._store.of_user(user_id, self._now_ms())

    async def revoke(self, user_id: str, token_id: str) -> None:
        """End one of the person's tokens. Raises `ApiTokenNotFound`."""
        if not await self._store.revoke(user_id, token_id):
            raise ApiTokenNotFound
        self._ended(token_id)

    async def revoke_all(self, user_id: str) -> None:
        """End all of the person's tokens."""
        for token_id in await self._store.revoke_all(user_id):
            self._ended(token_id)

    def _ended(self, token_id: str) -> None:
        self._verifier.revoke(token_id)
        self._closer.close_auth_session(token_id)
