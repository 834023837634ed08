"""Group commit: one writer for all actors of the node. What arrives while a commit is under way goes into the next one.

The writer is where an unknown outcome is found out: no actor hears anything of an append before it is certain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import structlog
import trio

from nvserver import failpoints
from nvserver.core.changes import LoggedEntry
from nvserver.core.statistics import AMOUNTS, Histogram
from nvserver.errors import Unavailable
from nvserver.ports.oplog import Append, AppendOutcome, OpLog

log = structlog.get_logger()

ENTRY_OVERHEAD_BYTES = 200


@dataclass(frozen=True, slots=True)
class LogWriterSettings:
    """Section `[log_writer]` of the settings."""

    max_pending_bytes: int = 32 * 1024 * 1024
    """What may wait for the store, of all workspaces; beyond it edits are answered `UNAVAILABLE`."""
    max_batch_entries: int = 2_000
    """Entries in one transaction."""
    retry_seconds: float = 0.2
    """Pause before an append is tried again while the store does not answer."""
    give_up_seconds: float = 10.0
    """How long appends wait for a store that does not answer before their authors are told `UNAVAILABLE`."""


class LogWriterStatistics:
    """What the writer did since it began; read by the metrics."""

    __slots__ = ("batch_entries", "commit_seconds", "durable_seconds", "fenced", "lost", "told_seconds", "unanswered")

    def __init__(self) -> None:
        self.batch_entries = Histogram(AMOUNTS)
        self.commit_seconds = Histogram()
        self.durable_seconds = Histogram()
        """From handing an append over, the oldest of those that were merged, until it was durable."""
        self.told_seconds = Histogram()
        """The same until everybody was told: the broadcasts stand in the outboxes."""
        self.fenced = 0
        self.lost = 0
        self.unanswered = 0
        """Appends that the store did not answer at the first try."""


class Written(Enum):
    """What an actor hears of an append."""

    DURABLE = "durable"
    FENCED = "fenced"
    """Another activation owns the workspace. Nothing of it was stored."""
    LOST = "lost"
    """The store did not take it in time; it may yet turn out to be stored. The activation must be made anew."""


OnWritten = Callable[[Written], None]


class _Pending:
    """What waits for one workspace: one append in the making, and who hears of it."""

    __slots__ = ("append", "listeners", "since", "size_bytes")

    def __init__(self, append: Append, on_written: OnWritten, size_bytes: int) -> None:
        self.since = trio.current_time()
        self.append = append
        self.listeners = [on_written]
        self.size_bytes = size_bytes

    def merge(self, append: Append, size_bytes: int) -> bool:
        """Take a follower of the same activation in; False when it is none."""
        mine = self.append
        if append.epoch != mine.epoch or append.entries[0].seq != mine.entries[-1].seq + 1:
            return False
        self.append = Append(mine.workspace_id, mine.epoch, mine.entries + append.entries, mine.index + append.index)
        self.size_bytes += size_bytes
        return True

    def listen(self, on_written: OnWritten) -> bool:
        """Whether that one is the newest listener already."""
        if self.listeners[-1] == on_written:
            return True
        self.listeners.append(on_written)
        return False

    def tell(self, written: Written) -> None:
        """This runs in the task that all workspaces share: what one makes of it harms no other."""
        for listener in self.listeners:
            try:
                listener(written)
            except Exception:
                log.exception("an actor could not be told", workspace=self.append.workspace_id)


class LogWriter:
    """Takes appends without blocking and commits them in batches. Overflow policy: `has_room` is False, callers
    refuse new work.

    Appends of one workspace are committed in the order in which they came. Each `on_written` is called once, for an
    append and those that joined it, from the writer's task, in that order; it must not block or raise. Then
    `on_durable` hears of which workspace something became durable, under the same rules.
    """

    def __init__(
        self, oplog: OpLog, settings: LogWriterSettings, on_durable: Callable[[str], None] | None = None
    ) -> None:
        self._oplog = oplog
        self._on_durable = on_durable
        self.statistics = LogWriterStatistics()
        self._settings = settings
        self._queue: dict[str, list[_Pending]] = {}
        self._pending_bytes = 0
        self._arrived = trio.Event()
        self._idle = trio.Event()
        self._idle.set()

    @property
    def has_room(self) -> bool:
        """Whether new work may be taken on."""
        return self._pending_bytes < self._settings.max_pending_bytes

    @property
    def pending_bytes(self) -> int:
        return self._pending_bytes

    def submit(self, append: Append, on_written: OnWritten) -> bool:
        """Put the append into the next commit. Whether it joined the one before it, which waits there with the same
        `on_written`: one call tells of both."""
        size = sum(len(entry.body) + ENTRY_OVERHEAD_BYTES for entry in append.entries)
        self._pending_bytes += size
        waiting = self._queue.setdefault(append.workspace_id, [])
        has_joined = False
        if waiting and waiting[-1].merge(append, size):
            has_joined = waiting[-1].listen(on_written)
        else:
            waiting.append(_Pending(append, on_written, size))
        self._arrived.set()
        if self._idle.is_set():
            self._idle = trio.Event()
        return has_joined

    async def flush(self) -> None:
        """Wait until nothing is pending. The caller sets the deadline."""
        await self._idle.wait()

    async def run(self) -> None:
        """Commit until cancelled."""
        while True:
            if not self._queue:
                self._idle.set()
                self._arrived = trio.Event()
                await self._arrived.wait()
            batch = self._next_batch()
            entries = sum(len(pending.append.entries) for pending in batch)
            began_at = trio.current_time()
            await self._commit(batch)
            self.statistics.batch_entries.observe(entries)
            self.statistics.commit_seconds.observe(trio.current_time() - began_at)
            self._pending_bytes -= sum(pending.size_bytes for pending in batch)

    def _next_batch(self) -> list[_Pending]:
        """The oldest append of each workspace, up to the bound of a transaction."""
        batch: list[_Pending] = []
        entries = 0
        for workspace_id in list(self._queue):
            waiting = self._queue[workspace_id]
            pending = waiting.pop(0)
            if not waiting:
                del self._queue[workspace_id]
            batch.append(pending)
            entries += len(pending.append.entries)
            if entries >= self._settings.max_batch_entries:
                break
        return batch

    async def _commit(self, batch: list[_Pending]) -> None:
        try:
            outcomes = await self._append([pending.append for pending in batch])
        except Exception:
            log.exception("a batch could not be stored", workspaces=[pending.append.workspace_id for pending in batch])
            outcomes = [await self._append_alone(pending.append) for pending in batch]
        failpoints.hit("after_commit_before_ack")
        durable_at = trio.current_time()
        for pending, written in zip(batch, outcomes, strict=True):
            pending.tell(written)
            if self._on_durable is not None and written is Written.DURABLE:
                self._on_durable(pending.append.workspace_id)
        failpoints.hit("after_ack")
        self._count(batch, outcomes, durable_at)

    def _count(self, batch: Sequence[_Pending], outcomes: Sequence[Written], durable_at: float) -> None:
        told_at, statistics = trio.current_time(), self.statistics
        for pending, written in zip(batch, outcomes, strict=True):
            if written is Written.DURABLE:
                statistics.durable_seconds.observe(durable_at - pending.since)
                statistics.told_seconds.observe(told_at - pending.since)
            elif written is Written.FENCED:
                statistics.fenced += 1
            else:
                statistics.lost += 1

    async def _append(self, appends: Sequence[Append]) -> Sequence[Written]:
        """Append, through failures of the store, until the outcome is known or the time is up."""
        give_up_at = trio.current_time() + self._settings.give_up_seconds
        is_repeat = False
        while True:
            try:
                failpoints.hit("before_append")
                outcomes = await self._oplog.append(appends)
                failpoints.hit("after_append_before_answer")
                written = []
                for append, outcome in zip(appends, outcomes, strict=True):
                    if outcome is AppendOutcome.DURABLE or (is_repeat and await self._is_stored(append)):
                        written.append(Written.DURABLE)
                    else:
                        written.append(Written.FENCED)
                return written
            except Unavailable as error:
                # The commit may have gone through: a repeat of it is then refused as not at head + 1, and looked up.
                is_repeat = True
                self.statistics.unanswered += 1
                log.warning("append not answered", entries=sum(len(a.entries) for a in appends), error=error.message)
                if trio.current_time() >= give_up_at:
                    return [Written.LOST] * len(appends)
                await trio.sleep(self._settings.retry_seconds)

    async def _append_alone(self, append: Append) -> Written:
        """One workspace's append that no store can take costs no other workspace anything."""
        try:
            return (await self._append([append]))[0]
        except Exception:
            log.exception("an append could not be stored", workspace=append.workspace_id)
            return Written.LOST

    async def _is_stored(self, append: Append) -> bool:
        """Whether the log holds exactly these entries: they went in before the answer was lost."""
        entries = append.entries
        stored: Sequence[LoggedEntry] = await self._oplog.read(
            append.workspace_id, entries[0].seq - 1, entries[-1].seq, limit=len(entries)
        )
        return tuple(stored) == entries
