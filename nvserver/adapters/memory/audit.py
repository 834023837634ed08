"""What a check of the store reads, in memory."""

from collections.abc import Mapping, Sequence

import trio

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.ports.audit import NoteHome, StoredEntry, StoredWorkspace


class MemoryLogAudit:
    """Fills the port `LogAudit`."""

    def __init__(self, oplog: MemoryOpLog, index: MemoryIndex) -> None:
        self._oplog = oplog
        self._index = index

    async def workspace_ids(self, after: str | None, *, limit: int) -> Sequence[str]:
        """See `LogAudit.workspace_ids`."""
        await trio.lowlevel.checkpoint()
        return sorted(one for one in self._oplog.logs if after is None or one > after)[:limit]

    async def entries(self, workspace_id: str, after: int, *, limit: int) -> Sequence[StoredEntry]:
        """See `LogAudit.entries`."""
        await trio.lowlevel.checkpoint()
        log = self._oplog.logs.get(workspace_id)
        if log is None:
            return []
        stored = [StoredEntry(*pair) for pair in zip(log.epochs, log.entries, strict=True) if pair[1].seq > after]
        return sorted(stored, key=lambda one: one.entry.seq)[:limit]

    async def workspace(self, workspace_id: str) -> StoredWorkspace | None:
        """See `LogAudit.workspace`."""
        await trio.lowlevel.checkpoint()
        log = self._oplog.logs.get(workspace_id)
        if log is None:
            return None
        members = sorted(self._index.members_of(workspace_id), key=lambda member: member.user_id)
        info = self._index.infos.get(workspace_id)
        return StoredWorkspace(log.epoch, log.head, info, tuple(members), log.horizon, log.owner)

    async def note_homes(self, after: str | None, *, limit: int) -> Sequence[NoteHome]:
        """See `LogAudit.note_homes`."""
        await trio.lowlevel.checkpoint()
        places = sorted(pair for pair in self._index.notes.items() if after is None or pair[0] > after)[:limit]
        return [NoteHome(note_id, home, self._is_logged(home, note_id)) for note_id, home in places]

    async def purges(self, workspace_id: str) -> Mapping[str, int]:
        """See `LogAudit.purges`."""
        await trio.lowlevel.checkpoint()
        return {one.note_id: one.seq for one in self._index.purges if one.workspace_id == workspace_id}

    async def notes_of(self, workspace_id: str, after: str | None, *, limit: int) -> Sequence[str]:
        """See `LogAudit.notes_of`."""
        await trio.lowlevel.checkpoint()
        found = sorted(note_id for note_id, home in self._index.notes.items() if home == workspace_id)
        return [note_id for note_id in found if after is None or note_id > after][:limit]

    def _is_logged(self, workspace_id: str, note_id: str) -> bool:
        log = self._oplog.logs.get(workspace_id)
        return log is not None and (log.horizon > 0 or any(entry.note_id == note_id for entry in log.entries))
