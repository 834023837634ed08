"""`serve --workers N`: several processes behind one port."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import cluster_settings
from tests.e2e.teams import found_team
from tests.faults.stores import RealStore
from tests.support.server import ServerProcess

pytestmark = pytest.mark.timeout(180)


class WorkersProcess(ServerProcess):
    """The parent; its workers are whoever logs under its names."""

    def pids(self) -> list[int]:
        assert self._process is not None
        threads = Path(f"/proc/{self._process.pid}/task").iterdir()
        return [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]

    def wait_replaced(self, pid: int) -> None:
        """Until there are as many as before without that one. The caller sets the deadline."""
        while pid in (pids := self.pids()) or len(pids) < 3:
            time.sleep(0.05)


def is_any_there(pids: Sequence[int]) -> bool:
    return any(Path(f"/proc/{pid}").exists() for pid in pids)


async def test_many_processes_serve_one_port_and_come_back(pg_store: RealStore, redis_url: str, tmp_path: Path) -> None:
    async with pg_store.open():
        pass
    server = WorkersProcess(
        tmp_path / "data-w", {**cluster_settings(pg_store, redis_url), "NV_SERVER__WORKERS": "3", "NV_NODE_NAME": "w"}
    )
    try:
        with trio.fail_after(150):
            await trio.to_thread.run_sync(server.start)
            before = server.pids()
            assert len(before) == 3
            team = await found_team(server, bob="member")
            async with team.connect("ada") as ada, team.connect("bob") as bob:
                for number in range(6):
                    desk = (ada, bob)[number % 2]
                    assert "error" not in await desk.edit(["x"], await team.seq())
            assert (await team.note())["content"] == "x" * 6
            os.kill(before[0], signal.SIGKILL)
            await trio.to_thread.run_sync(server.wait_replaced, before[0])
            for _ in range(12):
                assert (await team.note())["content"] == "x" * 6
            after = server.pids()
            server.kill()  # however the parent ends, the workers go with it
            while is_any_there(after):
                await trio.lowlevel.checkpoint()
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
