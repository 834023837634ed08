"""Nodes of two versions that speak differently to each other share one cluster while it is updated: they do not speak
at all, and whatever one of them has it alone has, until it gives it away."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import msgspec
import pytest
import trio

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.cluster.remote import RemoteLink
from nvserver.cluster.router import OtherWire
from nvserver.cluster.settings import NodeSettings
from nvserver.cluster.wire import _Shapes, wire_version
from nvserver.core.changes import Author
from nvserver.core.commands import UpdateNote
from nvserver.core.principal import Principal
from nvserver.errors import NoteVaultError, WorkspaceMoved
from nvserver.testing.sim_cluster import Network, NetworkRates, SimMember, sim_member
from nvserver.testing.simulation import NOTE_ID, OWNER_ID, WORKSPACE_ID, found_workspace
from nvserver.workspace import messages as m
from nvserver.workspace.events import ChangesCommitted, WorkspaceEvent
from nvserver.workspace.session import Broadcast
from nvserver.workspace.settings import WorkspaceSettings

OLD, NEW = 1, 2
SETTINGS = NodeSettings(placement="here", rebalance_seconds=0)


@dataclass
class Person:
    """Fills `Session`."""

    id: str = "p"
    client_id: str = "c"
    principal: Principal = field(default_factory=lambda: Principal(OWNER_ID, "Ada", None, "s"))
    events: list[WorkspaceEvent] = field(default_factory=list)
    is_detached: bool = False

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        self.events.append(broadcast.event)

    def detached(self, workspace_id: str) -> None:
        self.is_detached = True

    @property
    def titles(self) -> list[object]:
        """Those it was told."""
        entries = [one for event in self.events if isinstance(event, ChangesCommitted) for one in event.entries]
        return [getattr(entry.change, "title", None) for entry in entries]


@dataclass
class Cluster:
    nodes: list[SimMember]
    oplog: MemoryOpLog

    async def epoch(self) -> int:
        """How often the workspace was opened, as the store knows."""
        return (await self.oplog.activate(WORKSPACE_ID, "asking")).epoch - 1

    def holders(self) -> list[int]:
        """Which nodes have it open, by their places."""
        return [place for place, node in enumerate(self.nodes) if node.catalog.get(WORKSPACE_ID) is not None]


@asynccontextmanager
async def a_cluster_of(*wires: int) -> AsyncIterator[Cluster]:
    oplog, network = MemoryOpLog(MemoryIndex()), Network(Random(1), NetworkRates())
    await found_workspace(oplog)
    async with AsyncExitStack() as stack:
        nodes = [
            await stack.enter_async_context(
                sim_member(
                    oplog,
                    network,
                    f"n{place}",
                    settings=WorkspaceSettings(idle_seconds=600),
                    node_settings=SETTINGS,
                    wire=wire,
                )
            )
            for place, wire in enumerate(wires)
        ]
        await trio.sleep(SETTINGS.lease_seconds)  # each has heard of each
        yield Cluster(nodes, oplog)


async def ask(node: SimMember) -> object:
    """What somebody hears who asks the node for the workspace."""
    try:
        return await node.cluster.router.call(WORKSPACE_ID, m.GetWorkspace(OWNER_ID))
    except NoteVaultError as error:
        return error


async def rename(node: SimMember, title: str) -> object:
    return await node.cluster.router.call(WORKSPACE_ID, m.Submit(Author(OWNER_ID), UpdateNote(NOTE_ID, title=title)))


async def enter(node: SimMember) -> Person:
    person = Person()
    await node.cluster.router.call(WORKSPACE_ID, m.Join(person))
    return person


async def test_a_workspace_stays_with_the_version_that_has_it(autojump_clock: trio.testing.MockClock) -> None:
    async with a_cluster_of(OLD, NEW, OLD) as cluster:
        old, new, other_old = cluster.nodes
        assert isinstance(await ask(old), m.WorkspaceView)
        assert isinstance(await ask(other_old), m.WorkspaceView)
        for _ in range(3):
            assert isinstance(await ask(new), OtherWire)
        assert cluster.holders() == [0]
        assert new.cluster.links.count == 0
        assert await cluster.epoch() == 1, "nobody took it away"


async def test_a_node_that_stops_gives_to_those_that_were_updated(autojump_clock: trio.testing.MockClock) -> None:
    """Who is on a node that was not hears nothing for so long, and misses nothing."""
    async with a_cluster_of(OLD, OLD, NEW) as cluster:
        first, second, new = cluster.nodes
        await ask(first)
        far = await enter(second)
        await rename(first, "before")
        await first.cluster.drain()
        assert isinstance(await rename(new, "meanwhile"), m.Accepted)
        assert cluster.holders() == [2]
        assert isinstance(await ask(second), OtherWire)
        assert far.titles == ["before"] and not far.is_detached
        await new.cluster.router.hand_over(WORKSPACE_ID, second.cluster.node_id)
        await rename(second, "after")
        assert far.titles == ["before", "meanwhile", "after"]
        assert cluster.holders() == [1]
        assert await cluster.epoch() == 3, "each owner had an epoch of its own"


async def test_one_that_dies_is_followed_by_one_of_any_version(autojump_clock: trio.testing.MockClock) -> None:
    async with a_cluster_of(OLD, NEW) as cluster:
        old, new = cluster.nodes
        await rename(old, "before")
        old.scope.cancel()
        await trio.sleep(2 * SETTINGS.lease_seconds)
        assert isinstance(await rename(new, "after"), m.Accepted)
        assert await cluster.epoch() == 2


@pytest.mark.parametrize("teller", [OLD, 0], ids=["another version", "one from before versions were told"])
async def test_a_link_that_another_version_opens_is_refused(
    autojump_clock: trio.testing.MockClock, teller: int
) -> None:
    async with a_cluster_of(teller, NEW) as cluster:
        old, new = cluster.nodes
        link = old.cluster.links.to(new.cluster.node_id, RemoteLink)
        assert isinstance(link, RemoteLink)
        replies: list[object] = []
        link.call_nowait(WORKSPACE_ID, m.GetWorkspace(OWNER_ID), replies.append)
        await trio.sleep(1)
        assert [type(reply) for reply in replies] == [WorkspaceMoved]
        assert not link.is_alive and new.cluster.links.count == 0
        assert cluster.holders() == [], "it was not so much as looked at"


def shape_of(kind: type) -> str:
    shapes = _Shapes()
    shapes.of(msgspec.inspect.type_info(kind))
    return str(list(shapes.structs.values()))


class Told(msgspec.Struct, tag=True, array_like=True):
    seq: int
    kind: str | int = "a"


def test_the_version_changes_with_the_shapes_and_only_with_them() -> None:
    assert wire_version() > 0
    was = shape_of(Told)
    same = msgspec.defstruct("Told", [("seq", int), ("kind", int | str, "b")], tag=True, array_like=True)
    more = msgspec.defstruct(
        "Told", [("seq", int), ("kind", int | str, "a"), ("at", int, 0)], tag=True, array_like=True
    )
    other = msgspec.defstruct("Told", [("seq", float), ("kind", int | str, "a")], tag=True, array_like=True)
    turned = msgspec.defstruct("Told", [("kind", int | str), ("seq", int)], tag=True, array_like=True)
    named = msgspec.defstruct("Told", [("seq", int), ("kind", int | str, "a")], tag="other", array_like=True)
    mapped = msgspec.defstruct("Told", [("seq", int), ("kind", int | str, "a")], tag=True)
    assert shape_of(same) == was
    shapes = [was, *map(shape_of, (more, other, turned, named, mapped))]
    assert len(set(shapes)) == 6
