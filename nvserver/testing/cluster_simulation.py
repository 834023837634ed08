"""One simulated run of a cluster: nodes are killed, cut off and handed workspaces, the directory forgets all, datagrams
are lost, while clients type; what must be true at the end is what `simulation.py` checks."""

import contextlib
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog.testing
import trio
import trio.testing
from trio._core import _run as trio_run

from nvserver.cluster.settings import NodeSettings
from nvserver.cluster.wire import wire_version
from nvserver.core.limits import WorkspaceLimits
from nvserver.errors import NoteVaultError, Unavailable
from nvserver.ports.oplog import OpLog
from nvserver.testing.faulty_oplog import CutOpLog, FaultRates, FaultyOpLog
from nvserver.testing.sim_checks import Violation, check_recovery, check_sequence, edits_of, read_entries
from nvserver.testing.sim_client import SimClient
from nvserver.testing.sim_cluster import Network, NetworkRates, SimMember, sim_member
from nvserver.testing.sim_line import LineCut, LineQuality, SimGateway, SimLine, sim_gateway
from nvserver.testing.sim_people import SimWriter
from nvserver.testing.simulation import (
    FIRST_CHARACTER,
    MEMBER_ID,
    NOTE_ID,
    OWNER_ID,
    REALTIME,
    WORKSPACE_ID,
    found_workspace,
)
from nvserver.workspace.log_writer import LogWriterSettings
from nvserver.workspace.messages import Message
from nvserver.workspace.router import WorkspaceRef, ask
from nvserver.workspace.settings import WorkspaceSettings

ELSEWHERE_ID = "00000000-0000-4000-8000-000000000003"
WORKSPACE_IDS = (WORKSPACE_ID, ELSEWHERE_ID)
_LIMIT_SECONDS = 600.0
_CALM_SECONDS = 10.0
"""Once nothing is broken any more, everybody has heard of everything by then, and not by some longer time limit."""
_LOOK_SECONDS = 0.2
_GONE_LOOKS = 150
"""Who has hung up is nowhere any more at the last of these."""
_STORE = FaultRates(fail=0.03, forget=0.05, max_delay_seconds=0.02)
_LINE = LineQuality()
_NETWORK = NetworkRates(lose=0.01, fail=0.02, forget=0.02, max_delay_seconds=0.01)


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """The size of a run and how much goes wrong in it; something happens every `fault_seconds` on average."""

    nodes: int = 3
    clients: int = 5
    edits: int = 40
    """Of each client."""
    writes: int = 4
    """By REST."""
    store: FaultRates = _STORE
    network: NetworkRates = _NETWORK
    cut_chance: float = 0.02
    max_pause_seconds: float = 0.3
    restless: float = 0.08
    """The chance of a client, at each of its steps, to do something beside typing."""
    fault_seconds: float = 2.0
    is_update: bool = False
    """Whether the nodes are of an old version that speaks otherwise, and each of the new one once it was killed."""


@dataclass(frozen=True, slots=True)
class ClusterOutcome:
    """What happened, counted."""

    entries: int = 0
    acknowledged: int = 0
    duplicates: int = 0
    client_cuts: int = 0
    visits: int = 0
    writes: int = 0
    kills: int = 0
    updates: int = 0
    isolations: int = 0
    store_cuts: int = 0
    forgettings: int = 0
    moves: int = 0
    takeovers: int = 0
    forwarded: int = 0
    lost_datagrams: int = 0
    failed_questions: int = 0
    broken_links: int = 0
    fenced_appends: int = 0

    def __add__(self, other: "ClusterOutcome") -> "ClusterOutcome":
        names = ClusterOutcome.__dataclass_fields__
        return ClusterOutcome(*(getattr(self, name) + getattr(other, name) for name in names))


def simulate_cluster(seed: int, oplog: OpLog, plan: ClusterPlan) -> ClusterOutcome:
    """Run once. Raises `Violation`, or what a node or a client raised, with the seed in a note."""
    trio_run._ALLOW_DETERMINISTIC_SCHEDULING = True  # type: ignore[misc]
    trio_run._r.seed(seed)
    try:
        with structlog.testing.capture_logs():
            return trio.run(_Run(seed, oplog, plan).run, clock=trio.testing.MockClock(autojump_threshold=0))
    except BaseException as error:
        error.add_note(f"cluster seed {seed}")
        raise


