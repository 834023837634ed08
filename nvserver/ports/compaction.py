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

    async def newest_purge(self, workspace_id: str) -> int | None:
        """The seq of the newest entry that purged a note, 0 without one; None while what is told of a purged note is
        still on its way out of the log: a state that is built now might have it."""
        ...

    async def rebase(self, base: Snapshot, *, purged: int = 0) -> bool:
        """Make `base` what the log begins with: in the same moment its entries up to `base.seq` and its older snapshots
        are no longer there for anybody.

        `purged` is the newest purge as it was before the base was begun to be built.

        False, and nothing is done, when the horizon is there already or farther, when the log does not reach it, when
        a note was purged since the base was begun, or when there is no snapshot after it: two states at least must be
        there to begin from, should one be damaged."""
        ...

    async def sweep(self, workspace_id: str, *, limit: int) -> int:
        """Delete at most `limit` entries before the horizon, the oldest first; how many there were."""
        ...
