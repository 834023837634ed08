"""The values a workspace is made of. All are frozen; times are milliseconds since 1970 UTC, ids UUID strings.

They are msgspec structs with camelCase wire names: the same shapes stand in the op log, in snapshots
and in what clients get.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from nvserver.core.permissions import Role
from nvserver.core.stems import Language

Privacy: TypeAlias = Literal["private", "team", "public"]


class Value(msgspec.Struct, frozen=True, rename="camel", omit_defaults=False):
    """Base of the frozen values."""


class Position(Value, frozen=True):
    """A place on the canvas, in canvas units, of a note's top left corner."""

    x: float = 0.0
    y: float = 0.0


class Size(Value, frozen=True):
    """A note's extent on the canvas, in canvas units."""

    width: float = 240.0
    height: float = 160.0


def box_around(places: Iterable[tuple[Position, Size]]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the smallest box around some notes; at least one."""
    boxes = [(at.x, at.y, at.x + size.width, at.y + size.height) for at, size in places]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


class NoteMeta(Value, frozen=True):
    """All of a note but its text. `seq` is the workspace's seq at its last change, its text's included."""

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
    created_at: int
    updated_at: int
    deleted_at: int | None = None


class WorkspaceInfo(Value, frozen=True):
    """What is known of the workspace as a whole."""

    id: str
    name: str
    description: str
    icon: str | None
    color: str | None
    privacy: Privacy
    owner_id: str
    created_at: int
    updated_at: int
    search_language: Language | None = None
    """In which words are found in their other forms; None: in those that the server is set to."""


class Member(Value, frozen=True):
    """A person's part in a workspace."""

    user_id: str
    role: Role
    joined_at: int


class Collection(Value, frozen=True):
    """A named group of notes; nested by `parent_id`, ordered by `rank` among its siblings."""

    id: str
    name: str
    parent_id: str | None
    rank: float
    color: str | None = None


class Reaction(Value, frozen=True):
    """Who put this emoji to a message, in the order in which they did."""

    emoji: str
    user_ids: tuple[str, ...]


class ChatMessage(Value, frozen=True):
    """`seq` is that of its posting. One taken away keeps its place with an empty text."""

    id: str
    workspace_id: str
    seq: int
    user_id: str
    text: str
    reply_to_id: str | None
    created_at: int
    edited_at: int | None = None
    deleted_at: int | None = None
    reactions: tuple[Reaction, ...] = ()


class Anchor(Value, frozen=True):
    """A part of a note's text, in code points; it moves with the text. `start == end`: what it stood at is gone."""

    start: int
    end: int


class Comment(Value, frozen=True):
    id: str
    user_id: str
    text: str
    created_at: int
    edited_at: int | None = None


class CommentThread(Value, frozen=True):
    """Comments on a note, the first first. `anchor` None: on the note as a whole; `quote` is what stood there when the
    thread began."""

    id: str
    note_id: str
    anchor: Anchor | None
    quote: str
    comments: tuple[Comment, ...]
    resolved_at: int | None = None
    resolved_by: str | None = None


class FileInfo(Value, frozen=True):
    """All of an uploaded file but its bytes. `checksum`: SHA-256 in hex; `width` and `height` of a raster image."""

    id: str
    workspace_id: str
    name: str
    mime_type: str
    size_bytes: int
    checksum: str
    uploader_id: str
    created_at: int
    width: int | None = None
    height: int | None = None


class CalendarEvent(Value, frozen=True):
    """What is in a workspace's calendar, after RFC 5545. `start` and `end` (exclusive) are milliseconds since 1970 UTC,
    of an all-day event the midnights of its first day and of the one behind its last, as if in UTC.

    `rule` is an RRULE; it repeats by the clocks of `zone`. `excluded` and `added` are starts of single occurrences.
    `recurrence_id` is the start of the occurrence of the series `uid` that this event takes the place of. `reminders`
    are minutes before a start.
    """

    id: str
    workspace_id: str
    uid: str
    title: str
    start: int
    end: int
    author_id: str
    created_at: int
    updated_at: int
    is_all_day: bool = False
    zone: str = "UTC"
    description: str = ""
    location: str = ""
    rule: str | None = None
    excluded: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    recurrence_id: int | None = None
    reminders: tuple[int, ...] = ()
    note_id: str | None = None


class NoteVersion(Value, frozen=True):
    """A moment of a note that somebody gave a name: the text after the entry `seq`, which is kept for as long as the
    version is."""

    id: str
    note_id: str
    name: str
    seq: int
    user_id: str
    created_at: int


class Connection(Value, frozen=True):
    """A drawn line from note to note."""

    id: str
    from_note_id: str
    to_note_id: str
    label: str = ""
    style: str = "solid"
