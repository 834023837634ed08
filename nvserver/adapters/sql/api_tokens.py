"""Personal API tokens on SQL: one text for both databases."""

from collections.abc import Collection, Sequence
from typing import Final

from nvserver.adapters.sql.accounts import ACCOUNT_COLUMNS, account_of
from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_batches, id_bytes, id_text
from nvserver.ports.api_tokens import ApiToken, TokenOwner

_COLUMNS: Final = "id, user_id, name, scopes, created_at, expires_at, last_used_at"

_DROP_EXPIRED: Final = "DELETE FROM api_tokens WHERE user_id = $1 AND expires_at <= $2"

# Two that are added at the same time count one after the other.
_HOLD_USER: Final = "UPDATE users SET created_at = created_at WHERE id = $1"

_ADD: Final = """
    INSERT INTO api_tokens (id, hash, user_id, name, scopes, created_at, expires_at)
    SELECT $1::bytea, $2::bytea, $3::bytea, $4::text, $5::text, $6::bigint, $7::bigint
    WHERE (SELECT COUNT(*) FROM api_tokens WHERE user_id = $3) < $8 RETURNING id"""

_USE: Final = f"UPDATE api_tokens SET last_used_at = $2 WHERE hash = $1 AND expires_at > $2 RETURNING {_COLUMNS}"

_ACCOUNT: Final = f"SELECT {ACCOUNT_COLUMNS} FROM users WHERE id = $1"

_ALIVE: Final = """
    SELECT t.id FROM api_tokens t JOIN users u ON u.id = t.user_id
    WHERE u.suspended_at IS NULL AND t.id IN ({places}) AND t.expires_at > {at}"""

_OF_USER: Final = f"SELECT {_COLUMNS} FROM api_tokens WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at, id"

_REVOKE: Final = "DELETE FROM api_tokens WHERE user_id = $1 AND id = $2 RETURNING id"

_REVOKE_ALL: Final = "DELETE FROM api_tokens WHERE user_id = $1 RETURNING id"


class SqlApiTokens:
    """Fills the port `ApiTokenStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, token: ApiToken, token_hash: bytes, *, most: int) -> bool:
        """See `ApiTokenStore.add`."""
        user, scopes = id_bytes(token.user_id), " ".join(token.scopes)
        row = (id_bytes(token.id), token_hash, user, token.name, scopes, token.created_at, token.expires_at, most)
        *_, added = await self._database.write(
            Statement(_HOLD_USER, (user,)),
            Statement(_DROP_EXPIRED, (user, token.created_at)),
            Statement(_ADD, row),
        )
        return bool(added)

    async def use(self, token_hash: bytes, at: int) -> TokenOwner | None:
        """See `ApiTokenStore.use`."""
        (rows,) = await self._database.write(Statement(_USE, (token_hash, at)))
        if not rows:
            return None
        token = _token(rows[0])
        accounts = await self._database.read(Statement(_ACCOUNT, (id_bytes(token.user_id),)))
        return TokenOwner(token, account_of(accounts[0])) if accounts else None

    async def alive(self, token_ids: Collection[str], at: int) -> frozenset[str]:
        """See `ApiTokenStore.alive`."""
        found: set[str] = set()
        for places, ids in id_batches(token_ids):
            statement = Statement(_ALIVE.format(places=places, at=f"${len(ids) + 1}"), (*ids, at))
            found.update(id_text(row[0]) for row in await self._database.read(statement))
        return frozenset(found)

    async def of_user(self, user_id: str, at: int) -> Sequence[ApiToken]:
        """See `ApiTokenStore.of_user`."""
        return [_token(row) for row in await self._database.read(Statement(_OF_USER, (id_bytes(user_id), at)))]

    async def revoke(self, user_id: str, token_id: str) -> bool:
        """See `ApiTokenStore.revoke`."""
        (rows,) = await self._database.write(Statement(_REVOKE, (id_bytes(user_id), id_bytes(token_id))))
        return bool(rows)

    async def revoke_all(self, user_id: str) -> Sequence[str]:
        """See `ApiTokenStore.revoke_all`."""
        (rows,) = await self._database.write(Statement(_REVOKE_ALL, (id_bytes(user_id),)))
        return [id_text(row[0]) for row in rows]


def _token(row: Row) -> ApiToken:
    token_id, user_id, name, scopes, created_at, expires_at, last_used_at = row
    return ApiToken(
        id_text(token_id), id_text(user_id), name, tuple(scopes.split()), created_at, expires_at, last_used_at
    )
