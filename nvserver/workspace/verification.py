"""`nvcheck`: the whole store, or one workspace of it, held against itself and against what clients were told.

Works while a server writes: what is read of a workspace is of one moment, and its log is checked up to there. Memory is
bounded by the largest workspace, whatever the length of the logs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nvserver.core.limits import WorkspaceLimits
from nvserver.errors import Unavailable
from nvserver.ports.audit import ClientHistories
from nvserver.ports.audit import LogAudit as LogAuditPort
from nvserver.ports.oplog import OpLog, WorkspaceIndex
from nvserver.workspace.log_audit import LogAudit

PAGE_ENTRIES = 2_000
PAGE_IDS = 500
_TRIES = 3


@dataclass(slots=True)
class Counts:
    """What was looked at, and how much of it is wrong."""

    workspaces: int = 0
    entries: int = 0
    snapshots: int = 0
    notes: int = 0
    claims: int = 0
    claims_behind: int = 0
    """Lines of clients about entries that are no longer kept."""
    findings: int = 0


class Verification:
    """One run. `on_finding` hears each sentence as it is found. All methods raise `Unavailable`."""

    def __init__(
        self,
        oplog: OpLog,
        index: WorkspaceIndex,
        audit: LogAuditPort,
        histories: ClientHistories,
        limits: WorkspaceLimits,
        on_finding: Callable[[str], None],
    ) -> None:
        self.counts = Counts()
        self._oplog = oplog
        self._index = index
        self._audit = audit
        self._histories = histories
        self._limits = limits
        self._on_finding = on_finding

    async def check_all(self) -> None:
        """Every workspace of the store, every note of its index, every workspace that the histories name."""
        named = set(self._histories.workspace_ids())
        after: str | None = None
        while ids := await self._audit.workspace_ids(after, limit=PAGE_IDS):
            for workspace_id in ids:
                named.discard(workspace_id)
                await self.check_workspace(workspace_id)
            after = ids[-1]
        for workspace_id in sorted(named):
            await self.check_workspace(workspace_id)
        await self._check_note_homes()

    async def check_workspace(self, workspace_id: str) -> None:
        """One workspace. Its histories are complete by now, so all they tell of lies before the moment looked at."""
        self.counts.workspaces += 1
        for _ in range(_TRIES):
            horizon = await self._oplog.horizon(workspace_id)
            purges = await self._audit.purges(workspace_id)
            snapshots = await self._oplog.snapshots(workspace_id)
            stored = await self._audit.workspace(workspace_id)
            if stored is None:
                self._find(f"workspace {workspace_id}: there is no log of it")
                return
            claims, activations = self._histories.claims(workspace_id), self._histories.activations(workspace_id)
            log = LogAudit(workspace_id, self._limits, snapshots, claims, activations, stored.horizon, purges)
            entries = await self._replay(log, workspace_id, stored.head)
            now = await self._oplog.horizon(workspace_id), await self._audit.purges(workspace_id)
            if now == (horizon, purges):
                break  # else the log was shortened, or a note purged, meanwhile: what was read is not of one moment
        else:
            raise Unavailable(f"workspace {workspace_id} is being compacted; try again")
        log.finish(stored)
        self.counts.entries += entries
        self.counts.snapshots += len(snapshots)
        self.counts.claims += log.claims
        self.counts.claims_behind += log.claims_behind
        for sentence in log.findings:
            self._find(sentence)
        if not log.is_broken:
            await self._check_beyond(workspace_id, stored.head)
            await self._check_notes_of(log)
            if stored.horizon:
                await self._check_index_of(log, stored.head, purges)
        await self._check_refusals(workspace_id)
        for double in self._histories.double_activations(workspace_id):
            nodes = " and ".join(double.nodes)
            self._find(f"workspace {workspace_id}: nodes {nodes} both opened it under epoch {double.epoch}")

    async def _replay(self, log: LogAudit, workspace_id: str, head: int) -> int:
        """How many entries were taken."""
        seq = start = log.workspace.seq
        while seq < head and not log.is_broken:
            page = await self._audit.entries(workspace_id, seq, limit=min(PAGE_ENTRIES, head - seq))
            for stored in page:
                if stored.entry.seq > head or log.is_broken:
                    return seq - start
                log.take(stored)
                seq = stored.entry.seq
            if not page:
                break
        return seq - start

    async def _check_beyond(self, workspace_id: str, head: int) -> None:
        """What was stored meanwhile lies before the head as it is by now."""
        beyond = await self._audit.entries(workspace_id, head, limit=1)
        now = await self._audit.workspace(workspace_id)
        if beyond and (now is None or beyond[0].entry.seq > now.head):
            self._find(f"workspace {workspace_id}: there is an entry {beyond[0].entry.seq} beyond the log's head")

    async def _check_notes_of(self, log: LogAudit) -> None:
        for note_id in log.workspace.notes:
            self.counts.notes += 1
            home = await self._index.workspace_of_note(note_id)
            if home != log.workspace.id:
                where = "nowhere" if home is None else f"in workspace {home}"
                self._find(f"workspace {log.workspace.id}: the index has its note {note_id} {where}")

    async def _check_index_of(self, log: LogAudit, head: int, purges: Mapping[str, int]) -> None:
        """Of a log that was shortened the state knows the notes, not the entries."""
        after: str | None = None
        workspace_id = log.workspace.id
        while note_ids := await self._audit.notes_of(workspace_id, after, limit=PAGE_IDS):
            for note_id in note_ids:
                is_known = note_id in log.workspace.notes or note_id in purges
                if not is_known and not await self._oplog.read(workspace_id, head, note_id=note_id, limit=1):
                    self._find(f"workspace {workspace_id}: the index has a note {note_id} that its log lacks")
            after = note_ids[-1]

    async def _check_refusals(self, workspace_id: str) -> None:
        for refused in self._histories.refusals(workspace_id):
            self.counts.claims += 1
            found = await self._oplog.find(workspace_id, refused.client_id, refused.client_seq)
            if found is not None:
                self._find(
                    f"workspace {workspace_id}: request {refused.client_seq} of client {refused.client_id} was refused "
                    f"with {refused.code} and is in the log as entry {found.seq}"
                )

    async def _check_note_homes(self) -> None:
        after: str | None = None
        while homes := await self._audit.note_homes(after, limit=PAGE_ENTRIES):
            for home in homes:
                if not home.is_logged:
                    self._find(f"workspace {home.workspace_id}: the index has a note {home.note_id} that its log lacks")
            after = homes[-1].note_id

    def _find(self, sentence: str) -> None:
        self.counts.findings += 1
        self._on_finding(sentence)
