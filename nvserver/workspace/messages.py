"""The messages a workspace actor takes, and its replies. A program of any transport builds these and nothing else.

A message is sent with `WorkspaceRef.call_nowait(message, on_reply)` or `await WorkspaceRef.call(message)`. The reply is
the type named in each docstring, or a `NoteVaultError`.
"""

from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from nvserver.core.changes import Author, Entry
from nvserver.core.commands import Command, EditNote
from nvserver.core.model import (
    ChatMessage,
    Collection,
    CommentThread,
    Connection,
    Member,
    NoteMeta,
    NoteVersion,
    Position,
    Size,
    WorkspaceInfo,
)
from nvserver.core.permissions import Role
from nvserver.core.presence import Cursor, CursorMove, Presence, Status
from nvserver.workspace.events import NoteTouched, ProgressMade
from nvserver.workspace.session import Session


class _Message(msgspec.Struct, frozen=True, tag=True):
    """Base of the messages."""


# --- changes -----------------------------------------------------------------------------------------------------


class Submit(_Message, frozen=True):
    """Do `command` for `author`. Reply, once durable: `Accepted`."""

    author: Author
    command: Command


class Accepted(_Message, frozen=True):
    """The command became the entry `seq`. `is_duplicate`: it had, already. `note` is the note after it, for note
    commands, `message` the chat message, for those of the chat."""

    seq: int
    is_duplicate: bool = False
    note: NoteMeta | None = None
    message: ChatMessage | None = None


class PutNote(_Message, frozen=True):
    """A REST write: fields as in `UpdateNote`; `content` is merged from the text at `base_seq` (None: now), `tags`
    replaces all. Reply, once durable: `NotePut`."""

    author: Author
    note_id: str
    title: str | UnsetType = UNSET
    content: str | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    size: Size | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    collection_id: str | None | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    base_seq: int | None = None


class NotePut(_Message, frozen=True):
    """`is_merged`: others had changed the text since `base_seq`."""

    note: NoteMeta
    content: str
    is_merged: bool


# --- sessions ----------------------------------------------------------------------------------------------------


class Join(_Message, frozen=True):
    """The session enters the workspace. Reply: `Joined`. From then on it gets the workspace's events."""

    session: Session
    since: int | None = None


class Joined(_Message, frozen=True):
    """`changes` (those after `since`, in order; of a note's edits only the newest, as its excerpt) comes instead of
    `notes`, `collections`, `connections` when `since` was within the log's reach; `resync` says why it was
    not."""

    seq: int
    role: Role
    workspace: WorkspaceInfo
    presence: tuple[Presence, ...]
    notes: tuple["NoteSummary", ...] = ()
    collections: tuple[Collection, ...] = ()
    connections: tuple[Connection, ...] = ()
    changes: tuple[Entry | NoteTouched, ...] | None = None
    resync: str | None = None


class Guest(msgspec.Struct, frozen=True, array_like=True):
    """A session as it stood in the workspace before the activation changed: `since` is the newest seq that it was told,
    `note_ids` are the notes it has open, the one it looks at first."""

    session: Session
    since: int
    status: Status
    note_ids: tuple[str, ...]


class Attach(_Message, frozen=True):
    """Sessions of one node that were in the workspace go on in this activation. `since`: the oldest of theirs; `known`:
    whom they were told to be here. Reply: `Attached`."""

    guests: tuple[Guest, ...]
    since: int
    known: tuple[Presence, ...]


class Attached(_Message, frozen=True):
    """All entries from `since` to `seq`; None when that is out of reach: they must join again. Of the guests, by their
    places, `refused` may no longer be here, and `replaced` must join again, since their clients are here otherwise."""

    seq: int
    entries: tuple[Entry, ...] | None
    touched: tuple[NoteTouched, ...] = ()
    presence: tuple[Presence, ...] = ()
    refused: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()


class Leave(_Message, frozen=True):
    """The session leaves, or its connection is gone. Reply: None."""

    session: Session


class OpenNote(_Message, frozen=True):
    """From now on the session gets the note's edits. Reply: `NoteOpened`."""

    session: Session
    note_id: str
    since: int | None = None


class NoteOpened(_Message, frozen=True):
    """Either `content` (the text at `seq`), or `edits` after `since` when that was within reach."""

    note: NoteMeta
    seq: int
    cursors: tuple[Cursor, ...]
    content: str | None = None
    edits: tuple[Entry, ...] | None = None


