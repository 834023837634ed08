"""The op log in memory, and its compaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import trio

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.core.changes import LoggedEntry
from nvserver.errors import BaseTooOld, Conflict, WorkspaceNotFound
from nvserver.ports.compaction import LogExtent
from nvserver.ports.oplog import Activation, Append, AppendOutcome, IndexChange, Snapshot, WorkspaceDropped

_SNAPSHOTS_KEPT = 3


@dataclass(slots=True)
class Log:
    """One workspace's log; the entry `seq` stands at `seq - swept - 1`, its epoch at the same place of `epochs`."""

    epoch: int = 0
    owner: str | None = None
    base: Snapshot | None = None
    swept: int = 0
    """How many of the first entries are deleted: at most up to the horizon."""
    entries: list[LoggedEntry] = field(default_factory=list)
    epochs: list[int] = field(default_factory=list)
    by_number: dict[tuple[str, int | None], LoggedEntry] = field(default_factory=dict)

    @property
    def head(self) -> int:
        return self.swept + len(self.entries)

    @property
    def horizon(self) -> int:
        return 0 if self.base is None else self.base.seq

    def sweep(self, limit: int) -> int:
        gone = self.entries[: max(0, min(limit, self.horizon - self.swept))]
        del self.entries[: len(gone)]
        del self.epochs[: len(gone)]
        for entry in gone:
            if entry.client_id is not None:
                del self.by_number[entry.client_id, entry.client_seq]
        self.swept += len(gone)
        return len(gone)

    def takes(self, append: Append) -> bool:
        numbers = [(entry.client_id, entry.client_seq) for entry in append.entries if entry.client_id is not None]
        return (
            append.epoch == self.epoch
            and append.entries[0].seq == self.head + 1
            and len(set(numbers)) == len(numbers)
            and self.by_number.keys().isdisjoint(numbers)
        )

    def add(self, epoch: int, entries: Sequence[LoggedEntry]) -> None:
        self.entries.extend(entries)
        self.epochs.extend([epoch] * len(entries))
        self.by_number.update(
            {(entry.client_id, entry.client_seq): entry for entry in entries if entry.client_id is not None}
        )


