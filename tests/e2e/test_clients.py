"""Off-the-shelf Socket.IO clients: socket.io-client from npm and python-socketio, on one note, each cut off once."""

import json
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
import trio

from tests.e2e.characters import unlike_characters
from tests.e2e.op_log import fold, read_log
from tests.e2e.teams import found_team
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


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_both_type_at_once_are_cut_off_and_end_at_the_same_text(
    server: ServerProcess, rng: random.Random
) -> None:
    await trio.to_thread.run_sync(install_packages, CLIENTS)
    team = await found_team(server, bob="member")
    characters = "".join(islice(unlike_characters(), 6 * EDITS))
    shares = (characters[: 3 * EDITS], characters[3 * EDITS :])
    with trio.fail_after(PATIENCE_SECONDS):
        async with cuttable_line(server.port) as first_line, cuttable_line(server.port) as second_line:
            configs = [
                {
                    "url": line.url,
                    "token": team[name].token,
                    "workspaceId": team.workspace_id,
                    "noteId": team.note_id,
                    "edits": EDITS,
                    "characters": share,
                    "seed": rng.getrandbits(32),
                }
                for line, name, share in zip((first_line, second_line), ("ada", "bob"), shares, strict=True)
            ]
            async with running_client(NODE, configs[0]) as node, running_client(PYTHON, configs[1]) as python:
                clients = (node, python)
                for client in clients:
                    await client.hear("joined")
                first_line.cut_at(rng.randint(EDITS // 4, EDITS // 2), is_passed_on=True)
                second_line.cut_at(rng.randint(EDITS // 4, EDITS // 2), is_passed_on=False)
                for client in clients:
                    await client.tell({"do": "type"})
                typed = [await client.hear("typed") for client in clients]
                for client in clients:
                    await client.tell({"do": "settle", "seq": max(told["seq"] for told in typed)})
                settled = [await client.hear("settled") for client in clients]
            assert (first_line.cuts, second_line.cuts) == (1, 1)
    text = (await team.note())["content"]
    assert [told["text"] for told in settled] == [text, text]
    assert set(text) == set().union(*(told["typed"] for told in typed)) - set().union(
        *(told["deleted"] for told in typed)
    )
    assert len(text) == len(set(text))
    log = read_log(server.database, team.workspace_id)
    assert fold(log, team.note_id) == text
    assert sum(entry.is_edit for entry in log) == 2 * EDITS
    assert [told["acknowledged"] for told in settled] == [EDITS, EDITS]
    assert [told["connections"] for told in settled] == [2, 2]
    assert [told["resends"] for told in settled] == [0, 1], "what was passed on is caught up, what was lost sent again"
