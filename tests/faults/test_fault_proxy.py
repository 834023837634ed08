"""The fault proxy does what it says to a line, and counts it."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from nvserver.testing.fault_proxy import CutAfterBytes, CutAtPattern, FaultProxy, Toxics, fault_proxy

PATIENCE_SECONDS = 30


@asynccontextmanager
async def echo_through_proxy(seed: int = 1) -> AsyncIterator[FaultProxy]:
    """A proxy before a server that sends back what it gets."""

    async def echo(stream: trio.SocketStream) -> None:
        try:
            async for piece in stream:
                await stream.send_all(piece)
        except trio.BrokenResourceError:
            pass

    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listener.socket.getsockname()[1]
    with trio.fail_after(PATIENCE_SECONDS):
        async with trio.open_nursery() as nursery, fault_proxy("127.0.0.1", port, seed) as proxy:
            nursery.start_soon(trio.serve_listeners, echo, [listener])
            yield proxy
            nursery.cancel_scope.cancel()


async def dial(proxy: FaultProxy) -> trio.SocketStream:
    return await trio.open_tcp_stream("127.0.0.1", proxy.port)


async def receive(stream: trio.SocketStream, count: int) -> bytes:
    data = b""
    while len(data) < count and (piece := await stream.receive_some()):
        data += piece
    return data


async def test_a_clean_line_changes_nothing(rng: random.Random) -> None:
    data = rng.randbytes(300_000)
    async with echo_through_proxy() as proxy, await dial(proxy) as stream, trio.open_nursery() as nursery:
        nursery.start_soon(stream.send_all, data)
        assert await receive(stream, len(data)) == data
        assert not proxy.counts


async def test_torn_and_late_pieces_arrive_whole_and_in_order(rng: random.Random) -> None:
    data = rng.randbytes(200)
    async with echo_through_proxy(7) as proxy, await dial(proxy) as stream:
        proxy.toxics = Toxics(latency_seconds=0.0005, jitter_seconds=0.001, bytes_per_second=1e6, slice_bytes=9)
        await stream.send_all(data)
        assert await receive(stream, len(data)) == data
        assert proxy.counts["sliced"] >= 2 * len(data) // 9
        assert proxy.counts["delayed"] >= proxy.counts["sliced"]


async def test_what_is_held_goes_on_in_order_when_released() -> None:
    async with echo_through_proxy() as proxy, await dial(proxy) as stream:
        proxy.hold()
        await stream.send_all(b"first")
        with trio.move_on_after(0.05):
            await stream.receive_some()
            raise AssertionError("something came through")
        await stream.send_all(b"second")
        proxy.release()
        assert await receive(stream, 11) == b"firstsecond"
        assert proxy.counts["held"] == 1


async def test_a_half_open_line_tells_nobody() -> None:
    async with echo_through_proxy() as proxy, await dial(proxy) as stream:
        proxy.swallow(True)
        await stream.send_all(b"lost")
        while not proxy.counts["swallowed"]:
            await trio.lowlevel.checkpoint()
        proxy.swallow(False)
        await stream.send_all(b"kept")
        assert await receive(stream, 4) == b"kept"


async def test_a_reset_reaches_the_client() -> None:
    async with echo_through_proxy() as proxy, await dial(proxy) as stream:
        await stream.send_all(b"x")
        assert await receive(stream, 1) == b"x"
        proxy.reset_all()
        with pytest.raises(trio.BrokenResourceError):
            await stream.receive_some()
        assert proxy.counts["reset"] == 1
        proxy.is_refusing = True
        async with await dial(proxy) as other:
            with pytest.raises(trio.BrokenResourceError):
                await other.receive_some()


async def test_a_line_is_cut_at_its_byte_or_pattern() -> None:
    async with echo_through_proxy() as proxy:
        proxy.make_rule = lambda: CutAfterBytes(3)
        async with await dial(proxy) as stream:
            await stream.send_all(b"abcdef")
            with pytest.raises(trio.BrokenResourceError):
                await receive(stream, 6)
        proxy.make_rule = lambda: CutAtPattern(b"now")
        async with await dial(proxy) as stream:
            await stream.send_all(b"not yet")
            assert await receive(stream, 7) == b"not yet"
            await stream.send_all(b"and now")
            with pytest.raises(trio.BrokenResourceError):
                await receive(stream, 7)
        assert proxy.counts["cut"] == 2
