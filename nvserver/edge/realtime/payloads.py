"""What clients send, by form. Ids must be UUIDs, numbers must fit JavaScript; unknown fields are ignored."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.presence import Status
from nvserver.edge.http.chat_shapes import MessageText
from nvserver.edge.http.note_shapes import Extents, Place
from nvserver.edge.http.wire import END, Color, Tags, Title

Id: TypeAlias = Annotated[
    str, Meta(pattern=rf"^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}{END}", description="a UUID in lower case")
]
Seq: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
ClientSeq: TypeAlias = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Token: TypeAlias = Annotated[str, Meta(max_length=8_192)]
Secret: TypeAlias = Annotated[str, Meta(max_length=36)]
EventNumber: TypeAlias = Annotated[str, Meta(max_length=15)]
Selection: TypeAlias = tuple[Seq, Seq]


class _Payload(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Base of the payloads."""


class ConnectAuth(_Payload, frozen=True):
    """What comes with CONNECT. With `recovery` the client asks to be recovered after a lost connection; `pid` and
    `offset` are what it was known by, and the number of the last event that arrived."""

    token: Token | None = None
    client_id: Id | None = None
    recovery: bool = False
    pid: Secret | None = None
    offset: EventNumber | None = None


class RefreshAuth(_Payload, frozen=True):
    """`auth:refresh`."""

    token: Token


class InWorkspace(_Payload, frozen=True):
    """Base of everything said to a workspace; as such `workspace:leave`."""

    workspace_id: Id


class JoinWorkspace(InWorkspace, frozen=True):
    """`workspace:join`."""

    since: Seq | None = None


class OpenNote(InWorkspace, frozen=True, kw_only=True):
    """`note:open`."""

    note_id: Id
    since: Seq | None = None


class CloseNote(InWorkspace, frozen=True, kw_only=True):
    """`note:close`."""

    note_id: Id


class MoveCursor(InWorkspace, frozen=True, kw_only=True):
    """`collaboration:cursor`."""

    note_id: Id | None = None
    position: Place | None = None
    selection: Annotated[tuple[Selection, ...], Meta(max_length=64)] | None = None
    base_seq: Seq | None = None


class SetStatus(InWorkspace, frozen=True, kw_only=True):
    """`presence:update`."""

    status: Status


class Numbered(InWorkspace, frozen=True, kw_only=True):
    """Base of the events that change something: known again by their number when they are sent again."""

    client_id: Id
    client_seq: ClientSeq


class EditNote(Numbered, frozen=True, kw_only=True):
    """`collaboration:edit`."""

    note_id: Id
    base_seq: Seq
    op: list[int | str | dict[str, int]]


class NewNote(_Payload, frozen=True):
    """The note in `note:create`."""

    title: Title
    content: str = ""
    position: Place | None = None
    size: Extents | None = None
    color: Color | None = None
    tags: Tags = ()
    collection_id: Id | None = None


class CreateNote(Numbered, frozen=True, kw_only=True):
    """`note:create`."""

    note: NewNote


class NoteFields(_Payload, frozen=True):
    """What of a note is set."""

    title: Title | UnsetType = UNSET
    position: Place | UnsetType = UNSET
    size: Extents | UnsetType = UNSET
    color: Color | None | UnsetType = UNSET
    collection_id: Id | None | UnsetType = UNSET


class TagChanges(_Payload, frozen=True):
    """Tags that are put on and taken off."""

    add: Tags = ()
    remove: Tags = ()


class UpdateNote(Numbered, frozen=True, kw_only=True):
    """`note:update`."""

    note_id: Id
    set: NoteFields = NoteFields()
    tags: TagChanges = TagChanges()


class PostMessage(Numbered, frozen=True, kw_only=True):
    """`chat:message`."""

    text: MessageText
    reply_to_id: Id | None = None


class SetTyping(InWorkspace, frozen=True, kw_only=True):
    """`chat:typing`."""

    typing: bool


class OfNote(Numbered, frozen=True, kw_only=True):
    """`note:delete` and `note:restore`."""

    note_id: Id
