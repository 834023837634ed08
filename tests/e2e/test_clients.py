"""Off-the-shelf Socket.IO clients: socket.io-client from npm and python-socketio, on one note, each cut off once."""

import json
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
import trio

from tests.e2e.characters import unlike_characters
from tests.e2e.op_log import fold, read_log
from tests.e2e.teams import Team, found_team
from tests.support.node import install_packages, node_environment
from tests.support.proxy import cuttable_line
from tests.support.server import ServerProcess

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
ROOT = CLIENTS.parents[1]
EDITS = 500
PATIENCE_SECONDS = 240
NODE = ("node", str(CLIENTS / "socketio_client.mjs"))
PYTHON = (sys.executable, "-m", "tests.clients.socketio_client")


class Driven:
    """A client program, told what to do and telling what it did, a line of JSON each."""

    def __init__(self, process: trio.Process) -> None:
        self._process = process
        self._unread = b""

    async def tell(self, message: object) -> None:
        assert self._process.stdin is not None
        await self._process.stdin.send_all(json.dumps(message).encode() + b"\n")

    async def hear(self, event: str) -> Any:
        """The next line, which has to be of that event."""
        assert self._process.stdout is not None
        while b"\n" not in self._unread:
            piece = await self._process.stdout.receive_some()
            assert piece, "the client ended early; what it says stands above"
            self._unread += piece
        line, self._unread = self._unread.split(b"\n", 1)
        message = json.loads(line)
        assert message["event"] == event
        return message


@asynccontextmanager
async def running_client(command: Sequence[str], config: object) -> AsyncIterator[Driven]:
    """A client program that was told its configuration."""
    process = await trio.lowlevel.open_process(list(command), stdin=PIPE, stdout=PIPE, cwd=ROOT, env=node_environment())
    try:
        driven = Driven(process)
        await driven.tell(config)
        yield driven
    finally:
        process.kill()
        with trio.CancelScope(shield=True):
            await process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                await trio.aclose_forcefully(stream)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What both programs told: after their last edit, and when each had seen the other's last."""

    typed: Sequence[Any]
    settled: Sequence[Any]


async def write_together(
    team: Team, urls: Sequence[str], rng: random.Random, disturb: Callable[[], Awaitable[None]]
) -> Outcome:
    """Both programs type at once, the first as Ada and the second as Bob; `disturb` goes on beside them."""
    await trio.to_thread.run_sync(install_packages, CLIENTS)
    characters = "".join(islice(unlike_characters(), 6 * EDITS))
    shares = (characters[: 3 * EDITS], characters[3 * EDITS :])
    place = {"workspaceId": team.workspace_id, "noteId": team.note_id, "edits": EDITS}
    first, second = (
        {**place, "url": url, "token": team[name].token, "characters": share, "seed": rng.getrandbits(32)}
        for url, name, share in zip(urls, ("ada", "bob"), shares, strict=True)
    )
    async with running_client(NODE, first) as node, running_client(PYTHON, second) as python:
        clients = (node, python)
        for client in clients:
            await client.hear("joined")
        for client in clients:
            await client.tell({"do": "type"})
        await disturb()
        typed = [await client.hear("typed") for client in clients]
        for client in clients:
            await client.tell({"do": "settle", "seq": max(told["seq"] for told in typed)})
        return Outcome(typed, [await client.hear("settled") for client in clients])


async def check(team: Team, outcome: Outcome) -> None:
    """Both, REST and the log agree on a text that holds what was typed and not deleted, each character once."""
    text = (await team.note())["content"]
    assert [told["text"] for told in outcome.settled] == [text, text]
    typed = set("".join(told["typed"] for told in outcome.typed))
    deleted = set("".join(told["deleted"] for told in outcome.typed))
    assert set(text) == typed - deleted
    assert len(text) == len(set(text))
    log = await trio.to_thread.run_sync(read_log, team.server.database, team.workspace_id)
    assert fold(log, team.note_id) == text
    assert sum(entry.is_edit for entry in log) == 2 * EDITS
    assert [told["acknowledged"] for told in outcome.settled] == [EDITS, EDITS]


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_both_type_at_once_are_cut_off_and_end_at_the_same_text(
    server: ServerProcess, rng: random.Random
) -> None:
    team = await found_team(server, bob="member")
    with trio.fail_after(PATIENCE_SECONDS):
        async with cuttable_line(server.port) as first, cuttable_line(server.port) as second:

            async def cut() -> None:
                first.cut_at(rng.randint(EDITS // 4, EDITS // 2), is_passed_on=True)
                second.cut_at(rng.randint(EDITS // 4, EDITS // 2), is_passed_on=False)

            outcome = await write_together(team, (first.url, second.url), rng, cut)
            assert (first.cuts, second.cuts) == (1, 1)
        await check(team, outcome)
    assert [told["connections"] for told in outcome.settled] == [2, 2]
    assert [told["resends"] for told in outcome.settled] == [0, 1], (
        "what was passed on is not sent again, what was lost is"
    )


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_both_go_on_when_the_server_is_killed(own_server: ServerProcess, rng: random.Random) -> None:
    team = await found_team(own_server, bob="member")

    async def kill_in_the_midst() -> None:
        async with team.connect("ada") as onlooker:
            seen = 0
            while seen < EDITS // 2:
                seen += len(await onlooker.edits())
            await trio.to_thread.run_sync(own_server.kill)
        await trio.to_thread.run_sync(own_server.start)

    with trio.fail_after(PATIENCE_SECONDS):
        outcome = await write_together(team, (own_server.url, own_server.url), rng, kill_in_the_midst)
        await check(team, outcome)
    assert own_server.kills == 1
    assert all(told["connections"] > 1 for told in outcome.settled)
