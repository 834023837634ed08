"""Long-polling, and the change from it to a WebSocket."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import trio
from wsproto.events import CloseConnection

from tests.edge.realtime.harness import Node, WebSocket, fast, running_node
from tests.edge.realtime.test_reference_clients import CLIENTS, in_javascript
from tests.support.node import install_packages

POLLING = "/socket.io/?EIO=4&transport=polling"
SEPARATOR = "\x1e"


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with running_node(origins=("https://notes.example",)) as node:
        yield node


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str


async def request(node: Node, method: str, target: str, body: str = "", origin: str | None = None) -> Answer:
    head = f"{method} {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {len(body.encode())}\r\n"
    head += f"Origin: {origin}\r\n" if origin else ""
    data = b""
    async with node.raw() as stream:
        await stream.send_all(f"{head}\r\n{body}".encode())
        with trio.fail_after(20):
            while more := await stream.receive_some():
                data += more
    top, _, rest = data.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Answer(int(status.split()[1]), headers, rest.decode())


class Poller:
    """A client that never changes over."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.target = ""
        self.packets: list[str] = []

    async def open(self, token: str) -> dict[str, Any]:
        opening = await request(self.node, "GET", POLLING)
        assert opening.body[0] == "0"
        handshake: dict[str, Any] = json.loads(opening.body[1:])
        self.target = f"{POLLING}&sid={handshake['sid']}"
        await self.send(f'40{{"token":"{token}"}}')
        assert (await self.receive()).startswith("40{")
        return handshake

    async def send(self, *packets: str) -> Answer:
        return await request(self.node, "POST", self.target, SEPARATOR.join(packets))

    async def receive(self) -> str:
        """The next packet, pings answered."""
        while True:
            while not self.packets:
                answer = await request(self.node, "GET", self.target)
                assert answer.status == 200, answer
                self.packets = answer.body.split(SEPARATOR)
            packet = self.packets.pop(0)
            if packet != "2":
                return packet
            await self.send("3")

    async def is_unknown(self) -> None:
        """The session is over, and there is nothing more to say."""
        answer = await request(self.node, "GET", self.target)
        assert (answer.status, json.loads(answer.body)["code"]) == (400, 1)

    async def answer(self, ack: int) -> Any:
        while not (packet := await self.receive()).startswith(f"43{ack}["):
            assert packet.startswith("42")
        return json.loads(packet[3 + len(str(ack)) - 1 :])[0]


async def is_turned_away(websocket: WebSocket) -> None:
    """There is no session that this WebSocket could take over."""
    closing = await websocket.receive()
    assert isinstance(closing, CloseConnection)
    assert (closing.code, closing.reason) == (1008, "there is no such session to take over")


async def test_a_whole_session_by_polling(node: Node) -> None:
    poller = Poller(node)
    handshake = await poller.open("ada")
    assert handshake["upgrades"] == ["websocket"]
    where = {"workspaceId": node.workspace_id}
    event = {**where, "noteId": node.note_id}
    both = [f"421{json.dumps(['workspace:join', where])}", f"422{json.dumps(['note:open', event])}"]
    assert (await poller.send(*both)).body == "ok"
    joined = await poller.answer(1)
    assert (await poller.answer(2))["content"] == "hello"
    async with node.client("bob") as bob:
        seq = (await bob.join(node.workspace_id))["seq"]
        await bob.call("collaboration:edit", bob.numbered(**event, baseSeq=seq, op=["é🎉"]))
    while "collaboration:edit" not in (packet := await poller.receive()):
        continue
    assert json.loads(packet[2:])[1]["edits"][0]["op"] == ["é🎉"]
    assert joined["seq"] == seq
    await poller.send("1")
    await poller.is_unknown()


async def test_a_silent_poller_is_forgotten() -> None:
    async with running_node(fast(ping_interval_seconds=0.05, ping_timeout_seconds=0.05, close_seconds=0.05)) as node:
        poller = Poller(node)
        opening = await request(node, "GET", POLLING)
        poller.target = f"{POLLING}&sid={json.loads(opening.body[1:])['sid']}"
        with trio.fail_after(20):
            while (answer := await request(node, "GET", poller.target)).status == 200:
                continue
        assert json.loads(answer.body) == {"code": 1, "message": "Session ID unknown"}


@pytest.mark.parametrize(
    ("method", "target", "code"),
    [
        ("GET", "/socket.io/", 5),
        ("GET", "/socket.io/?EIO=3&transport=polling", 5),
        ("GET", "/socket.io/?EIO=4", 0),
        ("GET", "/socket.io/?EIO=4&transport=websocket", 0),
        ("POST", POLLING, 2),
        ("GET", f"{POLLING}&sid=unknown", 1),
        ("GET", f"{POLLING}&{'&'.join('a=1' for _ in range(50))}", 3),
    ],
)
async def test_bad_requests(node: Node, method: str, target: str, code: int) -> None:
    answer = await request(node, method, target)
    assert answer.status == 400
    assert json.loads(answer.body)["code"] == code


@pytest.mark.parametrize("body", ["", "abc", "4\x1e", "b!", "4" + "\x1e4" * 2_000])
async def test_malformed_bodies_end_the_session(node: Node, body: str) -> None:
    poller = Poller(node)
    await poller.open("ada")
    assert (await poller.send(body)).status == 400
    await poller.is_unknown()


