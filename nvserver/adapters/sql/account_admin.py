"""What administrators do with accounts, on SQL: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.accounts import ACCOUNT_COLUMNS, account_of
from nvserver.adapters.sql.auth_sessions import SESSION_COLUMNS, session_of
from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes
from nvserver.errors import Conflict
from nvserver.ports.account_admin import Counts
from nvserver.ports.accounts import Account, AuthSession, SystemRole

_LATEST: Final = 2**62

_SEARCH: Final = f"""
    SELECT {ACCOUNT_COLUMNS} FROM users
    WHERE (lower(email) LIKE $1 ESCAPE '\\' OR lower(display_name) LIKE $1 ESCAPE '\\')
        AND (created_at > $2 OR (created_at = $2 AND id > $3))
    ORDER BY created_at, id LIMIT $4"""

# Whoever takes an administrator away does it alone: of two that take the last two, the second finds only one.
ONE_AT_A_TIME: Final = "UPDATE meta SET value = value WHERE key = 'cluster_id'"

IS_OTHER_ADMIN: Final = """
    EXISTS (SELECT 1 FROM users o WHERE o.id <> users.id AND o.system_role = 'admin' AND o.suspended_at IS NULL)"""

_SET_ROLE: Final = f"""
    UPDATE users SET system_role = $2::text WHERE id = $1
        AND ($2::text = 'admin' OR system_role <> 'admin' OR suspended_at IS NOT NULL OR {IS_OTHER_ADMIN})
    RETURNING {ACCOUNT_COLUMNS}"""

_SET_SUSPENDED: Final = f"""
    UPDATE users SET suspended_at = $2::bigint WHERE id = $1
        AND ($2::bigint IS NULL OR system_role <> 'admin' OR suspended_at IS NOT NULL OR {IS_OTHER_ADMIN})
    RETURNING {ACCOUNT_COLUMNS}"""

_SET_VERIFIED: Final = f"""
    UPDATE users SET email_verified = TRUE WHERE id = $1 AND email = $2 RETURNING {ACCOUNT_COLUMNS}"""

_SET_EMAIL: Final = f"""
    UPDATE users SET email = $2, email_verified = TRUE
    WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email = $2 AND other.id <> $1)
    RETURNING {ACCOUNT_COLUMNS}"""

_ACCOUNT: Final = f"SELECT {ACCOUNT_COLUMNS} FROM users WHERE id = $1"

_SESSIONS: Final = f"""
    SELECT {SESSION_COLUMNS} FROM auth_sessions
    WHERE expires_at > $1 AND (created_at < $2 OR (created_at = $2 AND id < $3))
    ORDER BY created_at DESC, id DESC LIMIT $4"""

_COUNTS: Final = """
    SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM auth_sessions WHERE expires_at > $1),
        (SELECT COUNT(*) FROM workspaces), (SELECT COUNT(*) FROM note_index),
        (SELECT CAST(COALESCE(SUM(head), 0) AS bigint) FROM logs)"""


class SqlAccountAdmin:
    """Fills the port `AccountAdmin`."""

    def __init__(self, database: Database, size_sql: str) -> None:
        """`size_sql` asks for the database's size in bytes."""
        self._database = database
        self._size_sql = size_sql

    async def search(self, text: str, after: tuple[int, str] | None, *, limit: int) -> Sequence[Account]:
        """See `AccountAdmin.search`."""
        pattern = f"%{_escaped(text.lower())}%"
        at, last = (-1, b"") if after is None else (after[0], id_bytes(after[1]))
        rows = await self._database.read(Statement(_SEARCH, (pattern, at, last, limit)))
        return [account_of(row) for row in rows]

    async def set_role(self, user_id: str, role: SystemRole) -> Account | None:
        """See `AccountAdmin.set_role`."""
        return await self._change_admin(_SET_ROLE, user_id, role)

    async def set_suspended(self, user_id: str, suspended_at: int | None) -> Account | None:
        """See `AccountAdmin.set_suspended`."""
        return await self._change_admin(_SET_SUSPENDED, user_id, suspended_at)

    async def set_verified(self, user_id: str, email: str) -> Account | None:
        """See `AccountAdmin.set_verified`."""
        (rows,) = await self._database.write(Statement(_SET_VERIFIED, (id_bytes(user_id), email)))
        return account_of(rows[0]) if rows else None

    async def set_email(self, user_id: str, email: str) -> Account | None:
        """See `AccountAdmin.set_email`."""
        (rows,) = await self._database.write(Statement(_SET_EMAIL, (id_bytes(user_id), email)))
        return account_of(rows[0]) if rows else None

    async def sessions(self, at: int, after: tuple[int, str] | None, *, limit: int) -> Sequence[AuthSession]:
        """See `AccountAdmin.sessions`."""
        before, last = (_LATEST, b"") if after is None else (after[0], id_bytes(after[1]))
        return [session_of(row) for row in await self._database.read(Statement(_SESSIONS, (at, before, last, limit)))]

    async def counts(self, at: int) -> Counts:
        """See `AccountAdmin.counts`."""
        rows = await self._database.read(Statement(_COUNTS, (at,)))
        size = await self._database.read(Statement(self._size_sql))
        users, sessions, workspaces, notes, entries = rows[0]
        return Counts(users, sessions, workspaces, notes, entries, size[0][0])

    async def _change_admin(self, sql: str, user_id: str, value: str | int | None) -> Account | None:
        user = id_bytes(user_id)
        _, rows = await self._database.write(Statement(ONE_AT_A_TIME), Statement(sql, (user, value)))
        if rows:
            return account_of(rows[0])
        if await self._database.read(Statement(_ACCOUNT, (user,))):
            raise Conflict("Nobody would be an administrator any more")
        return None


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
