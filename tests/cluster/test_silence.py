"""A peer that vanishes without a word is noticed by its silence, on both ends of a link (A10)."""

from collections import deque

import trio

from nvserver.cluster.frames import FRAMES, Item, LinkFrame
from nvserver.cluster.links import Line, Links
from nvserver.cluster.seal import Seal
from nvserver.cluster.settings import NodeSettings
from nvserver.cluster.tokens import new_token
from nvserver.ports.bus import OnDatagram

NOTICED_SECONDS = 5.0
"""What the matrix allows, at the default settings."""


class Wire:
    """Fills `Bus` for both nodes; once cut it swallows everything and tells nobody."""

    def __init__(self) -> None:
        self.is_cut = False
        self._receivers: dict[str, OnDatagram] = {}
        self._waiting: deque[tuple[str, bytes]] = deque()

    async def listen(self, node_id: str, on_datagram: OnDatagram) -> None:
        self._receivers[node_id] = on_datagram

    def send(self, node_id: str | None, datagram: bytes) -> bool:
        assert node_id is not None
        if not self.is_cut:
            self._waiting.append((node_id, datagram))
        return True

    async def run(self) -> None:
        while True:
            await trio.sleep(0.01)
            while self._waiting:
                node_id, datagram = self._waiting.popleft()
                self._receivers[node_id](datagram)


class Ear:
    """Fills `Hearer`."""

    def __init__(self) -> None:
        self.broken_at: float | None = None

    def take(self, item: Item) -> None: ...

    def before_flush(self) -> None: ...

    def broken(self) -> None:
        self.broken_at = trio.current_time()


async def test_both_ends_notice_a_peer_that_vanished_and_none_that_is_quiet(
    autojump_clock: trio.testing.MockClock,
) -> None:
    wire, seal, settings = Wire(), Seal([b"k" * 32]), NodeSettings()
    ears = {"here": Ear(), "there": Ear()}

    async def a_node(name: str) -> Links:
        def accept(_line: Line) -> Ear:
            return ears[name]

        links = Links(name, wire, seal, settings.link_seconds, settings.link_bytes, accept, new_token, wire=1)

        def received(datagram: bytes) -> None:
            body = seal.open(datagram)
            assert body is not None
            frame = FRAMES.decode(body)
            assert isinstance(frame, LinkFrame)
            links.take_frame(frame, len(datagram))

        await wire.listen(name, received)
        nursery.start_soon(links.run)
        return links

    async with trio.open_nursery() as nursery:
        nursery.start_soon(wire.run)
        here, there = await a_node("here"), await a_node("there")
        here.to("there", lambda _line: ears["here"])
        await trio.sleep(60)
        assert (here.count, there.count) == (1, 1), "nobody has said anything for a minute, and both live"
        wire.is_cut = True
        cut_at = trio.current_time()
        await trio.sleep(NOTICED_SECONDS)
        for ear in ears.values():
            assert ear.broken_at is not None
            assert 0 < ear.broken_at - cut_at <= NOTICED_SECONDS
        assert (here.count, there.count) == (0, 0)
        nursery.cancel_scope.cancel()
