"""Clients as people use them: socket.io-client for JavaScript, python-socketio."""

import asyncio
import functools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio
import trio

from tests.edge.realtime.harness import Node, running_node
from tests.support.node import install_packages, run_node

CLIENTS = Path(__file__).parents[2] / "clients"


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with running_node() as node:
        yield node


def in_javascript(node: Node, transports: str, program: str = "reference_client.mjs") -> dict[str, Any]:
    environment = {
        "NV_TEST_URL": f"http://127.0.0.1:{node.port}",
        "NV_TEST_WORKSPACE": node.workspace_id,
        "NV_TEST_NOTE": node.note_id,
        "NV_TEST_TRANSPORTS": transports,
    }
    answer: dict[str, Any] = json.loads(run_node(CLIENTS / program, environment))
    return answer


async def test_the_javascript_client(node: Node) -> None:
    await trio.to_thread.run_sync(install_packages, CLIENTS)
    with trio.fail_after(60):
        seen = await trio.to_thread.run_sync(in_javascript, node, "websocket")
    assert seen["refusal"] == {"message": "Sign in first", "data": {"code": "UNAUTHENTICATED"}}
    assert seen["accepted"] == {"seq": seen["joined"]["seq"] + 1, "noteId": node.note_id}
    (edit,) = seen["event"]["edits"]
    assert (edit["op"], edit["clientId"]) == ([5, " – wörld 🎉"], seen["joined"]["clientId"])
    assert seen["failure"]["error"]["code"] == "VALIDATION_FAILED"
    assert seen["binary"]["error"]["code"] == "VALIDATION_FAILED"
    assert seen["transport"] == "websocket"


@pytest.mark.parametrize("transports", ["websocket", "polling"])
async def test_the_javascript_client_is_recovered_if_it_asks_for_it(node: Node, transports: str) -> None:
    await trio.to_thread.run_sync(install_packages, CLIENTS)
    with trio.fail_after(60):
        seen = await trio.to_thread.run_sync(in_javascript, node, transports, "recovered_client.mjs")
    assert seen["recovered"] == [True] * 5
    assert len(set(seen["ids"])) == 1
    assert seen["edits"] == [str(number % 10) for number in range(1, 21)], "each once, in order"
    assert seen["leavesBefore"] == 0, "nobody noticed"
    assert seen["argumentsOfBob"] == [1], "who did not ask gets one payload"


async def in_python(node: Node) -> dict[str, Any]:
    ada, bob = socketio.AsyncClient(), socketio.AsyncClient()
    heard: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    bob.on("collaboration:edit", heard.set_result)
    for client, token in ((ada, "ada"), (bob, "bob")):
        await client.connect(f"http://127.0.0.1:{node.port}", auth={"token": token}, transports=["websocket"])
    where = {"workspaceId": node.workspace_id}
    note = {**where, "noteId": node.note_id}
    joined = await ada.call("workspace:join", where)
    await bob.call("workspace:join", where)
    await bob.call("note:open", note)
    numbers = {"clientId": joined["clientId"], "clientSeq": 1}
    await ada.call("collaboration:edit", {**note, "baseSeq": joined["seq"], "op": ["x"], **numbers})
    event = await asyncio.wait_for(heard, 20)
    await ada.disconnect()
    await bob.disconnect()
    return event  # type: ignore[no-any-return]


async def test_the_python_client(node: Node) -> None:
    event = await trio.to_thread.run_sync(functools.partial(asyncio.run, in_python(node)))
    assert [edit["op"] for edit in event["edits"]] == [["x"]]
