"""What a check of the store reads: one text for both databases."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.entries import READ_COLUMNS, entry_of
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.core.model import Member, WorkspaceInfo
from nvserver.ports.audit import NoteHome, StoredEntry, StoredWorkspace

_INFO: Final = msgspec.json.Decoder(WorkspaceInfo)

_WORKSPACE_IDS: Final = "SELECT workspace_id FROM logs WHERE workspace_id > $1 ORDER BY workspace_id LIMIT $2"

_ENTRIES: Final = f"""
    SELECT epoch, {READ_COLUMNS} FROM ops WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"""

# One statement, so that all of it is of one moment. `info` comes again with every member.
_WORKSPACE: Final = """
    SELECT l.epoch, l.head, coalesce((SELECT seq FROM bases WHERE workspace_id = $1), 0), l.owner, w.info,
        m.user_id, m.role, m.joined_at
    FROM logs l LEFT JOIN workspaces w ON w.id = l.workspace_id LEFT JOIN members m ON m.workspace_id = l.workspace_id
    WHERE l.workspace_id = $1 ORDER BY m.user_id"""

_NOTE_HOMES: Final = """
    SELECT n.note_id, n.workspace_id,
        EXISTS (SELECT 1 FROM ops o WHERE o.workspace_id = n.workspace_id AND o.note_id = n.note_id)
        OR EXISTS (SELECT 1 FROM bases b WHERE b.workspace_id = n.workspace_id)
    FROM note_index n WHERE n.note_id > $1 ORDER BY n.note_id LIMIT $2"""

_PURGES: Final = "SELECT note_id, seq FROM purges WHERE workspace_id = $1 ORDER BY seq"

_NOTES_OF: Final = """
    SELECT note_id FROM note_index WHERE workspace_id = $1 AND note_id > $2 ORDER BY note_id LIMIT $3"""


class SqlLogAudit:
    """Fills the port `LogAudit`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def workspace_ids(self, after: str | None, *, limit: int) -> Sequence[str]:
        """See `LogAudit.workspace_ids`."""
        rows = await self._database.read(Statement(_WORKSPACE_IDS, (_place(after), limit)))
        return [id_text(row[0]) for row in rows]

    async def entries(self, workspace_id: str, after: int, *, limit: int) -> Sequence[StoredEntry]:
        """See `LogAudit.entries`."""
        rows = await self._database.read(Statement(_ENTRIES, (id_bytes(workspace_id), after, limit)))
        return [StoredEntry(epoch, entry_of(columns)) for epoch, *columns in rows]

    async def workspace(self, workspace_id: str) -> StoredWorkspace | None:
        """See `LogAudit.workspace`."""
        rows = await self._database.read(Statement(_WORKSPACE, (id_bytes(workspace_id),)))
        if not rows:
            return None
        epoch, head, horizon, owner, info = rows[0][:5]
        members = [Member(id_text(user_id), role, joined_at) for *_, user_id, role, joined_at in rows if user_id]
        known = None if info is None else _INFO.decode(info)
        return StoredWorkspace(epoch, head, known, tuple(members), horizon, owner)

    async def note_homes(self, after: str | None, *, limit: int) -> Sequence[NoteHome]:
        """See `LogAudit.note_homes`."""
        rows = await self._database.read(Statement(_NOTE_HOMES, (_place(after), limit)))
        return [NoteHome(id_text(note_id), id_text(home), bool(is_logged)) for note_id, home, is_logged in rows]

    async def purges(self, workspace_id: str) -> Mapping[str, int]:
        """See `LogAudit.purges`."""
        rows = await self._database.read(Statement(_PURGES, (id_bytes(workspace_id),)))
        return {id_text(note_id): seq for note_id, seq in rows}

    async def notes_of(self, workspace_id: str, after: str | None, *, limit: int) -> Sequence[str]:
        """See `LogAudit.notes_of`."""
        rows = await self._database.read(Statement(_NOTES_OF, (id_bytes(workspace_id), _place(after), limit)))
        return [id_text(row[0]) for row in rows]


def _place(after: str | None) -> bytes:
    """Before every id when nothing is given."""
    return b"" if after is None else id_bytes(after)
