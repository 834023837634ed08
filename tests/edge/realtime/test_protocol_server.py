"""The server that the protocol authors' suites run against does what they count on."""

from collections.abc import AsyncIterator

import pytest
import trio

from nvserver.testing.protocol_server import serve
from tests.edge.realtime.harness import WebSocket


@pytest.fixture(params=["engine.io", "socket.io"])
async def websocket(request: pytest.FixtureRequest, nursery: trio.Nursery) -> AsyncIterator[WebSocket]:
    port = await nursery.start(serve, request.param, 0)
    async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
        websocket = WebSocket(stream)
        await websocket.open(port, f"/{request.param}/?EIO=4&transport=websocket", [])
        assert str(await websocket.receive())[0] == "0"
        yield websocket


async def heard(websocket: WebSocket, count: int) -> list[object]:
    """So many messages, pings answered."""
    messages: list[object] = []
    while len(messages) < count:
        message = await websocket.receive()
        if message == "2":
            await websocket.send("3")
        else:
            messages.append(message)
    return messages


@pytest.mark.parametrize("websocket", ["engine.io"], indirect=True)
async def test_engine_io_messages_come_back(websocket: WebSocket) -> None:
    await websocket.send("4hé", b"\x01\x02")
    assert await heard(websocket, 2) == ["4hé", b"\x01\x02"]


@pytest.mark.parametrize("websocket", ["socket.io"], indirect=True)
async def test_socket_io_events_come_back_with_their_attachments(websocket: WebSocket) -> None:
    await websocket.send('40/custom,{"a":1}')
    connected, auth = await heard(websocket, 2)
    assert str(connected).startswith('40/custom,{"sid":')
    assert auth == '42/custom,["auth",{"a":1}]'
    await websocket.send("40/other")
    assert await heard(websocket, 1) == ['44/other,{"message":"Invalid namespace"}']
    await websocket.send('451-/custom,7["message-with-ack",{"_placeholder":true,"num":0}]', b"\x01")
    assert await heard(websocket, 2) == ['461-/custom,7[{"_placeholder":true,"num":0}]', b"\x01"]
