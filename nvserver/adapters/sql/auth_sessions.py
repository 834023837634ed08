"""Auth sessions and their refresh tokens on SQL: one text for both databases."""

from collections.abc import Collection, Sequence
from typing import Final

from nvserver.adapters.sql.accounts import SqlAccounts, account_of
from nvserver.adapters.sql.database import Row, Statement
from nvserver.adapters.sql.ids import id_batches, id_bytes, id_text
from nvserver.ports.accounts import Account, AuthSession, Reused, Rotated, Rotation

SESSION_COLUMNS: Final = "id, user_id, client, address, created_at, last_used_at, expires_at"

_DROP_EXPIRED: Final = "DELETE FROM auth_sessions WHERE expires_at <= $1"

_CREATE: Final = f"INSERT INTO auth_sessions ({SESSION_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"

_ADD_TOKEN: Final = "INSERT INTO refresh_tokens (hash, session_id) VALUES ($1, $2)"

# A rotation is these four in one transaction. The first changes nothing but takes the session's row, as ending the
# session does: on PostgreSQL two that take the rows of session and token in different order wait for each other.
_HOLD_SESSION: Final = """
    UPDATE auth_sessions SET expires_at = expires_at
    WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = $1)"""

# Each of these finds its row only where this very rotation made the one before: `successor` is what only we proposed.
_USE_TOKEN: Final = """
    UPDATE refresh_tokens SET used_at = $2, successor = $3
    WHERE hash = $1 AND used_at IS NULL AND EXISTS (
        SELECT 1 FROM auth_sessions s WHERE s.id = refresh_tokens.session_id AND s.expires_at > $2)"""

_ADD_SUCCESSOR: Final = """
    INSERT INTO refresh_tokens (hash, session_id)
    SELECT $2::bytea, session_id FROM refresh_tokens WHERE hash = $1 AND successor = $2
    ON CONFLICT (hash) DO NOTHING"""

_MOVE_ON: Final = f"""
    UPDATE auth_sessions SET last_used_at = $3, address = $4, expires_at = $5
    WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = $1 AND used_at = $3 AND successor = $2)
    RETURNING {SESSION_COLUMNS}"""

_USED_TOKEN: Final = """
    SELECT s.id, s.user_id, s.client, s.address, s.created_at, s.last_used_at, s.expires_at, t.used_at, t.successor
    FROM refresh_tokens t JOIN auth_sessions s ON s.id = t.session_id
    WHERE t.hash = $1 AND t.used_at IS NOT NULL AND s.expires_at > $2"""

_SESSION: Final = f"SELECT {SESSION_COLUMNS} FROM auth_sessions WHERE id = $1"

_SIGNED_IN: Final = """
    SELECT u.id, u.email, u.display_name, u.avatar_url, u.email_verified, u.system_role, u.created_at, u.suspended_at
    FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1"""

_ALIVE: Final = """
    SELECT s.id FROM auth_sessions s JOIN users u ON u.id = s.user_id
    WHERE u.suspended_at IS NULL AND s.id IN ({places})"""

_SESSIONS_OF: Final = f"""
    SELECT {SESSION_COLUMNS} FROM auth_sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY last_used_at DESC, id"""

_REVOKE: Final = "DELETE FROM auth_sessions WHERE id = $1 AND user_id = $2 RETURNING id"

_REVOKE_ALL: Final = "DELETE FROM auth_sessions WHERE user_id = $1 RETURNING id"

_REVOKE_OTHERS: Final = "DELETE FROM auth_sessions WHERE user_id = $1 AND id <> $2 RETURNING id"


class SqlAccountStore(SqlAccounts):
    """Fills the port `AccountStore`."""

    async def create_session(self, session: AuthSession, refresh_hash: bytes) -> None:
        """See `AccountStore.create_session`."""
        session_id = id_bytes(session.id)
        row = (
            session_id,
            id_bytes(session.user_id),
            session.client,
            session.address,
            session.created_at,
            session.last_used_at,
            session.expires_at,
        )
        await self._database.write(
            Statement(_DROP_EXPIRED, (session.created_at,)),
            Statement(_CREATE, row),
            Statement(_ADD_TOKEN, (refresh_hash, session_id)),
        )

    async def rotate(self, rotation: Rotation) -> Rotated | Reused | None:
        """See `AccountStore.rotate`."""
        presented, successor, at = rotation.presented, rotation.successor, rotation.at
        *_, moved = await self._database.write(
            Statement(_HOLD_SESSION, (presented,)),
            Statement(_USE_TOKEN, (presented, at, successor)),
            Statement(_ADD_SUCCESSOR, (presented, successor)),
            Statement(_MOVE_ON, (presented, successor, at, rotation.address, rotation.expires_at)),
        )
        if moved:
            return Rotated(session_of(moved[0]), successor)
        rows = await self._database.read(Statement(_USED_TOKEN, (presented, at)))
        if not rows:
            return None
        *session_columns, used_at, first_successor = rows[0]
        session = session_of(session_columns)
        if at - used_at <= rotation.grace_ms and rotation.client == session.client:
            return Rotated(session, first_successor)
        return Reused(session) if await self.revoke_session(session.user_id, session.id) else None

    async def session(self, session_id: str) -> AuthSession | None:
        """See `AccountStore.session`."""
        rows = await self._database.read(Statement(_SESSION, (id_bytes(session_id),)))
        return session_of(rows[0]) if rows else None

    async def signed_in(self, session_id: str) -> Account | None:
        """See `AccountStore.signed_in`."""
        rows = await self._database.read(Statement(_SIGNED_IN, (id_bytes(session_id),)))
        return account_of(rows[0]) if rows else None

    async def alive_sessions(self, session_ids: Collection[str]) -> frozenset[str]:
        """See `AccountStore.alive_sessions`."""
        found: set[str] = set()
        for places, ids in id_batches(session_ids):
            rows = await self._database.read(Statement(_ALIVE.format(places=places), ids))
            found.update(id_text(row[0]) for row in rows)
        return frozenset(found)

    async def sessions_of(self, user_id: str, at: int) -> Sequence[AuthSession]:
        """See `AccountStore.sessions_of`."""
        rows = await self._database.read(Statement(_SESSIONS_OF, (id_bytes(user_id), at)))
        return [session_of(row) for row in rows]

    async def revoke_session(self, user_id: str, session_id: str) -> bool:
        """See `AccountStore.revoke_session`."""
        (rows,) = await self._database.write(Statement(_REVOKE, (id_bytes(session_id), id_bytes(user_id))))
        return bool(rows)

    async def revoke_sessions_of(self, user_id: str, *, keep: str | None = None) -> Sequence[str]:
        """See `AccountStore.revoke_sessions_of`."""
        if keep is None:
            statement = Statement(_REVOKE_ALL, (id_bytes(user_id),))
        else:
            statement = Statement(_REVOKE_OTHERS, (id_bytes(user_id), id_bytes(keep)))
        (rows,) = await self._database.write(statement)
        return [id_text(row[0]) for row in rows]


def session_of(row: Row) -> AuthSession:
    """Of a row of `SESSION_COLUMNS`."""
    session_id, user_id, client, address, created_at, last_used_at, expires_at = row
    return AuthSession(id_text(session_id), id_text(user_id), client, address, created_at, last_used_at, expires_at)
