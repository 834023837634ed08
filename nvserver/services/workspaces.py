"""Making a workspace: the one thing that happens to it before it has an actor."""

from nvserver.core.changes import Author, Entry, MemberAdded, WorkspaceCreated, encode_entry
from nvserver.core.model import Member, Privacy, WorkspaceInfo
from nvserver.core.stems import Language
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.oplog import MemberIndexed, OpLog, WorkspaceIndexed, WorkspaceListing


class WorkspaceService:
    """Starts the logs of new workspaces. Everything after that is the actor's."""

    def __init__(self, oplog: OpLog, now_ms: NowMs, new_id: NewId) -> None:
        self._oplog = oplog
        self._now_ms = now_ms
        self._new_id = new_id

    async def create(
        self,
        owner_id: str,
        name: str,
        description: str,
        icon: str | None,
        color: str | None,
        privacy: Privacy,
        search_language: Language | None = None,
    ) -> WorkspaceListing:
        """A workspace with its owner as the only member: entries 1 and 2 of its log, in one transaction."""
        workspace_id, now, author = self._new_id(), self._now_ms(), Author(owner_id)
        created = WorkspaceCreated(name, owner_id, description, icon, color, privacy, search_language)
        entries = [
            Entry(1, now, author, created),
            Entry(2, now, author, MemberAdded(owner_id, "owner")),
        ]
        info = WorkspaceInfo(workspace_id, name, description, icon, color, privacy, owner_id, now, now, search_language)
        await self._oplog.create(
            workspace_id,
            [encode_entry(entry) for entry in entries],
            [WorkspaceIndexed(info), MemberIndexed(Member(owner_id, "owner", now))],
        )
        return WorkspaceListing(info, "owner", seq=len(entries))
