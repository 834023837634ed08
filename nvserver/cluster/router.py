"""The `Router` of a node among others: finds the one owner of a workspace, or makes one, and moves workspaces."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
import trio

from nvserver.cluster.host import StartSoon
from nvserver.cluster.keeper import Keeper
from nvserver.cluster.links import Links
from nvserver.cluster.member import Member
from nvserver.cluster.remote import RemoteLink
from nvserver.core.placement import Policy
from nvserver.errors import NoteVaultError, NotFound, Unavailable, WorkspaceMoved
from nvserver.ports.directory import Directory
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.farewell import Farewell
from nvserver.workspace.messages import GetReach, Message
from nvserver.workspace.router import OnReply, WorkspaceRef, ask

log = structlog.get_logger()

_IDLE_SECONDS: Final = 60.0
_RETRY_SECONDS: Final = 0.1
_ENTRIES_SECONDS: Final = 60.0


class _There:
    """A workspace on another node, as a `WorkspaceRef`."""

    def __init__(self, link: RemoteLink, workspace_id: str) -> None:
        self._link = link
        self._id = workspace_id

    @property
    def is_alive(self) -> bool:
        return self._link.is_alive

    def call_nowait(self, message: Message, on_reply: OnReply | None = None) -> None:
        self._link.call_nowait(self._id, message, on_reply)


@dataclass(frozen=True, slots=True)
class Place:
    """Fills the protocol `Target`."""

    node_id: str
    url: str | None
    link: RemoteLink | None
    ref: WorkspaceRef


@dataclass(slots=True)
class ClusterStatistics:
    """What happened to this node's workspaces, counted; read by the metrics."""

    takeovers: int = 0
    """Workspaces taken from nodes that were dead."""
    moves_out: int = 0
    forwarded: int = 0
    """Times a workspace was found to be on another node."""


