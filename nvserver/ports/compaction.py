"""Shortening logs: a state takes the place of the entries that led to it."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from nvserver.ports.oplog import Snapshot


class LogExtent(msgspec.Struct, frozen=True):
    """A log has the entries `(horizon, head]`. `is_swept`: nothing of the others takes room any more."""

    workspace_id: str
    horizon: int
    head: int
    is_swept: bool


class LogCompaction(Protocol):
    """Safe beside the actors and beside itself: a horizon only moves on, and what lies before it is hidden from
    everybody at once, before it is deleted bit by bit. Every method raises `Unavailable` as those of `OpLog` do."""

    async def long_logs(self, after: str | None, *, min_entries: int, limit: int) -> Sequence[LogExtent]:
        """The logs that have at least `min_entries` or are not swept, in order of id, those that follow `after`."""
        ...

    async def rebase(self, base: Snapshot) -> bool:
        """Make `base` what the log begins with: in the same moment its entries up to `base.seq` and its older snapshots
        are no longer there for anybody.

        False, and nothing is done, when the horizon is there already or farther, when the log does not reach it, or
        when there is no snapshot after it: two states at least must be there to begin from, should one be damaged."""
        ...

    async def sweep(self, workspace_id: str, *, limit: int) -> int:
        """Delete at most `limit` entries before the horizon, the oldest first; how many there were."""
        ...
