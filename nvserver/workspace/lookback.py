"""What an actor's memory does not hold or is too much to do at once: older edits, old requests, late edits."""

from collections.abc import Mapping, Sequence

import structlog
import trio

from nvserver.core.changes import Author, Entry, NoteEdited
from nvserver.core.commands import EditNote
from nvserver.core.note import EditsMissing, bring_over, transform_steps
from nvserver.core.requests import FirstResult, check_resend
from nvserver.core.snapshot import SnapshotDamaged, decode_results
from nvserver.core.workspace import Workspace
from nvserver.errors import BaseTooOld, Unavailable
from nvserver.ports.oplog import OpLog
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.recovery import decoded

log = structlog.get_logger()


async def load_edits(parts: ActorParts, workspace: Workspace, missing: EditsMissing) -> None:
    """Read a note's older edits into memory. Raises `BaseTooOld` for more than is worth transforming, and for edits
    before the horizon."""
    limit = parts.settings.late_entries
    logged = await parts.oplog.read(workspace.id, missing.after, missing.upto, note_id=missing.note_id, limit=limit + 1)
    if len(logged) > limit:
        raise BaseTooOld(f"The note was changed more than {limit} times since then")
    entries = [entry async for entry in decoded(logged)]
    workspace.notes[missing.note_id].remember_older(
        missing.after,
        [(e.seq, e.change.op, e.author.client_id) for e in entries if isinstance(e.change, NoteEdited)],
    )


async def bring_near(workspace: Workspace, edit: EditNote, client_id: str | None) -> EditNote:
    """A late edit as if made on the newest text, worked out in slices, so that other workspaces are served in between.

    Raises `BaseTooOld` when that takes more than it is worth, and as `bring_over` and `Note.edits_after` do."""
    limits = workspace.limits
    edits = workspace.notes[edit.note_id].edits_after(edit.base_seq)
    steps = transform_steps(edit.op, edits)
    if steps > limits.max_late_steps:
        raise BaseTooOld("Too much was changed since then to bring this edit to the newest text")
    slice_length = max(1, len(edits) * limits.max_transform_steps // max(1, steps))
    op = edit.op
    for start in range(0, len(edits), slice_length):
        op = bring_over(op, edits[start : start + slice_length], client_id)
        await trio.lowlevel.checkpoint()
    return EditNote(edit.note_id, workspace.seq, op)


class ForgottenRequests:
    """What log and base tell of requests of long ago. Of the newest base it keeps, once somebody asked, what it tells
    of them."""

    def __init__(self, oplog: OpLog, workspace_id: str) -> None:
        self._oplog = oplog
        self._workspace_id = workspace_id
        self._horizon = 0
        self._last: Mapping[str, int] = {}
        self._results: Mapping[str, Sequence[FirstResult]] = {}

    async def first_result(self, author: Author) -> int | None:
        """The seq that a numbered request got; None when it was never accepted.

        Raises as `check_resend` does, and `BaseTooOld` when it may have been accepted so long ago that only its number
        is known: then it is not done again."""
        client_id, client_seq = author.client_id, author.client_seq
        assert client_id is not None and client_seq is not None
        logged = await self._oplog.find(self._workspace_id, client_id, client_seq)
        if logged is not None:
            check_resend(author.payload_hash, logged.payload_hash)
            return logged.seq
        if await self._oplog.horizon(self._workspace_id) != self._horizon:
            await self._read_base()
        if client_seq > self._last.get(client_id, 0):
            return None
        for result in self._results.get(client_id, ()):
            if result.client_seq == client_seq:
                check_resend(author.payload_hash, result.payload_hash)
                return result.seq
        raise BaseTooOld("What became of this request is no longer known", {"horizon": self._horizon})

    async def _read_base(self) -> None:
        base = await self._oplog.base(self._workspace_id)
        assert base is not None  # a horizon only moves on
        try:
            self._last, self._results = decode_results(base.body, base.checksum)
        except SnapshotDamaged as damage:
            log.error("base damaged", workspace=self._workspace_id, seq=base.seq, reason=str(damage))
            raise Unavailable("What became of this request cannot be told until the workspace is repaired") from damage
        self._horizon = base.seq


async def entries_since(
    oplog: OpLog, workspace_id: str, since: int, note_id: str | None, limit: int
) -> Sequence[Entry] | None:
    """The entries after `since`, of the note or of all; None when there are more than `limit`, or not all of them."""
    try:
        logged = await oplog.read(workspace_id, since, note_id=note_id, limit=limit + 1)
    except BaseTooOld:
        return None
    return None if len(logged) > limit else [entry async for entry in decoded(logged)]


async def is_overtaken(oplog: OpLog, workspace: Workspace) -> bool:
    """Whether the log has entries that the state in memory lacks, all of whose own are durable."""
    try:
        return bool(await oplog.read(workspace.id, workspace.seq, limit=1))
    except BaseTooOld:
        return True
