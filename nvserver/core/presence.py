"""Who is in a workspace and where they point: one entry per connection, so that closing one of two tabs keeps the
person."""

import zlib
from typing import Literal, TypeAlias

import msgspec

from nvserver.core.model import Position, Value

Status: TypeAlias = Literal["online", "away", "busy"]
Selection: TypeAlias = tuple[tuple[int, int], ...]
"""Ranges of (anchor, head), code points."""


class Presence(Value, frozen=True):
    """A connection's entry, as clients get it. `last_seen`: milliseconds since 1970 UTC."""

    user_id: str
    user_name: str
    avatar_url: str | None
    color: str
    status: Status
    client_id: str
    note_id: str | None
    last_seen: int


class Cursor(Value, frozen=True):
    """Where a connection points: on the canvas (`position`), in a note (`note_id`, `selection`), or both."""

    user_id: str
    user_name: str
    color: str
    client_id: str
    note_id: str | None
    position: Position | None
    selection: Selection | None
    timestamp: int


class CursorMove(msgspec.Struct, frozen=True):
    """What a client says of its cursor. `base_seq`: what it had processed when it took the selection."""

    note_id: str | None = None
    position: Position | None = None
    selection: Selection | None = None
    base_seq: int | None = None


_PERSON_COLORS = (
    *("#d9480f", "#c2255c", "#9c36b5", "#6741d9", "#3b5bdb", "#1971c2"),
    *("#0c8599", "#099268", "#2f9e44", "#66a80f", "#e67700", "#a61e4d"),
)


def person_color(user_id: str) -> str:
    """A person's colour as `#rrggbb`, the same everywhere and always."""
    return _PERSON_COLORS[zlib.crc32(user_id.encode()) % len(_PERSON_COLORS)]
