"""A24: a second deployment on the same Redis is refused, in one sentence that says what to do."""

import subprocess
import sys
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import cluster_settings, running_cluster
from tests.faults.faulty_server import FaultyServer
from tests.faults.stores import RealStore
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.timeout(150)


def _serve(server: FaultyServer, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nvserver", "serve", "--port", "0", "--data-dir", str(folder)]
    return subprocess.run(command, env=server._environment, capture_output=True, text=True, timeout=100, check=False)


async def test_another_database_on_the_same_redis_is_refused(
    pg_store: RealStore, redis_url: str, tmp_path: Path, postgres: PostgresServer
) -> None:
    async with running_cluster(pg_store, redis_url, tmp_path, count=1):
        with postgres.fresh_database() as url:
            other = RealStore(tmp_path / "other", url, postgres)
            async with other.open():
                pass
            server = FaultyServer(tmp_path / "second", cluster_settings(other, redis_url))
            ended = await trio.to_thread.run_sync(_serve, server, tmp_path / "second")
            assert ended.returncode == 3
            (sentence,) = [line for line in ended.stderr.splitlines() if not line.startswith("{")]
            assert "redis.url" in sentence and "another NoteVault" in sentence
