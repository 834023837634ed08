"""What sessions ask of a workspace: joining, opening notes, cursors. Each answer is made from the state at its turn."""

from collections.abc import Sequence

from nvserver.core.changes import Entry, NoteCreated, NoteEdited, NoteRedacted
from nvserver.core.gate import find_note, require
from nvserver.core.note import EditsMissing, Note
from nvserver.core.presence import Cursor, CursorMove, person_color
from nvserver.core.workspace import Workspace
from nvserver.errors import NoteVaultError
from nvserver.workspace.attendance import Attendance, Attendee
from nvserver.workspace.events import NoteTouched
from nvserver.workspace.messages import Attached, Joined, NoteOpened
from nvserver.workspace.queries import summarize_all


def welcome(workspace: Workspace, user_id: str, catch_up: Sequence[Entry] | None) -> Joined:
    """The answer to a join, but for who is here; with `catch_up` (all entries since the client's seq) only what it
    missed."""
    role = require(workspace, user_id, "workspace:read")
    assert workspace.info is not None
    if catch_up is not None:
        missed = tuple(_missed(workspace, catch_up))
        return Joined(workspace.seq, role, workspace.info, (), changes=missed)
    return Joined(
        workspace.seq,
        role,
        workspace.info,
        (),
        summarize_all(workspace),
        tuple(workspace.collections.values()),
        tuple(workspace.connections.values()),
    )


def _missed(workspace: Workspace, entries: Sequence[Entry]) -> Sequence[Entry | NoteTouched]:
    """The entries in order; of each note's edits only the newest, as its excerpt, and nothing of notes that are
    purged: neither what is redacted by now nor what will be in a moment."""
    newest = {entry.change.note_id: entry.seq for entry in entries if isinstance(entry.change, NoteEdited)}
    missed: list[Entry | NoteTouched] = []
    for entry in entries:
        if not isinstance(entry.change, NoteEdited):
            if not isinstance(entry.change, NoteRedacted):
                missed.append(entry)
        elif newest[entry.change.note_id] == entry.seq and entry.change.note_id in workspace.notes:
            missed.append(touched(workspace, entry))
    return missed


def may_be_here(workspace: Workspace, user_id: str) -> bool:
    """Whether the person may be in the workspace."""
    try:
        require(workspace, user_id, "workspace:read")
    except NoteVaultError:
        return False
    return True


def attached(workspace: Workspace, entries: Sequence[Entry] | None) -> Attached:
    """The answer to sessions that go on after the activation changed, but for who is here; `entries` are those that
    they may have missed."""
    if entries is None:
        return Attached(workspace.seq, None)
    touches = tuple(one for one in _missed(workspace, entries) if isinstance(one, NoteTouched))
    return Attached(workspace.seq, tuple(entries), touches)


def touched(workspace: Workspace, entry: Entry) -> NoteTouched:
    """That the note was edited by `entry`, with the beginning of its text as it is now."""
    assert isinstance(entry.change, NoteEdited)
    note_id = entry.change.note_id
    excerpt = workspace.notes[note_id].excerpt
    return NoteTouched(note_id, entry.seq, entry.at, entry.author.user_id, excerpt)


def open_note(
    workspace: Workspace, attendance: Attendance, user_id: str, note_id: str, catch_up: Sequence[Entry] | None
) -> NoteOpened:
    """The answer to opening a note; with `catch_up` (the note's entries since the client's seq) its edits, not its
    text, unless the client cannot have a text yet."""
    require(workspace, user_id, "notes:read")
    note = find_note(workspace, note_id)
    cursors = tuple(_cursor_now(attendee, note) for attendee in attendance.cursors_in(note_id))
    if catch_up is not None and not any(isinstance(entry.change, NoteCreated) for entry in catch_up):
        edits = tuple(entry for entry in catch_up if isinstance(entry.change, NoteEdited))
        return NoteOpened(note.meta, workspace.seq, cursors, edits=edits)
    return NoteOpened(note.meta, workspace.seq, cursors, content=str(note.text))


def place_cursor(
    workspace: Workspace, attendance: Attendance, attendee: Attendee, move: CursorMove, now_ms: int
) -> None:
    """Take the newest cursor over, its selection brought to the text as it is now."""
    note = workspace.notes.get(move.note_id) if move.note_id is not None else None
    selection = move.selection if note is not None else None
    if note is not None and selection is not None and move.base_seq is not None:
        try:
            selection = note.selection_to_head(selection, min(move.base_seq, workspace.seq))
        except EditsMissing:
            selection = None  # taken too long ago to be worth a read of the log; the next move is near
    if note is not None and selection is not None:
        length = len(note.text)
        selection = tuple((min(anchor, length), min(head, length)) for anchor, head in selection)
    presence = attendee.presence
    cursor = Cursor(
        presence.user_id,
        presence.user_name,
        person_color(presence.user_id),
        presence.client_id,
        note.meta.id if note is not None else None,
        move.position,
        selection,
        now_ms,
    )
    attendance.move_cursor(attendee, cursor, workspace.seq)


def _cursor_now(attendee: Attendee, note: Note) -> Cursor:
    """The attendee's cursor in the note, its selection brought to the text as it is now."""
    cursor = attendee.cursor
    assert cursor is not None
    if cursor.selection is None:
        return cursor
    try:
        selection = note.selection_to_head(cursor.selection, attendee.cursor_seq)
    except EditsMissing:
        selection = None
    return Cursor(
        cursor.user_id,
        cursor.user_name,
        cursor.color,
        cursor.client_id,
        cursor.note_id,
        cursor.position,
        selection,
        cursor.timestamp,
    )
