"""How accounts end, on SQL: one text for both databases."""

from typing import Final

from nvserver.adapters.sql.account_admin import IS_OTHER_ADMIN, ONE_AT_A_TIME
from nvserver.adapters.sql.accounts import ACCOUNT_COLUMNS, account_of
from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes
from nvserver.errors import Conflict
from nvserver.ports.accounts import Account

_IS_LAST: Final = f"""
    SELECT id FROM users WHERE id = $1 AND system_role = 'admin' AND suspended_at IS NULL AND NOT {IS_OTHER_ADMIN}"""

_REMOVE: Final = f"""
    DELETE FROM users WHERE id = $1
        AND (system_role <> 'admin' OR suspended_at IS NOT NULL OR {IS_OTHER_ADMIN})
    RETURNING {ACCOUNT_COLUMNS}"""

OWN: Final = {
    "auth_sessions": "user_id",
    "api_tokens": "user_id",
    "identities": "user_id",
    "second_factors": "user_id",
    "recovery_codes": "user_id",
    "mail_tokens": "user_id",
    "notifications": "user_id",
    "notification_preferences": "user_id",
    "saved_searches": "user_id",
    "calendar_feeds": "user_id",
    "invitations": "inviter_id",
    "share_links": "creator_id",
    "note_links": "creator_id",
    "webhooks": "creator_id",
}
"""By table the column that says whose a row is."""

# Of a person who stays nothing goes.
_FORGET: Final = "DELETE FROM {table} WHERE {column} = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE id = $1)"

_DROP_DELIVERIES: Final = "DELETE FROM webhook_deliveries WHERE webhook_id NOT IN (SELECT id FROM webhooks)"

_EXISTS: Final = "SELECT id FROM users WHERE id = $1"


class SqlAccountRemoval:
    """Fills the port `AccountRemoval`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_last_administrator(self, user_id: str) -> bool:
        """See `AccountRemoval.is_last_administrator`."""
        return bool(await self._database.read(Statement(_IS_LAST, (id_bytes(user_id),))))

    async def remove(self, user_id: str) -> Account | None:
        """See `AccountRemoval.remove`."""
        user = id_bytes(user_id)
        forget = [Statement(_FORGET.format(table=table, column=column), (user,)) for table, column in OWN.items()]
        _, rows, *_ = await self._database.write(
            Statement(ONE_AT_A_TIME), Statement(_REMOVE, (user,)), *forget, Statement(_DROP_DELIVERIES)
        )
        if rows:
            return account_of(rows[0])
        if await self._database.read(Statement(_EXISTS, (user,))):
            raise Conflict("Nobody would be an administrator any more")
        return None
