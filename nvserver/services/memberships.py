"""What invitations, links and people who go ask of workspaces."""

from typing import Protocol

from nvserver.core.permissions import Role, outranks_or_equals, role_allows
from nvserver.errors import Conflict, Forbidden, WorkspaceNotFound
from nvserver.ports.oplog import WorkspaceIndex


class Memberships(Protocol):
    """A way to the workspaces' actors."""

    async def add(self, workspace_id: str, user_id: str, role: Role, *, by: str) -> None:
        """`by` adds a member; his right is judged now. Raises `WorkspaceNotFound`, `Forbidden`, `Conflict` (a member
        already), `PayloadTooLarge`, `Unavailable`."""
        ...

    async def name(self, workspace_id: str, user_id: str) -> str:
        """The workspace's name as that member sees it. Raises `WorkspaceNotFound`."""
        ...

    async def leave(self, workspace_id: str, user_id: str) -> None:
        """The member leaves. Raises `WorkspaceNotFound`, `Conflict` (the owner), `Unavailable`."""
        ...

    async def delete(self, workspace_id: str, user_id: str) -> None:
        """Its owner, who is alone in it, deletes it. Raises `WorkspaceNotFound`, `Forbidden` (no owner any more),
        `Conflict` (others are in it), `Unavailable`."""
        ...


async def require_right(index: WorkspaceIndex, workspace_id: str, user_id: str, permission: str) -> Role:
    """The person's role. Raises `WorkspaceNotFound` for who is no member, `Forbidden` for whose role lacks it."""
    role = await index.role_of(workspace_id, user_id)
    if role is None:
        raise WorkspaceNotFound
    if not role_allows(role, permission):
        raise Forbidden
    return role


def check_grant(granter: Role, role: Role) -> None:
    """Raises `Conflict` for ownership, `Forbidden` for a role above the granter's own."""
    if role == "owner":
        raise Conflict("A workspace has exactly one owner; hand it over instead")
    if not outranks_or_equals(granter, role):
        raise Forbidden("Nobody may grant a role above their own")
