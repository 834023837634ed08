"""Routes of administrators of the whole system: what runs, what is stored, who did what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

import nvserver
from nvserver.edge.http.cursors import decode_cursor, encode_cursor, page_of
from nvserver.edge.http.health import ReadinessCheck, failed_checks, resident_bytes
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Milliseconds, PageQuery, iso_time
from nvserver.errors import WorkspaceNotFound
from nvserver.ports.audit import LogAudit
from nvserver.ports.audit_log import Act, ActQuery
from nvserver.ports.clock import NowMs
from nvserver.ports.directory import NodeInfo
from nvserver.services.admin import AdminService
from nvserver.workspace.catalog import ActorState, Catalog


class Ownership(msgspec.Struct, frozen=True, rename="camel"):
    """What a node has done with workspaces since it began: appends refused because others had gone on, workspaces taken
    from dead nodes, workspaces given to others. `leaseLeftSeconds` is null for a node that is alone."""

    lease_left_seconds: float | None = None
    fence_hits: int = 0
    takeovers: int = 0
    handovers: int = 0


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """This node. `url`: where clients may reach it directly; `connections`: how many realtime ones it has; `others`:
    the other nodes that are alive, as far as is known here."""

    name: str
    url: str | None
    started_at: int
    connections: Callable[[], int]
    others: Callable[[], Sequence[NodeInfo]] = tuple
    ownership: Callable[[], Ownership] = Ownership


class ActQueryParameters(PageQuery, frozen=True, rename="camel", kw_only=True):
    """`actorId`: who did it; `action`: a dotted name (`member.remove`)."""

    actor_id: UUID | None = None
    action: Annotated[str, Meta(max_length=100)] | None = None


class ActItem(msgspec.Struct, frozen=True, rename="camel"):
    """`outcome` is `OK` or the code of the refusal."""

    id: str
    at: str
    actor_id: str | None
    action: str
    outcome: str
    address: str
    details: Mapping[str, str]


class ActList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[ActItem, ...]
    next_cursor: str | None


class AdminWorkspaceItem(msgspec.Struct, frozen=True, rename="camel"):
    """`name`, `ownerId` and `createdAt` are null for a workspace that was deleted: its log stays. `node`: the one that
    opened it last, null if none has; `epoch`: as which activation."""

    id: str
    name: str | None
    owner_id: str | None
    created_at: str | None
    members: int
    seq: int
    epoch: int
    node: str | None
    quarantined: bool


class AdminWorkspaceList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[AdminWorkspaceItem, ...]
    next_cursor: str | None


class ActorItem(msgspec.Struct, frozen=True, rename="camel"):
    """`mailboxMessages`: what waits for it, `mailboxBytes` in bytes; `epoch`: of its activation. A quarantined one
    crashed too often and stays closed until it is released."""

    workspace_id: str
    state: ActorState
    mailbox_messages: int
    mailbox_bytes: int
    epoch: int


class ActorList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[ActorItem, ...]
    next_cursor: str | None


class NodeItem(msgspec.Struct, frozen=True, rename="camel"):
    """`memoryBytes`: resident. What is null only the node itself can say: ask it at its `url`."""

    name: str
    url: str | None
    started_at: str
    actors: int
    draining: bool
    version: str | None = None
    quarantined: int | None = None
    connections: int | None = None
    memory_bytes: int | None = None
    ownership: Ownership | None = None


class NodeList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[NodeItem, ...]
    next_cursor: str | None


class StorageAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`sessions`: sign-ins; `entries`: of all op logs; `storeBytes`: the database on disk, 0 where that is not
    known."""

    users: int
    sessions: int
    workspaces: int
    notes: int
    entries: int
    store_bytes: int


class AdminHealthAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`checks`: of readiness. `degraded` when one fails or a workspace is quarantined."""

    status: Literal["ok", "degraded"]
    timestamp: str
    checks: Mapping[str, Literal["ok", "failed"]]
    quarantined: tuple[str, ...]
    node: NodeItem


class AdminSystemRoutes:
    """`/api/admin`, but people."""

    def __init__(
        self,
        admin: AdminService,
        audit: LogAudit,
        catalog: Catalog,
        node: NodeFacts,
        checks: Mapping[str, ReadinessCheck],
        now_ms: NowMs,
    ) -> None:
        self._admin = admin
        self._audit = audit
        self._catalog = catalog
        self._node = node
        self._checks = checks
        self._now_ms = now_ms

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/admin"
        return (
            Route(
                "GET", f"{base}/workspaces", self._workspaces, "All workspaces, deleted ones too, by id",
                query=PageQuery, answer=AdminWorkspaceList, only="admin",
            ),
            Route(
                "GET", f"{base}/nodes", self._nodes, "The nodes that are alive",
                query=PageQuery, answer=NodeList, only="admin",
            ),
            Route(
                "GET", f"{base}/actors", self._actors, "The workspaces that are open or quarantined here",
                query=PageQuery, answer=ActorList, only="admin",
            ),
            Route(
                "POST", f"{base}/actors/{{workspaceId}}/release", self._release,
                "Let a quarantined workspace be opened again",
                status=204, errors=(WorkspaceNotFound,), only="admin", act="admin.release",
            ),
            Route(
                "GET", f"{base}/storage", self._storage, "How much the store holds",
                answer=StorageAnswer, only="admin",
            ),
            Route(
                "GET", f"{base}/audit", self._acts, "Who did what, newest first",
                query=ActQueryParameters, answer=ActList, only="admin",
            ),
            Route(
                "GET", f"{base}/health", self._health, "How this node is", answer=AdminHealthAnswer, only="admin",
            ),
        )  # fmt: skip

    async def _workspaces(self, call: Call[None, PageQuery]) -> AdminWorkspaceList:
        key, limit = decode_cursor(call.query.cursor, UUID), call.query.limit
        ids = await self._audit.workspace_ids(str(key) if key else None, limit=limit + 1)
        items = [await self._workspace(workspace_id) for workspace_id in ids[:limit]]
        return AdminWorkspaceList(tuple(items), encode_cursor(ids[limit - 1] if len(ids) > limit else None))

    async def _workspace(self, workspace_id: str) -> AdminWorkspaceItem:
        stored = await self._audit.workspace(workspace_id)
        assert stored is not None  # logs are for ever
        info, is_quarantined = stored.info, workspace_id in self._catalog.quarantined
        return AdminWorkspaceItem(
            workspace_id,
            info.name if info else None,
            info.owner_id if info else None,
            iso_time(info.created_at) if info else None,
            len(stored.members),
            stored.head,
            stored.epoch,
            stored.owner.partition("~")[0] if stored.owner else None,
            is_quarantined,
        )

    async def _nodes(self, call: Call[None, PageQuery]) -> NodeList:
        items = [self._node_item(), *map(_other_node_item, self._node.others())]
        page, next_cursor = page_of(items, lambda item: (0, item.name), call.query)
        return NodeList(tuple(page), next_cursor)

    async def _actors(self, call: Call[None, PageQuery]) -> ActorList:
        page, next_cursor = page_of(self._catalog.statistics(), lambda one: (0, one.workspace_id), call.query)
        items = (
            ActorItem(one.workspace_id, one.state, one.mailbox_messages, one.mailbox_bytes, one.epoch) for one in page
        )
        return ActorList(tuple(items), next_cursor)

    async def _release(self, call: Call[None, None]) -> None:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        if not await self._catalog.release(workspace_id):
            raise WorkspaceNotFound("This workspace is not quarantined")

    async def _storage(self, _call: Call[None, None]) -> StorageAnswer:
        counts = await self._admin.counts()
        return StorageAnswer(
            counts.users, counts.sessions, counts.workspaces, counts.notes, counts.entries, counts.store_bytes
        )

    async def _acts(self, call: Call[None, ActQueryParameters]) -> ActList:
        query = call.query
        key = decode_cursor(query.cursor, tuple[Milliseconds, UUID])
        found = await self._admin.acts(
            ActQuery(
                str(query.actor_id) if query.actor_id else None,
                query.action,
                (key[0], str(key[1])) if key else None,
                query.limit + 1,
            )
        )
        page = found[: query.limit]
        last = page[-1] if len(found) > query.limit else None
        return ActList(tuple(_act_item(act) for act in page), encode_cursor((last.at, last.id) if last else None))

    async def _health(self, _call: Call[None, None]) -> AdminHealthAnswer:
        failed, quarantined = await failed_checks(self._checks), tuple(sorted(self._catalog.quarantined))
        checks = {name: "failed" if name in failed else "ok" for name in self._checks}
        status = "degraded" if failed or quarantined else "ok"
        return AdminHealthAnswer(status, iso_time(self._now_ms()), checks, quarantined, self._node_item())  # type: ignore[arg-type]

    def _node_item(self) -> NodeItem:
        return NodeItem(
            self._node.name,
            self._node.url,
            iso_time(self._node.started_at),
            len(self._catalog.open_workspaces),
            self._catalog.is_draining,
            nvserver.__version__,
            len(self._catalog.quarantined),
            self._node.connections(),
            resident_bytes(),
            self._node.ownership(),
        )


def _other_node_item(info: NodeInfo) -> NodeItem:
    return NodeItem(info.name, info.url, iso_time(info.started_at), info.load, info.is_draining)


def _act_item(act: Act) -> ActItem:
    return ActItem(act.id, iso_time(act.at), act.actor_id, act.action, act.outcome, act.address, dict(act.details))
