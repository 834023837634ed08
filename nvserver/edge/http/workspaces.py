"""Routes of workspaces."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from nvserver.core.changes import Author
from nvserver.core.commands import Command, DeleteWorkspace, TransferOwnership, UpdateWorkspace
from nvserver.core.model import Privacy, WorkspaceInfo
from nvserver.core.permissions import Role
from nvserver.core.stems import Language
from nvserver.edge.http.cursors import decode_cursor, encode_cursor
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Color, Icon, Milliseconds, Name, PageQuery, Paragraph, iso_time
from nvserver.errors import Conflict, Forbidden, MemberNotFound, WorkspaceNotFound
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.services.workspaces import WorkspaceService
from nvserver.workspace.messages import GetWorkspace, Submit, WorkspaceView
from nvserver.workspace.router import Router


class NewWorkspaceBody(msgspec.Struct, frozen=True, rename="camel"):
    """`searchLanguage`: in which words are found in their other forms (`apples` finds `apple`); null: in those that the
    server is set to."""

    name: Name
    description: Paragraph = ""
    icon: Icon | None = None
    color: Color | None = None
    privacy: Privacy = "private"
    search_language: Language | None = None


class WorkspaceBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay."""

    name: Name | UnsetType = UNSET
    description: Paragraph | UnsetType = UNSET
    icon: Icon | UnsetType | None = UNSET
    color: Color | UnsetType | None = UNSET
    privacy: Privacy | UnsetType = UNSET
    search_language: Language | UnsetType | None = UNSET


class TransferBody(msgspec.Struct, frozen=True, rename="camel"):
    """`userId`: the member who becomes the owner. The old owner stays as an admin."""

    user_id: UUID


class WorkspaceItem(msgspec.Struct, frozen=True, rename="camel"):
    """`role` is the caller's."""

    id: str
    name: str
    description: str
    icon: str | None
    color: str | None
    privacy: Privacy
    owner_id: str
    role: Role
    seq: int
    created_at: str
    updated_at: str
    search_language: Language | None


class WorkspaceAnswer(msgspec.Struct, frozen=True, rename="camel"):
    workspace: WorkspaceItem


class WorkspaceList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[WorkspaceItem, ...]
    next_cursor: str | None


class WorkspaceRoutes:
    """`/api/workspaces`."""

    def __init__(self, service: WorkspaceService, index: WorkspaceIndex, router: Router) -> None:
        self._service = service
        self._index = index
        self._router = router

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces"
        one = f"{base}/{{workspaceId}}"
        return (
            Route(
                "GET", base, self._list, "The caller's workspaces, newest first",
                query=PageQuery, answer=WorkspaceList,
            ),
            Route(
                "POST", base, self._create, "Make a workspace; the caller owns it",
                body=NewWorkspaceBody, answer=WorkspaceAnswer, status=201,
            ),
            Route("GET", one, self._get, "A workspace", answer=WorkspaceAnswer, errors=(WorkspaceNotFound,)),
            Route(
                "PUT", one, self._update, "Change a workspace (workspace:update)",
                body=WorkspaceBody, answer=WorkspaceAnswer, errors=(WorkspaceNotFound, Forbidden),
            ),
            Route(
                "DELETE", one, self._delete, "Delete a workspace (workspace:delete)",
                status=204, errors=(WorkspaceNotFound, Forbidden), act="workspace.delete",
            ),
            Route(
                "POST", f"{one}/transfer", self._transfer, "Hand the workspace over to another member (owner)",
                body=TransferBody, answer=WorkspaceAnswer,
                errors=(WorkspaceNotFound, Forbidden, MemberNotFound, Conflict),
                act="workspace.transfer", act_fields=("user_id",),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> WorkspaceList:
        key, limit = decode_cursor(call.query.cursor, tuple[Milliseconds, UUID]), call.query.limit
        after = (key[0], str(key[1])) if key else None
        found = await self._index.workspaces_of(call.user_id, after=after, limit=limit + 1)
        page, last = found[:limit], found[limit - 1].info if len(found) > limit else None
        items = tuple(_item(listing.info, listing.role, listing.seq) for listing in page)
        return WorkspaceList(items, encode_cursor((last.created_at, last.id) if last else None))

    async def _create(self, call: Call[NewWorkspaceBody, None]) -> WorkspaceAnswer:
        body = call.body
        made = await self._service.create(
            call.user_id, body.name.strip(), body.description, body.icon, body.color, body.privacy, body.search_language
        )
        return WorkspaceAnswer(_item(made.info, made.role, made.seq))

    async def _get(self, call: Call[None, None]) -> WorkspaceAnswer:
        return await self._view(call.user_id, call.id_param("workspaceId", WorkspaceNotFound))

    async def _update(self, call: Call[WorkspaceBody, None]) -> WorkspaceAnswer:
        body = call.body
        name = body.name if body.name is UNSET else body.name.strip()
        command = UpdateWorkspace(name, body.description, body.icon, body.color, body.privacy, body.search_language)
        return await self._view(call.user_id, await self._submit(call, command))

    async def _delete(self, call: Call[None, None]) -> None:
        await self._submit(call, DeleteWorkspace())

    async def _transfer(self, call: Call[TransferBody, None]) -> WorkspaceAnswer:
        return await self._view(call.user_id, await self._submit(call, TransferOwnership(str(call.body.user_id))))

    async def _submit(self, call: Call[Any, None], command: Command) -> str:
        """Have the workspace's actor do it; the workspace's id."""
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        await self._router.call(workspace_id, Submit(Author(call.user_id), command))
        return workspace_id

    async def _view(self, user_id: str, workspace_id: str) -> WorkspaceAnswer:
        return await workspace_answer(self._router, workspace_id, user_id)


async def workspace_answer(router: Router, workspace_id: str, user_id: str) -> WorkspaceAnswer:
    """The workspace as its member sees it. Raises `WorkspaceNotFound`."""
    view: WorkspaceView = await router.call(workspace_id, GetWorkspace(user_id))
    return WorkspaceAnswer(_item(view.workspace, view.role, view.seq))


def _item(info: WorkspaceInfo, role: Role, seq: int) -> WorkspaceItem:
    return WorkspaceItem(
        info.id,
        info.name,
        info.description,
        info.icon,
        info.color,
        info.privacy,
        info.owner_id,
        role,
        seq,
        iso_time(info.created_at),
        iso_time(info.updated_at),
        info.search_language,
    )
