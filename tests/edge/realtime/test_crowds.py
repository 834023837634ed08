"""Many clients at once that read nothing, say nothing or say too much: their cost is bounded, others are served."""

import json
import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import trio

from nvserver.edge.front import FrontSettings
from tests.edge.realtime.harness import Client, Node, fast, running_node
from tests.edge.realtime.test_abuse import FIN, MIB, TEXT, frame, memory_grows_at_most, node_with_bystander
from tests.edge.test_front import HANDSHAKE, wait_until

SLOW = 1_000
EDIT_CHARACTERS = 4_096
EDITS = 80
OUTBOX_BYTES = 65_536


def said(text: str) -> bytes:
    return frame(FIN | TEXT, text.encode())


def unsent_bytes(port: int) -> int:
    """What the kernel still holds for the peers of a port, those too whose sockets were closed."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].partition(":")[0], 16) for row in rows if row[1].endswith(f":{port:04X}"))


class Crowd:
    """Connections that say what they have to and never read. Bare sockets with small buffers, so that what grows is
    the server's."""

    def __init__(self, node: Node, stack: ExitStack) -> None:
        self._node = node
        self._stack = stack
        self._sockets: list[socket.socket] = []

    async def grow(self, count: int, *words: bytes) -> None:
        for _ in range(count):
            sock = self._stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", self._node.port))
            await trio.lowlevel.wait_writable(sock)
            if words:
                sock.send(b"".join(words))
            self._sockets.append(sock)

    async def say(self, *words: bytes) -> None:
        for sock in self._sockets:
            with suppress(OSError):
                sock.send(b"".join(words))
            await trio.lowlevel.checkpoint()


async def read_all_the_time(client: Client) -> None:
    while True:
        await client._receive()
        client.events.clear()


@pytest.mark.timeout(240)
async def test_a_thousand_slow_consumers_cost_a_bounded_amount_and_are_let_go() -> None:
    settings = fast(outbox_bytes=OUTBOX_BYTES, write_seconds=2, rate_limits=False, close_seconds=0.5)
    async with running_node(settings) as node, node.client("ada") as ada:
        seq = (await ada.join(node.workspace_id))["seq"]
        where = {"workspaceId": node.workspace_id, "noteId": node.note_id}
        coming = (
            said("420" + json.dumps(["workspace:join", {"workspaceId": node.workspace_id}])),
            said("421" + json.dumps(["note:open", where])),
        )
        with ExitStack() as stack:
            crowd = Crowd(node, stack)
            own, most_unsent = node.front.connections, 0
            with memory_grows_at_most(SLOW * 48 * 1024):
                await crowd.grow(SLOW, HANDSHAKE + b"\r\n", said('40{"token":"bob"}'))
                await wait_until(lambda: node.front.connections == own + SLOW)
                assert "seq" in await ada.call("note:open", where)
            with memory_grows_at_most(SLOW * 3 * OUTBOX_BYTES):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(read_all_the_time, ada)
                    await crowd.say(*coming)
                    for number in range(EDITS):
                        op: list[Any] = ["x" * EDIT_CHARACTERS]
                        payload = {**where, "baseSeq": seq + number, "op": op}
                        ack = await ada.ask("collaboration:edit", ada.numbered(**payload))
                        await wait_until(lambda ack=ack: ack in ada._acks)
                        assert (await ada.answer(ack))["seq"] == seq + number + 1
                        most_unsent = max(most_unsent, unsent_bytes(node.port))
                    await wait_until(lambda: node.front.connections <= own)
                    nursery.cancel_scope.cancel()
            print(f"{most_unsent / MIB:.1f} MiB in the kernel at most, {unsent_bytes(node.port) / MIB:.1f} at the end")
            assert most_unsent > MIB, "nobody was slow"
            assert unsent_bytes(node.port) < MIB
            async with node.client("bob") as bob:
                assert "seq" in await bob.join(node.workspace_id)


async def test_two_thousand_connections_that_say_nothing_are_let_go() -> None:
    """A third says nothing, a third half a head, a third is a WebSocket that shows no token."""
    front = FrontSettings(head_seconds=2)
    settings = fast(connect_seconds=2, close_seconds=0.5)
    async with running_node(settings, front_settings=front) as node, node_with_bystander(node) as bystander:
        with ExitStack() as stack:
            crowd = Crowd(node, stack)
            own = node.front.connections
            for words in ((), (b"GET /socket.io/ HTT",), (HANDSHAKE + b"\r\n",)):
                await crowd.grow(2_000 // 3, *words)
                await bystander.is_served()
            await wait_until(lambda: node.front.connections <= own)


async def test_a_flood_ends_its_own_connection_alone() -> None:
    event = said('42["presence:update",{"workspaceId":"x"}]')
    async with running_node(fast(close_seconds=0.5)) as node, node_with_bystander(node) as bystander:
        for _ in range(5):
            async with node.client("bob") as flooder:
                with suppress(trio.BrokenResourceError):
                    await flooder.websocket.stream.send_all(event * 10_000)
                await bystander.is_served()
                assert (await flooder.wait_closed()).code in (1008, 1006)  # a reset may overtake the close frame
