"""The workspace index in memory."""

from collections.abc import Sequence

import trio

from nvserver.adapters.memory.calendar import MemoryCalendar
from nvserver.adapters.memory.chat import MemoryChatStore
from nvserver.adapters.memory.files import MemoryFileIndex
from nvserver.adapters.memory.notifications import MemoryNotificationStore
from nvserver.core.model import Member, WorkspaceInfo
from nvserver.core.permissions import Role
from nvserver.ports.oplog import (
    EventDropped,
    EventIndexed,
    FileDropped,
    FileIndexed,
    IndexChange,
    MemberDropped,
    MemberIndexed,
    MessageIndexed,
    NoteIndexed,
    NotePurgeIndexed,
    NotificationIndexed,
    OwnedWorkspace,
    WorkspaceDropped,
    WorkspaceIndexed,
    WorkspaceListing,
)
from nvserver.ports.purging import Purge


class MemoryIndex:
    """Fills the port `WorkspaceIndex`. The op log in memory calls `apply`, at once after storing the entries."""

    def __init__(self) -> None:
        self.chat = MemoryChatStore()
        self.notifications = MemoryNotificationStore()
        self.infos: dict[str, WorkspaceInfo] = {}
        self._heads: dict[str, int] = {}
        self._members: dict[tuple[str, str], Member] = {}
        self.notes: dict[str, str] = {}
        self.purges: dict[Purge, bool] = {}
        """Whether each is done."""
        self.calendar = MemoryCalendar(lambda workspace_id: self.members_of(workspace_id), self.infos)
        self.files = MemoryFileIndex(lambda workspace_id, user_id: (workspace_id, user_id) in self._members)

    def apply(self, workspace_id: str, changes: Sequence[IndexChange], *, head: int) -> None:
        """Make the changes, which came with the entries up to `head`."""
        self._heads[workspace_id] = head
        for change in changes:
            match change:
                case WorkspaceIndexed(info):
                    self.infos[workspace_id] = info
                case WorkspaceDropped():
                    self.infos.pop(workspace_id, None)
                    for key in [key for key in self._members if key[0] == workspace_id]:
                        del self._members[key]
                    self.files.drop_workspace(workspace_id)
                    self.calendar.drop_workspace(workspace_id)
                case MemberIndexed(member):
                    self._members[workspace_id, member.user_id] = member
                case MemberDropped(user_id):
                    self._members.pop((workspace_id, user_id), None)
                case NoteIndexed(note_id):
                    self.notes.setdefault(note_id, workspace_id)
                case NotePurgeIndexed(note_id, seq):
                    self.purges[Purge(workspace_id, note_id, seq)] = False
                case FileIndexed(file):
                    self.files.put(file)
                case FileDropped(file_id):
                    self.files.drop(file_id)
                case EventIndexed(event):
                    self.calendar.put(event)
                case EventDropped(event_id):
                    self.calendar.drop(event_id)
                case MessageIndexed(message):
                    self.chat.put(message)
                case NotificationIndexed(notification):
                    self.notifications.put(notification)

    def members_of(self, workspace_id: str) -> Sequence[Member]:
        """Of the workspace, in no particular order."""
        return [member for (home, _), member in self._members.items() if home == workspace_id]

    def newest_purge(self, workspace_id: str) -> int:
        """The seq of the newest one of the workspace; 0 without one."""
        return max((one.seq for one in self.purges if one.workspace_id == workspace_id), default=0)

    async def workspace_of_note(self, note_id: str) -> str | None:
        """See `WorkspaceIndex.workspace_of_note`."""
        await trio.lowlevel.checkpoint()
        return self.notes.get(note_id)

    async def workspaces_of(
        self, user_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> Sequence[WorkspaceListing]:
        """See `WorkspaceIndex.workspaces_of`."""
        await trio.lowlevel.checkpoint()
        listings = [
            WorkspaceListing(self.infos[workspace_id], member.role, self._heads[workspace_id])
            for (workspace_id, of_user), member in self._members.items()
            if of_user == user_id and workspace_id in self.infos
        ]
        listings.sort(key=_place, reverse=True)
        return [listing for listing in listings if after is None or _place(listing) < after][:limit]

    async def owned_by(self, user_id: str) -> Sequence[OwnedWorkspace]:
        """See `WorkspaceIndex.owned_by`."""
        await trio.lowlevel.checkpoint()
        owned = [
            OwnedWorkspace(self.infos[home], len(self.members_of(home)) - 1)
            for (home, of_user), member in self._members.items()
            if of_user == user_id and member.role == "owner"
        ]
        return sorted(owned, key=lambda one: (one.info.created_at, one.info.id))

    async def role_of(self, workspace_id: str, user_id: str) -> Role | None:
        """See `WorkspaceIndex.role_of`."""
        await trio.lowlevel.checkpoint()
        member = self._members.get((workspace_id, user_id))
        return None if member is None else member.role

    async def info(self, workspace_id: str) -> WorkspaceInfo | None:
        """See `WorkspaceIndex.info`."""
        await trio.lowlevel.checkpoint()
        return self.infos.get(workspace_id)


def _place(listing: WorkspaceListing) -> tuple[int, str]:
    return listing.info.created_at, listing.info.id