class MemoryOpLog:
    """Fills the ports `OpLog` and `LogCompaction`. Every method first lets others run, then does all at once."""

    def __init__(self, index: MemoryIndex) -> None:
        self._index = index
        self.logs: dict[str, Log] = {}
        self.snapshots_kept: dict[str, dict[int, Snapshot]] = {}

    async def create(self, workspace_id: str, entries: Sequence[LoggedEntry], index: Sequence[IndexChange]) -> None:
        """See `OpLog.create`."""
        first = Append(workspace_id, 0, tuple(entries), tuple(index))
        _check(first)
        await trio.lowlevel.checkpoint()
        if workspace_id in self.logs:
            raise Conflict("A workspace with this id exists already")
        log = Log()
        if not log.takes(first):
            raise ValueError("a log starts at seq 1, and numbers occur once")
        self.logs[workspace_id] = log
        self._store(first)

    async def activate(self, workspace_id: str, owner: str) -> Activation:
        """See `OpLog.activate`."""
        await trio.lowlevel.checkpoint()
        log = self.logs.get(workspace_id)
        if log is None:
            raise WorkspaceNotFound
        log.epoch += 1
        log.owner = owner
        return Activation(workspace_id, log.epoch, log.head)

    async def append(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        """See `OpLog.append`."""
        for append in batch:
            _check(append)
        await trio.lowlevel.checkpoint()
        return [self._append(append) for append in batch]

    async def read(
        self, workspace_id: str, after: int, upto: int | None = None, *, note_id: str | None = None, limit: int = 10_000
    ) -> Sequence[LoggedEntry]:
        """See `OpLog.read`."""
        await trio.lowlevel.checkpoint()
        log = self.logs.get(workspace_id)
        if log is None:
            return []
        if max(after, 0) < log.horizon:
            raise BaseTooOld(details={"horizon": log.horizon})
        end = log.head if upto is None else max(upto, log.swept)
        found = log.entries[max(after, 0) - log.swept : end - log.swept]
        return [entry for entry in found if note_id is None or entry.note_id == note_id][:limit]

    async def find(self, workspace_id: str, client_id: str, client_seq: int) -> LoggedEntry | None:
        """See `OpLog.find`."""
        await trio.lowlevel.checkpoint()
        log = self.logs.get(workspace_id)
        return None if log is None else log.by_number.get((client_id, client_seq))

    async def save_snapshot(self, snapshot: Snapshot) -> None:
        """See `OpLog.save_snapshot`."""
        await trio.lowlevel.checkpoint()
        if self._index.newest_purge(snapshot.workspace_id) > snapshot.seq:
            return
        kept = self.snapshots_kept.setdefault(snapshot.workspace_id, {})
        kept[snapshot.seq] = snapshot
        for seq in sorted(kept)[:-_SNAPSHOTS_KEPT]:
            del kept[seq]

    async def snapshots(self, workspace_id: str, upto: int | None = None, *, limit: int = 10) -> Sequence[Snapshot]:
        """See `OpLog.snapshots`."""
        await trio.lowlevel.checkpoint()
        log = self.logs.get(workspace_id)
        base = None if log is None else log.base
        kept = {
            seq: one for seq, one in self.snapshots_kept.get(workspace_id, {}).items() if not base or seq > base.seq
        }
        if base is not None:
            kept[base.seq] = base
        return [kept[seq] for seq in sorted(kept, reverse=True) if upto is None or seq <= upto][:limit]

    async def base(self, workspace_id: str) -> Snapshot | None:
        """See `OpLog.base`."""
        await trio.lowlevel.checkpoint()
        log = self.logs.get(workspace_id)
        return None if log is None else log.base

    async def horizon(self, workspace_id: str) -> int:
        """See `OpLog.horizon`."""
        base = await self.base(workspace_id)
        return 0 if base is None else base.seq

    # --- LogCompaction -------------------------------------------------------------------------------------------

    async def long_logs(self, after: str | None, *, min_entries: int, limit: int) -> Sequence[LogExtent]:
        """See `LogCompaction.long_logs`."""
        await trio.lowlevel.checkpoint()
        extents = [
            LogExtent(workspace_id, log.horizon, log.head, log.swept == log.horizon)
            for workspace_id, log in sorted(self.logs.items())
            if after is None or workspace_id > after
        ]
        return [one for one in extents if one.head - one.horizon >= min_entries or not one.is_swept][:limit]

    async def newest_purge(self, workspace_id: str) -> int | None:
        """See `LogCompaction.newest_purge`."""
        await trio.lowlevel.checkpoint()
        is_pending = any(one.workspace_id == workspace_id and not done for one, done in self._index.purges.items())
        return None if is_pending else self._index.newest_purge(workspace_id)

    async def rebase(self, base: Snapshot, *, purged: int = 0) -> bool:
        """See `LogCompaction.rebase`."""
        await trio.lowlevel.checkpoint()
        if self._index.newest_purge(base.workspace_id) > purged:
            return False
        log = self.logs.get(base.workspace_id)
        kept = self.snapshots_kept.get(base.workspace_id, {})
        if log is None or not log.horizon < base.seq <= log.head or base.seq >= max(kept, default=0):
            return False
        log.base = base
        for seq in [seq for seq in kept if seq <= base.seq]:
            del kept[seq]
        return True

    async def sweep(self, workspace_id: str, *, limit: int) -> int:
        """See `LogCompaction.sweep`."""
        await trio.lowlevel.checkpoint()
        log = self.logs.get(workspace_id)
        return 0 if log is None else log.sweep(limit)

    def _append(self, append: Append) -> AppendOutcome:
        log = self.logs.get(append.workspace_id)
        if log is None or not log.takes(append):
            return AppendOutcome.FENCED
        self._store(append)
        return AppendOutcome.DURABLE

    def _store(self, append: Append) -> None:
        log = self.logs[append.workspace_id]
        log.add(append.epoch, append.entries)
        self._index.apply(append.workspace_id, append.index, head=log.head)


def _check(append: Append) -> None:
    """Raise `ValueError` for a mistake of the program, before anything is stored."""
    first = append.entries[0].seq
    if any(entry.seq != first + place for place, entry in enumerate(append.entries)):
        raise ValueError("the seqs of an append are consecutive")
    if any(isinstance(change, WorkspaceDropped) for change in append.index[:-1]):
        raise ValueError("nothing follows after a workspace was dropped")
