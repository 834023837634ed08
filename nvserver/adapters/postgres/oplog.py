"""The op log on PostgreSQL: append and create, each one statement; the rest is shared SQL.

One statement, because a transaction of several would hold the workspace's row while this process may be paused, and
nobody could take the workspace over until it goes on.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import asyncpg
import structlog

from nvserver.adapters.postgres.database import PostgresDatabase
from nvserver.adapters.sql.calendar import REPLACE_EVENT
from nvserver.adapters.sql.chat import MESSAGE_COLUMNS, REPLACE_MESSAGE
from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.entries import STORED_COLUMNS, EntryRow, entry_rows
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.adapters.sql.index_rows import IndexRows, index_rows, joined
from nvserver.adapters.sql.notifications import NOTIFICATION_COLUMNS
from nvserver.adapters.sql.oplog import SqlOpLog
from nvserver.core.changes import LoggedEntry
from nvserver.errors import Conflict
from nvserver.ports.oplog import Append, AppendOutcome, IndexChange

_log = structlog.get_logger(__name__)

# `taken` holds the logs whose appends are accepted; everything else is done for these only. Two nodes may name the same
# workspaces at the same time (one of them is fenced): locking in one order keeps them from waiting for each other.
_MOVE_HEADS: Final = """
WITH locked AS (
    SELECT l.workspace_id, a.last
    FROM logs l JOIN unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) AS a (id, epoch, base, last)
        ON l.workspace_id = a.id AND l.epoch = a.epoch AND l.head = a.base
    ORDER BY l.workspace_id FOR UPDATE OF l
), taken AS (
    UPDATE logs SET head = locked.last FROM locked WHERE logs.workspace_id = locked.workspace_id
    RETURNING logs.workspace_id AS id
)"""

_START_LOG: Final = """
WITH taken AS (
    INSERT INTO logs (workspace_id, epoch, head) SELECT * FROM unnest($1::bytea[], $2::bigint[], $4::bigint[])
    WHERE $3::bigint[] = '{0}' ON CONFLICT (workspace_id) DO NOTHING
    RETURNING workspace_id AS id
)"""

_STORE: Final = f""", stored AS (
    INSERT INTO ops ({STORED_COLUMNS})
    SELECT e.* FROM unnest(
        $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bytea[], $10::bytea[], $11::bigint[], $12::bytea[],
        $13::bytea[], $14::bytea[]
    ) AS e (id, seq, epoch, at, user_id, client_id, client_seq, payload_hash, note_id, body) JOIN taken USING (id)
)"""

_INDEX: Final = """, put_workspaces AS (
    INSERT INTO workspaces (id, created_at, info)
    SELECT i.* FROM unnest($15::bytea[], $16::bigint[], $17::bytea[]) AS i (id, created_at, info) JOIN taken USING (id)
    ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, info = excluded.info
), put_members AS (
    INSERT INTO members (workspace_id, user_id, role, joined_at)
    SELECT m.* FROM unnest($18::bytea[], $19::bytea[], $20::text[], $21::bigint[]) AS m (id, user_id, role, joined_at)
        JOIN taken USING (id)
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role, joined_at = excluded.joined_at
), put_notes AS (
    INSERT INTO note_index (note_id, workspace_id)
    SELECT n.note_id, id FROM unnest($22::bytea[], $23::bytea[]) WITH ORDINALITY AS n (note_id, id, place)
    JOIN taken USING (id) ORDER BY n.place -- of two in one batch the first keeps the note
    ON CONFLICT (note_id) DO NOTHING
), gone_members AS (
    DELETE FROM members m USING unnest($24::bytea[], $25::bytea[]) AS g (id, user_id) JOIN taken USING (id)
    WHERE m.workspace_id = g.id AND m.user_id = g.user_id
), gone_workspaces AS (
    DELETE FROM workspaces w USING unnest($26::bytea[]) AS g (id) JOIN taken USING (id) WHERE w.id = g.id
), gone_with_them AS (
    DELETE FROM members m USING unnest($26::bytea[]) AS g (id) JOIN taken USING (id) WHERE m.workspace_id = g.id
)"""

_INDEX_TOGETHER: Final = f""", put_messages AS (
    INSERT INTO chat_messages ({MESSAGE_COLUMNS})
    SELECT c.* FROM unnest(
        $27::bytea[], $28::bytea[], $29::bigint[], $30::bytea[], $31::text[], $32::bytea[], $33::bigint[],
        $34::bigint[], $35::bigint[], $36::bytea[]
    ) AS c ({MESSAGE_COLUMNS}) JOIN taken ON taken.id = c.workspace_id {REPLACE_MESSAGE}
), put_files AS (
    INSERT INTO files (id, workspace_id, created_at, info)
    SELECT f.* FROM unnest($44::bytea[], $45::bytea[], $46::bigint[], $47::bytea[])
        AS f (file_id, workspace_id, created_at, info) JOIN taken ON taken.id = f.workspace_id
    ON CONFLICT (id) DO NOTHING
), gone_files AS (
    DELETE FROM files f USING unnest($48::bytea[]) AS g (file_id), taken
    WHERE f.id = g.file_id AND f.workspace_id = taken.id
), gone_with_workspaces AS (
    DELETE FROM files f USING unnest($26::bytea[]) AS g (id) JOIN taken USING (id) WHERE f.workspace_id = g.id
), put_events AS (
    INSERT INTO calendar_events (id, workspace_id, due_at, info)
    SELECT e.* FROM unnest($49::bytea[], $50::bytea[], $51::bigint[], $52::bytea[])
        AS e (event_id, workspace_id, due_at, info) JOIN taken ON taken.id = e.workspace_id
    {REPLACE_EVENT}
), gone_events AS (
    DELETE FROM calendar_events e USING unnest($53::bytea[]) AS g (event_id), taken
    WHERE e.id = g.event_id AND e.workspace_id = taken.id
), put_purges AS (
    INSERT INTO purges (workspace_id, seq, note_id, is_done)
    SELECT p.id, p.seq, p.note_id, FALSE FROM unnest($54::bytea[], $55::bigint[], $56::bytea[]) AS p (id, seq, note_id)
        JOIN taken USING (id)
), gone_calendars AS (
    DELETE FROM calendar_events e USING unnest($26::bytea[]) AS g (id) JOIN taken USING (id) WHERE e.workspace_id = g.id
), put_notifications AS (
    INSERT INTO notifications ({NOTIFICATION_COLUMNS})
    SELECT n.* FROM unnest(
        $37::bytea[], $38::bytea[], $39::bytea[], $40::text[], $41::bytea[], $42::bigint[], $43::bigint[]
    ) AS n ({NOTIFICATION_COLUMNS}) JOIN taken ON taken.id = n.workspace_id
    ON CONFLICT (id) DO NOTHING
)"""

_TAKEN: Final = " SELECT id FROM taken"

_APPEND: Final = _MOVE_HEADS + _STORE + _TAKEN
_APPEND_AND_INDEX: Final = _MOVE_HEADS + _STORE + _INDEX + _INDEX_TOGETHER + _TAKEN
_CREATE: Final = _START_LOG + _STORE + _INDEX + _INDEX_TOGETHER + _TAKEN


class PostgresOpLog(SqlOpLog):
    """Fills the port `OpLog`. `appends` is the database's one connection that is kept for appending."""

    def __init__(self, database: Database, appends: PostgresDatabase) -> None:
        super().__init__(database)
        self._appends = appends

    async def create(self, workspace_id: str, entries: Sequence[LoggedEntry], index: Sequence[IndexChange]) -> None:
        """See `OpLog.create`."""
        first = Append(workspace_id, 0, tuple(entries), tuple(index))
        if first.entries[0].seq != 1:
            raise ValueError("a log starts at seq 1")
        (rows,) = await self._appends.write(Statement(_CREATE, (*_append_columns([first]), *_index_columns([first]))))
        if not rows:
            raise Conflict("A workspace with this id exists already")

    async def append(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        """See `OpLog.append`."""
        if len({append.workspace_id for append in batch}) != len(batch):
            raise ValueError("a batch holds one append of a workspace")
        if any(append.index for append in batch):
            statement = Statement(_APPEND_AND_INDEX, (*_append_columns(batch), *_index_columns(batch)))
        else:
            statement = Statement(_APPEND, _append_columns(batch))
        try:
            (rows,) = await self._appends.write(statement)
        except asyncpg.UniqueViolationError:
            return await self._append_alone(batch)
        taken = {id_text(row[0]) for row in rows}
        return [AppendOutcome.DURABLE if append.workspace_id in taken else AppendOutcome.FENCED for append in batch]

    async def _append_alone(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        """An entry's number or place is taken, which its actor should have seen: each alone shows which it is."""
        if len(batch) > 1:
            return [outcome for append in batch for outcome in await self.append([append])]
        _log.error("oplog.number_taken", workspace_id=batch[0].workspace_id, first_seq=batch[0].entries[0].seq)
        return [AppendOutcome.FENCED]


def _append_columns(batch: Sequence[Append]) -> tuple[object, ...]:
    """The arguments `$1` to `$14`."""
    heads: list[tuple[bytes, int, int, int]] = []
    entries: list[EntryRow] = []
    for append in batch:
        workspace = id_bytes(append.workspace_id)
        heads.append((workspace, append.epoch, append.entries[0].seq - 1, append.entries[-1].seq))
        entries.extend(entry_rows(workspace, append.epoch, append.entries))
    return (*_columns(heads, 4), *_columns(entries, 10))


def _index_columns(batch: Sequence[Append]) -> tuple[object, ...]:
    """The arguments `$15` to `$56`."""
    rows: IndexRows = joined(index_rows(id_bytes(append.workspace_id), append.index) for append in batch)
    return (
        *_columns(rows.workspaces, 3),
        *_columns(rows.members, 4),
        *_columns(rows.notes, 2),
        *_columns(rows.gone_members, 2),
        *_columns(rows.gone_workspaces, 1),
        *_columns(rows.messages, 10),
        *_columns(rows.notifications, 7),
        *_columns(rows.files, 4),
        *_columns(rows.gone_files, 1),
        *_columns(rows.events, 4),
        *_columns(rows.gone_events, 1),
        *_columns(rows.purges, 3),
    )


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> Sequence[Sequence[Any]]:
    """Rows turned into columns: what `unnest` takes."""
    return tuple(zip(*rows, strict=True)) or ((),) * width
