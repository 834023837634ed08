"""What every bus does: in memory, and on a real Redis."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import trio
import trio_asyncio

from nvserver.adapters.memory.bus import MemoryBus, MemoryHub
from nvserver.adapters.redis import open_redis
from nvserver.adapters.redis.settings import RedisSettings
from nvserver.ports.bus import Bus
from tests.support.redis import running_redis


class Inbox:
    def __init__(self) -> None:
        self._send, self._receive = trio.open_memory_channel[bytes](10_000)

    def take(self, datagram: bytes) -> None:
        self._send.send_nowait(datagram)

    async def next(self, count: int) -> list[bytes]:
        with trio.fail_after(20):
            return [await self._receive.receive() for _ in range(count)]


@pytest.fixture(params=["memory", "redis"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[list[Bus]]:
    if request.param == "memory":
        hub = MemoryHub()
        yield [MemoryBus(hub), MemoryBus(hub), MemoryBus(hub)]
        return
    settings = RedisSettings(request.getfixturevalue("redis_url"))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(trio_asyncio.open_loop())
        yield [(await stack.enter_async_context(open_redis(settings))).bus for _ in range(3)]


async def test_datagrams_come_to_their_node_in_order(buses: list[Bus]) -> None:
    inboxes = [Inbox() for _ in buses]
    for number, (bus, inbox) in enumerate(zip(buses, inboxes, strict=True)):
        await bus.listen(f"node {number}", inbox.take)
    sent = [bytes([number % 256]) * (1 + number * 7) for number in range(300)]
    for datagram in sent:
        assert buses[0].send("node 1", datagram)
    assert buses[2].send("nobody", b"lost")
    assert await inboxes[1].next(len(sent)) == sent
    assert buses[1].send(None, b"to all")
    assert [await inbox.next(1) for inbox in inboxes] == [[b"to all"]] * 3


async def test_what_does_not_fit_is_dropped_and_told() -> None:
    with running_redis() as server:
        async with trio_asyncio.open_loop(), open_redis(RedisSettings(server.url, bus_bytes=65_536)) as opened:
            inbox = Inbox()
            await opened.bus.listen("me", inbox.take)
            assert opened.bus.send("me", b"x" * 60_000)
            assert not opened.bus.send("me", b"y" * 60_000)
            assert await inbox.next(1) == [b"x" * 60_000]


async def test_the_bus_comes_back_with_redis() -> None:
    with running_redis() as server:
        async with trio_asyncio.open_loop(), open_redis(RedisSettings(server.url)) as opened:
            inbox = Inbox()
            await opened.bus.listen("me", inbox.take)
            server.stop()
            opened.bus.send("me", b"lost")
            server.start()
            with trio.fail_after(30):
                while True:
                    opened.bus.send("me", b"again")
                    with trio.move_on_after(0.1):
                        assert await inbox.next(1) == [b"again"]
                        break
