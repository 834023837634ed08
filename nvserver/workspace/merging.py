"""What a REST `PUT` of a note becomes: the difference between the text its caller knew and the one it sent is an
operation like any other."""

from collections.abc import Sequence

from msgspec import UNSET

from nvserver.core.changes import Change
from nvserver.core.commands import EditNote, UpdateNote
from nvserver.core.decisions import decide
from nvserver.core.gate import find_note, require
from nvserver.core.note import Note
from nvserver.core.ot import Text, diff
from nvserver.core.workspace import Workspace
from nvserver.errors import ValidationFailed
from nvserver.problems import Problem
from nvserver.workspace import lookback
from nvserver.workspace.messages import PutNote
from nvserver.workspace.parts import ActorParts


def note_to_put(workspace: Workspace, message: PutNote) -> Note:
    """The note, if the caller may know of it and says to have seen a state that there was."""
    require(workspace, message.author.user_id, "notes:read")
    note = find_note(workspace, message.note_id)
    if message.content is not UNSET and not 0 <= base_seq_of(workspace, message) <= workspace.seq:
        raise ValidationFailed.at(
            "baseSeq", f"must be between 0 and {workspace.seq}, the newest seq", Problem.OUT_OF_RANGE
        )
    return note


def base_seq_of(workspace: Workspace, message: PutNote) -> int:
    """The newest seq that the caller knew."""
    return workspace.seq if message.base_seq is None else message.base_seq


def is_merge(workspace: Workspace, message: PutNote, note: Note) -> bool:
    """Whether others changed the text after the caller read it."""
    return message.content is not UNSET and bool(note.edits_after(base_seq_of(workspace, message)))


async def edit_of(
    parts: ActorParts, workspace: Workspace, message: PutNote, note: Note, base: Text | None
) -> EditNote | None:
    """The edit that makes of `base` (None: of the text as it is) what the caller sent, as if made on the newest text;
    None when there is none. Raises as `lookback.bring_near` does."""
    if message.content is UNSET:
        return None
    op = await _difference(parts, note.text if base is None else base, message.content)
    if not op:
        return None
    return await lookback.bring_near(workspace, EditNote(message.note_id, base_seq_of(workspace, message), op), None)


def changes_of(workspace: Workspace, message: PutNote, note: Note, edit: EditNote | None) -> Sequence[Change]:
    """What happens to the note's text and to the rest of it; all or nothing."""
    tags = note.meta.tags
    new_tags = tags if message.tags is UNSET else message.tags
    update = UpdateNote(
        message.note_id,
        message.title,
        message.position,
        message.size,
        message.color,
        message.collection_id,
        tuple(tag for tag in new_tags if tag not in tags),
        tuple(tag for tag in tags if tag not in new_tags),
    )
    changes = decide(workspace, update, message.author)
    # The edit comes last: what comes behind an edit has those told first who do not have the note open.
    return changes if edit is None else changes + decide(workspace, edit, message.author)


async def _difference(parts: ActorParts, base: Text, content: str) -> tuple[int | str, ...]:
    if max(len(base), len(content)) <= parts.settings.inline_diff_characters:
        return diff(str(base), content)
    return await parts.offload(diff, str(base), content)
