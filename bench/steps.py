"""The longest that anything holds up the event loop: the CPU of single task steps, from one checkpoint to the next.

A running server is given what is largest or latest: operations of 10,000 components, a paste of 1 MB, an edit 10,000
revisions behind, the opening of a large note, many authors at once. Meanwhile somebody edits in another workspace, and
his waiting is told too. `python -m bench.steps` prints a table; `reliability` wants no step above 50 ms.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import trio
from trio.lowlevel import Task

from nvserver import cli
from nvserver.testing.realtime_client import ConnectionLost, open_realtime
from tests.e2e.teams import Desk, Team, found_team
from tests.support.server import CHEAP, ServerProcess

NOTICED_MS = 2.0
LARGE = "ab cd ef\n" * 111_000
COMPONENTS = 10_000
BEHIND = 10_000
AUTHORS = 300
PATIENCE_SECONDS = 300


class StepWatch(trio.abc.Instrument):
    """Writes a line for each step that took more than `NOTICED_MS` of the thread's CPU."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("a", buffering=1)  # noqa: SIM115 - as long as the process
        self._begun = 0.0

    def before_task_step(self, task: Task) -> None:
        self._begun = time.thread_time()

    def after_task_step(self, task: Task) -> None:
        spent = (time.thread_time() - self._begun) * 1000
        if spent > NOTICED_MS:
            self._file.write(json.dumps([round(spent, 1), task.name]) + "\n")


def serve() -> int:
    """`nvserver serve`, watched."""
    run = trio.run
    trio.run = lambda *args, **more: run(*args, **more, instruments=[StepWatch(os.environ["STEPS"])])  # type: ignore[misc]
    return cli.main()


class Neighbour:
    """Edits steadily in a workspace of his own; `waits` in milliseconds."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self.waits: list[float] = []

    async def run(self) -> None:
        async with self._team.connect("ada") as desk:
            seq = await self._team.seq()
            while True:
                begun = trio.current_time()
                seq = (await desk.edit(["x"], seq))["seq"]
                desk.connection.take_kept()
                self.waits.append((trio.current_time() - begun) * 1000)
                await trio.sleep(0.01)


async def many_components(team: Team) -> None:
    """Insertions, deletions and replacements all over a large note, answered to somebody who has it open."""
    async with team.connect("ada") as desk, team.connect("ada") as other:
        half = COMPONENTS // 2
        for op in ([3, "x"] * half, [2, {"d": 1}] * half, [40, "yz"] * half):
            answer = await desk.edit(op, await team.seq())
            assert "seq" in answer, answer
            await other.edits()


async def paste(team: Team) -> None:
    """A million characters at once, and their deletion."""
    async with team.connect("ada") as desk:
        for op in ([7, LARGE], [7, {"d": len(LARGE)}]):
            answer = await desk.edit(op, await team.seq())
            assert "seq" in answer, answer


async def behind(team: Team) -> None:
    """Edits at one, four and eight places in a text that 10,000 edits have changed since."""
    async with team.connect("ada") as desk:
        base = await team.seq()
        await type_many(desk, base, BEHIND)
    for op in (["late"], [1, "late"] * 4, [1, "late"] * 8):
        async with team.connect("ada") as late:
            answer = await late.edit(op, base)
            assert "seq" in answer or answer["error"]["code"] == "BASE_TOO_OLD", answer


async def type_many(desk: Desk, seq: int, count: int) -> None:
    """Alone on the note, so each edit's seq is known before it is told."""
    for number in range(1, count + 1):
        payload = {"noteId": desk.note_id, "baseSeq": seq, "op": ["y"], **desk.numbered()}
        if number % 50:
            await desk.connection.emit("collaboration:edit", {"workspaceId": desk.workspace_id, **payload})
        else:
            answer = await desk.call("collaboration:edit", **payload)
            assert answer.get("seq") == seq + 1, answer
            desk.connection.take_kept()
        seq += 1


async def catch_up(team: Team) -> None:
    """Somebody returns after 10,000 edits and reads them."""
    async with open_realtime(team.server.url, team["ada"].token or "") as connection:
        joined = await connection.call("workspace:join", {"workspaceId": team.workspace_id, "since": 3})
        assert "error" not in joined, joined


