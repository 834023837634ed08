"""Taking purged notes out of the log: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.core.changes import redacted_body
from nvserver.ports.oplog import Snapshot
from nvserver.ports.purging import Purge

_PENDING: Final = "SELECT workspace_id, note_id, seq FROM purges WHERE NOT is_done ORDER BY workspace_id, seq LIMIT $1"

_REDACT: Final = """
    UPDATE ops SET body = $4, payload_hash = NULL WHERE workspace_id = $1 AND seq IN (
        SELECT seq FROM ops WHERE workspace_id = $1 AND note_id = $2 AND seq < $3 AND body <> $4
        ORDER BY seq DESC LIMIT $5
    ) RETURNING seq"""

_REPLACE_SNAPSHOT: Final = """
    UPDATE snapshots SET checksum = $4, body = $5 WHERE workspace_id = $1 AND seq = $2 AND checksum = $3"""

_REPLACE_BASE: Final = (
    "UPDATE bases SET checksum = $4, body = $5 WHERE workspace_id = $1 AND seq = $2 AND checksum = $3"
)

_DROP_SNAPSHOT: Final = "DELETE FROM snapshots WHERE workspace_id = $1 AND seq = $2 AND checksum = $3"

_DROP_VERSIONS: Final = "DELETE FROM note_versions WHERE note_id = $1"

_DROP_LINKS: Final = "DELETE FROM note_links WHERE note_id = $1"

_FINISH: Final = "UPDATE purges SET is_done = TRUE WHERE workspace_id = $1 AND seq = $2"


class SqlNotePurging:
    """Fills the port `NotePurging`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, *, limit: int) -> Sequence[Purge]:
        """See `NotePurging.pending`."""
        rows = await self._database.read(Statement(_PENDING, (limit,)))
        return [Purge(id_text(workspace), id_text(note), seq) for workspace, note, seq in rows]

    async def redact(self, purge: Purge, before: int, *, limit: int) -> Sequence[int]:
        """See `NotePurging.redact`."""
        place = (id_bytes(purge.workspace_id), id_bytes(purge.note_id), min(before, purge.seq))
        (rows,) = await self._database.write(Statement(_REDACT, (*place, redacted_body(purge.note_id), limit)))
        return [row[0] for row in rows]

    async def replace_state(self, old: Snapshot, new: Snapshot | None) -> None:
        """See `NotePurging.replace_state`."""
        known = (id_bytes(old.workspace_id), old.seq, old.checksum)
        if new is None:
            await self._database.write(Statement(_DROP_SNAPSHOT, known))
            return
        arguments = (*known, new.checksum, new.body)
        await self._database.write(Statement(_REPLACE_SNAPSHOT, arguments), Statement(_REPLACE_BASE, arguments))

    async def forget_texts(self, note_id: str) -> None:
        """See `NotePurging.forget_texts`."""
        note = (id_bytes(note_id),)
        await self._database.write(Statement(_DROP_VERSIONS, note), Statement(_DROP_LINKS, note))

    async def finish(self, purge: Purge) -> None:
        """See `NotePurging.finish`."""
        await self._database.write(Statement(_FINISH, (id_bytes(purge.workspace_id), purge.seq)))
