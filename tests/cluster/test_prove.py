"""The proof that everybody can run, on a cluster of one's own, whose limits are on."""

import subprocess
import sys
from pathlib import Path

import pytest
import trio

from tests.cluster.nodes import running_cluster
from tests.faults.stores import RealStore

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.timeout(200)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nvserver", "prove", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=150, check=False)


async def test_a_cluster_is_proved_through_its_addresses(pg_store: RealStore, redis_url: str, tmp_path: Path) -> None:
    patient = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10", "NV_RATE_LIMITS": "on"}
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **patient) as cluster:
        urls = [argument for node in cluster.nodes for argument in ("--url", node.url + "/")]
        ended = await trio.to_thread.run_sync(_run, tmp_path, "--minutes", "0.1", "--workspaces", "2", *urls)
        assert ended.returncode == 0, ended.stderr
        page = (tmp_path / "proof.md").read_text()
        assert "Everything that was promised held" in page
        histories = sorted((tmp_path / "proof").glob("*/writer-*.jsonl"))
        assert len(histories) == 4
        assert all('"ack"' in one.read_text() for one in histories)


def test_nodes_of_its_own_are_proved(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "prove.py"), "--minutes", "0.05", "--nodes", "2"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=150, check=False)
    assert ended.returncode == 0, ended.stderr
    page = (tmp_path / "proof.md").read_text()
    assert "Everything that was promised held" in page
    assert "nothing is wrong" in page


def test_an_address_where_nobody_is_costs_one_sentence(tmp_path: Path) -> None:
    ended = _run(tmp_path, "--minutes", "0.1", "--url", "http://127.0.0.1:9")
    assert ended.returncode == 3
    assert ended.stderr.startswith("nvserver: http://127.0.0.1:9 cannot be reached")
    assert ended.stderr.count("\n") == 1


def test_without_a_database_of_its_own_it_says_what_to_set(tmp_path: Path) -> None:
    ended = _run(tmp_path, "--minutes", "0.1")
    assert ended.returncode == 3
    assert "NV_DATABASE_URL" in ended.stderr and "NV_REDIS_URL" in ended.stderr and "--url" in ended.stderr
    assert ended.stderr.count("\n") == 1
