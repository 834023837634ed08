"""Notes on the wire."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.model import NoteMeta, Position, Size
from nvserver.edge.http.wire import Color, PageQuery, Tag, Tags, Title, iso_time
from nvserver.workspace.messages import NoteSummary

Coordinate = Annotated[float, Meta(ge=-1e9, le=1e9)]
CollectionId = Annotated[str, Meta(max_length=64)]
Extent = Annotated[float, Meta(gt=0, le=1e6)]


class Place(msgspec.Struct, frozen=True, rename="camel"):
    """Of the note's top left corner, in canvas units."""

    x: Coordinate
    y: Coordinate

    def to_position(self) -> Position:
        """The same as the core knows it."""
        return Position(self.x, self.y)


class Extents(msgspec.Struct, frozen=True, rename="camel"):
    """In canvas units."""

    width: Extent
    height: Extent

    def to_size(self) -> Size:
        """The same as the core knows it."""
        return Size(self.width, self.height)


class NewNoteBody(msgspec.Struct, frozen=True, rename="camel"):
    title: Title
    content: str = ""
    position: Place | None = None
    size: Extents | None = None
    color: Color | None = None
    tags: Tags = ()
    collection_id: CollectionId | None = None


class NoteBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay. `content` is merged from the text at `baseSeq` (default: now), the `seq` the
    caller read."""

    title: Title | UnsetType = UNSET
    content: str | UnsetType = UNSET
    position: Place | UnsetType = UNSET
    size: Extents | UnsetType = UNSET
    color: Color | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    collection_id: CollectionId | UnsetType | None = UNSET
    base_seq: Annotated[int, Meta(ge=0)] | None = None


class NotesQuery(PageQuery, frozen=True, rename="camel"):
    sort: Literal["updated", "created", "title"] = "updated"
    tag: Tag | None = None
    collection_id: UUID | None = None


class _NoteFields(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    workspace_id: str
    title: str
    author_id: str
    collection_id: str | None
    position: Position
    size: Size
    color: str | None
    tags: tuple[str, ...]
    seq: int
    created_at: str
    updated_at: str


_Fields: TypeAlias = tuple[str, str, str, str, str | None, Position, Size, str | None, tuple[str, ...], int, str, str]


class NoteItem(_NoteFields, frozen=True, rename="camel"):
    """A note with its text."""

    content: str


class NoteListItem(_NoteFields, frozen=True, rename="camel"):
    """A note in a list: `excerpt` are the first 200 characters of its text, `openThreads` counts the comment threads on
    it that are not resolved."""

    excerpt: str
    open_threads: int


class NoteAnswer(msgspec.Struct, frozen=True, rename="camel"):
    note: NoteItem


class NotePutAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`merged`: others had changed the text since `baseSeq`."""

    note: NoteItem
    merged: bool


class NoteList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[NoteListItem, ...]
    next_cursor: str | None


def note_item(meta: NoteMeta, content: str) -> NoteItem:
    """The note with its text."""
    return NoteItem(*_fields(meta), content)


def list_item(summary: NoteSummary) -> NoteListItem:
    """The note in a list."""
    return NoteListItem(*_fields(summary.note), summary.excerpt, summary.open_threads)


def _fields(meta: NoteMeta) -> _Fields:
    """In the order of `_NoteFields`."""
    return (
        meta.id,
        meta.workspace_id,
        meta.title,
        meta.author_id,
        meta.collection_id,
        meta.position,
        meta.size,
        meta.color,
        meta.tags,
        meta.seq,
        iso_time(meta.created_at),
        iso_time(meta.updated_at),
    )
