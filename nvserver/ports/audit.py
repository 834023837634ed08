"""What a check of the store reads: the log as it lies there, and the index beside it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from nvserver.core.changes import LoggedEntry
from nvserver.core.client_history import Activated, Claim, Failed
from nvserver.core.model import Member, WorkspaceInfo


class StoredEntry(msgspec.Struct, frozen=True):
    """An entry and the epoch of the activation that appended it."""

    epoch: int
    entry: LoggedEntry


class StoredWorkspace(msgspec.Struct, frozen=True):
    """What stands beside a workspace's log, all of one moment. `horizon` is the seq of its base, 0 without one; `owner`
    the node of the newest activation, None before the first. `info` is None and `members` empty when the index does not
    know it."""

    epoch: int
    head: int
    info: WorkspaceInfo | None
    members: tuple[Member, ...]
    horizon: int = 0
    owner: str | None = None


class NoteHome(msgspec.Struct, frozen=True):
    """A row of the note index; `is_logged`: an entry of that workspace is about the note, or lies before its horizon
    for all that is known (`notes_of` tells more)."""

    note_id: str
    workspace_id: str
    is_logged: bool


class LogAudit(Protocol):
    """Reads while others write, and changes nothing. Every method raises `Unavailable` as those of `OpLog` do."""

    async def workspace_ids(self, after: str | None, *, limit: int) -> Sequence[str]:
        """The ids of the workspaces that have a log, in order, those that follow `after`."""
        ...

    async def entries(self, workspace_id: str, after: int, *, limit: int) -> Sequence[StoredEntry]:
        """The entries with `seq > after` in order of seq, as they are: nothing is asked of them."""
        ...

    async def workspace(self, workspace_id: str) -> StoredWorkspace | None:
        """None for a workspace without a log."""
        ...

    async def note_homes(self, after: str | None, *, limit: int) -> Sequence[NoteHome]:
        """The rows of the note index in order of note id, those that follow `after`."""
        ...

    async def purges(self, workspace_id: str) -> Mapping[str, int]:
        """By note id the seq of the entry that purged it, of the workspace's log."""
        ...

    async def notes_of(self, workspace_id: str, after: str | None, *, limit: int) -> Sequence[str]:
        """The ids of the notes that the index has in the workspace, in order, those that follow `after`."""
        ...


class DoubleActivation(msgspec.Struct, frozen=True):
    """Nodes that say of themselves that they opened the workspace under the same epoch."""

    epoch: int
    nodes: tuple[str, ...]


class HistoryTotals(msgspec.Struct, frozen=True):
    """What the histories tell of altogether."""

    faults: int = 0
    """Injected on purpose."""
    acknowledgements: int = 0
    fence_hits: int = 0


class ClientHistories(Protocol):
    """What clients and nodes wrote down, in the order in which a check needs it. Reads local files."""

    def workspace_ids(self) -> Sequence[str]:
        """All workspaces that are named."""
        ...

    def claims(self, workspace_id: str) -> Iterator[Claim]:
        """What is held against entries, by their seq."""
        ...

    def refusals(self, workspace_id: str) -> Iterator[Failed]:
        """Requests that were refused for good and never acknowledged."""
        ...

    def activations(self, workspace_id: str) -> Iterator[Activated]:
        """Those that tell where the log ended, by that seq."""
        ...

    def double_activations(self, workspace_id: str) -> Iterator[DoubleActivation]:
        """Epochs that more than one node had."""
        ...

    def totals(self) -> HistoryTotals:
        """Counted over everything."""
        ...
