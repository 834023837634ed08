"""A node without a network: the real catalog, actors and log writer on any op log."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import trio

from nvserver.actors.timer import Timer
from nvserver.adapters.memory.chat import MemoryChatStore
from nvserver.adapters.memory.quarantine import MemoryQuarantineStore
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.supervision import RestartIntensity
from nvserver.ports.chat import ChatStore
from nvserver.ports.oplog import OpLog
from nvserver.ports.quarantine import QuarantineStore
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.log_writer import LogWriter, LogWriterSettings
from nvserver.workspace.notifying import Notify
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.quarantine import Quarantine
from nvserver.workspace.settings import WorkspaceSettings
from nvserver.workspace.snapshotter import Snapshotter

T = TypeVar("T")


def trio_ms() -> int:
    """The simulated wall clock."""
    return int(trio.current_time() * 1000)


async def at_once(function: Callable[..., T], *arguments: object) -> T:
    """An `Offload` without threads, which a simulated clock would not wait for."""
    return function(*arguments)


@asynccontextmanager
async def sim_node(
    oplog: OpLog,
    *,
    name: str = "node",
    settings: WorkspaceSettings | None = None,
    limits: WorkspaceLimits | None = None,
    writer_settings: LogWriterSettings | None = None,
    on_durable: Callable[[str], None] | None = None,
    chat: ChatStore | None = None,
    notify: Notify | None = None,
    quarantines: QuarantineStore | None = None,
) -> AsyncIterator[Catalog]:
    """The node's catalog. Leaving it is a crash: nothing is flushed."""
    async with trio.open_nursery() as nursery:
        timer = Timer()
        writer = LogWriter(oplog, writer_settings or LogWriterSettings(), on_durable)
        snapshotter = Snapshotter(oplog, at_once)
        settings = settings or WorkspaceSettings()
        quarantine = Quarantine(quarantines or MemoryQuarantineStore(), name, trio_ms, settings)
        parts = ActorParts(
            name,
            oplog,
            writer,
            snapshotter,
            timer,
            trio_ms,
            at_once,
            settings,
            limits or WorkspaceLimits(),
            chat or MemoryChatStore(),
            notify or (lambda _: None),
            quarantine,
        )
        for service in (timer.run, writer.run, snapshotter.run):
            nursery.start_soon(service)
        await nursery.start(quarantine.run)
        yield Catalog(nursery, parts, RestartIntensity())
        nursery.cancel_scope.cancel()
