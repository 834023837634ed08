"""What is SQLite's own: several processes on one file, trouble with the disk, and waiting that ends."""

import random
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
import trio
import trio.testing

from nvserver.adapters.sqlite import SqliteSettings, open_sqlite
from nvserver.adapters.sqlite.connection import open_writer
from nvserver.adapters.sqlite.wal_upkeep import WalUpkeep
from nvserver.errors import Unavailable
from nvserver.ports.oplog import Activation, NoteIndexed, Snapshot
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_of, append_one, entry, new_id, new_workspace

APPENDING_PROGRAM = """
import random, sys, trio
from pathlib import Path
from nvserver.adapters.sqlite import open_sqlite
from nvserver.ports.oplog import Activation, AppendOutcome
from tests.contract.values import append_of, entry

async def main(path, workspace_id, seed):
    rng = random.Random(seed)
    async with open_sqlite(Path(path)) as store:
        activation = await store.oplog.activate(workspace_id, "other-process")
        head = activation.head
        while True:
            entries = [entry(rng, head + 1), entry(rng, head + 2)]
            (outcome,) = await store.oplog.append([append_of(activation, entries)])
            if outcome is not AppendOutcome.DURABLE:
                print("fenced", flush=True)
                return
            head += 2
            print(head, flush=True)

trio.run(main, *sys.argv[1:])
"""


@contextmanager
def held_write_lock(path: Path) -> Iterator[None]:
    """Another program in the middle of a transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


@contextmanager
def files_no_larger_than(size_bytes: int) -> Iterator[None]:
    """No file of this process may grow beyond `size_bytes`: writing further fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def largest_file(folder: Path) -> int:
    return max(file.stat().st_size for file in folder.iterdir())


async def start_appending_process(
    nursery: trio.Nursery, path: Path, workspace_id: str, rng: random.Random
) -> trio.Process:
    command = [sys.executable, "-c", APPENDING_PROGRAM, str(path), workspace_id, str(rng.random())]
    root = Path(__file__).parents[2]
    return await nursery.start(
        partial(trio.run_process, command, stdout=subprocess.PIPE, cwd=root, check=False)  # type: ignore[arg-type]
    )


class Lines:
    """The lines that a process prints."""

    def __init__(self, process: trio.Process) -> None:
        assert process.stdout is not None
        self._stream = process.stdout
        self._buffer = b""

    async def next(self) -> str:
        while b"\n" not in self._buffer:
            chunk = await self._stream.receive_some()
            if not chunk:
                return ""
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()


async def test_an_activation_fences_another_process(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path) as store, trio.open_nursery() as nursery:
        workspace_id, _ = await new_workspace(rng, store)
        with trio.fail_after(60):
            lines = Lines(await start_appending_process(nursery, path, workspace_id, rng))
            promised = [int(await lines.next()) for _ in range(5)]
            activation = await store.oplog.activate(workspace_id, "node-a")
            while (line := await lines.next()) != "fenced":
                promised.append(int(line))
        assert activation.head == promised[-1]
        assert await append_one(rng, store, activation) is DURABLE
        stored = await store.oplog.read(workspace_id, 0)
        assert [one.seq for one in stored] == list(range(1, promised[-1] + 2))


async def test_what_was_told_durable_survives_kill_9(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path) as store:
        workspace_id, _ = await new_workspace(rng, store)
    for _ in range(3):
        async with trio.open_nursery() as nursery:
            with trio.fail_after(60):
                process = await start_appending_process(nursery, path, workspace_id, rng)
                lines = Lines(process)
                promised = [int(await lines.next()) for _ in range(rng.randrange(2, 30))]
                process.send_signal(signal.SIGKILL)
                while line := await lines.next():
                    promised.append(int(line))
        async with open_sqlite(path) as store:
            stored = await store.oplog.read(workspace_id, 0)
            assert [one.seq for one in stored] == list(range(1, len(stored) + 1))
            assert len(stored) >= promised[-1]
            assert (await store.oplog.activate(workspace_id, "node-a")).head == len(stored)