async def test_too_large_bodies_end_the_session() -> None:
    async with running_node(fast(max_payload_bytes=1_024)) as node:
        poller = Poller(node)
        await poller.open("ada")
        assert (await poller.send("4" * 2_000)).status == 413
        await poller.is_unknown()


async def test_two_requests_at_a_time_end_the_session(node: Node) -> None:
    poller = Poller(node)
    await poller.open("ada")
    bodies: list[Answer] = []

    async def ask() -> None:
        bodies.append(await request(node, "GET", poller.target))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask)
        nursery.start_soon(ask)
    assert sorted(answer.status for answer in bodies) == [200, 400]
    assert [answer.body for answer in bodies if answer.status == 200] == ["1"]
    await poller.is_unknown()


async def test_who_leaves_while_asking_has_left() -> None:
    async with running_node() as node:
        poller = Poller(node)
        await poller.open("ada")
        async with node.raw() as stream:
            await stream.send_all(f"GET {poller.target} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        with trio.fail_after(20):
            while (await poller.send("3")).status == 200:
                continue
        await poller.is_unknown()


async def test_who_leaves_while_another_asks_gets_nothing_more(node: Node) -> None:
    poller = Poller(node)
    await poller.open("ada")
    bodies: list[str] = []
    async with trio.open_nursery() as nursery:

        async def ask() -> None:
            bodies.append((await request(node, "GET", poller.target)).body)

        nursery.start_soon(ask)
        await poller.send("1")
    assert bodies == ["6"] or "Session ID unknown" in bodies[0]


async def test_what_the_server_says_at_the_end_is_heard(node: Node) -> None:
    poller = Poller(node)
    await poller.open("ada/one")
    node.gateway.close_auth_session("one")
    assert [await poller.receive() for _ in range(3)] == ['42["auth:revoked",{}]', "41", "1"]
    await poller.is_unknown()


async def test_pages_of_other_origins_may_ask_only_if_allowed(node: Node) -> None:
    allowed = await request(node, "GET", POLLING, origin="https://notes.example")
    assert allowed.status == 200
    assert allowed.headers["access-control-allow-origin"] == "https://notes.example"
    foreign = await request(node, "GET", POLLING, origin="https://evil.example")
    assert foreign.status == 403
    assert "access-control-allow-origin" not in foreign.headers
    assert (await request(node, "OPTIONS", POLLING, origin="https://notes.example")).status == 200


async def test_the_number_of_sessions_is_limited() -> None:
    async with running_node(fast(max_polling_sessions=1)) as node:
        assert (await request(node, "GET", POLLING)).status == 200
        assert (await request(node, "GET", POLLING)).status == 503


async def test_the_change_to_a_websocket(node: Node) -> None:
    poller = Poller(node)
    handshake = await poller.open("ada")
    target = f"/socket.io/?EIO=4&transport=websocket&sid={handshake['sid']}"
    async with node.websocket(target) as failed:
        await failed.send("2probe")
        assert await failed.receive() == "3probe"
        async with node.websocket(target) as second:
            await is_turned_away(second)
        assert (await request(node, "GET", poller.target)).body == "6"
    join = f"421{json.dumps(['workspace:join', {'workspaceId': node.workspace_id}])}"
    await poller.send(join)
    with trio.fail_after(20):
        while (packet := await poller.receive()) == "6":
            continue
    assert packet.startswith("431[")
    async with node.websocket(target) as websocket:
        await websocket.send("2probe")
        assert await websocket.receive() == "3probe"
        await websocket.send("5", join)
        while not str(message := await websocket.receive()).startswith("431["):
            assert str(message).startswith("42")
        async with node.websocket(target) as late:
            await is_turned_away(late)
        await poller.is_unknown()
        await websocket.send(f"422{json.dumps(['no:such', {}])}")
        while not str(message := await websocket.receive()).startswith("432["):
            assert str(message).startswith("42")


@pytest.mark.parametrize("probe", [["5"], ["2other"], ["2probe", "41"], ["2probe", "2probe"], ["x"]])
async def test_a_bad_change_leaves_the_session_as_it_was(node: Node, probe: list[str]) -> None:
    poller = Poller(node)
    handshake = await poller.open("ada")
    async with node.websocket(f"/socket.io/?EIO=4&transport=websocket&sid={handshake['sid']}") as websocket:
        await websocket.send(*probe)
        while isinstance(await websocket.receive(), str):
            continue
    await poller.send(f"421{json.dumps(['no:such', {}])}")
    assert "error" in await poller.answer(1)


async def test_the_javascript_client_changes_over(node: Node) -> None:
    await trio.to_thread.run_sync(install_packages, CLIENTS)
    with trio.fail_after(60):
        seen = await trio.to_thread.run_sync(in_javascript, node, "polling,websocket")
    assert seen["transport"] == "websocket"
    assert seen["accepted"]["seq"] == seen["joined"]["seq"] + 1


async def test_the_javascript_client_stays_with_polling(node: Node) -> None:
    await trio.to_thread.run_sync(install_packages, CLIENTS)
    with trio.fail_after(60):
        seen = await trio.to_thread.run_sync(in_javascript, node, "polling")
    assert seen["transport"] == "polling"
    assert seen["event"]["edits"][0]["op"] == [5, " – wörld 🎉"]
    assert seen["binary"]["error"]["code"] == "VALIDATION_FAILED"
