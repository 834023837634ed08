"""A17, A18: a store that is full, read-only or slow is a pause: bounded queues, `UNAVAILABLE`, nothing lost."""

import random
import resource
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trio

from nvserver.testing.fault_proxy import CLEAN, Toxics, fault_proxy
from tests.e2e.teams import Team, found_team
from tests.edge.http.forms import send, upload
from tests.faults.crew import at_work
from tests.faults.faulty_server import IMPATIENT, FaultyServer, faulty_server
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore
from tests.support.postgres import PostgresServer

TIMES_FULL = size(2, 20)
SLOW_ROUNDS = size(1, 10)
SECONDS_A_STATEMENT = (0.05, 0.2, 2.0)
NOTE_CHARACTERS = 20_000
ROOM_BYTES = 200_000
UPLOAD_BYTES = 2_000_000
MEMORY_GROWTH_BYTES = 64 * 2**20


async def fill(team: Team, counts: Counter[str]) -> None:
    """Make notes until one is refused; each that was made must be there in the end."""
    body = {"title": "Big", "content": "x" * NOTE_CHARACTERS}
    while True:
        reply = await team["ada"]("POST", f"/api/workspaces/{team.workspace_id}/notes", body)
        if reply.status not in (200, 201):
            assert (reply.status, reply.code) == (503, "UNAVAILABLE")
            return
        counts["notes made"] += 1


async def notes_in(team: Team) -> int:
    """How many notes the workspace has; tried until the workspace is open again."""
    while True:
        count, cursor = 0, ""
        while True:
            reply = await team["ada"]("GET", f"/api/workspaces/{team.workspace_id}/notes?limit=100{cursor}")
            if reply.status == 503:
                break
            assert reply.status == 200, reply.body
            count += len(reply.json["items"])
            if reply.json.get("nextCursor") is None:
                return count
            cursor = f"&cursor={reply.json['nextCursor']}"


async def write_again(team: Team, counts: Counter[str]) -> None:
    """Until a note is made again."""
    made = counts["notes made"]
    while counts["notes made"] == made:
        reply = await team["ada"]("POST", f"/api/workspaces/{team.workspace_id}/notes", {"title": "Small"})
        counts["notes made"] += reply.status in (200, 201)


class FullFile:
    """No file of the server's may grow by more than `ROOM_BYTES`: a disk that is full, as a limit of the process."""

    def __init__(self, store: RealStore, server: FaultyServer) -> None:
        self._store = store
        self._pid = server.pid

    def begin(self) -> None:
        sizes = (path.stat().st_size for path in self._store.data_dir.iterdir() if path.is_file())
        self._limit(max(sizes, default=0) + ROOM_BYTES)

    def end(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class ReadOnly:
    """The database takes nothing more: as after its disk failed and was mounted for reading only."""

    def __init__(self, store: RealStore) -> None:
        assert store.url is not None and store.server is not None
        self._name = urlsplit(store.url).path[1:]
        self._server = store.server

    def begin(self) -> None:
        self._set("on")

    def end(self) -> None:
        self._set("off")

    def _set(self, value: str) -> None:
        self._server.sql(f"ALTER DATABASE {self._name} SET default_transaction_read_only = {value}")
        self._server.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'")


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_full_store_refuses_and_goes_on_when_there_is_room(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    counts: Counter[str] = Counter()
    async with at_work(real_store, tmp_path, rng, 1, IMPATIENT) as crew:
        team = await found_team(crew.server)
        for _ in range(TIMES_FULL):
            fault = FullFile(real_store, crew.server) if real_store.url is None else ReadOnly(real_store)
            await trio.to_thread.run_sync(fault.begin)
            await fill(team, counts)
            crew.injected["full store"] += 1
            await trio.to_thread.run_sync(fault.end)
            await write_again(team, counts)
            await crew.wait_acknowledged(10)
        # A refusal may have become durable after all (its outcome was unknown): no note is missing, some may be more.
        assert await notes_in(team) >= counts["notes made"] + 1
    report("A17", real_store, crew.injected, **crew.seen, **counts)


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_an_upload_to_a_full_disk_leaves_nothing(real_store: RealStore, report: Report) -> None:
    counts: Counter[str] = Counter()
    async with real_store.open():
        pass
    with faulty_server(real_store) as server, trio.fail_after(PATIENCE_SECONDS):
        await trio.to_thread.run_sync(server.start)
        team = await found_team(server)
        fields, file = {"workspaceId": team.workspace_id}, ("big", "text/plain", b"x" * UPLOAD_BYTES)
        for _ in range(TIMES_FULL):
            disk = FullFile(real_store, server)
            disk.begin()
            reply = await send(team["ada"], fields, [file])
            assert (reply.status, reply.code) == (503, "UNAVAILABLE")
            counts["refused"] += 1
            assert [path.stat().st_size for path in stored_files(real_store)] == [UPLOAD_BYTES] * counts["taken"]
            disk.end()
            (kept,) = await upload(team["ada"], team.workspace_id, file)
            assert (await team["ada"]("GET", f"/api/files/{kept['id']}")).body == file[2]
            counts["taken"] += 1
        listed = await team["ada"].get(f"/api/files?workspaceId={team.workspace_id}")
        assert len(listed["items"]) == counts["taken"]
    report("A17", real_store, {"full disk": TIMES_FULL}, **counts)


def stored_files(store: RealStore) -> list[Path]:
    """All that lies where uploads are kept."""
    return [path for path in (store.data_dir / "files").rglob("*") if path.is_file()]


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_slow_store_is_waited_for_within_bounds(
    postgres: PostgresServer, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    settings = {**IMPATIENT, "NV_LOG_WRITER__MAX_PENDING_BYTES": "4000", "NV_POSTGRES__CONNECTIONS": "1"}
    counts: Counter[str] = Counter()
    growth = 0
    with postgres.fresh_database() as url:
        store = RealStore(tmp_path, url, postgres)
        async with fault_proxy("127.0.0.1", postgres.port, rng.randrange(2**32)) as proxy:
            line = RealStore(tmp_path, f"postgresql://postgres@127.0.0.1:{proxy.port}{urlsplit(url).path}", postgres)
            async with at_work(store, tmp_path, rng, 2, settings, line=line) as crew:
                before = resident_bytes(crew.server.pid)
                for seconds in SECONDS_A_STATEMENT * SLOW_ROUNDS:
                    proxy.toxics = Toxics(latency_seconds=seconds / 2)
                    await flood(crew.workers[0].team, counts)
                    growth = max(growth, resident_bytes(crew.server.pid) - before)
                    assert growth <= MEMORY_GROWTH_BYTES
                proxy.toxics = CLEAN
                crew.injected.update(proxy.counts)
    report(
        "A18", store, crew.injected, **crew.seen, taken=counts["taken"], refused=counts["refused"], bytes_grown=growth
    )


async def flood(team: Team, counts: Counter[str]) -> None:
    """More at once than may wait; some is refused, everything is answered."""

    async def make_note() -> None:
        reply = await team["ada"](
            "POST", f"/api/workspaces/{team.workspace_id}/notes", {"title": "One of many", "content": "x" * 1_000}
        )
        assert reply.status in (200, 201) or (reply.status, reply.code) == (503, "UNAVAILABLE"), reply.body
        counts["taken" if reply.status < 300 else "refused"] += 1

    async with trio.open_nursery() as nursery:
        for _ in range(25):
            nursery.start_soon(make_note)
            await team["ada"]("GET", "/")  # not all in one turn of the actor


def resident_bytes(pid: int) -> int:
    """The memory that the process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()
