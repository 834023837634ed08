"""Second factors on SQL: one text for both databases."""

from collections.abc import Collection, Iterator
from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.second_factors import SecondFactor

_OF_USER: Final = "SELECT user_id, secret, confirmed_at, last_step FROM second_factors WHERE user_id = $1"

_BEGIN: Final = """
    INSERT INTO second_factors (user_id, secret, confirmed_at, last_step) VALUES ($1, $2, NULL, 0)
    ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0
    WHERE second_factors.confirmed_at IS NULL RETURNING user_id"""

_CONFIRM: Final = """
    UPDATE second_factors SET confirmed_at = $4, last_step = $3
    WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NULL RETURNING user_id"""

_USE_STEP: Final = """
    UPDATE second_factors SET last_step = $2
    WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2 RETURNING user_id"""

_DROP_CODES: Final = "DELETE FROM recovery_codes WHERE user_id = $1"

# Codes are only of somebody whose factor is confirmed.
_ADD_CODE: Final = """
    INSERT INTO recovery_codes (user_id, hash) SELECT $1::bytea, $2::bytea
    WHERE EXISTS (SELECT 1 FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL)
    ON CONFLICT DO NOTHING"""

_USE_CODE: Final = "DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2 RETURNING user_id"

_CODES_LEFT: Final = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1"

_REMOVE: Final = "DELETE FROM second_factors WHERE user_id = $1 RETURNING confirmed_at"


class SqlSecondFactors:
    """Fills the port `SecondFactorStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_user(self, user_id: str) -> SecondFactor | None:
        """See `SecondFactorStore.of_user`."""
        rows = await self._database.read(Statement(_OF_USER, (id_bytes(user_id),)))
        if not rows:
            return None
        user, sealed, confirmed_at, last_step = rows[0]
        return SecondFactor(id_text(user), bytes(sealed), confirmed_at, last_step)

    async def begin(self, user_id: str, sealed: bytes) -> bool:
        """See `SecondFactorStore.begin`."""
        (rows,) = await self._database.write(Statement(_BEGIN, (id_bytes(user_id), sealed)))
        return bool(rows)

    async def confirm(self, user_id: str, sealed: bytes, step: int, at: int, code_hashes: Collection[bytes]) -> bool:
        """See `SecondFactorStore.confirm`."""
        user = id_bytes(user_id)
        rows, *_ = await self._database.write(
            Statement(_CONFIRM, (user, sealed, step, at)), *_new_codes(user, code_hashes)
        )
        return bool(rows)

    async def use_step(self, user_id: str, step: int) -> bool:
        """See `SecondFactorStore.use_step`."""
        (rows,) = await self._database.write(Statement(_USE_STEP, (id_bytes(user_id), step)))
        return bool(rows)

    async def use_recovery_code(self, user_id: str, code_hash: bytes) -> bool:
        """See `SecondFactorStore.use_recovery_code`."""
        (rows,) = await self._database.write(Statement(_USE_CODE, (id_bytes(user_id), code_hash)))
        return bool(rows)

    async def recovery_codes_left(self, user_id: str) -> int:
        """See `SecondFactorStore.recovery_codes_left`."""
        rows = await self._database.read(Statement(_CODES_LEFT, (id_bytes(user_id),)))
        return int(rows[0][0])

    async def replace_recovery_codes(self, user_id: str, code_hashes: Collection[bytes]) -> None:
        """See `SecondFactorStore.replace_recovery_codes`."""
        user = id_bytes(user_id)
        await self._database.write(Statement(_DROP_CODES, (user,)), *_new_codes(user, code_hashes))

    async def remove(self, user_id: str) -> bool:
        """See `SecondFactorStore.remove`."""
        user = id_bytes(user_id)
        rows, _ = await self._database.write(Statement(_REMOVE, (user,)), Statement(_DROP_CODES, (user,)))
        return bool(rows) and rows[0][0] is not None


def _new_codes(user: bytes, code_hashes: Collection[bytes]) -> Iterator[Statement]:
    return (Statement(_ADD_CODE, (user, code_hash)) for code_hash in code_hashes)
