"""A node whose store hangs, and nothing else: what others asked of it goes on with the next owner, at once."""

import random
from typing import Any

import trio

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.cluster.settings import NodeSettings
from nvserver.core.changes import Author
from nvserver.core.commands import UpdateWorkspace
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.sim_cluster import Network, NetworkRates, sim_member
from nvserver.workspace.log_writer import LogWriterSettings
from nvserver.workspace.messages import Accepted, Submit
from nvserver.workspace.settings import WorkspaceSettings

WORKSPACE = "00000000-0000-4000-8000-000000000001"


class HangingLog:
    """Answers nothing while `hangs`."""

    def __init__(self, oplog: MemoryOpLog) -> None:
        self.hangs = False
        self._oplog = oplog

    async def answers(self) -> None:
        if self.hangs:
            await trio.sleep_forever()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._oplog, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            await self.answers()
            return await method(*args, **kwargs)

        return call


async def test_nobody_waits_for_what_a_store_out_of_reach_will_not_answer(
    autojump_clock: trio.testing.MockClock, rng: random.Random
) -> None:
    oplog = MemoryOpLog(MemoryIndex())
    await WorkspaceService(oplog, lambda: 1_000, lambda: WORKSPACE).create("ada", "W", "", None, None, "private")
    network = Network(rng, NetworkRates(max_delay_seconds=0.001))
    settings = WorkspaceSettings(idle_seconds=1_000)
    node = NodeSettings(lease_seconds=1, link_seconds=1, rebalance_seconds=0)
    patient = LogWriterSettings(give_up_seconds=1_000)
    store: Any = HangingLog(oplog)
    async with (
        sim_member(
            store,
            network,
            "a",
            settings=settings,
            node_settings=node,
            writer_settings=patient,
            check_store=store.answers,
        ) as a,
        sim_member(oplog, network, "b", settings=settings, node_settings=node) as b,
    ):
        await trio.sleep(2)
        await a.cluster.router.find_here(WORKSPACE)
        store.hangs = True
        began = trio.current_time()
        answer = await b.cluster.router.call(
            WORKSPACE, Submit(Author("ada", "c", 1, b"hash"), UpdateWorkspace(name="New"))
        )
        assert isinstance(answer, Accepted) and not answer.is_duplicate
        assert trio.current_time() - began < 10
        assert list(b.catalog.open_workspaces) == [WORKSPACE]