class CloseNote(_Message, frozen=True):
    """Reply: None."""

    session: Session
    note_id: str


class MoveCursor(_Message, frozen=True):
    """No reply. The newest wins."""

    session: Session
    move: CursorMove


class SetStatus(_Message, frozen=True):
    """Reply: None."""

    session: Session
    status: Status


class SetTyping(_Message, frozen=True):
    """Whether the session's person types in the chat. Reply: None."""

    session: Session
    is_typing: bool


class TellProgress(_Message, frozen=True):
    """To all who are here. Reply: None."""

    progress: ProgressMade


# --- questions ---------------------------------------------------------------------------------------------------


class NoteSummary(_Message, frozen=True):
    """A note in a list: `excerpt` are the first 200 characters of its text, `open_threads` its comment threads that are
    not resolved."""

    note: NoteMeta
    excerpt: str
    open_threads: int = 0


class GetWorkspace(_Message, frozen=True):
    """Reply: `WorkspaceView`."""

    user_id: str


class WorkspaceView(_Message, frozen=True):
    workspace: WorkspaceInfo
    role: Role
    seq: int


class GetNote(_Message, frozen=True):
    """Reply: `NoteView`."""

    user_id: str
    note_id: str


class NoteView(_Message, frozen=True):
    note: NoteMeta
    content: str


class ListNotes(_Message, frozen=True):
    """Reply: `NotePage`. `sort`: `updated`, `created` (newest first) or `title`; `after` is the sort key of the last
    item seen (its time in ms or title, and its id). `is_trash`: those in the trash instead."""

    user_id: str
    sort: str = "updated"
    tag: str | None = None
    collection_id: str | None = None
    is_trash: bool = False
    after: tuple[int | str, str] | None = None
    limit: int = 50


class NotePage(_Message, frozen=True):
    """`next_after` is None on the last page."""

    items: tuple[NoteSummary, ...]
    next_after: tuple[int | str, str] | None


class GetCanvas(_Message, frozen=True):
    """Reply: `Canvas`."""

    user_id: str


class Canvas(_Message, frozen=True):
    """What lies on the canvas beside the notes, in the order it was made. `box` is the smallest one around all notes:
    left, top, right and bottom; None when there are none."""

    collections: tuple[Collection, ...]
    connections: tuple[Connection, ...]
    box: tuple[float, float, float, float] | None = None


class ListThreads(_Message, frozen=True):
    """Reply: `ThreadList`."""

    user_id: str
    note_id: str


class ThreadList(_Message, frozen=True):
    """The note's comment threads, in the order in which they began; their anchors are on its text at `seq`."""

    seq: int
    threads: tuple[CommentThread, ...]


class GetContents(_Message, frozen=True):
    """Reply: `core.contents.Contents`."""

    user_id: str


class ListMembers(_Message, frozen=True):
    """Reply: `MemberList`."""

    user_id: str


class MemberList(_Message, frozen=True):
    """`online` are the user ids with a session here."""

    members: tuple[Member, ...]
    online: frozenset[str]


class IsWatched(_Message, frozen=True):
    """Whether this person is told of the note's changes. Reply: `Watched`."""

    user_id: str
    note_id: str


class Watched(_Message, frozen=True):
    is_on: bool


class ListVersions(_Message, frozen=True):
    """Reply: `VersionList`."""

    user_id: str
    note_id: str


class VersionList(_Message, frozen=True):
    """The note's named versions, newest moment first."""

    versions: tuple[NoteVersion, ...]


class GetReach(_Message, frozen=True):
    """From which seq on those who are here may still need entries. Reply: int."""


Message: TypeAlias = (
    Submit
    | PutNote
    | Join
    | Attach
    | Leave
    | OpenNote
    | CloseNote
    | MoveCursor
    | SetStatus
    | SetTyping
    | TellProgress
    | GetWorkspace
    | GetNote
    | ListNotes
    | GetCanvas
    | GetContents
    | ListThreads
    | ListMembers
    | IsWatched
    | ListVersions
    | GetReach
)


def newest_seen(message: Message) -> int:
    """The newest seq that the sender says to have seen; 0 when it says nothing of that."""
    if type(message) is Submit:
        return message.command.base_seq if type(message.command) is EditNote else 0
    match message:
        case Join(since=int(seq)) | Attach(since=int(seq)) | OpenNote(since=int(seq)) | PutNote(base_seq=int(seq)):
            return seq
        case _:
            return 0
