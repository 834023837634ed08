"""Identities at providers on SQL: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.identities import Identity

_OWNER: Final = "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2"

_LINK: Final = """
    INSERT INTO identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (issuer, subject) DO NOTHING RETURNING subject"""

_OF_USER: Final = """
    SELECT issuer, subject, user_id, linked_at FROM identities WHERE user_id = $1
    ORDER BY linked_at, issuer, subject"""

# Holds the row of the account: of two that take the last ones the second finds none left.
_ONE_AT_A_TIME: Final = "UPDATE users SET email = email WHERE id = $1"

_UNLINK: Final = """
    DELETE FROM identities WHERE user_id = $1 AND issuer = $2 AND subject = $3
    AND (NOT $4::boolean OR (SELECT COUNT(*) FROM identities WHERE user_id = $1) > 1) RETURNING subject"""


class SqlIdentities:
    """Fills the port `IdentityStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owner(self, issuer: str, subject: str) -> str | None:
        """See `IdentityStore.owner`."""
        rows = await self._database.read(Statement(_OWNER, (issuer, subject)))
        return id_text(rows[0][0]) if rows else None

    async def link(self, identity: Identity) -> bool:
        """See `IdentityStore.link`."""
        arguments = (identity.issuer, identity.subject, id_bytes(identity.user_id), identity.linked_at)
        (rows,) = await self._database.write(Statement(_LINK, arguments))
        return bool(rows)

    async def of_user(self, user_id: str) -> Sequence[Identity]:
        """See `IdentityStore.of_user`."""
        rows = await self._database.read(Statement(_OF_USER, (id_bytes(user_id),)))
        return [Identity(issuer, subject, id_text(user), at) for issuer, subject, user, at in rows]

    async def unlink(self, user_id: str, issuer: str, subject: str, *, keeps_one: bool = False) -> bool:
        """See `IdentityStore.unlink`."""
        user = id_bytes(user_id)
        _, rows = await self._database.write(
            Statement(_ONE_AT_A_TIME, (user,)), Statement(_UNLINK, (user, issuer, subject, keeps_one))
        )
        return bool(rows)
