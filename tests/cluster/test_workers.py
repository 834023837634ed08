"""`serve --workers N`: several processes behind one port."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import cluster_settings
from tests.e2e.teams import found_team
from tests.faults.stores import RealStore
from tests.support.ports import free_ports
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(180)


class WorkersProcess(ServerProcess):
    """The parent of the workers."""

    def pids(self) -> list[int]:
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]


class Manager:
    """What a process tells systemd."""

    def __init__(self, line: trio.socket.SocketType) -> None:
        self._line = line

    async def hear(self, state: str) -> None:
        """Until it tells that."""
        while state not in (await self._line.recv(4_096)).decode().splitlines():
            pass


@contextmanager
def a_manager(path: Path) -> Iterator[Manager]:
    """It listens at the path."""
    with trio.socket.socket(trio.socket.AF_UNIX, trio.socket.SOCK_DGRAM) as line:
        line._sock.bind(str(path))
        yield Manager(line)


def metrics_at(host: str, port: int) -> str:
    with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


async def wait_ended(pids: list[int]) -> None:
    for pid in pids:
        try:
            ending = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            await trio.lowlevel.wait_readable(ending)
        finally:
            os.close(ending)


async def test_many_processes_serve_one_port_and_come_back(pg_store: RealStore, redis_url: str, tmp_path: Path) -> None:
    async with pg_store.open():
        pass
    first_port = free_ports(3)
    settings = {
        **cluster_settings(pg_store, redis_url),
        "NV_SERVER__WORKERS": "3",
        "NV_NODE_NAME": "w",
        "NV_SERVER__WORKER_PORTS": str(first_port),
        "NOTIFY_SOCKET": str(tmp_path / "manager"),
        "WATCHDOG_USEC": "60000000",
    }
    server = WorkersProcess(tmp_path / "data-w", settings)
    try:
        with trio.fail_after(150), a_manager(tmp_path / "manager") as manager:
            await trio.to_thread.run_sync(server.start)
            await manager.hear("WATCHDOG=1")
            await manager.hear("READY=1")
            before = server.pids()
            assert len(before) == 3
            own = [await trio.to_thread.run_sync(metrics_at, server.host, first_port + number) for number in range(3)]
            assert all(f'notevault_node{{name="w-{number}"}} 1.0' in told for number, told in enumerate(own))
            team = await found_team(server, bob="member")
            async with team.connect("ada") as ada, team.connect("bob") as bob:
                for number in range(6):
                    desk = (ada, bob)[number % 2]
                    assert "error" not in await desk.edit(["x"], await team.seq())
            assert (await team.note())["content"] == "x" * 6
            os.kill(before[0], signal.SIGKILL)
            await manager.hear("STATUS=2 of 3 workers are ready")
            await manager.hear("STATUS=3 of 3 workers are ready")
            for _ in range(12):
                assert (await team.note())["content"] == "x" * 6
            after = server.pids()
            assert len(after) == 3 and before[0] not in after
            server.kill()  # however the parent ends, the workers go with it
            await wait_ended(after)
    finally:
        server.kill()


def test_sqlite_is_refused_with_what_to_set(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nvserver", "serve", "--workers", "2", "--data-dir", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NV_")}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert "NV_DATABASE_URL" in ended.stderr and "NV_REDIS_URL" in ended.stderr


async def test_long_polling_finds_its_session_by_any_connection(
    pg_store: RealStore, redis_url: str, tmp_path: Path
) -> None:
    async with pg_store.open():
        pass
    server = WorkersProcess(
        tmp_path / "data-p", {**cluster_settings(pg_store, redis_url), "NV_SERVER__WORKERS": "3", "NV_NODE_NAME": "p"}
    )

    def fetch(query: str, body: bytes | None = None) -> str:
        with urllib.request.urlopen(f"{server.url}/socket.io/?EIO=4&transport=polling{query}", body, 30) as answer:
            return str(answer.read().decode())

    try:
        with trio.fail_after(150):
            await trio.to_thread.run_sync(server.start)
            for _ in range(4):
                opened = json.loads((await trio.to_thread.run_sync(fetch, ""))[1:])
                session = f"&sid={opened['sid']}"
                for _ in range(5):
                    assert await trio.to_thread.run_sync(fetch, session, b'40{"token":"none"}') == "ok"
                    assert (await trio.to_thread.run_sync(fetch, session)).startswith("44")
    finally:
        server.kill()
