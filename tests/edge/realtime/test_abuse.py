"""Hostile clients at the one port: random frames and handshakes, bombs, endless messages, crowds that never read.
Whatever they do ends their own connection, costs little, and nobody else notices."""

import gc
import json
import random
import resource
import socket
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
import structlog.testing
import trio

from nvserver.edge.front import FrontSettings
from tests.edge.realtime.harness import PATIENCE_SECONDS, Client, Node, fast, new_id, running_node
from tests.edge.test_front import HANDSHAKE, read_all, wait_until

FRAMES = 100_000
HANDSHAKES = 10_000
AT_ONCE = 20
MIB = 1024 * 1024
TEXT, BINARY, CONTINUATION, FIN, RESERVED = 0x1, 0x2, 0x0, 0x80, 0x40


def frame(first: int, payload: bytes, mask: bytes = b"\0\0\0\0") -> bytes:
    """A frame of a client: `first` is its first byte as it stands."""
    length = len(payload)
    if length < 126:
        head = bytes((first, 0x80 | length))
    elif length < 1 << 16:
        head = bytes((first, 0x80 | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + length.to_bytes(8, "big")
    repeated = (mask * (length // 4 + 1))[:length]
    return (
        head + mask + bytes(a ^ b for a, b in zip(payload, repeated, strict=True))
        if any(mask)
        else (head + mask + payload)
    )


def resident_bytes() -> int:
    """What this process holds in memory now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@contextmanager
def memory_grows_at_most(limit: int) -> Iterator[None]:
    before = resident_bytes()
    yield
    growth = resident_bytes() - before
    print(f"{growth / MIB:.1f} MiB")
    assert growth <= limit


@contextmanager
def nothing_fails() -> Iterator[None]:
    """No connection ended by an exception that nobody meant."""
    with structlog.testing.capture_logs() as logs:
        yield
    failed = [entry for entry in logs if entry["log_level"] in ("error", "critical")]
    assert not failed, failed[:3]


@asynccontextmanager
async def opened(node: Node, extra: bytes = b"") -> AsyncIterator[trio.SocketStream]:
    """A WebSocket whose handshake is done; no more is known of it."""
    async with node.raw() as stream:
        await stream.send_all(HANDSHAKE + extra + b"\r\n")
        head = b""
        while b"\r\n\r\n" not in head:
            head += await stream.receive_some()
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"sec-websocket-extensions" not in head.lower()
        yield stream


class Bystander:
    """A client that is served all the time."""

    def __init__(self, node: Node, client: Client) -> None:
        self._node = node
        self._client = client

    async def is_served(self) -> None:
        """It, and one who comes anew."""
        status = {"workspaceId": self._node.workspace_id, "status": "online"}
        assert await self._client.call("presence:update", status) == {}
        async with self._node.client("bob") as newcomer:
            assert "seq" in await newcomer.join(self._node.workspace_id)


@asynccontextmanager
async def node_with_bystander(node: Node) -> AsyncIterator[Bystander]:
    async with node.client("ada") as client:
        await client.join(node.workspace_id)
        yield Bystander(node, client)
    await wait_until(lambda: node.front.connections == 0)


# --- random frames and handshakes --------------------------------------------------------------------------------


def packets(node: Node) -> list[str]:
    """What good clients say, to be taken in parts and spoilt."""
    where = {"workspaceId": node.workspace_id, "noteId": node.note_id}
    edit = {**where, "baseSeq": 4, "op": [1, "😀", {"d": 2}], "clientId": new_id(), "clientSeq": 1}
    events = [
        ["workspace:join", {"workspaceId": node.workspace_id, "since": 1}],
        ["note:open", where],
        ["collaboration:edit", edit],
        ["note:create", {**edit, "note": {"title": "x", "content": "y"}}],
        ["collaboration:cursor", {**where, "selection": [[0, 1]], "baseSeq": 4}],
        ["presence:update", {"workspaceId": node.workspace_id, "status": "away"}],
        ["chat:message", {**edit, "text": "hello"}],
        ["auth:refresh", {"token": "ada"}],
    ]
    texts = [f"42{number}{json.dumps(event)}" for number, event in enumerate(events)]
    return [*texts, '40{"token":"ada"}', "40", "41", "3", "2", "1", "5", '451-["a",{"_placeholder":true,"num":0}]', ""]


def random_payload(rng: random.Random, said: list[str]) -> bytes:
    payload = bytearray(rng.choice(said).encode())
    kind = rng.random()
    if kind < 0.3:
        for _ in range(rng.randint(1, 3)):
            place = rng.randint(0, len(payload))
            payload[place : place + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    elif kind < 0.4:
        payload = bytearray(rng.randbytes(rng.choice((0, 1, 125, 126, 300))))
    return bytes(payload)


def random_frame(rng: random.Random, said: list[str]) -> bytes:
    """Most could be a good client's; some break a rule of the frame, and then nothing after them is read."""
    payload = random_payload(rng, said)
    kind = rng.random()
    if kind < 0.70:
        return frame(FIN | TEXT, payload, rng.randbytes(4))
    if kind < 0.80:
        return frame(FIN | rng.choice((0x9, 0xA)), payload[:125], rng.randbytes(4))
    if kind < 0.88:
        half = len(payload) // 2
        return frame(TEXT, payload[:half], rng.randbytes(4)) + frame(FIN, payload[half:], rng.randbytes(4))
    if kind < 0.95:
        return frame(FIN | BINARY, payload, rng.randbytes(4))
    spoilt = bytearray(frame(FIN | TEXT, payload, rng.randbytes(4)))
    for _ in range(rng.randint(1, 2)):
        spoilt[rng.randrange(min(14, len(spoilt)))] = rng.randrange(256)
    return bytes(spoilt)


@pytest.mark.timeout(300)
async def test_a_hundred_thousand_random_frames_harm_nobody(rng: random.Random) -> None:
    settings = fast(close_seconds=0.2, rate_limits=False)
    async with running_node(settings) as node, node_with_bystander(node) as bystander:
        said = packets(node)

        async def send_frames(count: int) -> None:
            frames = [random_frame(rng, said) for _ in range(count)]
            start = b'40{"token":"ada"}' if rng.random() < 0.8 else b""
            async with opened(node) as stream:
                with trio.move_on_after(PATIENCE_SECONDS) as patience:
                    try:
                        await stream.send_all(frame(FIN | TEXT, start) + b"".join(frames))
                        await stream.send_eof()
                    except trio.BrokenResourceError:
                        return
                    await read_all(stream)
                assert not patience.cancelled_caught, "the connection was not ended"

        with nothing_fails():
            await send_rounds(send_frames, FRAMES // 10, 50)
            with memory_grows_at_most(20 * MIB):
                for _ in range(9):
                    await send_rounds(send_frames, FRAMES // 10, 50)
                    await bystander.is_served()


async def send_rounds(send: object, total: int, each: int) -> None:
    limiter = trio.CapacityLimiter(AT_ONCE)

    async def one() -> None:
        async with limiter:
            await send(each)  # type: ignore[operator]

    async with trio.open_nursery() as nursery:
        for _ in range(total // each):
            nursery.start_soon(one)


def mutated_handshake(rng: random.Random) -> bytes:
    data = bytearray(HANDSHAKE + b"\r\n" + rng.randbytes(rng.choice((0, 0, 60))))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                data[place : place + rng.randint(1, 20)] = b""
            case 2:
                data[place:place] = rng.choice((rng.randbytes(3), b"\r\n", b"\0", b"\xff", b":", b" ", b"X: y\r\n"))
            case 3:
                end = min(len(data), place + rng.randint(1, 60))
                data[place:place] = data[place:end]
    return bytes(data)


@pytest.mark.timeout(300)
async def test_ten_thousand_mutated_handshakes_harm_nobody(rng: random.Random) -> None:
    front = FrontSettings(head_seconds=2, max_head_bytes=2_048)
    async with running_node(fast(close_seconds=0.2), front_settings=front) as node, node_with_bystander(node) as other:

        async def send_handshakes(count: int) -> None:
            for _ in range(count):
                async with node.raw() as stream:
                    try:
                        await stream.send_all(mutated_handshake(rng))
                        if rng.random() < 0.1:  # a reset instead of an orderly end
                            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                            continue
                        await stream.send_eof()
                    except trio.BrokenResourceError:
                        continue
                    await read_all(stream)

        with nothing_fails():
            await send_rounds(send_handshakes, HANDSHAKES // 10, 20)
            with memory_grows_at_most(20 * MIB):
                for _ in range(9):
                    await send_rounds(send_handshakes, HANDSHAKES // 10, 20)
                    await other.is_served()


# --- sizes -------------------------------------------------------------------------------------------------------


async def closed_with(stream: trio.SocketStream) -> int:
    """The code of the close frame that ends what the server says."""
    said = await read_all(stream)
    at = said.rfind(b"\x88")
    return int.from_bytes(said[at + 2 : at + 4], "big")


async def test_a_deflate_bomb_is_not_inflated() -> None:
    """20 × 61 KB that would be 60 MB each: compression is not agreed on, so its bit is a breach."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(60 * MIB)) + packer.flush(zlib.Z_SYNC_FLUSH)
    offer = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    async with running_node(fast(close_seconds=0.2)) as node, node_with_bystander(node) as bystander:
        with memory_grows_at_most(8 * MIB):
            for _ in range(20):
                async with opened(node, offer) as stream:
                    await stream.send_all(frame(FIN | RESERVED | TEXT, bomb))
                    assert await closed_with(stream) == 1002
        await bystander.is_served()


@pytest.mark.parametrize(
    ("name", "fragment", "code"),
    [("of 64 KiB", bytes(65_536), 1009), ("of one byte", b"a", 1008), ("of nothing", b"", 1008)],
)
async def test_an_endless_message_is_ended(name: str, fragment: bytes, code: int) -> None:
    """Large fragments without end, or tiny ones: told at the limit of their size or of their number, then cut off."""
    piece = frame(CONTINUATION, fragment) * (65_536 // (len(fragment) + 10) or 1)
    settings = fast(close_seconds=0.2, max_payload_bytes=MIB, connect_seconds=600)
    async with (
        running_node(settings) as node,
        node_with_bystander(node) as bystander,
        opened(node) as stream,
        trio.open_nursery() as nursery,
    ):
        is_broken = trio.Event()

        async def send() -> None:
            with suppress(trio.BrokenResourceError):
                await stream.send_all(frame(FIN | TEXT, b'40{"token":"ada"}') + frame(TEXT, b"a"))
                while True:
                    await stream.send_all(piece)
            is_broken.set()

        with memory_grows_at_most(8 * MIB):
            nursery.start_soon(send)
            assert await closed_with(stream) == code
            with trio.fail_after(PATIENCE_SECONDS):
                await is_broken.wait()
        await bystander.is_served()


async def test_an_over_long_message_is_refused_by_its_length_alone() -> None:
    async with running_node(fast(close_seconds=0.2)) as node, opened(node) as stream:
        await stream.send_all(bytes((FIN | TEXT, 0xFF)) + (200 * MIB).to_bytes(8, "big") + bytes(4))
        assert await closed_with(stream) == 1009
