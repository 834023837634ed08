"""The one port under good and bad hands: whatever one connection does, the listener and the others go on."""

import errno
import json
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trio

from nvserver.edge.front import FrontDoor, FrontSettings, Upgrade, open_listeners
from nvserver.edge.http_stream import HttpStream
from tests.edge.realtime.harness import Node, running_node

HANDSHAKE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
PATIENCE_SECONDS = 20


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with running_node(front_settings=FrontSettings(head_seconds=0.2, max_head_bytes=2_048)) as node:
        yield node


async def read_all(stream: trio.SocketStream) -> bytes:
    data = b""
    with trio.fail_after(PATIENCE_SECONDS):
        try:
            while more := await stream.receive_some():
                data += more
        except trio.BrokenResourceError:
            pass
    return data


async def read_until(stream: trio.SocketStream, end: bytes) -> bytes:
    data = b""
    with trio.fail_after(PATIENCE_SECONDS):
        while end not in data:
            more = await stream.receive_some()
            assert more, data
            data += more
    return data


async def ask(node: Node, request: bytes) -> bytes:
    """What the server says until it closes."""
    async with node.raw() as stream:
        await stream.send_all(request)
        return await read_all(stream)


async def assert_serves(node: Node) -> None:
    """HTTP and WebSockets of others work."""
    assert b"200" in (await ask(node, b"GET /alive HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
    async with node.client("ada") as client:
        assert "seq" in await client.join(node.workspace_id)


async def test_http_goes_to_the_http_server(node: Node) -> None:
    answer = await ask(node, b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\nxyz")
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"/a xyz")


async def test_a_connection_serves_many_requests_and_then_upgrades(node: Node) -> None:
    async with node.raw() as stream:
        for body in (b"", b"one", b"three"):
            await stream.send_all(b"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            await read_until(stream, b"/p " + body)
        await stream.send_all(HANDSHAKE + b"\r\n")
        assert b"101 Switching Protocols" in await read_until(stream, b'"pingInterval"')


async def test_an_upgrade_cannot_hide_in_a_body(node: Node) -> None:
    hidden = HANDSHAKE + b"\r\n"
    async with node.raw() as stream:
        await stream.send_all(b"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (len(hidden), hidden))
        answer = await read_until(stream, b"Sec-WebSocket-Key")
        assert b"HTTP/1.1 200" in answer
        assert b"101" not in answer


async def test_a_chunked_request_is_the_last_of_its_connection(node: Node) -> None:
    request = b"POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert (await ask(node, request)).endswith(b"/c abc")
    assert b"101 Switching" not in await ask(node, request + HANDSHAKE + b"\r\n")
    await assert_serves(node)


async def test_frames_behind_the_handshake_are_read(node: Node) -> None:
    ping = b"\x89\x84\0\0\0\0ping"
    async with node.raw() as stream:
        await stream.send_all(HANDSHAKE + b"\r\n" + ping)
        assert (await read_until(stream, b"\x8a\x04ping")).startswith(b"HTTP/1.1 101")


@pytest.mark.parametrize(
    ("name", "request_bytes", "status"),
    [
        ("not HTTP", b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("bare LF", b"GET / HTTP/1.1\nHost: h\r\n\r\n", 400),
        ("folded header", b"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", 400),
        ("NUL", b"GET / HTTP/1.1\r\nHost: h\0\r\n\r\n", 400),
        ("two lengths", b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (
            "length and chunks",
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
        ),
        ("other coding", b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
        ("bad length", b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", 400),
        ("large head", b"GET / HTTP/1.1\r\nHost: " + b"h" * 3_000 + b"\r\n\r\n", 431),
        ("endless head", b"GET / HTTP/1.1\r\nHost: " + b"h" * 3_000, 431),
        ("slow head", b"GET / HTTP/1.1\r\nHo", 408),
        ("WebSocket elsewhere", HANDSHAKE.replace(b"/socket.io/", b"/chat/") + b"\r\n", 404),
        ("no key", HANDSHAKE.replace(b"Sec-WebSocket-Key", b"X") + b"\r\n", 400),
        ("key of 0xff", HANDSHAKE.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"\xff" * 24) + b"\r\n", 400),
        ("old version", HANDSHAKE.replace(b": 13", b": 8") + b"\r\n", 426),
        ("HTTP/1.0", HANDSHAKE.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n", 400),
        ("with a body", HANDSHAKE + b"Content-Length: 1\r\n\r\nx", 400),
        ("Connection of 0xff", HANDSHAKE.replace(b"Connection: Upgrade", b"Connection: \xff") + b"\r\n", 400),
        ("other Engine.IO", HANDSHAKE.replace(b"EIO=4", b"EIO=3") + b"\r\n", 400),
        ("other transport", HANDSHAKE.replace(b"transport=websocket", b"transport=smoke") + b"\r\n", 400),
        ("many fields", HANDSHAKE.replace(b"EIO=4", b"EIO=4" + b"&a=1" * 50) + b"\r\n", 400),
        ("foreign origin", HANDSHAKE + b"Origin: http://evil\r\n\r\n", 403),
        ("two origins", HANDSHAKE + b"Origin: http://h\r\nOrigin: http://evil\r\n\r\n", 400),
    ],
)
async def test_bad_requests_are_answered_and_closed(name: str, request_bytes: bytes, status: int, node: Node) -> None:
    answer = await ask(node, request_bytes)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "details", "timestamp", "requestId"}
    assert f"X-Request-Id: {error['requestId']}".encode() in head
    assert (error["code"] == "BAD_REQUEST") == (status == 400)
    assert b"x-content-type-options: nosniff" in head
    await assert_serves(node)


async def test_bytes_that_ended_other_servers_are_survived(node: Node) -> None:
    cases = [
        HANDSHAKE + b"Sec-WebSocket-Protocol: \xff\r\n\r\n",
        HANDSHAKE + b"Sec-WebSocket-Extensions: \xff\r\n\r\n",
        HANDSHAKE + b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99\r\n\r\n",
        HANDSHAKE + b"\r\n\x81\x05hello",
        b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: !!\r\n\r\n",
    ]
    for case in cases:
        async with node.raw() as stream:
            await stream.send_all(case)
            await stream.send_eof()
            assert (await read_all(stream)).startswith(b"HTTP/1.1 ")
    await assert_serves(node)


async def test_connections_that_end_at_any_byte_of_the_handshake(node: Node) -> None:
    whole = HANDSHAKE + b"\r\n\x89\x84\0\0\0\0ping"
    for end in range(0, len(whole), 7):
        async with node.raw() as stream:
            await stream.send_all(whole[:end])
            if end % 2:
                # A reset instead of an orderly end.
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    await assert_serves(node)
    await wait_until(lambda: node.front.connections == 0)


async def test_mutated_handshakes_and_random_frames_harm_nobody(node: Node, rng: random.Random) -> None:
    whole = HANDSHAKE + b"\r\n"
    async with node.client("ada") as bystander:
        for _ in range(150):
            data = bytearray(whole + rng.randbytes(rng.randrange(60)))
            for _ in range(rng.randrange(4)):
                place = rng.randrange(len(data))
                data[place : place + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
            async with node.raw() as stream:
                await stream.send_all(data)
                await stream.send_eof()
                await read_all(stream)
        assert "seq" in await bystander.join(node.workspace_id)
    await assert_serves(node)
    await wait_until(lambda: node.front.connections == 0)


async def test_half_closed_connections_end(node: Node) -> None:
    for request in (b"", b"GET / HT", HANDSHAKE + b"\r\n"):
        async with node.raw() as stream:
            await stream.send_all(request)
            await stream.send_eof()
            await read_all(stream)
    await wait_until(lambda: node.front.connections == 0)


async def test_a_slow_second_head_is_refused_after_the_first_was_served(node: Node) -> None:
    async with node.raw() as stream:
        await stream.send_all(b"GET /one HTTP/1.1\r\nHost: h\r\n\r\n")
        await read_until(stream, b"/one ")
        await stream.send_all(b"GET /two HT")
        assert (await read_all(stream)).startswith(b"HTTP/1.1 408")


async def wait_until(condition: Callable[[], bool]) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        while not condition():
            await trio.lowlevel.checkpoint()


# --- the boundary of a connection --------------------------------------------------------------------------------


@asynccontextmanager
async def front_door(
    handler: Callable[[], Awaitable[None]], settings: FrontSettings | None = None
) -> AsyncIterator[tuple[FrontDoor, int]]:
    async def http(stream: HttpStream) -> None:
        await handler()

    async def realtime(upgrade: Upgrade) -> None:
        await handler()

    front = FrontDoor(settings or FrontSettings(), http, realtime, lambda: 0)
    (listener,) = open_listeners("127.0.0.1", 0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(front.serve, [listener])
        yield front, listener.getsockname()[1]
        front.drain()


async def get(port: int, request: bytes = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n") -> bytes:
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    async with stream:
        await stream.send_all(request)
        return await read_all(stream)


async def stray_cancelled() -> None:
    """Raise a `Cancelled` outside of the scope that it belongs to."""
    stray: BaseException | None = None
    with trio.CancelScope() as scope:
        scope.cancel()
        try:
            await trio.lowlevel.checkpoint()
        except trio.Cancelled as error:
            stray = error
    assert stray is not None
    raise stray


async def in_a_group() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(stray_cancelled)
        nursery.start_soon(fail)


async def fail() -> None:
    raise RuntimeError("on purpose")


@pytest.mark.parametrize("handler", [fail, stray_cancelled, in_a_group])
async def test_nothing_gets_out_of_a_connection(handler: Callable[[], Awaitable[None]]) -> None:
    calls = 0

    async def counted() -> None:
        nonlocal calls
        calls += 1
        await handler()

    async with front_door(counted) as (front, port):
        for request in (b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", HANDSHAKE + b"\r\n"):
            assert await get(port, request) == b""
        await wait_until(lambda: front.connections == 0)
    assert calls == 2


async def test_the_connection_limit_closes_the_newcomer_only() -> None:
    release = trio.Event()
    async with front_door(release.wait, FrontSettings(max_connections=1)) as (front, port):
        first = await trio.open_tcp_stream("127.0.0.1", port)
        async with first:
            await wait_until(lambda: front.connections == 1)
            assert await get(port) == b""
            assert front.connections == 1
            release.set()
        await wait_until(lambda: front.connections == 0)
        assert await get(port) == b""


class StarvedListener:
    """A listener whose accepting fails a few times, as it does when the process has no file descriptors left."""

    def __init__(self, listener: socket.socket, failures: list[int]) -> None:
        self._listener = listener
        self._failures = failures

    def __getattr__(self, name: str) -> object:
        return getattr(self._listener, name)

    def accept(self) -> object:
        if self._failures:
            raise OSError(self._failures.pop(), "on purpose")
        return self._listener.accept()


async def test_accepting_goes_on_after_errors() -> None:
    failures = [errno.EMFILE, errno.ENFILE, errno.ECONNABORTED, errno.ENOMEM]
    served = trio.Event()

    async def http(stream: HttpStream) -> None:
        served.set()

    front = FrontDoor(FrontSettings(), http, http, lambda: 0)  # type: ignore[arg-type]
    (listener,) = open_listeners("127.0.0.1", 0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(front.serve, [StarvedListener(listener, failures)])
        await get(listener.getsockname()[1])
        assert served.is_set()
        assert failures == []
        front.drain()


async def test_draining_refuses_newcomers_and_ends_with_the_last_connection() -> None:
    release = trio.Event()
    ended = trio.Event()
    front: FrontDoor

    async def http(stream: HttpStream) -> None:
        await release.wait()

    front = FrontDoor(FrontSettings(), http, http, lambda: 0)  # type: ignore[arg-type]
    (listener,) = open_listeners("127.0.0.1", 0)
    port = listener.getsockname()[1]

    async def serve() -> None:
        await front.serve([listener])
        ended.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(serve)
        stream = await trio.open_tcp_stream("127.0.0.1", port)
        await stream.send_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        await wait_until(lambda: front.connections == 1)
        front.drain()
        await wait_until(lambda: listener.fileno() < 0)
        with pytest.raises(OSError, match=r"."):
            await trio.open_tcp_stream("127.0.0.1", port)
        assert not ended.is_set()
        release.set()
        with trio.fail_after(PATIENCE_SECONDS):
            await ended.wait()
        await stream.aclose()


def test_a_port_in_use_is_told() -> None:
    (listener,) = open_listeners("127.0.0.1", 0)
    try:
        with pytest.raises(OSError, match=r"."):
            open_listeners("127.0.0.1", listener.getsockname()[1])
    finally:
        listener.close()
