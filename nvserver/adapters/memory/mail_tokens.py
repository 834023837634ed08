"""Secrets of mails in memory."""

import trio

from nvserver.ports.mail_tokens import MailToken, Purpose


class MemoryMailTokens:
    """Fills the port `MailTokenStore`."""

    def __init__(self) -> None:
        self._tokens: dict[bytes, MailToken] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._tokens = {key: one for key, one in self._tokens.items() if one.user_id != user_id}

    async def add(self, token: MailToken, at: int) -> None:
        """See `MailTokenStore.add`."""
        await trio.lowlevel.checkpoint()
        self._forget(token.user_id, token.purpose)
        for old in [old for old in self._tokens.values() if old.expires_at <= at]:
            del self._tokens[old.hash]
        self._tokens[token.hash] = token

    async def use(self, token_hash: bytes, purpose: Purpose, at: int) -> MailToken | None:
        """See `MailTokenStore.use`."""
        await trio.lowlevel.checkpoint()
        token = self._tokens.get(token_hash)
        if token is None or token.purpose != purpose or token.expires_at <= at:
            return None
        return self._tokens.pop(token_hash)

    async def drop(self, user_id: str, purpose: Purpose) -> None:
        """See `MailTokenStore.drop`."""
        await trio.lowlevel.checkpoint()
        self._forget(user_id, purpose)

    def _forget(self, user_id: str, purpose: Purpose) -> None:
        mine = [one.hash for one in self._tokens.values() if (one.user_id, one.purpose) == (user_id, purpose)]
        for token_hash in mine:
            del self._tokens[token_hash]