async def test_a_full_disk_is_unavailable_and_leaves_nothing_half_done(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path) as store:
        ids = [(await new_workspace(rng, store))[0] for _ in range(2)]
        activations = [await store.oplog.activate(workspace_id, "node-a") for workspace_id in ids]
        notes = [new_id(rng), new_id(rng)]
        batch = [
            append_of(activation, [entry(rng, seq) for seq in range(2, 4_000)], NoteIndexed(note))
            for activation, note in zip(activations, notes, strict=True)
        ]
        size = largest_file(tmp_path)
        for spare_bytes in (0, 4_096, 50_000):
            with files_no_larger_than(size + spare_bytes), pytest.raises(Unavailable):
                await store.oplog.append(batch)
            for workspace_id, note in zip(ids, notes, strict=True):
                assert len(await store.oplog.read(workspace_id, 0)) == 1
                assert await store.index.workspace_of_note(note) is None
        assert list(await store.oplog.append(batch)) == [DURABLE, DURABLE]
        assert [len(await store.oplog.read(workspace_id, 0)) for workspace_id in ids] == [3_999, 3_999]


async def test_a_lock_that_stays_is_unavailable_until_it_goes(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path, SqliteSettings(busy_seconds=0.05)) as store:
        workspace_id, first = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        with held_write_lock(path):
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await append_one(rng, store, activation)
            assert list(await store.oplog.read(workspace_id, 0)) == [first]
        assert await append_one(rng, store, activation) is DURABLE


async def test_a_caller_whose_deadline_passes_leaves_and_what_was_not_begun_is_never_done(
    tmp_path: Path, rng: random.Random
) -> None:
    path = tmp_path / "store"
    impatient_settings = SqliteSettings(busy_seconds=60, deadline_seconds=0.3)
    async with open_sqlite(path) as store:
        ids = [(await new_workspace(rng, store))[0] for _ in range(3)]
        activations = [await store.oplog.activate(workspace_id, "node-a") for workspace_id in ids]
        async with open_sqlite(path, impatient_settings) as impatient:

            async def append(activation: Activation) -> None:
                with pytest.raises(Unavailable):
                    await append_one(rng, impatient, activation)

            with held_write_lock(path):
                async with trio.open_nursery() as nursery:
                    for activation in activations:
                        nursery.start_soon(append, activation)
                        await trio.testing.wait_all_tasks_blocked()
            await until_idle(impatient, ids[0])
        # The first was on the thread, its outcome unknown; the others still waited.
        counts = [len(await store.oplog.read(workspace_id, 0)) for workspace_id in ids]
        assert counts in ([1, 1, 1], [2, 1, 1])
        outcomes = [await append_one(rng, store, activation) for activation in activations]
        assert outcomes == [DURABLE if count == 1 else FENCED for count in counts]


async def until_idle(store: Store, workspace_id: str) -> None:
    """Until the thread has come through all that was given up: what is asked last is done last."""
    any_work = Snapshot(workspace_id, 1, b"0" * 16, b"{}")
    with trio.fail_after(60):
        while True:
            try:
                return await store.oplog.save_snapshot(any_work)
            except Unavailable:
                continue


async def activated_heads(store: Store, ids: list[str]) -> list[int]:
    """The heads after new activations; asks again while the thread is still busy with what was given up."""
    heads: list[int] = []
    with trio.fail_after(60):
        while len(heads) < len(ids):
            try:
                heads.append((await store.oplog.activate(ids[len(heads)], "node-b")).head)
            except Unavailable:
                continue
    return heads


async def test_a_cancelled_caller_leaves_at_once_and_the_store_goes_on(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path, SqliteSettings(busy_seconds=60, deadline_seconds=60)) as store:
        workspace_id, _ = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        with held_write_lock(path):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(append_one, rng, store, activation)
                await trio.testing.wait_all_tasks_blocked()
                nursery.cancel_scope.cancel()
        newer = await store.oplog.activate(workspace_id, "node-b")
        assert len(await store.oplog.read(workspace_id, 0)) == newer.head
        assert await append_one(rng, store, newer) is DURABLE


