"""Shortens logs: what lies before a workspace's horizon is replaced by the state that it led to.

The horizon moves on to the newest entry of which all of this is true: it is older than `keep_days`; `keep_entries`
newer ones are there (the undo window); every client that is in the workspace has read it; the search index has, too;
and a sound snapshot lies after it, so that a damaged one can always be survived. Named versions carry their texts
and hold nothing back.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import structlog
import trio

from nvserver import failpoints
from nvserver.core.base import BaseBuilder, start_from
from nvserver.core.changes import decode_entry
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.snapshot import SnapshotDamaged, decode_workspace
from nvserver.errors import NoteVaultError
from nvserver.ports.clock import NowMs
from nvserver.ports.compaction import LogCompaction, LogExtent
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog, Snapshot
from nvserver.workspace.recovery import LogBroken

log = structlog.get_logger()

Reach: TypeAlias = Callable[[str], Awaitable[int | None]]
"""The seq from which on somebody still needs the entries of a workspace; None when nobody does. Raises
`NoteVaultError` when it cannot be told now."""

_PAGE_ENTRIES: Final = 500
_PAGE_LOGS: Final = 100
_MS_A_DAY: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class CompactionSettings:
    """Section `[compaction]`: how much of a workspace's past is kept."""

    enabled: bool = True
    """Off keeps every entry for ever; `nvserver compact` still works."""
    keep_days: float = field(default=180.0, metadata={"min": 0.0})
    """Entries younger than this stay: so far back go history, undo, and the catching up of clients that were away."""
    keep_entries: int = field(default=20_000, metadata={"min": 0})
    """So many of the newest entries of each workspace stay, however old: the undo window."""
    min_entries: int = field(default=5_000, metadata={"min": 1})
    """A log is shortened when at least so many entries would go."""
    slice_entries: int = field(default=1_000, metadata={"min": 1, "max": 100_000})
    """Entries deleted in one transaction: other writers wait for it where a database takes one at a time."""
    interval_seconds: float = field(default=3_600.0, metadata={"min": 0.05})
    """How often all logs are looked through."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What was done to one log: its horizon before and after, and how many entries were deleted."""

    horizon_before: int
    horizon: int
    swept: int


