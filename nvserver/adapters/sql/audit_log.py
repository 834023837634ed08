"""The audit log on SQL: one text for both databases."""

from collections.abc import Sequence
from typing import Final

import msgspec

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text, optional_id_bytes, optional_id_text
from nvserver.ports.audit_log import Act, ActQuery

_COLUMNS: Final = "id, at, actor_id, action, outcome, address, details"

_DROP_OLD: Final = "DELETE FROM acts WHERE at < $1"

_ADD: Final = f"INSERT INTO acts ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"

_FIND: Final = f"""
    SELECT {_COLUMNS} FROM acts
    WHERE ($1::bytea IS NULL OR actor_id = $1) AND ($2::text IS NULL OR action = $2)
        AND ($3::bigint IS NULL OR at < $3 OR (at = $3 AND id < $4::bytea))
    ORDER BY at DESC, id DESC LIMIT $5"""


class SqlAuditLog:
    """Fills the port `AuditLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, act: Act, *, keep_from: int) -> None:
        """See `AuditLog.add`."""
        details = msgspec.json.encode(act.details).decode()
        row = (id_bytes(act.id), act.at, optional_id_bytes(act.actor_id), act.action, act.outcome, act.address, details)
        await self._database.write(Statement(_DROP_OLD, (keep_from,)), Statement(_ADD, row))

    async def acts(self, query: ActQuery) -> Sequence[Act]:
        """See `AuditLog.acts`."""
        at, last = (None, None) if query.before is None else (query.before[0], id_bytes(query.before[1]))
        arguments = (optional_id_bytes(query.actor_id), query.action, at, last, query.limit)
        return [_act(row) for row in await self._database.read(Statement(_FIND, arguments))]


def _act(row: Row) -> Act:
    act_id, at, actor_id, action, outcome, address, details = row
    pairs = msgspec.json.decode(details, type=tuple[tuple[str, str], ...])
    return Act(id_text(act_id), at, optional_id_text(actor_id), action, outcome, address, pairs)