async def test_more_callers_than_may_wait_are_refused_at_once(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path, SqliteSettings(max_waiting=2, busy_seconds=60, deadline_seconds=60)) as store:
        ids = [(await new_workspace(rng, store))[0] for _ in range(3)]
        activations = [await store.oplog.activate(workspace_id, "node-a") for workspace_id in ids]
        with trio.fail_after(60):
            async with trio.open_nursery() as nursery:
                with held_write_lock(path):
                    for activation in activations[:2]:
                        nursery.start_soon(append_one, rng, store, activation)
                    await trio.testing.wait_all_tasks_blocked()
                    with pytest.raises(Unavailable):
                        await append_one(rng, store, activations[2])
        assert [len(await store.oplog.read(workspace_id, 0)) for workspace_id in ids] == [2, 2, 1]
        assert await append_one(rng, store, activations[2]) is DURABLE


async def test_callers_that_gave_up_do_not_make_room_before_the_thread_has_passed_them(
    tmp_path: Path, rng: random.Random
) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path, SqliteSettings(max_waiting=2, busy_seconds=60, deadline_seconds=60)) as store:
        workspace_id, _ = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        with held_write_lock(path):
            async with trio.open_nursery() as nursery:
                for _ in range(2):
                    nursery.start_soon(append_one, rng, store, activation)
                await trio.testing.wait_all_tasks_blocked()
                nursery.cancel_scope.cancel()
            with pytest.raises(Unavailable):
                await append_one(rng, store, activation)
        heads = await activated_heads(store, [workspace_id])
        assert heads == [len(await store.oplog.read(workspace_id, 0))]


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "store"
    path.write_bytes(b"this is not a database, but it is long enough to look like one" * 100)
    with pytest.raises(Unavailable):
        async with open_sqlite(path):
            pass
    assert path.read_bytes().startswith(b"this is not")


def modes_of_files(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "store"
    async with open_sqlite(path):
        assert modes_of_files(path.parent) == {0o600}


async def test_after_closing_the_file_is_alone_and_no_thread_is_left(tmp_path: Path, rng: random.Random) -> None:
    before = {thread for thread in threading.enumerate() if thread.name.startswith("sqlite")}
    async with open_sqlite(tmp_path / "store") as store:
        await new_workspace(rng, store)
    assert {thread for thread in threading.enumerate() if thread.name.startswith("sqlite")} == before
    assert names_in(tmp_path) == ["store"]
    with pytest.raises(Unavailable):
        await new_workspace(rng, store)
    with pytest.raises(Unavailable):
        await store.oplog.read(new_id(rng), 0)


async def test_an_error_of_the_user_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        async with open_sqlite(tmp_path / "store"):
            raise KeyError("the user's own")


def test_a_commit_is_synced(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "store", SqliteSettings())) as writer:
        modes = [writer.execute(f"PRAGMA {name}").fetchone() for name in ("journal_mode", "synchronous")]
    assert modes == [("wal",), (2,)]  # 2 is FULL


def test_upkeep_copies_the_log_into_the_file(tmp_path: Path) -> None:
    path, settings = tmp_path / "store", SqliteSettings(wal_bytes=2**30)
    has_copied = threading.Event()

    def open_watched() -> sqlite3.Connection:
        connection = open_writer(path, settings)
        connection.set_trace_callback(lambda text: has_copied.set() if "wal_checkpoint" in text else None)
        return connection

    writer = open_writer(path, settings)
    writer.execute("CREATE TABLE t (body)")
    writer.execute("INSERT INTO t VALUES (zeroblob(1000000))")
    assert path.stat().st_size < 100_000
    upkeep = WalUpkeep(open_watched, interval_seconds=0.01)
    upkeep.note_write()
    assert has_copied.wait(60)
    upkeep.stop()
    upkeep.join()
    assert path.stat().st_size > 1_000_000
    writer.close()


async def test_many_may_read_at_once_and_beside_a_writer(tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "store"
    async with open_sqlite(path, SqliteSettings(readers=3)) as store:
        workspace_id, first = await new_workspace(rng, store)
        found = []

        async def read() -> None:
            for _ in range(10):
                found.extend(await store.oplog.read(workspace_id, 0))

        with trio.fail_after(60), held_write_lock(path):
            async with trio.open_nursery() as nursery:
                for _ in range(8):
                    nursery.start_soon(read)
        assert found == [first] * 80
