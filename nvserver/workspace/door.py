"""How use cases that know nothing of actors let people into a workspace, and out."""

from nvserver.core.changes import Author
from nvserver.core.commands import AddMember, DeleteWorkspace, RemoveMember
from nvserver.core.permissions import Role
from nvserver.workspace.messages import GetWorkspace, Submit, WorkspaceView
from nvserver.workspace.router import Router


class WorkspaceDoor:
    """Fills the protocol `Memberships` of `services.memberships`."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def add(self, workspace_id: str, user_id: str, role: Role, *, by: str) -> None:
        """See `Memberships.add`."""
        await self._router.call(workspace_id, Submit(Author(by), AddMember(user_id, role)))

    async def name(self, workspace_id: str, user_id: str) -> str:
        """See `Memberships.name`."""
        view: WorkspaceView = await self._router.call(workspace_id, GetWorkspace(user_id))
        return view.workspace.name

    async def leave(self, workspace_id: str, user_id: str) -> None:
        """See `Memberships.leave`."""
        await self._router.call(workspace_id, Submit(Author(user_id), RemoveMember(user_id)))

    async def delete(self, workspace_id: str, user_id: str) -> None:
        """See `Memberships.delete`."""
        await self._router.call(workspace_id, Submit(Author(user_id), DeleteWorkspace(only_mine=True)))
