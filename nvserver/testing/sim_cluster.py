"""Nodes of a cluster in one process: the real routers, links, leases and actors; the bus and the directory fail as a
seeded generator decides."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import trio

from nvserver.actors.timer import Timer
from nvserver.adapters.memory.bus import MemoryHub
from nvserver.adapters.memory.chat import MemoryChatStore
from nvserver.adapters.memory.directory import MemoryDirectory
from nvserver.adapters.memory.quarantine import MemoryQuarantineStore
from nvserver.cluster.node import ClusterNode
from nvserver.cluster.settings import NodeSettings
from nvserver.cluster.store_watch import CheckStore
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.supervision import RestartIntensity
from nvserver.errors import Unavailable
from nvserver.ports.bus import OnDatagram
from nvserver.ports.oplog import OpLog
from nvserver.testing.sim_node import at_once, trio_ms
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.log_writer import LogWriter, LogWriterSettings
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.quarantine import Quarantine
from nvserver.workspace.settings import WorkspaceSettings
from nvserver.workspace.snapshotter import Snapshotter

_FRAME_BYTES: Final = 1_000
"""So small that answers go in parts and windows close."""


@dataclass(frozen=True, slots=True)
class NetworkRates:
    """Chances between 0 and 1."""

    lose: float = 0.0
    """Of a datagram to be lost."""
    fail: float = 0.0
    """Of a question to the directory to be refused."""
    forget: float = 0.0
    """Of an answer of the directory to be lost after the deed."""
    max_delay_seconds: float = 0.0


@dataclass(slots=True)
class Network:
    """What the nodes of a run share. `cut_off` are node ids that reach neither the directory nor other nodes."""

    chance: random.Random
    rates: NetworkRates
    hub: MemoryHub = field(default_factory=MemoryHub)
    directory: MemoryDirectory = field(default_factory=MemoryDirectory)
    cut_off: set[str] = field(default_factory=set)
    lost_datagrams: int = 0
    failed_questions: int = 0


class SimBus:
    """Fills the port `Bus`: datagrams are lost and delayed, but do not overtake each other, as with pub/sub."""

    def __init__(self, network: Network, timer: Timer) -> None:
        self._network = network
        self._timer = timer
        self._node_id = ""
        self._newest_at: dict[str, float] = {}

    async def listen(self, node_id: str, on_datagram: OnDatagram) -> None:
        """See `Bus.listen`."""
        await trio.lowlevel.checkpoint()
        self._node_id = node_id
        self._network.hub.listeners[node_id] = on_datagram

    def send(self, node_id: str | None, datagram: bytes) -> bool:
        """See `Bus.send`."""
        network = self._network
        for receiver in list(network.hub.listeners) if node_id is None else [node_id]:
            if network.chance.random() < network.rates.lose or network.cut_off & {receiver, self._node_id}:
                network.lost_datagrams += 1
            else:
                now = trio.current_time()
                at = max(
                    now + network.chance.random() ** 4 * network.rates.max_delay_seconds,
                    self._newest_at.get(receiver, now),
                )
                self._newest_at[receiver] = at
                self._timer.call_later(at - now, partial(self._deliver, receiver, datagram))
        return True

    def _deliver(self, node_id: str, datagram: bytes) -> None:
        listener = self._network.hub.listeners.get(node_id)
        if listener is not None:
            listener(datagram)


class SimDirectory:
    """Fills the port `Directory`, for one node."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.node_id = ""

    def __getattr__(self, name: str) -> Any:
        network = self._network
        method = getattr(network.directory, name)

        async def ask(*args: Any) -> Any:
            await trio.sleep(network.chance.random() * network.rates.max_delay_seconds)
            if self.node_id in network.cut_off or network.chance.random() < network.rates.fail:
                network.failed_questions += 1
                raise Unavailable("injected: no answer")
            answer: Mapping[str, str] | Sequence[str] | None = await method(*args)
            if network.chance.random() < network.rates.forget:
                network.failed_questions += 1
                raise Unavailable("injected: answer lost")
            return answer

        return ask


@dataclass(frozen=True, slots=True)
class SimMember:
    """One node. Cancelling `scope` kills it."""

    cluster: ClusterNode
    catalog: Catalog
    scope: trio.CancelScope


@asynccontextmanager
async def sim_member(
    oplog: OpLog,
    network: Network,
    name: str,
    *,
    settings: WorkspaceSettings,
    node_settings: NodeSettings,
    limits: WorkspaceLimits | None = None,
    writer_settings: LogWriterSettings | None = None,
    check_store: CheckStore | None = None,
    wire: int | None = None,
) -> AsyncIterator[SimMember]:
    """A node that is ready. Leaving it is a crash: nothing is flushed, nobody is told."""
    async with trio.open_nursery() as nursery:
        timer = Timer()
        writer = LogWriter(oplog, writer_settings or LogWriterSettings())
        snapshotter = Snapshotter(oplog, at_once)
        directory = SimDirectory(network)
        for service in (timer.run, writer.run, snapshotter.run):
            nursery.start_soon(service)
        cluster = ClusterNode(
            name,
            node_settings,
            [b"simulated" * 8],
            directory,
            SimBus(network, timer),
            timer,
            nursery,
            settings,
            new_token=lambda: f"{network.chance.getrandbits(64):016x}",
            frame_bytes=_FRAME_BYTES,
            wire=wire,
        )
        directory.node_id = cluster.node_id
        quarantine = Quarantine(MemoryQuarantineStore(), name, trio_ms, settings)
        await nursery.start(quarantine.run)
        parts = ActorParts(
            cluster.node_id,
            oplog,
            writer,
            snapshotter,
            timer,
            trio_ms,
            at_once,
            settings,
            limits or WorkspaceLimits(),
            MemoryChatStore(),
            lambda _: None,
            quarantine,
            cluster.keeper.is_held,
            cluster.on_farewell,
        )
        catalog = Catalog(nursery, parts, RestartIntensity(), cluster.on_end)
        cluster.wire(catalog)
        while True:
            try:
                await cluster.start("simulated", check_store)
            except Unavailable:
                continue
            break
        try:
            yield SimMember(cluster, catalog, nursery.cancel_scope)
        finally:
            network.hub.listeners.pop(cluster.node_id, None)
        nursery.cancel_scope.cancel()
