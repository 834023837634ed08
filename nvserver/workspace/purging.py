"""Takes what is told of purged notes out of the log and its states.

Of the entries about a purged note there stay their places, times and authors: what each told is put out, the newest
first, so that the log can be replayed at any moment. The states from before lose the note next: then they are again
what the log gives. Until a pass that begins `settle_seconds` after the first clean one finds nothing either, the purge
is pending, for the sake of what was under way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import structlog
import trio

from nvserver import failpoints
from nvserver.core.snapshot import SnapshotDamaged, stored_without
from nvserver.errors import NoteVaultError
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog, Snapshot
from nvserver.ports.purging import NotePurging, Purge

log = structlog.get_logger()

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class PurgingSettings:
    """Section `[purging]`: how notes that were deleted for good leave the store."""

    interval_seconds: float = field(default=5.0, metadata={"min": 0.05, "max": 3600})
    """How often is looked for notes that were deleted for good."""
    settle_seconds: float = field(default=60.0, metadata={"min": 0.0})
    """How long after nothing was found any more it is looked once more, for what was being written meanwhile."""
    slice_entries: int = field(default=500, metadata={"min": 1, "max": 100_000})
    """Entries changed in one transaction: other writers wait for it where a database takes one at a time."""


class Purger:
    """One task a node; several at once do each other no harm. Rests `rest` times as long as the work took. What fails
    is tried again in the next round."""

    def __init__(
        self, oplog: OpLog, purging: NotePurging, offload: Offload, settings: PurgingSettings, *, rest: float = 9.0
    ) -> None:
        self._oplog = oplog
        self._purging = purging
        self._offload = offload
        self._settings = settings
        self._rest = rest
        self._clean_since: dict[Purge, float] = {}

    async def run(self) -> None:
        """Purge until cancelled."""
        while True:
            await trio.sleep(self._settings.interval_seconds)
            try:
                await self.purge_all()
            except NoteVaultError as error:
                log.warning("purging put off", error=error.message)
            except Exception:
                log.exception("purging failed")

    async def purge_all(self) -> None:
        """Every purge that is pending. Raises `NoteVaultError`."""
        pending = await self._purging.pending(limit=_AT_ONCE)
        self._clean_since = {one: since for one, since in self._clean_since.items() if one in pending}
        for workspace_id, purges in groupby(pending, key=lambda one: one.workspace_id):
            await self._purge(workspace_id, list(purges))

    async def _purge(self, workspace_id: str, purges: Sequence[Purge]) -> None:
        found = [await self._redact(purge) for purge in purges]
        failpoints.hit("purge_before_states", workspace_id)
        is_clean = await self._redact_states(workspace_id, {purge.note_id: purge.seq for purge in purges})
        for purge, is_found in zip(purges, found, strict=True):
            await self._purging.forget_texts(purge.note_id)
            if is_found or not is_clean:
                self._clean_since.pop(purge, None)
                continue
            since = self._clean_since.setdefault(purge, trio.current_time())
            if trio.current_time() - since >= self._settings.settle_seconds:
                await self._purging.finish(purge)
                log.info("note purged", workspace=workspace_id, note=purge.note_id)

    async def _redact(self, purge: Purge) -> bool:
        """Whether any entry told something."""
        before, limit = purge.seq, self._settings.slice_entries
        while True:
            started = trio.current_time()
            seqs = await self._purging.redact(purge, before, limit=limit)
            if len(seqs) < limit:
                return bool(seqs) or before < purge.seq
            before = min(seqs)
            failpoints.hit("mid_purge", purge.workspace_id)
            await trio.sleep(self._rest * (trio.current_time() - started))

    async def _redact_states(self, workspace_id: str, seqs: Mapping[str, int]) -> bool:
        """Whether no state had any of the notes; `seqs` are those of their purges."""
        is_clean = True
        for state in await self._oplog.snapshots(workspace_id, max(seqs.values()) - 1):
            started = trio.current_time()
            gone = frozenset(note_id for note_id, seq in seqs.items() if seq > state.seq)
            try:
                without = await self._offload(stored_without, state.body, state.checksum, gone)
            except SnapshotDamaged as damage:  # nobody begins from it, and nobody knows what it holds
                log.error("snapshot damaged", workspace=workspace_id, seq=state.seq, reason=str(damage))
                await self._purging.replace_state(state, None)
                is_clean = False
                continue
            if without is not None:
                body, checksum = without
                await self._purging.replace_state(state, Snapshot(workspace_id, state.seq, checksum, body))
                is_clean = False
            await trio.sleep(self._rest * (trio.current_time() - started))
        return is_clean
