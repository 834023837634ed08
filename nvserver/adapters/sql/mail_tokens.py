"""Secrets of mails on SQL: one text for both databases."""

from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.mail_tokens import MailToken, Purpose

_DROP: Final = "DELETE FROM mail_tokens WHERE user_id = $1 AND purpose = $2"

_DROP_EXPIRED: Final = "DELETE FROM mail_tokens WHERE expires_at <= $1"

_ADD: Final = "INSERT INTO mail_tokens (hash, user_id, purpose, email, expires_at) VALUES ($1, $2, $3, $4, $5)"

_USE: Final = """
    DELETE FROM mail_tokens WHERE hash = $1 AND purpose = $2 AND expires_at > $3
    RETURNING hash, user_id, purpose, email, expires_at"""


class SqlMailTokens:
    """Fills the port `MailTokenStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, token: MailToken, at: int) -> None:
        """See `MailTokenStore.add`."""
        user = id_bytes(token.user_id)
        await self._database.write(
            Statement(_DROP_EXPIRED, (at,)),
            Statement(_DROP, (user, token.purpose)),
            Statement(_ADD, (token.hash, user, token.purpose, token.email, token.expires_at)),
        )

    async def use(self, token_hash: bytes, purpose: Purpose, at: int) -> MailToken | None:
        """See `MailTokenStore.use`."""
        (rows,) = await self._database.write(Statement(_USE, (token_hash, purpose, at)))
        if not rows:
            return None
        hashed, user_id, of_purpose, email, expires_at = rows[0]
        return MailToken(bytes(hashed), id_text(user_id), of_purpose, email, expires_at)

    async def drop(self, user_id: str, purpose: Purpose) -> None:
        """See `MailTokenStore.drop`."""
        await self._database.write(Statement(_DROP, (id_bytes(user_id), purpose)))
