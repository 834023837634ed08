"""Taking purged notes out of the log, in memory."""

from collections.abc import Sequence

import trio
from msgspec.structs import replace

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.note_links import MemoryNoteLinks
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.adapters.memory.versions import MemoryVersionTexts
from nvserver.core.changes import redacted_body
from nvserver.ports.oplog import Snapshot
from nvserver.ports.purging import Purge


class MemoryNotePurging:
    """Fills the port `NotePurging`."""

    def __init__(
        self, oplog: MemoryOpLog, index: MemoryIndex, versions: MemoryVersionTexts, links: MemoryNoteLinks
    ) -> None:
        self._oplog = oplog
        self._index = index
        self._versions = versions
        self._links = links

    async def pending(self, *, limit: int) -> Sequence[Purge]:
        """See `NotePurging.pending`."""
        await trio.lowlevel.checkpoint()
        found = [one for one, is_done in self._index.purges.items() if not is_done]
        return sorted(found, key=lambda one: (one.workspace_id, one.seq))[:limit]

    async def redact(self, purge: Purge, before: int, *, limit: int) -> Sequence[int]:
        """See `NotePurging.redact`."""
        await trio.lowlevel.checkpoint()
        log, body = self._oplog.logs[purge.workspace_id], redacted_body(purge.note_id)
        found = [
            place
            for place, entry in enumerate(log.entries)
            if entry.note_id == purge.note_id and entry.seq < min(before, purge.seq) and entry.body != body
        ][::-1][:limit]
        for place in found:
            entry = log.entries[place] = replace(log.entries[place], body=body, payload_hash=None)
            if entry.client_id is not None:
                log.by_number[entry.client_id, entry.client_seq] = entry
        return [log.entries[place].seq for place in found]

    async def replace_state(self, old: Snapshot, new: Snapshot | None) -> None:
        """See `NotePurging.replace_state`."""
        await trio.lowlevel.checkpoint()
        kept, log = self._oplog.snapshots_kept.get(old.workspace_id, {}), self._oplog.logs[old.workspace_id]
        if kept.get(old.seq) == old:
            if new is None:
                del kept[old.seq]
            else:
                kept[old.seq] = new
        if log.base == old and new is not None:
            log.base = new

    async def forget_texts(self, note_id: str) -> None:
        """See `NotePurging.forget_texts`."""
        await trio.lowlevel.checkpoint()
        self._versions.forget_note(note_id)
        self._links.forget_note(note_id)

    async def finish(self, purge: Purge) -> None:
        """See `NotePurging.finish`."""
        await trio.lowlevel.checkpoint()
        self._index.purges[purge] = True
