"""What can happen to a workspace: the entries of its one sequence.

A `Change` is a fact, already decided: applying it cannot fail. An `Entry` is a change with its place in
the sequence and its author. The op log stores entries; replaying them gives the workspace.
"""

from typing import Final, TypeAlias, get_args

import msgspec
from msgspec import UNSET, UnsetType

from nvserver.core.model import (
    Anchor,
    CalendarEvent,
    ChatMessage,
    Collection,
    Connection,
    FileInfo,
    Position,
    Privacy,
    Size,
)
from nvserver.core.ot import Operation
from nvserver.core.permissions import Role
from nvserver.core.stems import Language


class _Change(msgspec.Struct, frozen=True, rename="camel", tag_field="kind", omit_defaults=True):
    """Base of the changes: the tag is the `kind` that clients and the log see."""


class WorkspaceCreated(_Change, frozen=True, tag="workspace.created"):
    name: str
    owner_id: str
    description: str = ""
    icon: str | None = None
    color: str | None = None
    privacy: Privacy = "private"
    search_language: Language | None = None


class WorkspaceUpdated(_Change, frozen=True, tag="workspace.updated"):
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    privacy: Privacy | UnsetType = UNSET
    owner_id: str | UnsetType = UNSET
    search_language: Language | None | UnsetType = UNSET


class WorkspaceDeleted(_Change, frozen=True, tag="workspace.deleted"):
    pass


class MemberAdded(_Change, frozen=True, tag="member.added"):
    user_id: str
    role: Role


class MemberUpdated(_Change, frozen=True, tag="member.updated"):
    user_id: str
    role: Role


class MemberRemoved(_Change, frozen=True, tag="member.removed"):
    user_id: str


class NoteCreated(_Change, frozen=True, tag="note.created"):
    note_id: str
    title: str
    content: str
    position: Position
    size: Size
    color: str | None = None
    tags: tuple[str, ...] = ()
    collection_id: str | None = None


class NoteEdited(_Change, frozen=True, tag="note.edited"):
    """`op` is transformed to the head it was committed at; its ints: > 0 skip, < 0 delete."""

    note_id: str
    op: Operation


class NoteUpdated(_Change, frozen=True, tag="note.updated"):
    note_id: str
    title: str | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    size: Size | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    collection_id: str | None | UnsetType = UNSET
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


class NoteDeleted(_Change, frozen=True, tag="note.deleted"):
    note_id: str


class NoteRestored(_Change, frozen=True, tag="note.restored"):
    note_id: str


class NotePurged(_Change, frozen=True, tag="note.purged"):
    """The note is gone from the trash for good, with its comments, versions and watchers."""

    note_id: str


class NoteRedacted(_Change, frozen=True, tag="note.redacted"):
    """Something happened to a note that was purged since; what it was is no longer known. Nothing follows from it."""

    note_id: str


class CollectionCreated(_Change, frozen=True, tag="collection.created"):
    collection: Collection


class CollectionUpdated(_Change, frozen=True, tag="collection.updated"):
    """`collection` as it is now."""

    collection: Collection


class CollectionDeleted(_Change, frozen=True, tag="collection.deleted"):
    collection_id: str


class ConnectionCreated(_Change, frozen=True, tag="connection.created"):
    connection: Connection


class ConnectionUpdated(_Change, frozen=True, tag="connection.updated"):
    """`connection` as it is now."""

    connection: Connection


class ConnectionDeleted(_Change, frozen=True, tag="connection.deleted"):
    connection_id: str


class EventCreated(_Change, frozen=True, tag="event.created"):
    event: CalendarEvent


class EventUpdated(_Change, frozen=True, tag="event.updated"):
    """`event` as it is now, but for `updated_at`, which is the entry's time."""

    event: CalendarEvent


class EventDeleted(_Change, frozen=True, tag="event.deleted"):
    event_id: str


class NoteWatched(_Change, frozen=True, tag="note.watched"):
    """Its author wants to be told of the note's changes."""

    note_id: str


class NoteUnwatched(_Change, frozen=True, tag="note.unwatched"):
    note_id: str


class VersionNamed(_Change, frozen=True, tag="version.named"):
    """The text that the note had after the entry `seq` has a name."""

    note_id: str
    version_id: str
    name: str
    seq: int


class VersionDropped(_Change, frozen=True, tag="version.dropped"):
    note_id: str
    version_id: str


class ChatPosted(_Change, frozen=True, tag="chat.posted"):
    message_id: str
    text: str
    reply_to_id: str | None = None
    reply_to_user_id: str | None = None


