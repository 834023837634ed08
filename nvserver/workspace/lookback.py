"""What an actor's memory does not hold or is too much to do at once: older edits, old requests, late edits."""

from collections.abc import Sequence

import trio

from nvserver.core.changes import Author, Entry, NoteEdited, decode_entry
from nvserver.core.commands import EditNote
from nvserver.core.note import EditsMissing, bring_over, transform_steps
from nvserver.core.requests import check_resend
from nvserver.core.workspace import Workspace
from nvserver.errors import BaseTooOld
from nvserver.ports.oplog import OpLog
from nvserver.workspace.parts import ActorParts


async def load_edits(parts: ActorParts, workspace: Workspace, missing: EditsMissing) -> None:
    """Read a note's older edits into memory. Raises `BaseTooOld` for more than is worth transforming."""
    limit = parts.settings.late_entries
    logged = await parts.oplog.read(workspace.id, missing.after, missing.upto, note_id=missing.note_id, limit=limit + 1)
    if len(logged) > limit:
        raise BaseTooOld(f"The note was changed more than {limit} times since then")
    entries = [decode_entry(entry) for entry in logged]
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


async def first_result(oplog: OpLog, workspace_id: str, author: Author) -> int | None:
    """The seq that a numbered request got long ago; None when it was never accepted. Raises as `check_resend` does."""
    assert author.client_id is not None and author.client_seq is not None
    logged = await oplog.find(workspace_id, author.client_id, author.client_seq)
    if logged is None:
        return None
    check_resend(author.payload_hash, logged.payload_hash)
    return logged.seq


async def entries_since(
    oplog: OpLog, workspace_id: str, since: int, note_id: str | None, limit: int
) -> Sequence[Entry] | None:
    """The entries after `since`, of the note or of all; None when there are more than `limit`."""
    logged = await oplog.read(workspace_id, since, note_id=note_id, limit=limit + 1)
    return None if len(logged) > limit else [decode_entry(entry) for entry in logged]
