"""Who is in a workspace and where they point: one entry per connection, so that closing one of two tabs keeps the person."""

from typing import Literal, TypeAlias

import msgspec

from nvserver.core.model import Position, Value

Status: TypeAlias = Literal["online", "away", "busy"]
Selection: TypeAlias = tuple[tuple[int, int], ...]
"""Ranges of (anchor, head), code points."""


class Presence(Value):
    """A connection's entry, as clients get it. `last_seen`: milliseconds since 1970 UTC."""

    user_id: str
    user_name: str
    avatar_url: str | None
    color: str
    status: Status
    client_id: str
    note_id: str | None
    last_seen: int


class Cursor(Value):
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