class ClusterRouter:
    """`find_here` is for other nodes: it never forwards again, so a message crosses at most one link."""

    def __init__(
        self,
        catalog: Catalog,
        directory: Directory,
        keeper: Keeper,
        links: Links,
        policy: Policy,
        start_soon: StartSoon,
        *,
        activation_seconds: float,
        call_seconds: float,
        max_bytes: int,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._keeper = keeper
        self._links = links
        self._policy = policy
        self._start_soon = start_soon
        self._activation_seconds = activation_seconds
        self._call_seconds = call_seconds
        self._max_bytes = max_bytes
        self._members: dict[str, Member] = {}
        self._locks: dict[str, trio.Lock] = {}
        self._is_draining = False
        self._is_unsure = trio.Event()
        self.has_stepped_back = False
        self.statistics = ClusterStatistics()

    # --- Router --------------------------------------------------------------------------------------------------

    async def find(self, workspace_id: str) -> Member:
        """See `Router.find`."""
        member = self._members.get(workspace_id)
        if member is None or not member.is_alive:
            member = self._members[workspace_id] = Member(
                workspace_id, self._resolve, self._start_soon, self._max_bytes
            )
            member.seek()
        await member.settled.wait()
        if member.error is not None:
            if self._members.get(workspace_id) is member:
                del self._members[workspace_id]
            raise member.error
        return member

    async def call(self, workspace_id: str, message: Message) -> Any:
        """See `Router.call`."""
        return await ask(await self.find(workspace_id), message, self._call_seconds)

    async def reach(self, workspace_id: str) -> int | None:
        """From which seq on those who are in the workspace, on any node, may still need its entries; None when it is
        open nowhere. Raises `Unavailable` when that cannot be said."""
        if self._catalog.get(workspace_id) is None:
            owner = await self._directory.look_up(workspace_id)
            if owner is None or not self._keeper.is_alive(owner):
                return None
        reach: int = await self.call(workspace_id, GetReach())
        return reach

    # --- finding the owner ---------------------------------------------------------------------------------------

    async def find_here(self, workspace_id: str) -> WorkspaceRef:
        """The workspace's actor on this node, taken over if nobody alive has it. Raises `WorkspaceMoved` when another
        node has it, and as `Catalog.find` does."""
        place = await self._within_time(workspace_id, is_wanted_here=True)
        if place.link is not None:
            raise WorkspaceMoved(is_untouched=True)
        return place.ref

    async def _resolve(self, workspace_id: str) -> Place:
        return await self._within_time(workspace_id, is_wanted_here=False)

    async def _within_time(self, workspace_id: str, *, is_wanted_here: bool) -> Place:
        place: Place | None = None
        trouble: NoteVaultError | None = None
        with trio.move_on_after(self._activation_seconds):
            while place is None:
                try:
                    place = await self._try(workspace_id, is_wanted_here=is_wanted_here)
                    trouble = None
                except Unavailable as error:
                    if not isinstance(error, DirectoryDown):
                        raise
                    trouble = error
                if place is None:
                    beaten = self._keeper.beaten
                    with trio.move_on_after(_RETRY_SECONDS):
                        await beaten.wait()
        if place is not None:
            return place
        raise trouble or Unavailable("The workspace takes too long to open; try again")

    async def _try(self, workspace_id: str, *, is_wanted_here: bool) -> Place | None:
        """One look; None to look again in a moment."""
        slot = self._catalog.get(workspace_id)
        if slot is not None and slot.is_alive:
            return self._here(slot)
        async with self._lock(workspace_id):
            owner = await self._look_up(workspace_id)
            me = self._keeper.node_id
            if owner is not None and owner != me and self._keeper.is_alive(owner):
                return self._there(owner, workspace_id)
            if owner == me and self.has_stepped_back:
                await self._let_go(workspace_id)
                owner = None
            if owner == me:
                return self._here(await self._catalog.find(workspace_id))
            if not self._keeper.may_place or (owner is not None and not self._keeper.is_dead(owner)):
                return None
            if self._is_draining or self.has_stepped_back:
                candidates = [one for one in self._keeper.candidates() if one.node_id != me]
                if is_wanted_here or (self._is_draining and not candidates):
                    raise WorkspaceMoved("This node takes no workspaces now", is_untouched=True)
                if not candidates:
                    return None
            else:
                candidates = list(self._keeper.candidates())
            chosen = me if is_wanted_here else self._policy(workspace_id, candidates, me).node_id
            if chosen != me:
                self._keeper.placed(chosen)
                return self._there(chosen, workspace_id)
            winner = await self._claim(workspace_id, me, owner)
            if winner != me:
                return self._there(winner, workspace_id) if self._keeper.is_alive(winner) else None
            if owner is not None:
                self.statistics.takeovers += 1
                log.warning("workspace taken over", workspace=workspace_id, node=me, former=owner)
            return self._here(await self._catalog.find(workspace_id))

    def _here(self, ref: WorkspaceRef) -> Place:
        return Place(self._keeper.node_id, None, None, ref)

    def _there(self, node_id: str, workspace_id: str) -> Place:
        if self._keeper.is_foreign(node_id):
            raise OtherWire
        self.statistics.forwarded += 1
        link = self._links.to(node_id, RemoteLink)
        assert isinstance(link, RemoteLink)
        info = self._keeper.nodes.get(node_id)
        return Place(node_id, info.url if info is not None else None, link, _There(link, workspace_id))

    async def _look_up(self, workspace_id: str) -> str | None:
        try:
            return await self._directory.look_up(workspace_id)
        except Unavailable as error:
            raise DirectoryDown(error.message) from error

    async def _let_go(self, workspace_id: str) -> None:
        try:
            await self._directory.release(self._keeper.node_id, [workspace_id])
        except Unavailable as error:
            raise DirectoryDown(error.message) from error

    async def _claim(self, workspace_id: str, node_id: str, previous: str | None) -> str:
        try:
            return (await self._directory.claim(node_id, {workspace_id: previous}))[workspace_id]
        except Unavailable as error:
            raise DirectoryDown(error.message) from error

    @asynccontextmanager
    async def _lock(self, workspace_id: str) -> AsyncIterator[None]:
        """What changes who has the workspace happens one after the other on this node."""
        lock = self._locks.setdefault(workspace_id, trio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked() and self._locks.get(workspace_id) is lock:
                del self._locks[workspace_id]

    # --- what this node has --------------------------------------------------------------------------------------

    def on_farewell(self, workspace_id: str, farewell: Farewell) -> None:
        """An actor of this node has ended: those who are in the workspace go on with the next one."""
        if (member := self._members.get(workspace_id)) is not None:
            member.lost_here(farewell)

    def on_end(self, workspace_id: str) -> None:
        """The catalog has closed the workspace for good."""
        self._start_soon(self._release, workspace_id)

    async def _release(self, workspace_id: str) -> None:
        async with self._lock(workspace_id):
            if self._catalog.get(workspace_id) is None:
                try:
                    await self._directory.release(self._keeper.node_id, [workspace_id])
                except Unavailable:
                    log.info("entry not released", workspace=workspace_id)  # it names a node that will be dead one day

    def reclaim_soon(self) -> None:
        """The directory may have forgotten what this node has."""
        self._is_unsure.set()

    async def _keep_entries(self) -> None:
        """Put this node down again for what it has, now and then, and whenever the directory may have forgotten it; and
        let go of what others took. Nothing else would tell: a workspace in which nobody writes meets no fence."""
        while True:
            with trio.move_on_after(_ENTRIES_SECONDS):
                await self._is_unsure.wait()
            self._is_unsure = trio.Event()
            beaten = self._keeper.beaten
            try:
                await self._reclaim()
            except Unavailable:
                self._is_unsure.set()
                await beaten.wait()

    async def _reclaim(self) -> None:
        me = self._keeper.node_id
        winners = await self._directory.claim(me, dict.fromkeys(self._catalog.open_workspaces))
        for workspace_id, winner in winners.items():
            if winner != me:
                log.warning("workspace given up", workspace=workspace_id, node=me, owner=winner)
                if (slot := self._catalog.get(workspace_id)) is not None:
                    slot.close()

    async def hand_over(self, workspace_id: str, node: str) -> None:
        """Move a workspace of this node to another (its id or its name), sockets kept open. Raises `NotFound` for a
        node that is not alive, `WorkspaceMoved` when this node does not have it."""
        nodes = self._keeper.nodes
        receiver = next((node_id for node_id, info in nodes.items() if node in (node_id, info.name)), None)
        if receiver is None:
            raise NotFound(f"There is no node {node}; there are {', '.join(info.name for info in nodes.values())}")
        me = self._keeper.node_id
        if receiver == me:
            return
        began = trio.current_time()
        async with self._lock(workspace_id):
            if self._catalog.get(workspace_id) is None:
                raise WorkspaceMoved("This node does not have the workspace", is_untouched=True)
            log.info("handing over", workspace=workspace_id, node=me, to=receiver)
            await self._catalog.close(workspace_id)
            winner = await self._claim(workspace_id, receiver, me)
            self.statistics.moves_out += 1
        log.info(
            "handed over", workspace=workspace_id, node=me, to=winner, seconds=round(trio.current_time() - began, 4)
        )

    async def order_move(self, workspace_id: str, node: str) -> None:
        """Have the workspace moved to the node, wherever it is. Raises as `hand_over`, and `Unavailable`."""
        member = await self.find(workspace_id)
        with trio.move_on_after(self._call_seconds):
            owner = member.owner_id
            if owner is None or owner == self._keeper.node_id:
                await self.hand_over(workspace_id, node)
            else:
                link = self._links.to(owner, RemoteLink)
                assert isinstance(link, RemoteLink)
                await link.order(workspace_id, node)
            return
        raise Unavailable("The move takes too long; see the logs of the nodes")

    async def step_back(self) -> None:
        """The store does not answer this node: it has no workspaces until `come_back`, others may take them at once.
        What it still tries to append is refused when they have."""
        self.has_stepped_back = True
        mine = list(self._catalog.open_workspaces)
        try:
            await self._directory.release(self._keeper.node_id, mine)
        except Unavailable:
            log.info("entries not released", workspaces=len(mine))  # each is when somebody asks this node for it
        for workspace_id in mine:
            if (slot := self._catalog.get(workspace_id)) is not None:
                slot.close()

    def come_back(self) -> None:
        """The store answers again."""
        self.has_stepped_back = False

    async def drain(self) -> None:
        """Hand everything over to the others, evenly; what nobody takes is closed by the catalog. The caller sets the
        deadline."""
        self._is_draining = True
        loads = {one.node_id: one.load for one in self._keeper.heirs()}
        if not loads:
            return
        limiter = trio.CapacityLimiter(8)

        async def give(workspace_id: str, receiver: str) -> None:
            async with limiter:
                try:
                    await self.hand_over(workspace_id, receiver)
                except NoteVaultError as error:
                    log.warning("not handed over", workspace=workspace_id, error=error.message)

        async with trio.open_nursery() as nursery:
            for workspace_id in list(self._catalog.open_workspaces):
                receiver = min(loads, key=lambda node_id: loads[node_id])
                loads[receiver] += 1
                nursery.start_soon(give, workspace_id, receiver)

    async def run(self) -> None:
        """Until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._keep_entries)
            nursery.start_soon(self._forget_members)

    async def _forget_members(self) -> None:
        """Those that nobody uses."""
        while True:
            await trio.sleep(_IDLE_SECONDS / 4)
            unused = trio.current_time() - _IDLE_SECONDS
            for workspace_id, member in list(self._members.items()):
                if member.is_idle and member.used_at < unused:
                    member.retire()
                    del self._members[workspace_id]


class OtherWire(Unavailable):
    """The workspace's node was updated and this one was not, or the other way round."""

    default_message = "The workspace is on a node of another version, until this one is updated too; try again"


class DirectoryDown(Unavailable):
    """The directory does not answer: what is not placed cannot be placed now."""

    default_message = "The directory of workspaces does not answer; try again"
