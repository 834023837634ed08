"""Personal API tokens in memory."""

from collections.abc import Collection, Sequence

import msgspec
import trio

from nvserver.adapters.memory.accounts import MemoryAccountStore
from nvserver.ports.api_tokens import ApiToken, TokenOwner


class MemoryApiTokens:
    """Fills the port `ApiTokenStore`."""

    def __init__(self, accounts: MemoryAccountStore) -> None:
        self._accounts = accounts
        self._tokens: dict[bytes, ApiToken] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._tokens = {key: one for key, one in self._tokens.items() if one.user_id != user_id}

    async def add(self, token: ApiToken, token_hash: bytes, *, most: int) -> bool:
        """See `ApiTokenStore.add`."""
        await trio.lowlevel.checkpoint()
        if len(self._of(token.user_id, token.created_at)) >= most:
            return False
        self._tokens[token_hash] = token
        return True

    async def use(self, token_hash: bytes, at: int) -> TokenOwner | None:
        """See `ApiTokenStore.use`."""
        await trio.lowlevel.checkpoint()
        token = self._tokens.get(token_hash)
        if token is None or token.expires_at <= at:
            return None
        token = self._tokens[token_hash] = msgspec.structs.replace(token, last_used_at=at)
        account = self._accounts.by_id.get(token.user_id)
        return TokenOwner(token, account) if account else None

    async def alive(self, token_ids: Collection[str], at: int) -> frozenset[str]:
        """See `ApiTokenStore.alive`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._tokens.values() if one.id in token_ids and one.expires_at > at]
        return frozenset(one.id for one in found if self._accounts.by_id[one.user_id].suspended_at is None)

    async def of_user(self, user_id: str, at: int) -> Sequence[ApiToken]:
        """See `ApiTokenStore.of_user`."""
        await trio.lowlevel.checkpoint()
        return self._of(user_id, at)

    async def revoke(self, user_id: str, token_id: str) -> bool:
        """See `ApiTokenStore.revoke`."""
        await trio.lowlevel.checkpoint()
        return bool(self._forget(user_id, token_id))

    async def revoke_all(self, user_id: str) -> Sequence[str]:
        """See `ApiTokenStore.revoke_all`."""
        await trio.lowlevel.checkpoint()
        return self._forget(user_id, None)

    def _of(self, user_id: str, at: int) -> list[ApiToken]:
        mine = [one for one in self._tokens.values() if one.user_id == user_id and one.expires_at > at]
        return sorted(mine, key=lambda token: (token.created_at, token.id))

    def _forget(self, user_id: str, token_id: str | None) -> list[str]:
        gone = {
            token_hash: one.id
            for token_hash, one in self._tokens.items()
            if one.user_id == user_id and token_id in (None, one.id)
        }
        for token_hash in gone:
            del self._tokens[token_hash]
        return list(gone.values())
