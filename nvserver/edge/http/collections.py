"""Routes of a workspace's collections."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.changes import Author
from nvserver.core.commands import Command, CreateCollection, DeleteCollection, UpdateCollection
from nvserver.core.model import Collection
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Color, Name, PageQuery
from nvserver.errors import CollectionNotFound, Forbidden, WorkspaceNotFound
from nvserver.ports.clock import NewId
from nvserver.workspace.messages import Canvas, GetCanvas, Submit
from nvserver.workspace.router import Router

Rank = Annotated[float, Meta(ge=-1e15, le=1e15)]


class NewCollectionBody(msgspec.Struct, frozen=True, rename="camel"):
    """Without `rank` it comes behind its siblings."""

    name: Name
    parent_id: UUID | None = None
    rank: Rank | None = None
    color: Color | None = None


class CollectionBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay. A collection goes between two siblings with a `rank` between theirs."""

    name: Name | UnsetType = UNSET
    parent_id: UUID | UnsetType | None = UNSET
    rank: Rank | UnsetType = UNSET
    color: Color | UnsetType | None = UNSET


class CollectionAnswer(msgspec.Struct, frozen=True):
    collection: Collection


class CollectionList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[Collection, ...]
    next_cursor: str | None


class CollectionRoutes:
    """`/api/workspaces/{workspaceId}/collections`."""

    def __init__(self, router: Router, new_id: NewId) -> None:
        self._router = router
        self._new_id = new_id

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces/{workspaceId}/collections"
        one = f"{base}/{{collectionId}}"
        errors = (WorkspaceNotFound, Forbidden)
        return (
            Route(
                "GET", base, self._list, "All collections by rank; `parentId` nests them (notes:read)",
                query=PageQuery, answer=CollectionList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", base, self._create, "Make a collection (notes:update)",
                body=NewCollectionBody, answer=CollectionAnswer, status=201, errors=errors,
            ),
            Route(
                "PUT", one, self._update, "Rename, move or colour a collection (notes:update)",
                body=CollectionBody, answer=CollectionAnswer, errors=(*errors, CollectionNotFound),
            ),
            Route(
                "DELETE", one, self._delete, "Delete a collection; what is in it moves up (notes:update)",
                status=204, errors=(*errors, CollectionNotFound),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> CollectionList:
        page, next_cursor = page_of((await self._canvas(call)).collections, _order, call.query)
        return CollectionList(tuple(page), next_cursor)

    async def _create(self, call: Call[NewCollectionBody, None]) -> CollectionAnswer:
        body, collection_id = call.body, self._new_id()
        parent_id = str(body.parent_id) if body.parent_id else None
        await self._submit(call, CreateCollection(collection_id, body.name.strip(), parent_id, body.rank, body.color))
        return await self._one(call, collection_id)

    async def _update(self, call: Call[CollectionBody, None]) -> CollectionAnswer:
        body, collection_id = call.body, call.id_param("collectionId", CollectionNotFound)
        name = body.name if body.name is UNSET else body.name.strip()
        parent_id = str(body.parent_id) if isinstance(body.parent_id, UUID) else body.parent_id
        await self._submit(call, UpdateCollection(collection_id, name, parent_id, body.rank, body.color))
        return await self._one(call, collection_id)

    async def _delete(self, call: Call[None, None]) -> None:
        await self._submit(call, DeleteCollection(call.id_param("collectionId", CollectionNotFound)))

    async def _one(self, call: Call[Any, Any], collection_id: str) -> CollectionAnswer:
        for collection in (await self._canvas(call)).collections:
            if collection.id == collection_id:
                return CollectionAnswer(collection)
        raise CollectionNotFound  # gone again meanwhile

    async def _canvas(self, call: Call[Any, Any]) -> Canvas:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        canvas: Canvas = await self._router.call(workspace_id, GetCanvas(call.user_id))
        return canvas

    async def _submit(self, call: Call[Any, Any], command: Command) -> None:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        await self._router.call(workspace_id, Submit(Author(call.user_id), command))


def _order(collection: Collection) -> tuple[float, str]:
    return collection.rank, collection.id
