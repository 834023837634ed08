"""What a workspace tells the sessions that joined it. The edge turns an event into a frame, once for all receivers."""

from typing import Literal, TypeAlias

import msgspec

from nvserver.core.changes import Entry
from nvserver.core.presence import Cursor, Presence


class _Event(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """Base of the events: what they look like between nodes."""


class EditsCommitted(_Event, frozen=True):
    """Durable edits of one note, neighbours in seq order: `collaboration:edit`. All changes are `NoteEdited`."""

    workspace_id: str
    note_id: str
    entries: tuple[Entry, ...]


class EditsComposed(_Event, frozen=True):
    """The edits of one note from `from_seq` to `seq` as one operation, for a slow client: none of them is its own."""

    workspace_id: str
    note_id: str
    from_seq: int
    seq: int
    op: tuple[int | str, ...]


class ChangesCommitted(_Event, frozen=True):
    """Durable changes other than edits, in seq order: `workspace:update`."""

    workspace_id: str
    entries: tuple[Entry, ...]


class NoteTouched(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A note was edited lately: a change of kind `note.edited`. `seq`, `at` and `user_id` are of its newest edit."""

    note_id: str
    seq: int
    at: int
    user_id: str
    excerpt: str


class NotesTouched(_Event, frozen=True):
    """Notes that were edited lately and that the receiver does not have open: `workspace:update`."""

    workspace_id: str
    notes: tuple[NoteTouched, ...]


class ChatChanged(_Event, frozen=True):
    """A durable change of the chat: `chat:message` for a new message, else `chat:update`."""

    workspace_id: str
    entry: Entry


class ChatTyping(_Event, frozen=True):
    """Somebody types in the chat, or no longer: `chat:typing`. May be lost."""

    workspace_id: str
    user_id: str
    user_name: str
    client_id: str
    is_typing: bool


ProgressKind: TypeAlias = Literal["upload", "import", "export"]


class ProgressMade(_Event, frozen=True):
    """How far somebody's long work is: `workspace:progress`. `total` None: not known. May be lost."""

    workspace_id: str
    task_id: str
    kind: ProgressKind
    user_id: str
    name: str
    done: int
    total: int | None
    is_over: bool


class CursorsMoved(_Event, frozen=True):
    """The newest cursor of each connection that moved: `collaboration:cursor`. Newer ones replace it."""

    workspace_id: str
    cursors: tuple[Cursor, ...]


class PresenceChanged(_Event, frozen=True):
    """`presence:update`."""

    workspace_id: str
    joins: tuple[Presence, ...]
    leaves: tuple[Presence, ...]
    updates: tuple[Presence, ...]


class ResyncNeeded(_Event, frozen=True):
    """`workspace:resync`: what was missed cannot be sent; join again without `since`."""

    workspace_id: str
    reason: str


class OwnerMoved(_Event, frozen=True):
    """`workspace:moved`: the workspace lives on another node now, nothing is lost. `url`: a direct way to it, if there
    is one."""

    workspace_id: str
    url: str | None = None


WorkspaceEvent: TypeAlias = (
    EditsCommitted
    | EditsComposed
    | ChangesCommitted
    | NotesTouched
    | ChatChanged
    | ChatTyping
    | ProgressMade
    | CursorsMoved
    | PresenceChanged
    | ResyncNeeded
    | OwnerMoved
)