class ChatEdited(_Change, frozen=True, tag="chat.edited"):
    """Here and below: the message as it is after it, but for the entry's own time."""

    message: ChatMessage


class ChatDeleted(_Change, frozen=True, tag="chat.deleted"):
    message: ChatMessage


class ChatReacted(_Change, frozen=True, tag="chat.reacted"):
    message: ChatMessage


class CommentStarted(_Change, frozen=True, tag="comment.started"):
    """A thread with its first comment. `anchor` is on the text as it is at this entry."""

    note_id: str
    thread_id: str
    comment_id: str
    text: str
    anchor: Anchor | None
    quote: str


class CommentReplied(_Change, frozen=True, tag="comment.replied"):
    note_id: str
    thread_id: str
    comment_id: str
    text: str


class CommentEdited(_Change, frozen=True, tag="comment.edited"):
    note_id: str
    thread_id: str
    comment_id: str
    text: str


class CommentDeleted(_Change, frozen=True, tag="comment.deleted"):
    """The first comment takes its thread with it."""

    note_id: str
    thread_id: str
    comment_id: str


class CommentResolved(_Change, frozen=True, tag="comment.resolved"):
    """Or opened again."""

    note_id: str
    thread_id: str
    is_resolved: bool


class FileCreated(_Change, frozen=True, tag="file.created"):
    file: FileInfo


class FileDeleted(_Change, frozen=True, tag="file.deleted"):
    file_id: str


Change: TypeAlias = (
    WorkspaceCreated
    | WorkspaceUpdated
    | WorkspaceDeleted
    | MemberAdded
    | MemberUpdated
    | MemberRemoved
    | NoteCreated
    | NoteEdited
    | NoteUpdated
    | NoteDeleted
    | NoteRestored
    | NotePurged
    | NoteRedacted
    | CollectionCreated
    | CollectionUpdated
    | CollectionDeleted
    | ConnectionCreated
    | ConnectionUpdated
    | ConnectionDeleted
    | FileCreated
    | FileDeleted
    | CommentStarted
    | CommentReplied
    | CommentEdited
    | CommentDeleted
    | CommentResolved
    | EventCreated
    | EventUpdated
    | EventDeleted
    | NoteWatched
    | NoteUnwatched
    | VersionNamed
    | VersionDropped
    | ChatPosted
    | ChatEdited
    | ChatDeleted
    | ChatReacted
)


class Author(msgspec.Struct, frozen=True, array_like=True):
    """Who asks for a change. `client_id` and `client_seq` number it, so that a resend is known as one; a
    program that does not number its requests leaves both None. `payload_hash` (16 bytes) is taken over what was
    sent."""

    user_id: str
    client_id: str | None = None
    client_seq: int | None = None
    payload_hash: bytes | None = None


class Entry(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A change at its place. `at`: milliseconds since 1970 UTC."""

    seq: int
    at: int
    author: Author
    change: Change


class LoggedEntry(msgspec.Struct, frozen=True):
    """An entry as the op log keeps it: what it looks things up by, and the encoded change as `body` (JSON)."""

    seq: int
    at: int
    user_id: str
    client_id: str | None
    client_seq: int | None
    payload_hash: bytes | None
    note_id: str | None
    body: bytes


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Change)
_KINDS: Final = frozenset(kind.__struct_config__.tag for kind in get_args(Change))


def encode_entry(entry: Entry) -> LoggedEntry:
    """The entry in the log's form."""
    author, change = entry.author, entry.change
    return LoggedEntry(
        entry.seq,
        entry.at,
        author.user_id,
        author.client_id,
        author.client_seq,
        author.payload_hash,
        getattr(change, "note_id", None),
        _ENCODER.encode(change),
    )


def decode_entry(logged: LoggedEntry) -> Entry:
    """The inverse of `encode_entry`. Raises `msgspec.ValidationError` for a damaged body."""
    author = Author(logged.user_id, logged.client_id, logged.client_seq, logged.payload_hash)
    return Entry(logged.seq, logged.at, author, _DECODER.decode(logged.body))


def redacted_body(note_id: str) -> bytes:
    """The body that takes the place of what an entry told of a purged note."""
    return _ENCODER.encode(NoteRedacted(note_id))


class _Kind(msgspec.Struct):
    kind: str


def is_of_unknown_kind(body: bytes) -> bool:
    """Whether an encoded change is sound and of a kind that this version does not know, as a newer one writes it."""
    try:
        return msgspec.json.decode(body, type=_Kind).kind not in _KINDS
    except msgspec.DecodeError:
        return False