async def open_and_read(team: Team) -> None:
    """The large note opened, read, exported, looked at in the past and searched."""
    async with team.connect("ada"):
        await team.note()
    seq = await team.seq()
    for path in (
        f"{team.note_path}/at/{seq}",
        f"{team.note_path}/history?limit=100",
        f"{team.note_path}/authors",
        f"/api/workspaces/{team.workspace_id}/notes",
        f"/api/search?q=cd&workspaceId={team.workspace_id}",
    ):
        reply = await team["ada"]("GET", path)
        assert reply.status in (200, 404), (path, reply.body[:200])


async def put_whole(team: Team) -> None:
    """A program puts a large text in the place of another."""
    note = await team.note()
    changed = note["content"].replace("cd", "CD", 20_000)
    reply = await team["ada"]("PUT", team.note_path, {"content": changed, "baseSeq": note["seq"]})
    assert reply.status in (200, 422), reply.body[:300]


async def many_authors(team: Team) -> None:
    """Each edits on a text of his own, all at once."""
    base = await team.seq()

    async def edit(number: int) -> None:
        async with team.connect("ada") as desk:
            answer = await desk.edit([number + 1, "z"], base)
            assert "seq" in answer, answer

    async with trio.open_nursery() as nursery:
        for number in range(AUTHORS):
            nursery.start_soon(edit, number)


async def many_notes(team: Team) -> None:
    """A workspace of 1,000 notes, joined."""
    for number in range(1_000):
        await team.add_note(f"Note {number}", "words " * 20)
    async with team.connect("ada"):
        pass


PHASES: tuple[tuple[str, str, Callable[[Team], Awaitable[None]]], ...] = (
    ("operations of 10,000 components", LARGE, many_components),
    ("a paste of 1 MB, and its deletion", "Some text", paste),
    ("an edit 10,000 revisions behind", "Some text", behind),
    ("catching up on 10,000 edits", "", catch_up),
    ("a note of 1 MB opened and read in every way", LARGE, open_and_read),
    ("a note of 1 MB put in the place of another", LARGE, put_whole),
    (f"{AUTHORS} authors on one note", "x" * (AUTHORS + 1), many_authors),
    ("a workspace of 1,000 notes", "", many_notes),
)


async def measure(folder: Path, chosen: list[str]) -> list[dict[str, Any]]:
    """A row for each phase."""
    told = folder / "steps"
    server = ServerProcess(folder / "data", {**CHEAP, "STEPS": str(told)})
    server.module = ("bench.steps",)
    rows: list[dict[str, Any]] = []
    server.start()
    try:
        previous: Team | None = None
        for name, content, phase in PHASES:
            team = previous if content == "" and previous is not None else await found_team(server, content)
            previous = team
            if chosen and not any(word in name for word in chosen):
                continue
            neighbour = Neighbour(await found_team(server))
            seen = told.stat().st_size if told.exists() else 0
            with trio.fail_after(PATIENCE_SECONDS):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(neighbour.run)
                    try:
                        await phase(team)
                    except ConnectionLost as lost:
                        print(f"{name}: closed, {lost}")
                    await trio.sleep(1.5)  # what follows by itself: the search index, a snapshot
                    nursery.cancel_scope.cancel()
            steps = [json.loads(line) for line in told.read_text()[seen:].splitlines()]
            waits = sorted(neighbour.waits)
            rows.append(
                {
                    "phase": name,
                    "longest": sorted(steps, reverse=True)[:4],
                    "neighbour p99": round(waits[int(len(waits) * 0.99)], 1),
                    "neighbour edits": len(waits),
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    finally:
        server.kill()
    return rows


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        rows = trio.run(measure, Path(folder), sys.argv[1:])
    print("\n| what is asked for | longest step, ms of CPU | where | another's edit, p99 ms |\n|---|--:|---|--:|")
    for row in rows:
        spent, where = row["longest"][0] if row["longest"] else (f"< {NOTICED_MS:.0f}", "")
        print(f"| {row['phase']} | {spent} | {where} | {row['neighbour p99']} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        sys.exit(serve())
    main()
