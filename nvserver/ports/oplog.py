"""The op log: where the one sequence of each workspace is durable."""

from collections.abc import Sequence
from enum import Enum
from typing import Protocol, TypeAlias

import msgspec

from nvserver.core.changes import LoggedEntry
from nvserver.core.model import CalendarEvent, ChatMessage, FileInfo, Member, WorkspaceInfo
from nvserver.core.permissions import Role
from nvserver.ports.notifications import Notification


class WorkspaceIndexed(msgspec.Struct, frozen=True):
    """The index row of a workspace now reads so (made or replaced)."""

    info: WorkspaceInfo


class WorkspaceDropped(msgspec.Struct, frozen=True):
    """The workspace, its members, files and calendar are gone from the index, for ever; its log stays and can still be
    activated."""


class MemberIndexed(msgspec.Struct, frozen=True):
    """The membership now reads so (made or replaced)."""

    member: Member


class MemberDropped(msgspec.Struct, frozen=True):
    user_id: str


class NoteIndexed(msgspec.Struct, frozen=True):
    """The note belongs to the workspace, for ever: of two workspaces that index it the first keeps it."""

    note_id: str


class NotePurgeIndexed(msgspec.Struct, frozen=True):
    """The entry `seq` purged the note: what is told of it before has to go from the log (see `purging.py`)."""

    note_id: str
    seq: int


class FileIndexed(msgspec.Struct, frozen=True):
    """The workspace has this file."""

    file: FileInfo


class FileDropped(msgspec.Struct, frozen=True):
    file_id: str


class EventIndexed(msgspec.Struct, frozen=True):
    """The calendar event now reads so (made or replaced); when it is to remind of itself has to be found out anew."""

    event: CalendarEvent


class EventDropped(msgspec.Struct, frozen=True):
    event_id: str


class MessageIndexed(msgspec.Struct, frozen=True):
    """The chat message now reads so (made or replaced)."""

    message: ChatMessage


class NotificationIndexed(msgspec.Struct, frozen=True):
    """The person has this notification; one with its id that is there already stays as it is."""

    notification: Notification


IndexChange: TypeAlias = (
    WorkspaceIndexed
    | WorkspaceDropped
    | MemberIndexed
    | MemberDropped
    | NoteIndexed
    | NotePurgeIndexed
    | FileIndexed
    | FileDropped
    | EventIndexed
    | EventDropped
    | MessageIndexed
    | NotificationIndexed
)


class Append(msgspec.Struct, frozen=True):
    """Entries of one workspace, made under `epoch`, with consecutive seqs that start at the log's head + 1.

    `index` are the changes of the index that these entries bring; they become durable in the same transaction.
    No entries, entries with a gap, or changes after a `WorkspaceDropped` are a mistake of the program: `ValueError`.
    """

    workspace_id: str
    epoch: int
    entries: tuple[LoggedEntry, ...]
    index: tuple[IndexChange, ...] = ()

    def __post_init__(self) -> None:
        if not self.entries:
            raise ValueError("an append has at least one entry")
        if self.entries[-1].seq - self.entries[0].seq + 1 != len(self.entries):
            raise ValueError("the seqs of an append are consecutive")


class AppendOutcome(Enum):
    """What became of an `Append`."""

    DURABLE = "durable"
    FENCED = "fenced"
    """The epoch is no longer the workspace's, the first seq is not head + 1, the workspace is unknown, or one of the
    `(client_id, client_seq)` has its entry already: the appender's view is not the log's. Nothing was stored."""


class Activation(msgspec.Struct, frozen=True):
    """The right to append to a workspace: `epoch` is higher than that of any activation before; `head` is its last
    seq."""

    workspace_id: str
    epoch: int
    head: int