class Compactor:
    """One task a node; several at once, of one node or of many, do each other no harm. Works on one log at a time and
    rests `rest` times as long as the work took, so that it never crowds out the edits. What fails is tried again in
    the next round."""

    def __init__(
        self,
        oplog: OpLog,
        compaction: LogCompaction,
        reaches: tuple[Reach, ...],
        offload: Offload,
        now_ms: NowMs,
        settings: CompactionSettings,
        limits: WorkspaceLimits,
        *,
        rest: float = 9.0,
    ) -> None:
        self._oplog = oplog
        self._compaction = compaction
        self._reaches = reaches
        self._offload = offload
        self._now_ms = now_ms
        self._settings = settings
        self._limits = limits
        self._rest = rest

    async def run(self) -> None:
        """Compact until cancelled."""
        while self._settings.enabled:
            await trio.sleep(self._settings.interval_seconds)
            try:
                await self.compact_all()
            except NoteVaultError as error:
                log.warning("compaction put off", error=error.message)
            except Exception:
                log.exception("compaction failed")

    async def compact_all(self, on_compacted: Callable[[str, Compacted], None] | None = None) -> None:
        """Every log that is long enough. One that cannot be shortened hinders no other. Raises `Unavailable`."""
        after: str | None = None
        least = self._settings.keep_entries + self._settings.min_entries
        while extents := await self._compaction.long_logs(after, min_entries=least, limit=_PAGE_LOGS):
            for extent in extents:
                try:
                    compacted = await self.compact(extent)
                except LogBroken as error:
                    log.error("log not compacted", workspace=extent.workspace_id, reason=str(error))
                except NoteVaultError as error:
                    log.warning("log not compacted", workspace=extent.workspace_id, reason=error.message)
                else:
                    if on_compacted is not None:
                        on_compacted(extent.workspace_id, compacted)
            after = extents[-1].workspace_id

    async def compact(self, extent: LogExtent) -> Compacted:
        """One log, as far as it goes. Raises `LogBroken` when its entries or its base are damaged: then nothing is
        changed; and `NoteVaultError`."""
        workspace_id = extent.workspace_id
        horizon = await self._next_horizon(extent)
        if horizon - extent.horizon >= self._settings.min_entries and await self._rebase(workspace_id, horizon):
            log.info("log compacted", workspace=workspace_id, horizon=horizon, head=extent.head)
        now = await self._oplog.horizon(workspace_id)
        swept = await self._sweep(workspace_id) if now > extent.horizon or not extent.is_swept else 0
        return Compacted(extent.horizon, now, swept)

    # --- how far -------------------------------------------------------------------------------------------------

    async def _next_horizon(self, extent: LogExtent) -> int:
        """The farthest that the horizon may move; not beyond where it is when there is something in the way."""
        workspace_id = extent.workspace_id
        farthest = extent.head - self._settings.keep_entries
        if farthest - extent.horizon < self._settings.min_entries:
            return extent.horizon
        for reach in self._reaches:
            needed = await reach(workspace_id)
            farthest = farthest if needed is None else min(farthest, needed)
        farthest = min(farthest, await self._newest_sound_seq(workspace_id) - 1)
        return await self._old_enough(extent, farthest)

    async def _newest_sound_seq(self, workspace_id: str) -> int:
        for snapshot in await self._oplog.snapshots(workspace_id):
            try:
                await self._offload(decode_workspace, snapshot.body, snapshot.checksum, self._limits)
            except SnapshotDamaged as damage:
                log.error("snapshot damaged", workspace=workspace_id, seq=snapshot.seq, reason=str(damage))
            else:
                return snapshot.seq
        return 0

    async def _old_enough(self, extent: LogExtent, farthest: int) -> int:
        """The newest seq up to `farthest` that is older than what is kept. Found by halving: time hardly ever goes back
        in a log."""
        oldest_kept = self._now_ms() - round(self._settings.keep_days * _MS_A_DAY)
        known, unknown = extent.horizon, farthest + 1
        while unknown - known > 1:
            middle = (known + unknown) // 2
            entries = await self._oplog.read(extent.workspace_id, middle - 1, middle, limit=1)
            if entries and entries[0].at < oldest_kept:
                known = middle
            else:
                unknown = middle
        return known

    # --- doing it ------------------------------------------------------------------------------------------------

    async def _rebase(self, workspace_id: str, horizon: int) -> bool:
        """Replay the log up to there (what cannot be replayed is not deleted) and put the state in its place. False
        when somebody else was faster, and while a note is on its way out of the log."""
        purged = await self._compaction.newest_purge(workspace_id)
        if purged is None:
            return False
        base = await self._oplog.base(workspace_id)
        try:
            builder: BaseBuilder = await self._offload(
                start_from,
                None if base is None else base.body,
                b"" if base is None else base.checksum,
                workspace_id,
                self._limits,
            )
        except SnapshotDamaged as damage:
            raise LogBroken(f"workspace {workspace_id}: its base is damaged: {damage}") from damage
        while builder.workspace.seq < horizon:
            started = trio.current_time()
            page = await self._oplog.read(workspace_id, builder.workspace.seq, horizon, limit=_PAGE_ENTRIES)
            if not page:
                raise LogBroken(f"workspace {workspace_id}: no entries after {builder.workspace.seq}")
            try:
                await self._offload(lambda b, entries: b.take(map(decode_entry, entries)), builder, page)
            except Exception as error:
                raise LogBroken(f"workspace {workspace_id}: an entry after {page[0].seq - 1}: {error!r}") from error
            await trio.sleep(self._rest * (trio.current_time() - started))
        body, checksum = await self._offload(builder.encode)
        failpoints.hit("before_rebase", workspace_id)
        is_done = await self._compaction.rebase(Snapshot(workspace_id, horizon, checksum, body), purged=purged)
        failpoints.hit("after_rebase", workspace_id)
        return is_done

    async def _sweep(self, workspace_id: str) -> int:
        """Delete what lies before the horizon, slice by slice, once the base was read back and is sound."""
        base = await self._oplog.base(workspace_id)
        if base is None:
            return 0
        try:
            await self._offload(decode_workspace, base.body, base.checksum, self._limits)
        except SnapshotDamaged as damage:
            raise LogBroken(f"workspace {workspace_id}: its base is damaged: {damage}") from damage
        total = 0
        while True:
            started = trio.current_time()
            swept = await self._compaction.sweep(workspace_id, limit=self._settings.slice_entries)
            total += swept
            if swept < self._settings.slice_entries:
                return total
            failpoints.hit("mid_sweep", workspace_id)
            await trio.sleep(self._rest * (trio.current_time() - started))
