"""Emptying the trash: what is asked, and what becomes of it.

What hangs on a note that goes is changed first, by entries that everybody knows: lines to it are deleted, events lose
their link to it.
"""

from collections.abc import Callable, Collection
from typing import Any, Final

from msgspec.structs import replace

from nvserver.core import commands as c
from nvserver.core.changes import Author, Change, ConnectionDeleted, EventUpdated, NotePurged
from nvserver.core.gate import find_note, require
from nvserver.core.permissions import role_allows
from nvserver.core.workspace import Workspace
from nvserver.errors import NoteNotFound


def _purge_note(workspace: Workspace, command: c.PurgeNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    note = find_note(workspace, command.note_id, is_trash_included=True)
    require(workspace, author.user_id, "notes:delete", is_own=note.author_id == author.user_id)
    if not note.is_deleted:
        raise NoteNotFound("The requested note is not in the trash")
    return _purged(workspace, (command.note_id,))


def _purge_notes(workspace: Workspace, command: c.PurgeNotes, author: Author) -> tuple[Change, ...]:
    role = require(workspace, author.user_id, "notes:delete", is_own=True)
    return _purged(
        workspace,
        [
            note_id
            for note_id in dict.fromkeys(command.note_ids)
            if (note := workspace.notes.get(note_id)) is not None
            and note.is_deleted
            and role_allows(role, "notes:delete", is_own=note.author_id == author.user_id)
        ],
    )


def _purged(workspace: Workspace, note_ids: Collection[str]) -> tuple[Change, ...]:
    gone = frozenset(note_ids)
    lines = [one.id for one in workspace.connections.values() if gone & {one.from_note_id, one.to_note_id}]
    events = [one for one in workspace.events.values() if one.note_id in gone]
    return (
        *(ConnectionDeleted(line) for line in lines),
        *(EventUpdated(replace(event, note_id=None)) for event in events),
        *(NotePurged(note_id) for note_id in note_ids),
    )


DECIDE: Final[dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]]] = {
    c.PurgeNote: _purge_note,
    c.PurgeNotes: _purge_notes,
}
