"""The half of the op log that is the same SQL everywhere: activate, read, find, snapshots."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.entries import READ_COLUMNS, entry_of
from nvserver.adapters.sql.ids import id_bytes
from nvserver.core.changes import LoggedEntry
from nvserver.errors import BaseTooOld, WorkspaceNotFound
from nvserver.ports.oplog import Activation, Snapshot

_NO_LIMIT: Final = 2**63 - 1

_ACTIVATE: Final = """
    UPDATE logs SET epoch = epoch + 1, owner = $2 WHERE workspace_id = $1 RETURNING epoch, head"""

# The horizon comes with the entries, in one statement, so that both are of one moment; without entries it comes alone.
_READ: Final = f"""
    SELECT h.horizon, o.* FROM (SELECT (SELECT seq FROM bases WHERE workspace_id = $1) AS horizon) h LEFT JOIN (
        SELECT {READ_COLUMNS} FROM ops
        WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4
    ) o ON true ORDER BY o.seq"""

_READ_NOTE: Final = _READ.replace("seq <= $3", "seq <= $3 AND note_id = $5")

_FIND: Final = f"""
    SELECT {READ_COLUMNS} FROM ops WHERE workspace_id = $1 AND client_id = $2 AND client_seq = $3"""

_SAVE_SNAPSHOT: Final = """
    INSERT INTO snapshots (workspace_id, seq, checksum, body) SELECT $1::bytea, $2::bigint, $3::bytea, $4::bytea
    WHERE NOT EXISTS (SELECT 1 FROM purges WHERE workspace_id = $1 AND seq > $2)
    ON CONFLICT (workspace_id, seq) DO UPDATE SET checksum = excluded.checksum, body = excluded.body"""

_TRIM_SNAPSHOTS: Final = """
    DELETE FROM snapshots WHERE workspace_id = $1 AND seq NOT IN (
        SELECT seq FROM snapshots WHERE workspace_id = $1 ORDER BY seq DESC LIMIT 3)"""

_SNAPSHOTS: Final = """
    SELECT seq, checksum, body FROM (
        SELECT seq, checksum, body FROM snapshots
        WHERE workspace_id = $1 AND seq > coalesce((SELECT seq FROM bases WHERE workspace_id = $1), 0)
        UNION ALL SELECT seq, checksum, body FROM bases WHERE workspace_id = $1
    ) s WHERE seq <= $2 ORDER BY seq DESC LIMIT $3"""

_BASE: Final = "SELECT seq, checksum, body FROM bases WHERE workspace_id = $1"

_HORIZON: Final = "SELECT seq FROM bases WHERE workspace_id = $1"


class SqlOpLog:
    """Base of the op logs on SQL; `append` and `create` are each database's own."""

    def __init__(self, database: Database) -> None:
        self._shared = database

    async def activate(self, workspace_id: str, owner: str) -> Activation:
        """See `OpLog.activate`."""
        (rows,) = await self._shared.write(Statement(_ACTIVATE, (id_bytes(workspace_id), owner)))
        if not rows:
            raise WorkspaceNotFound
        epoch, head = rows[0]
        return Activation(workspace_id, epoch, head)

    async def read(
        self, workspace_id: str, after: int, upto: int | None = None, *, note_id: str | None = None, limit: int = 10_000
    ) -> Sequence[LoggedEntry]:
        """See `OpLog.read`."""
        bounds = (id_bytes(workspace_id), after, _NO_LIMIT if upto is None else upto, limit)
        statement = Statement(_READ, bounds) if note_id is None else Statement(_READ_NOTE, (*bounds, id_bytes(note_id)))
        rows = await self._shared.read(statement)
        horizon = rows[0][0] or 0
        if max(after, 0) < horizon:
            raise BaseTooOld(details={"horizon": horizon})
        return [] if rows[0][1] is None else [entry_of(row[1:]) for row in rows]

    async def find(self, workspace_id: str, client_id: str, client_seq: int) -> LoggedEntry | None:
        """See `OpLog.find`."""
        arguments = (id_bytes(workspace_id), id_bytes(client_id), client_seq)
        rows = await self._shared.read(Statement(_FIND, arguments))
        return entry_of(rows[0]) if rows else None

    async def save_snapshot(self, snapshot: Snapshot) -> None:
        """See `OpLog.save_snapshot`."""
        workspace = id_bytes(snapshot.workspace_id)
        await self._shared.write(
            Statement(_SAVE_SNAPSHOT, (workspace, snapshot.seq, snapshot.checksum, snapshot.body)),
            Statement(_TRIM_SNAPSHOTS, (workspace,)),
        )

    async def snapshots(self, workspace_id: str, upto: int | None = None, *, limit: int = 10) -> Sequence[Snapshot]:
        """See `OpLog.snapshots`."""
        arguments = (id_bytes(workspace_id), _NO_LIMIT if upto is None else upto, limit)
        rows = await self._shared.read(Statement(_SNAPSHOTS, arguments))
        return [Snapshot(workspace_id, seq, checksum, body) for seq, checksum, body in rows]

    async def base(self, workspace_id: str) -> Snapshot | None:
        """See `OpLog.base`."""
        rows = await self._shared.read(Statement(_BASE, (id_bytes(workspace_id),)))
        return Snapshot(workspace_id, *rows[0]) if rows else None

    async def horizon(self, workspace_id: str) -> int:
        """See `OpLog.horizon`."""
        rows = await self._shared.read(Statement(_HORIZON, (id_bytes(workspace_id),)))
        return rows[0][0] if rows else 0
