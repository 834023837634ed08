"""What the API tells, as frozen values. Fields that a newer server adds are passed over. Times are in UTC."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

Role: TypeAlias = Literal["owner", "admin", "member", "viewer"]


class _Shape(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Named as Python names things."""


class User(_Shape, frozen=True):
    id: str
    email: str
    display_name: str
    avatar_url: str | None
    email_verified: bool
    role: Literal["user", "admin"]
    created_at: datetime


class Workspace(_Shape, frozen=True):
    """`role` is the caller's; `seq` counts what happened in it."""

    id: str
    name: str
    description: str
    icon: str | None
    color: str | None
    privacy: str
    owner_id: str
    role: Role
    seq: int
    created_at: datetime
    updated_at: datetime
    search_language: str | None = None


class Member(_Shape, frozen=True):
    """A person in a workspace."""

    user_id: str
    display_name: str
    avatar_url: str | None
    role: Role
    joined_at: datetime
    online: bool


class Authored(_Shape, frozen=True):
    """A stretch of a note's text, in code points, and who wrote it."""

    user_id: str
    length: int


class Position(_Shape, frozen=True):
    """Of a note's top left corner, in canvas units."""

    x: float
    y: float


class Size(_Shape, frozen=True):
    """In canvas units."""

    width: float
    height: float


class _NoteFields(_Shape, frozen=True):
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
    created_at: datetime
    updated_at: datetime


class NoteSummary(_NoteFields, frozen=True):
    """A note in a list: `excerpt` is how its text begins."""

    excerpt: str


class Note(_NoteFields, frozen=True):
    """A note as it was at `seq`."""

    content: str


class Revised(_Shape, frozen=True):
    """What became of a change: `merged` if others had changed the text meanwhile, whose words are in it too."""

    note: Note
    merged: bool


class Found(_Shape, frozen=True):
    """A hit of a search. `snippet` is HTML: escaped, with `<mark>` around what fits."""

    type: Literal["note", "file", "chat"]
    id: str
    workspace_id: str
    title: str
    snippet: str
    score: float


class File(_Shape, frozen=True):
    """`checksum`: SHA-256 in hex."""

    id: str
    workspace_id: str
    name: str
    mime_type: str
    size_bytes: int
    checksum: str
    uploader_id: str
    created_at: datetime


class Change(_Shape, frozen=True):
    """Neighbouring edits of one person; `to_seq` names the text after them."""

    user_id: str
    from_seq: int
    to_seq: int
    from_at: datetime
    to_at: datetime
    inserted: int
    deleted: int
