"""What an append costs: wall and CPU time of this process, for batches of several sizes, on each store.

    python -m bench.store [--seconds 2] [--folder .] [memory sqlite postgres]

PostgreSQL is the tests' own server with fsync off: its wall time is without the disk; its CPU time is its own
and not counted. SQLite's file lies in `--folder`: name the disk that is to be measured. `hop` is what the way to the
writing thread and back costs, beside the way that trio offers.
"""

import argparse
import random
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import trio
import trio_asyncio

from nvserver.adapters import postgres, sqlite
from nvserver.adapters.memory import open_memory
from nvserver.adapters.sqlite.connection import open_writer
from nvserver.adapters.sqlite.writer import Writer
from nvserver.core.changes import LoggedEntry
from nvserver.ports.oplog import Activation, Append, AppendOutcome
from nvserver.ports.store import Store
from tests.support.postgres import running_postgres

WORKSPACES = 50
BATCHES = (1, 10, 100, 1000)
BODY = b'{"kind":"note.edited","noteId":"00000000-0000-4000-8000-000000000000","op":[1234,"hello"]}'


def new_id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128)))


class Load:
    """Batches of edits by 8 clients in each of 50 workspaces, in the order of their turns."""

    def __init__(self, rng: random.Random) -> None:
        self.workspaces = [new_id(rng) for _ in range(WORKSPACES)]
        self._clients = {one: [(new_id(rng), new_id(rng), new_id(rng)) for _ in range(8)] for one in self.workspaces}
        self._activations: dict[str, Activation] = {}
        self._turn = 0

    async def start(self, store: Store) -> None:
        for workspace_id in self.workspaces:
            first = LoggedEntry(1, 0, self._clients[workspace_id][0][0], None, None, None, None, BODY)
            await store.oplog.create(workspace_id, [first], [])
            self._activations[workspace_id] = await store.oplog.activate(workspace_id, "bench")

    def batch(self, entries: int) -> list[Append]:
        """The next batch, of as many workspaces as may be."""
        chosen = min(entries, WORKSPACES)
        return [self._append(entries // chosen) for _ in range(chosen)]

    def _append(self, entries: int) -> Append:
        workspace_id = self.workspaces[self._turn % WORKSPACES]
        self._turn += 1
        activation = self._activations[workspace_id]
        made = []
        for seq in range(activation.head + 1, activation.head + 1 + entries):
            user_id, client_id, note_id = self._clients[workspace_id][seq % 8]
            made.append(LoggedEntry(seq, 0, user_id, client_id, seq, b"0123456789abcdef", note_id, BODY))
        self._activations[workspace_id] = Activation(workspace_id, activation.epoch, seq)
        return Append(workspace_id, activation.epoch, tuple(made))


async def measure_appends(name: str, store: Store, seconds: float) -> None:
    load = Load(random.Random(1))
    await load.start(store)
    print(f"{name:10}{'batch':>8}{'wall µs/batch':>16}{'p99':>9}{'wall µs/entry':>16}{'CPU µs/entry':>15}")
    for size in BATCHES:
        walls, cpu = [], 0.0
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            batch = load.batch(size)
            wall_before, cpu_before = time.perf_counter(), time.process_time()
            outcomes = await store.oplog.append(batch)
            cpu += time.process_time() - cpu_before
            walls.append(time.perf_counter() - wall_before)
            assert all(outcome is AppendOutcome.DURABLE for outcome in outcomes)
        mean, p99 = sum(walls) / len(walls) * 1e6, sorted(walls)[int(len(walls) * 0.99)] * 1e6
        cpu_each = cpu / len(walls) / size * 1e6
        print(f"{'':10}{size:8}{mean:16.0f}{p99:9.0f}{mean / size:16.1f}{cpu_each:15.1f}")


async def measure_hop(path: Path) -> None:
    settings = sqlite.SqliteSettings()
    writer = Writer(
        lambda: open_writer(path, settings),
        on_written=lambda: None,
        max_waiting=10,
        deadline_seconds=10,
    )

    async def by_thread_of_ours() -> None:
        await writer.run(lambda _connection: None)

    async def by_worker_thread() -> None:
        await trio.to_thread.run_sync(lambda: None)

    ways: dict[str, Callable[[], Awaitable[None]]] = {
        "own thread, empty transaction": by_thread_of_ours,
        "trio.to_thread, nothing": by_worker_thread,
    }
    for name, hop in ways.items():
        rounds = 3_000
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(rounds):
            await hop()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"hop       {name:32}{wall / rounds * 1e6:8.0f} µs wall{cpu / rounds * 1e6:8.0f} µs CPU")
    writer.stop()
    await trio.to_thread.run_sync(writer.join)


@asynccontextmanager
async def opened(name: str, folder: Path) -> AsyncIterator[Store]:
    if name == "memory":
        async with open_memory() as store:
            yield store
    elif name == "sqlite":
        async with sqlite.open_sqlite(folder / "store") as store:
            await measure_hop(folder / "store")
            yield store
    else:
        with running_postgres() as server, server.fresh_database() as url:
            async with trio_asyncio.open_loop():
                await postgres.migrate(url)
                async with postgres.open_postgres(url) as store:
                    yield store


async def main(names: list[str], seconds: float, folder: Path) -> None:
    for name in names:
        with tempfile.TemporaryDirectory(dir=folder) as inner:
            async with opened(name, Path(inner)) as store:
                await measure_appends(name, store, seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("stores", nargs="*", default=["memory", "sqlite", "postgres"])
    arguments = parser.parse_args()
    trio.run(main, arguments.stores, arguments.seconds, arguments.folder)
