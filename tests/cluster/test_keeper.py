"""Workspaces that are opened faster than nodes tell of their loads are still spread over all, and who was replaced
hears of it, whatever answers were lost."""

import itertools
import random

import trio

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.cluster.settings import NodeSettings
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.sim_cluster import Network, NetworkRates, sim_member
from nvserver.workspace.messages import GetWorkspace
from nvserver.workspace.settings import WorkspaceSettings

WORKSPACES = 90
WORKSPACE = "00000000-0000-4000-8000-000000000001"


async def test_a_burst_of_openings_is_spread(autojump_clock: trio.testing.MockClock, rng: random.Random) -> None:
    oplog = MemoryOpLog(MemoryIndex())
    ids = itertools.count(1)
    service = WorkspaceService(oplog, lambda: 1_000, lambda: f"00000000-0000-4000-8000-{next(ids):012}")
    network = Network(rng, NetworkRates(max_delay_seconds=0.001))

    settings = WorkspaceSettings(idle_seconds=1_000)
    node = NodeSettings(lease_seconds=60, link_seconds=60, rebalance_seconds=0)
    async with (
        sim_member(oplog, network, "a", settings=settings, node_settings=node) as a,
        sim_member(oplog, network, "b", settings=settings, node_settings=node) as b,
        sim_member(oplog, network, "c", settings=settings, node_settings=node) as c,
    ):
        await trio.sleep(61)  # everybody has been seen
        began = trio.current_time()
        for number in range(WORKSPACES):
            made = await service.create("ada", f"W{number}", "", None, None, "private")
            await a.cluster.router.call(made.info.id, GetWorkspace("ada"))
        assert trio.current_time() - began < 20, "within one beat"
        loads = [len(one.catalog.open_workspaces) for one in (a, b, c)]
    assert sum(loads) == WORKSPACES
    assert max(loads) <= WORKSPACES / 3 * 1.1 + 1, loads


async def test_who_was_replaced_while_answers_were_lost_lets_go(
    autojump_clock: trio.testing.MockClock, rng: random.Random
) -> None:
    """Nobody writes, so no fence tells; those who only read on the former owner's node would see an old text."""
    oplog = MemoryOpLog(MemoryIndex())
    made = await WorkspaceService(oplog, lambda: 1_000, lambda: WORKSPACE).create("ada", "W", "", None, None, "private")
    network = Network(rng, NetworkRates(max_delay_seconds=0.001))
    settings = WorkspaceSettings(idle_seconds=1_000)
    node = NodeSettings(lease_seconds=1, link_seconds=1, rebalance_seconds=0)
    async with (
        sim_member(oplog, network, "a", settings=settings, node_settings=node) as a,
        sim_member(oplog, network, "b", settings=settings, node_settings=node) as b,
    ):
        await trio.sleep(2)
        await a.cluster.router.find_here(made.info.id)
        network.cut_off.add(a.cluster.node_id)
        await trio.sleep(2)
        await b.cluster.router.find_here(made.info.id)
        network.cut_off.clear()
        network.rates = NetworkRates(
            forget=1.0
        )  # the directory hears of the lease and of the claim; nobody hears of it
        await trio.sleep(2)
        assert list(a.catalog.open_workspaces), "the proof would be of nothing"
        network.rates = NetworkRates(max_delay_seconds=0.001)
        await trio.sleep(2)
        assert not list(a.catalog.open_workspaces)
        assert list(b.catalog.open_workspaces)