class Snapshot(msgspec.Struct, frozen=True):
    """The encoded state of a workspace after the entry `seq`. `checksum` is the blake2b-16 of `body`. One that takes
    the place of the entries before it is its log's *base*, their seq the log's *horizon* (see `compaction.py`)."""

    workspace_id: str
    seq: int
    checksum: bytes
    body: bytes


class OpLog(Protocol):
    """Append-only, fenced by epochs, durable when a call returns.

    Every method raises `Unavailable` when the store cannot be reached or does not answer in time; for `append`
    and `create` the outcome is then *unknown* and the caller looks before it says anything: first `activate`, after
    which nothing that was under way can become durable any more, then `find`. A cancelled call is unknown in the same
    way.

    Ids are UUID strings in canonical form (lower case, dashes); an adapter may raise `ValueError` for others.
    """

    async def create(self, workspace_id: str, entries: Sequence[LoggedEntry], index: Sequence[IndexChange]) -> None:
        """Start the log of a new workspace with `entries` (seq 1…), in epoch 0. Raises `Conflict` when the id is
        taken."""
        ...

    async def activate(self, workspace_id: str, owner: str) -> Activation:
        """Bump the epoch and note `owner` (a node's name) as the one who may append. Fences every activation before.

        Raises `WorkspaceNotFound`."""
        ...

    async def append(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        """Store all of the batch in one transaction, synced to disk; at most one `Append` of a workspace in a batch.

        Answers one outcome for each, in order; a fenced one neither stores anything nor hinders the others."""
        ...

    async def read(
        self, workspace_id: str, after: int, upto: int | None = None, *, note_id: str | None = None, limit: int = 10_000
    ) -> Sequence[LoggedEntry]:
        """The entries with `after < seq <= upto` in order, at most `limit`; with `note_id` only that note's.

        Raises `BaseTooOld` (`details`: `{horizon}`) when `after` lies before the horizon: what is there is all there
        was, or it is not told."""
        ...

    async def find(self, workspace_id: str, client_id: str, client_seq: int) -> LoggedEntry | None:
        """The entry that the client's numbered request became, if it was ever accepted; None also when that entry may
        lie before the horizon."""
        ...

    async def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep the snapshot; the newest three of a workspace stay, older ones may go. One of before a purge is not
        kept: it holds what has to go."""
        ...

    async def snapshots(self, workspace_id: str, upto: int | None = None, *, limit: int = 10) -> Sequence[Snapshot]:
        """The kept snapshots with `seq <= upto`, newest first, at most `limit`; the log's base is one of them."""
        ...

    async def base(self, workspace_id: str) -> Snapshot | None:
        """The state that the log's first entry follows. None for a log that has all its entries."""
        ...

    async def horizon(self, workspace_id: str) -> int:
        """The seq of the base; 0 for a log that has all its entries."""
        ...


class WorkspaceListing(msgspec.Struct, frozen=True):
    """A workspace as its member sees it in a list."""

    info: WorkspaceInfo
    role: Role
    seq: int


class OwnedWorkspace(msgspec.Struct, frozen=True):
    """`others`: how many members there are beside the owner."""

    info: WorkspaceInfo
    others: int


class WorkspaceIndex(Protocol):
    """What can be asked about workspaces without opening them. It is as new as the op log: both commit together."""

    async def workspace_of_note(self, note_id: str) -> str | None:
        """The id of the workspace the note was made in; None for a note nobody made."""
        ...

    async def workspaces_of(
        self, user_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> Sequence[WorkspaceListing]:
        """The person's workspaces, newest first by `(created_at, id)`, those that follow `after` in that order."""
        ...

    async def owned_by(self, user_id: str) -> Sequence[OwnedWorkspace]:
        """The workspaces that the person owns, by `(created_at, id)`."""
        ...

    async def role_of(self, workspace_id: str, user_id: str) -> Role | None:
        """The person's role there; None for no member or no workspace."""
        ...

    async def info(self, workspace_id: str) -> WorkspaceInfo | None:
        """What is known of the workspace; None when there is none."""
        ...
