"""What an actor leaves behind when it ends: enough for its sessions to go on with the next one."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from nvserver.core.presence import Presence


class Farewell(msgspec.Struct, frozen=True):
    """Everything up to `seq` was told; `presence` were here."""

    seq: int
    presence: tuple[Presence, ...]


OnFarewell: TypeAlias = Callable[[str, Farewell], None]
"""Workspace id, farewell. Must not block or raise."""
