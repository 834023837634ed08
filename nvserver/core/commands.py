"""What can be asked of a workspace. A command may be refused; only what becomes a `Change` happened.

Values come checked for their form by the edge; rights, existence and limits are judged at the command's turn.
"""

from typing import TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from nvserver.core.model import Anchor, CalendarEvent, Connection, FileInfo, Position, Privacy, Size
from nvserver.core.ot import Operation
from nvserver.core.permissions import Role
from nvserver.core.stems import Language


class _Command(msgspec.Struct, frozen=True, tag=True):
    """Base of the commands."""


class EditNote(_Command, frozen=True):
    """An operation made on the note's text as it was at `base_seq`."""

    note_id: str
    base_seq: int
    op: Operation


class CreateNote(_Command, frozen=True):
    note_id: str
    title: str
    content: str = ""
    position: Position = Position()
    size: Size = Size()
    color: str | None = None
    tags: tuple[str, ...] = ()
    collection_id: str | None = None


class UpdateNote(_Command, frozen=True):
    """Fields left UNSET stay. The last writer in seq order wins, field by field."""

    note_id: str
    title: str | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    size: Size | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    collection_id: str | None | UnsetType = UNSET
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


class DeleteNote(_Command, frozen=True):
    """To the trash."""

    note_id: str


class RestoreNote(_Command, frozen=True):
    note_id: str


class PurgeNote(_Command, frozen=True):
    """Out of the trash, for good."""

    note_id: str


class PurgeNotes(_Command, frozen=True):
    """Those of the notes that are in the trash, and that its author may delete."""

    note_ids: tuple[str, ...]


class UpdateWorkspace(_Command, frozen=True):
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    icon: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    privacy: Privacy | UnsetType = UNSET
    search_language: Language | None | UnsetType = UNSET


class DeleteWorkspace(_Command, frozen=True):
    """`only_mine`: not if anybody else is in it."""

    only_mine: bool = False


class AddMember(_Command, frozen=True):
    user_id: str
    role: Role


class UpdateMember(_Command, frozen=True):
    user_id: str
    role: Role


class RemoveMember(_Command, frozen=True):
    """Oneself: leaving."""

    user_id: str


class TransferOwnership(_Command, frozen=True):
    user_id: str


class CreateCollection(_Command, frozen=True):
    """`rank` None: behind its siblings."""

    collection_id: str
    name: str
    parent_id: str | None = None
    rank: float | None = None
    color: str | None = None


class UpdateCollection(_Command, frozen=True):
    """Fields left UNSET stay."""

    collection_id: str
    name: str | UnsetType = UNSET
    parent_id: str | None | UnsetType = UNSET
    rank: float | UnsetType = UNSET
    color: str | None | UnsetType = UNSET


class DeleteCollection(_Command, frozen=True):
    collection_id: str


class CreateConnection(_Command, frozen=True):
    connection: Connection


class UpdateConnection(_Command, frozen=True):
    """Fields left UNSET stay."""

    connection_id: str
    label: str | UnsetType = UNSET
    style: str | UnsetType = UNSET


class DeleteConnection(_Command, frozen=True):
    connection_id: str


class WatchNote(_Command, frozen=True):
    """Whether its author is to be told of the note's changes."""

    note_id: str
    is_on: bool


class NameVersion(_Command, frozen=True):
    """The note's text after the entry `seq` is kept under the name; its bytes are stored already."""

    note_id: str
    version_id: str
    name: str
    seq: int


class DropVersion(_Command, frozen=True):
    note_id: str
    version_id: str


class PostMessage(_Command, frozen=True):
    message_id: str
    text: str
    reply_to_id: str | None = None


class EditMessage(_Command, frozen=True):
    message_id: str
    text: str


class DeleteMessage(_Command, frozen=True):
    message_id: str


class ReactToMessage(_Command, frozen=True):
    """Put the emoji to the message, or take it away."""

    message_id: str
    emoji: str
    is_on: bool


ChatCommand: TypeAlias = PostMessage | EditMessage | DeleteMessage | ReactToMessage


class StartThread(_Command, frozen=True):
    """`anchor` is on the text at `base_seq`; None: on the note as a whole."""

    note_id: str
    thread_id: str
    comment_id: str
    text: str
    anchor: Anchor | None = None
    base_seq: int | None = None


class ReplyToThread(_Command, frozen=True):
    note_id: str
    thread_id: str
    comment_id: str
    text: str


class EditComment(_Command, frozen=True):
    note_id: str
    thread_id: str
    comment_id: str
    text: str


class DeleteComment(_Command, frozen=True):
    """The first comment takes its thread with it."""

    note_id: str
    thread_id: str
    comment_id: str


class ResolveThread(_Command, frozen=True):
    """`is_on` False: open it again."""

    note_id: str
    thread_id: str
    is_on: bool


CommentCommand: TypeAlias = StartThread | ReplyToThread | EditComment | DeleteComment | ResolveThread


class AddEvents(_Command, frozen=True):
    """All or none."""

    events: tuple[CalendarEvent, ...]


class UpdateEvent(_Command, frozen=True):
    """Fields left UNSET stay."""

    event_id: str
    title: str | UnsetType = UNSET
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET
    is_all_day: bool | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    rule: str | None | UnsetType = UNSET
    excluded: tuple[int, ...] | UnsetType = UNSET
    added: tuple[int, ...] | UnsetType = UNSET
    reminders: tuple[int, ...] | UnsetType = UNSET
    note_id: str | None | UnsetType = UNSET


class DeleteEvent(_Command, frozen=True):
    """A series with all that takes the place of its occurrences; with `occurrence` (a start) that one alone."""

    event_id: str
    occurrence: int | None = None


class AddFiles(_Command, frozen=True):
    """All or none: their bytes are stored already."""

    files: tuple[FileInfo, ...]


class RemoveFile(_Command, frozen=True):
    file_id: str


Command: TypeAlias = (
    EditNote
    | CreateNote
    | UpdateNote
    | DeleteNote
    | RestoreNote
    | PurgeNote
    | PurgeNotes
    | UpdateWorkspace
    | DeleteWorkspace
    | AddMember
    | UpdateMember
    | RemoveMember
    | TransferOwnership
    | CreateCollection
    | UpdateCollection
    | DeleteCollection
    | CreateConnection
    | UpdateConnection
    | DeleteConnection
    | AddFiles
    | RemoveFile
    | CommentCommand
    | AddEvents
    | UpdateEvent
    | DeleteEvent
    | WatchNote
    | NameVersion
    | DropVersion
    | ChatCommand
)
