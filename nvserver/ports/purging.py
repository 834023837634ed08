"""Taking what is told of purged notes out of the log, its states, and whatever else has their texts."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from nvserver.ports.oplog import Snapshot


class Purge(msgspec.Struct, frozen=True):
    """The entry `seq` of the workspace purged the note."""

    workspace_id: str
    note_id: str
    seq: int


class NotePurging(Protocol):
    """Safe beside actors, compaction and itself. What is taken out stays out: nothing that was read before a purge can
    be stored after it (`OpLog.save_snapshot`, `LogCompaction.rebase`). Every method raises `Unavailable`."""

    async def pending(self, *, limit: int) -> Sequence[Purge]:
        """The purges that are not finished, by workspace and seq."""
        ...

    async def redact(self, purge: Purge, before: int, *, limit: int) -> Sequence[int]:
        """Put `redacted_body` in the place of what at most `limit` entries about the note with `seq < before` tell, the
        newest first, and forget the hashes of what was sent; their seqs. `before` is at most the purge's own.

        Newest first, so that at any moment what is left of the note's entries is how it began: a log that can be
        replayed."""
        ...

    async def replace_state(self, old: Snapshot, new: Snapshot | None) -> None:
        """Put `new` (of the same seq) in the place of a kept snapshot, or of the log's base; None deletes a snapshot,
        and leaves a base. Nothing happens when `old` is no longer what is kept."""
        ...

    async def forget_texts(self, note_id: str) -> None:
        """Delete the texts of the note's named versions, and the links to it."""
        ...

    async def finish(self, purge: Purge) -> None:
        """All of it is gone: it is pending no longer."""
        ...
