"""The bus on Redis pub/sub: one channel a node and one for all; sharded channels on a Redis Cluster.

Sender and receivers are tasks of trio's own, beside redis-py: see `docs/adr/0040`. What is queued while a batch is
under way goes out together in the next one.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
import trio

from nvserver.adapters.redis.resp import NotRedis, ReplyError, command
from nvserver.adapters.redis.wire import Address, Wire
from nvserver.core.statistics import Histogram
from nvserver.errors import Unavailable
from nvserver.ports.bus import OnDatagram

log = structlog.get_logger()

Locate = Callable[[str], Awaitable[Address]]
"""Where the Redis is that has the channel. Raises `Unavailable`."""

_REST_SECONDS: Final = 0.1
_MAX_BATCH: Final = 256
_TO_ALL: Final = "all"
_PING: Final = command(b"PING")
_PLAIN_WORDS: Final = (b"PUBLISH", b"SUBSCRIBE")
_SHARDED_WORDS: Final = (b"SPUBLISH", b"SSUBSCRIBE")
_KNOWS_SHARDS: Final = command(b"COMMAND", b"INFO", b"SPUBLISH")
_TROUBLE: Final = (
    *(OSError, trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError),
    *(ReplyError, NotRedis, Unavailable),
)


class RedisBus:
    """Fills the port `Bus`. Overflow policy: what does not fit is dropped, and its sender is told. What was queued when
    Redis was lost is dropped too: whoever waits for it will have given up by then."""

    def __init__(
        self, locate: Locate, deadline_seconds: float, max_bytes: int, *, is_sharded: bool = False, prefix: str = "nv"
    ) -> None:
        self._locate = locate
        self._deadline_seconds = deadline_seconds
        self._max_bytes = max_bytes
        self._prefix = prefix
        self._words: tuple[bytes, bytes] | None = None if is_sharded else _PLAIN_WORDS
        self._queue: deque[tuple[str, bytes]] = deque()
        self._queued_bytes = 0
        self._queued = trio.Event()
        self._on_datagram: OnDatagram | None = None
        self._node_id = ""
        self._wanted = trio.Event()
        self._listening = {_TO_ALL: trio.Event()}
        self._wires: dict[Address, Wire] = {}
        self.seconds = Histogram()
        """How long Redis took to take what went out together."""

    async def listen(self, node_id: str, on_datagram: OnDatagram) -> None:
        """See `Bus.listen`."""
        self._on_datagram = on_datagram
        self._node_id = node_id
        self._listening[node_id] = trio.Event()
        self._wanted.set()
        with trio.move_on_after(10 * self._deadline_seconds):
            for event in self._listening.values():
                await event.wait()
            return
        raise Unavailable("Redis does not take the subscription to the bus")

    def send(self, node_id: str | None, datagram: bytes) -> bool:
        """See `Bus.send`."""
        if self._queued_bytes + len(datagram) > self._max_bytes:
            return False
        self._queue.append((node_id or _TO_ALL, datagram))
        self._queued_bytes += len(datagram)
        self._queued.set()
        return True

    async def run(self) -> None:
        """Send and receive until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._send_all)
            await self._wanted.wait()
            for receiver in self._listening:
                nursery.start_soon(self._receive_all, receiver)

    # --- sending -------------------------------------------------------------------------------------------------

    async def _send_all(self) -> None:
        try:
            while True:
                if not self._queue:
                    self._queued = trio.Event()
                    await self._queued.wait()
                batch = [self._queue.popleft() for _ in range(min(len(self._queue), _MAX_BATCH))]
                self._queued_bytes -= sum(len(datagram) for _, datagram in batch)
                try:
                    began = trio.current_time()
                    with trio.fail_after(self._deadline_seconds):
                        await self._publish(batch)
                    self.seconds.observe(trio.current_time() - began)
                except _TROUBLE as error:
                    log.warning("bus cannot send", error=repr(error), dropped=len(batch) + len(self._queue))
                    self._queue.clear()
                    self._queued_bytes = 0
                    self._hang_up()
                    await trio.sleep(_REST_SECONDS)
        finally:
            self._hang_up()

    async def _publish(self, batch: list[tuple[str, bytes]]) -> None:
        by_wire: dict[Wire, list[bytes]] = {}
        for receiver, datagram in batch:
            channel = self._channel(receiver)
            wire = await self._wire_to(channel)
            publish, _ = await self._words_of(wire)
            by_wire.setdefault(wire, []).append(command(publish, channel.encode(), datagram))
        for wire, commands in by_wire.items():
            await wire.send(b"".join(commands))
            for _ in commands:
                wire.check(await wire.next())

    async def _wire_to(self, channel: str) -> Wire:
        address = await self._locate(channel)
        wire = self._wires.get(address)
        if wire is None:
            wire = self._wires[address] = await Wire.connect(address)
        return wire

    async def _words_of(self, wire: Wire) -> tuple[bytes, bytes]:
        """How to publish and subscribe. A cluster of Redis before 7 knows no sharded channels: each of its shards hears
        everything."""
        if self._words is None:
            await wire.send(_KNOWS_SHARDS)
            match wire.check(await wire.next()):
                case [None]:
                    log.info("Redis knows no sharded channels: its shards hear all of the bus")
                    self._words = _PLAIN_WORDS
                case _:
                    self._words = _SHARDED_WORDS
        return self._words

    def _hang_up(self) -> None:
        for wire in self._wires.values():
            wire.abort()
        self._wires.clear()

    # --- receiving -----------------------------------------------------------------------------------------------

    async def _receive_all(self, receiver: str) -> None:
        while True:
            try:
                await self._receive(receiver)
            except _TROUBLE as error:
                log.warning("bus cannot receive", error=repr(error))
            await trio.sleep(_REST_SECONDS)

    async def _receive(self, receiver: str) -> None:
        """Until the connection fails. Silence is asked about: a Redis that hangs and one behind a cut line look
        alike."""
        channel = self._channel(receiver)
        with trio.fail_after(self._deadline_seconds):
            wire = await Wire.connect(await self._locate(channel))
        try:
            with trio.fail_after(self._deadline_seconds):
                _, subscribe = await self._words_of(wire)
                await wire.send(command(subscribe, channel.encode()))
            is_asked = False
            while True:
                with trio.move_on_after(self._deadline_seconds) as quiet:
                    for reply in await wire.some():
                        self._take(receiver, wire.check(reply))
                if not quiet.cancelled_caught:
                    is_asked = False
                elif is_asked:
                    raise trio.TooSlowError
                else:
                    is_asked = True
                    await wire.send(_PING)
        finally:
            wire.abort()

    def _take(self, receiver: str, reply: object) -> None:
        match reply:
            case [b"message" | b"smessage", _, bytes() as datagram]:
                assert self._on_datagram is not None
                self._on_datagram(datagram)
            case [b"subscribe" | b"ssubscribe", *_]:
                self._listening[receiver].set()

    def _channel(self, receiver: str) -> str:
        return f"{self._prefix}:bus:{receiver}"