@dataclass(frozen=True, slots=True)
class _Life:
    """One life of a node, and its clients' way in."""

    member: SimMember
    gateway: SimGateway
    store: CutOpLog
    is_old: bool
    calls: set[trio.CancelScope] = field(default_factory=set)
    """Requests by REST that are under way, and end with it."""


class _SomeRouter:
    """A request by REST comes to whichever node lives."""

    def __init__(self, life: _Life | None, alive: list[_Life]) -> None:
        self._life = life
        self._alive = alive

    async def find(self, workspace_id: str) -> WorkspaceRef:
        """See `Router.find`."""
        if self._life is None or self._life not in self._alive:
            raise Unavailable("the node is dead")
        ref = await self._life.member.cluster.router.find(workspace_id)
        if self._life not in self._alive:
            raise Unavailable("the node has died")
        return ref

    async def call(self, workspace_id: str, message: Message) -> Any:
        """See `Router.call`; the node may die before it answers."""
        ref = await self.find(workspace_id)
        assert self._life is not None
        with trio.move_on_after(20) as scope:
            self._life.calls.add(scope)
            try:
                return await ask(ref, message, 20)
            finally:
                self._life.calls.discard(scope)
        raise Unavailable("no answer")


class _Run:
    def __init__(self, seed: int, oplog: OpLog, plan: ClusterPlan) -> None:
        self._plan = plan
        self._oplog = oplog
        self._chance = random.Random(seed)  # noqa: S311 - chance of a simulation
        self._store = FaultyOpLog(oplog, plan.store, self._chance)
        self._network = Network(self._chance, plan.network)
        self._alive: list[_Life] = []
        self._over = trio.Event()
        self._kills = self._updates = self._isolations = self._store_cuts = self._forgettings = self._moves = 0
        self._takeovers = self._forwarded = self._broken = 0

    async def run(self) -> ClusterOutcome:
        plan = self._plan
        for workspace_id in WORKSPACE_IDS:
            await found_workspace(self._oplog, workspace_id)
        fresh = (chr(FIRST_CHARACTER + i) for i in itertools.count())
        clients = [
            SimClient(
                *((OWNER_ID, MEMBER_ID)[i % 2], WORKSPACE_ID, NOTE_ID, self._connect, self._chance, fresh),
                *(plan.restless, ELSEWHERE_ID),
            )
            for i in range(plan.clients)
        ]
        writer = SimWriter(OWNER_ID, WORKSPACE_ID, NOTE_ID, self._some_router, self._chance, fresh)
        with trio.fail_after(_LIMIT_SECONDS):
            async with trio.open_nursery() as nursery:
                for number in range(plan.nodes):
                    await nursery.start(self._keep_a_node, f"node {number}")
                nursery.start_soon(self._make_trouble)
                async with trio.open_nursery() as typing:
                    for client in clients:
                        typing.start_soon(client.run, plan.edits, plan.cut_chance, plan.max_pause_seconds)
                    typing.start_soon(writer.run, plan.writes, plan.max_pause_seconds)
                newest = edits_of(await read_entries(self._oplog, WORKSPACE_ID))[-1].seq
                self._over.set()
                self._network.cut_off.clear()
                for life in list(self._alive):
                    life.store.is_cut = False
                    if life.is_old:
                        life.member.scope.cancel()
                with trio.fail_after(_CALM_SECONDS):
                    async with trio.open_nursery() as following:
                        for client in clients:
                            following.start_soon(client.follow, newest)
                for client in clients:
                    client.hang_up(is_noticed=True)
                await self._wait_until_nobody_is_there()
                for life in self._alive:
                    self._count(life)
                nursery.cancel_scope.cancel()
        entries = await read_entries(self._oplog, WORKSPACE_ID)
        text = check_sequence(entries, clients, writer)
        await check_recovery(self._oplog, WORKSPACE_ID, NOTE_ID, entries, text)
        counts = [client.counts for client in clients]
        return ClusterOutcome(
            len(entries),
            sum(len(client.acked) for client in clients),
            sum(one.duplicates for one in counts),
            sum(one.cuts for one in counts),
            sum(one.visits for one in counts),
            len(writer.puts),
            self._kills,
            self._updates,
            self._isolations,
            self._store_cuts,
            self._forgettings,
            self._moves,
            self._takeovers,
            self._forwarded,
            self._network.lost_datagrams,
            self._network.failed_questions,
            self._broken,
            self._store.counts.fenced,
        )

    async def _wait_until_nobody_is_there(self) -> None:
        """A workspace that nobody is in closes. Raises `Violation` when somebody is still taken to be in one."""
        for _ in range(_GONE_LOOKS):
            if not any(life.member.catalog.open_workspaces for life in self._alive):
                return
            await trio.sleep(_LOOK_SECONDS)
        raise Violation("somebody who is gone is still there")

    def _some_life(self) -> _Life | None:
        return self._chance.choice(self._alive) if self._alive else None

    def _some_router(self) -> _SomeRouter:
        return _SomeRouter(self._some_life(), self._alive)

    def _connect(self) -> SimLine:
        life = self._some_life()
        if life is None:
            raise LineCut
        return life.gateway.connect(_LINE)

    def _count(self, life: _Life) -> None:
        cluster = life.member.cluster
        self._takeovers += cluster.router.statistics.takeovers
        self._forwarded += cluster.router.statistics.forwarded
        self._broken += cluster.links.breaks

    async def _keep_a_node(self, name: str, *, task_status: trio.TaskStatus[None]) -> None:
        """Killed and started again, with a memory so small that it must often look things up."""
        is_first = True
        while True:
            is_old = is_first and self._plan.is_update
            await self._live(name, task_status.started if is_first else lambda: None, is_old)
            is_first = False
            self._kills += 1
            self._updates += is_old
            await trio.sleep(self._chance.random())

    async def _live(self, name: str, on_ready: Callable[[], None], is_old: bool) -> None:
        store: Any = CutOpLog(self._store)
        async with (
            sim_member(
                store,
                self._network,
                name,
                settings=WorkspaceSettings(snapshot_entries=20, idle_seconds=1.0, expect_seconds=0.5),
                node_settings=NodeSettings(lease_seconds=1.0, link_seconds=1.0, rebalance_seconds=0),
                limits=WorkspaceLimits(max_remembered_edits=4, max_remembered_requests=4),
                writer_settings=LogWriterSettings(give_up_seconds=0.3),
                check_store=store.answers,
                wire=wire_version() - is_old,
            ) as member,
            sim_gateway(member.cluster.router, REALTIME, self._chance) as gateway,
        ):
            life = _Life(member, gateway, store, is_old)
            self._alive.append(life)
            on_ready()
            try:
                await trio.sleep_forever()
            finally:
                self._alive.remove(life)
                self._count(life)
                for call in life.calls:
                    call.cancel()

    async def _make_trouble(self) -> None:
        while True:
            await trio.sleep(self._chance.random() * 2 * self._plan.fault_seconds)
            if self._over.is_set():
                return
            if len(self._alive) < 2:
                continue
            life = self._chance.choice(self._alive)
            member = life.member
            match self._chance.choice(("kill", "cut off", "cut off from the store", "forget", "move", "move")):
                case "kill":
                    member.scope.cancel()
                case "cut off":
                    self._isolations += 1
                    self._network.cut_off.add(member.cluster.node_id)
                    await trio.sleep(self._chance.random() * 4)
                    self._network.cut_off.discard(member.cluster.node_id)
                case "cut off from the store":
                    self._store_cuts += 1
                    life.store.is_cut = True
                    await trio.sleep(self._chance.random() * 6)
                    life.store.is_cut = False
                case "forget":
                    self._forgettings += 1
                    self._network.directory.forget_all()
                case _:
                    receiver = self._chance.choice(self._alive).member
                    moved = self._chance.choice(WORKSPACE_IDS)
                    with trio.move_on_after(5), contextlib.suppress(NoteVaultError):
                        await member.cluster.router.order_move(moved, receiver.cluster.node_id)
                        self._moves += 1
