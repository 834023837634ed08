"""Measure what an edited character costs on disk: replays a recorded session into both stores, then compacts it.

`.venv/bin/python scripts/disk_growth.py [EDITS]` prints the table of docs/storage.md. The session is the longest of
those that the tests replay (tests/support/traces.py says where it comes from), each edit numbered as from a browser.
"""

import sqlite3
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import asyncpg
import trio
import trio_asyncio

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nvserver.adapters import postgres, sqlite  # noqa: E402
from nvserver.core.changes import Author  # noqa: E402
from nvserver.core.commands import CreateNote, EditNote  # noqa: E402
from nvserver.core.limits import WorkspaceLimits  # noqa: E402
from nvserver.core.ot import Operation  # noqa: E402
from nvserver.ports.store import Store  # noqa: E402
from nvserver.services.workspaces import WorkspaceService  # noqa: E402
from nvserver.testing.sim_node import at_once, sim_node, trio_ms  # noqa: E402
from nvserver.workspace.compaction import CompactionSettings, Compactor  # noqa: E402
from nvserver.workspace.messages import Submit  # noqa: E402
from tests.support.postgres import running_postgres  # noqa: E402
from tests.support.traces import load_session  # noqa: E402

SESSION = "automerge-paper"
EDITS = 50_000
EDITS_A_TURN = 100
KEPT = 1_000


def new_id() -> str:
    """A random UUID."""
    return str(uuid.uuid4())


async def type_into(store: Store, edits: Sequence[Operation]) -> None:
    """A workspace with one note, typed by one client."""
    owner, client, note_id = new_id(), new_id(), new_id()
    workspace_id = (
        await WorkspaceService(store.oplog, trio_ms, new_id).create(owner, "W", "", None, None, "private")
    ).info.id
    async with sim_node(store.oplog) as node:
        await node.call(workspace_id, Submit(Author(owner), CreateNote(note_id, "Note")))
        ref = await node.find(workspace_id)
        seq = 3
        for start in range(0, len(edits), EDITS_A_TURN):
            turn = edits[start : start + EDITS_A_TURN]
            told = trio.Event()
            for place, op in enumerate(turn, 1):
                digest = blake2b(repr(op).encode(), digest_size=16).digest()
                author = Author(owner, client, start + place, digest)
                on_reply = (lambda _, told=told: told.set()) if place == len(turn) else None
                ref.call_nowait(Submit(author, EditNote(note_id, seq, op)), on_reply)
                seq += 1
            await told.wait()
        await node.drain()
        while [one.seq for one in await store.oplog.snapshots(workspace_id, limit=1)] != [seq]:
            await trio.lowlevel.checkpoint()


async def compact(store: Store) -> None:
    """All but the newest entries."""

    async def nobody(_workspace_id: str) -> None:
        return None

    settings = CompactionSettings(keep_days=0, keep_entries=KEPT, min_entries=1)
    far_future = lambda: 2**46  # noqa: E731
    compactor = Compactor(
        store.oplog, store.compaction, (nobody,), at_once, far_future, settings, WorkspaceLimits(), rest=0
    )
    await compactor.compact_all()


async def measure(
    name: str, open_store: Callable[[], object], size: Callable[[], int], tidy: Callable[[], None]
) -> None:
    """One line of the table."""
    session = load_session(SESSION)
    edits = [step.op for step in islice(session.authors[0], int(sys.argv[1]) if len(sys.argv) > 1 else EDITS)]
    characters = sum(len(part) if isinstance(part, str) else max(0, -part) for op in edits for part in op)
    async with open_store() as store:  # type: ignore[attr-defined]
        pass
    tidy()
    empty = size()
    async with open_store() as store:  # type: ignore[attr-defined]
        await type_into(store, edits)
    full = size() - empty
    async with open_store() as store:  # type: ignore[attr-defined]
        await compact(store)
    tidy()
    left = size() - empty
    print(
        f"| {name} | {len(edits):,} | {characters:,} | {full / 1e6:.1f} MB | {full / len(edits):.0f} | "
        f"{full / characters:.0f} | {left / 1e6:.2f} MB |",
        flush=True,
    )


async def main() -> None:
    """Both stores."""
    print("| store | edits | characters | on disk | bytes an edit | bytes a character | after compaction |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notevault.sqlite3"

        def vacuum() -> None:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        await measure("SQLite", lambda: sqlite.open_sqlite(path), lambda: path.stat().st_size, vacuum)
    with running_postgres() as server, server.fresh_database() as url:

        async def run(sql: str) -> int:
            connection = await asyncpg.connect(url)
            try:
                return int(await connection.fetchval(sql) or 0)
            finally:
                await connection.close()

        def ask(sql: str) -> int:
            return _in_asyncio(run, sql)

        @asynccontextmanager
        async def open_postgres() -> AsyncIterator[Store]:
            async with trio_asyncio.open_loop():
                await postgres.migrate(url)
                async with postgres.open_postgres(url) as store:
                    yield store

        await measure(
            "PostgreSQL",
            open_postgres,
            lambda: ask("SELECT pg_database_size(current_database())"),
            lambda: ask("VACUUM FULL") and None,
        )


def _in_asyncio(function: Callable[[str], object], sql: str) -> int:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:  # an event loop of its own: trio runs in this thread
        return int(pool.submit(lambda: asyncio.run(function(sql))).result())  # type: ignore[arg-type]


if __name__ == "__main__":
    trio.run(main)
