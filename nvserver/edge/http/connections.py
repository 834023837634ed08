"""Routes of the connections on a workspace's canvas."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.changes import Author
from nvserver.core.commands import Command, CreateConnection, DeleteConnection, UpdateConnection
from nvserver.core.model import Connection
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import END, PageQuery, Title
from nvserver.errors import ConnectionNotFound, Forbidden, WorkspaceNotFound
from nvserver.ports.clock import NewId
from nvserver.workspace.messages import Canvas, GetCanvas, Submit
from nvserver.workspace.router import Router

Style = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=rf"^[a-z][a-z0-9-]*{END}", description="a name in lower case")
]


class NewConnectionBody(msgspec.Struct, frozen=True, rename="camel"):
    """A line from note to note. `style` is the clients' word; usual are `solid`, `dashed` and `dotted`."""

    from_note_id: UUID
    to_note_id: UUID
    label: Title = ""
    style: Style = "solid"


class ConnectionBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay."""

    label: Title | UnsetType = UNSET
    style: Style | UnsetType = UNSET


class ConnectionAnswer(msgspec.Struct, frozen=True):
    connection: Connection


class ConnectionList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[Connection, ...]
    next_cursor: str | None


class ConnectionRoutes:
    """`/api/workspaces/{workspaceId}/connections`."""

    def __init__(self, router: Router, new_id: NewId) -> None:
        self._router = router
        self._new_id = new_id

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces/{workspaceId}/connections"
        one = f"{base}/{{connectionId}}"
        errors = (WorkspaceNotFound, Forbidden)
        return (
            Route(
                "GET", base, self._list, "The lines between notes (notes:read)",
                query=PageQuery, answer=ConnectionList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", base, self._create, "Connect two notes (notes:update)",
                body=NewConnectionBody, answer=ConnectionAnswer, status=201, errors=errors,
            ),
            Route(
                "PUT", one, self._update, "Change a connection's label or style (notes:update)",
                body=ConnectionBody, answer=ConnectionAnswer, errors=(*errors, ConnectionNotFound),
            ),
            Route(
                "DELETE", one, self._delete, "Take a connection away (notes:update)",
                status=204, errors=(*errors, ConnectionNotFound),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> ConnectionList:
        page, next_cursor = page_of((await self._canvas(call)).connections, _order, call.query)
        return ConnectionList(tuple(page), next_cursor)

    async def _create(self, call: Call[NewConnectionBody, None]) -> ConnectionAnswer:
        body = call.body
        connection = Connection(self._new_id(), str(body.from_note_id), str(body.to_note_id), body.label, body.style)
        await self._submit(call, CreateConnection(connection))
        return ConnectionAnswer(connection)

    async def _update(self, call: Call[ConnectionBody, None]) -> ConnectionAnswer:
        connection_id = call.id_param("connectionId", ConnectionNotFound)
        await self._submit(call, UpdateConnection(connection_id, call.body.label, call.body.style))
        for connection in (await self._canvas(call)).connections:
            if connection.id == connection_id:
                return ConnectionAnswer(connection)
        raise ConnectionNotFound  # gone again meanwhile

    async def _delete(self, call: Call[None, None]) -> None:
        await self._submit(call, DeleteConnection(call.id_param("connectionId", ConnectionNotFound)))

    async def _canvas(self, call: Call[Any, Any]) -> Canvas:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        canvas: Canvas = await self._router.call(workspace_id, GetCanvas(call.user_id))
        return canvas

    async def _submit(self, call: Call[Any, Any], command: Command) -> None:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        await self._router.call(workspace_id, Submit(Author(call.user_id), command))


def _order(connection: Connection) -> tuple[float, str]:
    return 0.0, connection.id
