"""Shortening logs: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.compaction import LogExtent
from nvserver.ports.oplog import Snapshot

_LONG_LOGS: Final = """
    SELECT workspace_id, horizon, head, is_swept FROM (
        SELECT l.workspace_id, coalesce(b.seq, 0) AS horizon, l.head, NOT EXISTS (
            SELECT 1 FROM ops o WHERE o.workspace_id = l.workspace_id AND o.seq <= b.seq
        ) AS is_swept
        FROM logs l LEFT JOIN bases b ON b.workspace_id = l.workspace_id WHERE l.workspace_id > $1
    ) e WHERE head - horizon >= $2 OR NOT is_swept ORDER BY workspace_id LIMIT $3"""

_REBASE: Final = """
    INSERT INTO bases (workspace_id, seq, checksum, body)
    SELECT $1::bytea, $2::bigint, $3::bytea, $4::bytea
    WHERE EXISTS (SELECT 1 FROM logs WHERE workspace_id = $1 AND head >= $2)
        AND EXISTS (SELECT 1 FROM snapshots WHERE workspace_id = $1 AND seq > $2)
        AND NOT EXISTS (SELECT 1 FROM purges WHERE workspace_id = $1 AND seq > $5)
    ON CONFLICT (workspace_id) DO UPDATE SET seq = excluded.seq, checksum = excluded.checksum, body = excluded.body
        WHERE bases.seq < excluded.seq
    RETURNING seq"""

_NEWEST_PURGE: Final = """
    SELECT coalesce(max(seq), 0), EXISTS (SELECT 1 FROM purges WHERE workspace_id = $1 AND NOT is_done)
    FROM purges WHERE workspace_id = $1"""

_DROP_SNAPSHOTS: Final = """
    DELETE FROM snapshots WHERE workspace_id = $1 AND seq <= (SELECT seq FROM bases WHERE workspace_id = $1)"""

_SWEEP: Final = """
    DELETE FROM ops WHERE workspace_id = $1 AND seq IN (
        SELECT seq FROM ops WHERE workspace_id = $1 AND seq <= (SELECT seq FROM bases WHERE workspace_id = $1)
        ORDER BY seq LIMIT $2
    ) RETURNING seq"""


class SqlLogCompaction:
    """Fills the port `LogCompaction`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def long_logs(self, after: str | None, *, min_entries: int, limit: int) -> Sequence[LogExtent]:
        """See `LogCompaction.long_logs`."""
        place = b"" if after is None else id_bytes(after)
        rows = await self._database.read(Statement(_LONG_LOGS, (place, min_entries, limit)))
        return [LogExtent(id_text(one), horizon, head, bool(is_swept)) for one, horizon, head, is_swept in rows]

    async def newest_purge(self, workspace_id: str) -> int | None:
        """See `LogCompaction.newest_purge`."""
        ((newest, is_pending),) = await self._database.read(Statement(_NEWEST_PURGE, (id_bytes(workspace_id),)))
        return None if is_pending else newest

    async def rebase(self, base: Snapshot, *, purged: int = 0) -> bool:
        """See `LogCompaction.rebase`."""
        workspace = id_bytes(base.workspace_id)
        taken, _ = await self._database.write(
            Statement(_REBASE, (workspace, base.seq, base.checksum, base.body, purged)),
            Statement(_DROP_SNAPSHOTS, (workspace,)),
        )
        return bool(taken)

    async def sweep(self, workspace_id: str, *, limit: int) -> int:
        """See `LogCompaction.sweep`."""
        (rows,) = await self._database.write(Statement(_SWEEP, (id_bytes(workspace_id), limit)))
        return len(rows)
