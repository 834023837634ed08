"""Backups: made while people write, from one database into the other and back, to the same state."""

import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trio

from tests.e2e.teams import PASSWORD, Team, found_team
from tests.edge.http.client import Client
from tests.support.postgres import PostgresServer
from tests.support.server import ServerProcess, running_server
from tests.test_cli import nvserver

EDITS_DURING = 40
KEY = "k" * 40


def state_of(database: Path) -> dict[str, list[object]]:
    """All rows of a SQLite store, read without any of our code, but for what is made anew."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = [name for name in names if not name.startswith(("search_", "sqlite_"))]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in kept}


def written_by(files: Path) -> dict[str, bytes]:
    return {str(file.relative_to(files)): file.read_bytes() for file in files.rglob("*") if file.is_file()}


async def run(*arguments: str, **environment: str) -> str:
    """What the command printed; it must have ended well."""
    result = await trio.to_thread.run_sync(lambda: nvserver(*arguments, **environment))
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return result.stdout


async def people_at_work(server: ServerProcess) -> Team:
    """A workspace with something of everything that REST can make."""
    team = await found_team(server, "Grün 🌱\n", bob="viewer")
    base = f"/api/workspaces/{team.workspace_id}"
    await team.add_note("Second", "plain")
    collection = (await team["ada"].post(f"{base}/collections", {"name": "Drawer"}))["collection"]
    await team["ada"].put(team.note_path, {"collectionId": collection["id"], "tags": ["a", "b"]})
    await team["ada"].post(f"{base}/chat", {"text": "hello"})
    await team["ada"].post("/api/search/saved", {"name": "mine", "query": "grün", "type": "notes"})
    return team


async def test_a_store_goes_through_a_backup_into_the_other_database_and_back(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    blobs = {"files/0a0b": b"\x00\x01" * 70_000, "files/0c0d": b""}
    with running_server(first) as server:
        team = await people_at_work(server)
        for name, content in blobs.items():
            path = first / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        assert server.stop() == 0
    before = state_of(first / "notevault.sqlite3")
    assert sum(map(len, before.values())) > 20
    backup, again = tmp_path / "one.backup", tmp_path / "two.backup"
    await run("backup", str(backup), "--data-dir", str(first))
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert state_of(first / "notevault.sqlite3") == before
    with postgres.fresh_database() as url:
        files = (tmp_path / "elsewhere").as_uri()
        settings = {"NV_DATABASE_URL": url, "NV_SECRET_KEY": KEY, "NV_FILES_URL": files}
        await run("restore", str(backup), **settings)
        assert int(postgres.sql("SELECT count(*) FROM ops", urlsplit(url).path[1:])) == len(before["ops"])
        await run("verify", **settings)
        await run("backup", str(again), **settings)
    await run("restore", str(again), "--data-dir", str(second))
    assert state_of(second / "notevault.sqlite3") == before
    assert written_by(second / "files") == written_by(first / "files") == blobs
    with running_server(second) as server:
        ada = Client(server.port)
        answer = await ada.post("/api/auth/login", {"email": team["ada"].user["email"], "password": PASSWORD})
        note = await Client(server.port, answer["accessToken"]).get(team.note_path)
        assert note["note"]["content"] == "Grün 🌱\n"


async def test_a_backup_during_work_is_of_one_moment(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        team = await found_team(server)
        done = trio.Event()
        async with team.connect("ada") as desk, trio.open_nursery() as nursery:

            async def write() -> None:
                seq = desk.opened["seq"]
                count = 0
                while count < EDITS_DURING or not done.is_set():
                    seq = (await desk.edit([f"{count};"], seq))["seq"]
                    count += 1

            nursery.start_soon(write)
            await run("backup", str(tmp_path / "live.backup"), "--data-dir", str(tmp_path / "data"))
            done.set()
        content = (await team.note())["content"]
    await run("restore", str(tmp_path / "live.backup"), "--data-dir", str(tmp_path / "restored"))
    await run("verify", "--data-dir", str(tmp_path / "restored"))
    text = await run("replay", team.workspace_id, "--note", team.note_id, "--format", "markdown",
                     "--data-dir", str(tmp_path / "restored"))  # fmt: skip
    kept = text.removeprefix("# First\n\n").strip()
    assert content.endswith(kept), "the edits stand newest first: what is kept is the oldest part"


def damaged(backup: bytes) -> Sequence[tuple[str, bytes, str]]:
    middle = len(backup) // 2
    data = backup.index(b"tables/ops") + 60  # well inside what the table's checksum covers
    return [
        ("nothing", b"", "no backup"),
        ("a picture", b"\x89PNG" * 50, "no backup"),
        ("cut off", backup[:middle], "no backup"),
        ("a hole", backup[:data] + bytes(30) + backup[data + 30 :], "damaged"),
    ]


async def test_what_cannot_be_restored_changes_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        await found_team(server)
        assert server.stop() == 0
    good = tmp_path / "good.backup"
    await run("backup", str(good), "--data-dir", str(tmp_path / "data"))
    for place, (name, content, words) in enumerate(damaged(good.read_bytes())):
        bad = tmp_path / "bad.backup"
        bad.write_bytes(content)
        target = tmp_path / f"target-{place}"
        result = nvserver("restore", str(bad), "--data-dir", str(target))
        assert (result.returncode, result.stderr.count("\n")) == (3, 1), (name, result.stderr)
        assert words in result.stderr, (name, result.stderr)
        await run("restore", str(good), "--data-dir", str(target))
    again = nvserver("restore", str(good), "--data-dir", str(tmp_path / "data"))
    assert again.returncode == 3
    assert "not empty" in again.stderr


@pytest.mark.parametrize("arguments", [("backup", "{}/no/such/folder/x"), ("backup", "{}/x"), ("restore", "{}/none")])
def test_a_mistake_is_told_in_one_line(arguments: tuple[str, str], tmp_path: Path) -> None:
    command, file = arguments
    result = nvserver(command, file.format(tmp_path), "--data-dir", str(tmp_path / "data"))
    assert (result.returncode, result.stderr.count("\n")) == (3, 1), result.stderr
    assert result.stderr.startswith("nvserver: ")
    assert list(tmp_path.iterdir()) == []
