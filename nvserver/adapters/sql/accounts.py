"""People's accounts on SQL: one text for both databases."""

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import UNSET

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_batches, id_bytes, id_text
from nvserver.errors import EmailTaken
from nvserver.ports.accounts import Account, Credentials, NewAccount, ProfileUpdate

ACCOUNT_COLUMNS: Final = "id, email, display_name, avatar_url, email_verified, system_role, created_at, suspended_at"

# The first account's id is kept in `meta`. Of two registrations on an empty store the second waits here for the
# first to commit, so exactly one of them finds its own id there.
_NOTE_FIRST: Final = """
    INSERT INTO meta (key, value) SELECT 'first_account', $1::text WHERE NOT EXISTS (SELECT 1 FROM users)
    ON CONFLICT (key) DO NOTHING"""

_CREATE: Final = f"""
    INSERT INTO users ({ACCOUNT_COLUMNS}, password_hash)
    VALUES ($1, $2, $3, NULL, FALSE, (
        SELECT CASE WHEN EXISTS (SELECT 1 FROM meta WHERE key = 'first_account' AND value = $6::text)
               THEN 'admin' ELSE 'user' END), $4, NULL, $5)
    ON CONFLICT (email) DO NOTHING RETURNING {ACCOUNT_COLUMNS}"""

_ACCOUNT: Final = f"SELECT {ACCOUNT_COLUMNS} FROM users WHERE id = $1"

_CREDENTIALS: Final = f"SELECT {ACCOUNT_COLUMNS}, password_hash FROM users WHERE email = $1"

_SET_PASSWORD: Final = "UPDATE users SET password_hash = $2 WHERE id = $1 RETURNING id"

_REPLACE_PASSWORD: Final = "UPDATE users SET password_hash = $2 WHERE id = $1 AND password_hash = $3 RETURNING id"

_UPDATE_PROFILE: Final = f"""
    UPDATE users SET
        display_name = COALESCE($2, display_name),
        avatar_url = CASE WHEN $3::boolean THEN $4 ELSE avatar_url END
    WHERE id = $1 RETURNING {ACCOUNT_COLUMNS}"""


class SqlAccounts:
    """The accounts' half of the port `AccountStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create_account(self, new: NewAccount) -> Account:
        """See `AccountStore.create_account`."""
        created = (id_bytes(new.id), new.email, new.display_name, new.created_at, new.password_hash, new.id)
        _, rows = await self._database.write(Statement(_NOTE_FIRST, (new.id,)), Statement(_CREATE, created))
        if not rows:
            raise EmailTaken
        return account_of(rows[0])

    async def account(self, user_id: str) -> Account | None:
        """See `AccountStore.account`."""
        rows = await self._database.read(Statement(_ACCOUNT, (id_bytes(user_id),)))
        return account_of(rows[0]) if rows else None

    async def accounts(self, user_ids: Collection[str]) -> Sequence[Account]:
        """See `AccountStore.accounts`."""
        found: list[Account] = []
        for places, ids in id_batches(user_ids):
            sql = f"SELECT {ACCOUNT_COLUMNS} FROM users WHERE id IN ({places})"
            found.extend(account_of(row) for row in await self._database.read(Statement(sql, ids)))
        return found

    async def credentials(self, email: str) -> Credentials | None:
        """See `AccountStore.credentials`."""
        rows = await self._database.read(Statement(_CREDENTIALS, (email,)))
        return Credentials(account_of(rows[0][:-1]), rows[0][-1]) if rows else None

    async def set_password_hash(self, user_id: str, password_hash: str, *, replaces: str | None = None) -> bool:
        """See `AccountStore.set_password_hash`."""
        user = id_bytes(user_id)
        if replaces is None:
            statement = Statement(_SET_PASSWORD, (user, password_hash))
        else:
            statement = Statement(_REPLACE_PASSWORD, (user, password_hash, replaces))
        (rows,) = await self._database.write(statement)
        return bool(rows)

    async def update_profile(self, user_id: str, update: ProfileUpdate) -> Account | None:
        """See `AccountStore.update_profile`."""
        name = None if update.display_name is UNSET else update.display_name
        has_avatar = update.avatar_url is not UNSET
        arguments = (id_bytes(user_id), name, has_avatar, update.avatar_url if has_avatar else None)
        (rows,) = await self._database.write(Statement(_UPDATE_PROFILE, arguments))
        return account_of(rows[0]) if rows else None


def account_of(row: Row) -> Account:
    """The account of a row of `ACCOUNT_COLUMNS`."""
    user_id, email, display_name, avatar_url, email_verified, *rest = row
    return Account(id_text(user_id), email, display_name, avatar_url, bool(email_verified), *rest)
