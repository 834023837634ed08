"""All links of a node: opens them, hands frames to their ends, flushes once a turn, gives up the silent ones."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

import structlog
import trio

from nvserver.cluster.frames import ENCODER, Item, LinkBroken, LinkFrame, Silence
from nvserver.cluster.link import FRAME_BYTES, LinkEnd
from nvserver.cluster.seal import Seal
from nvserver.cluster.tokens import NewToken
from nvserver.ports.bus import Bus

log = structlog.get_logger()

_REMEMBERED: Final = 10_000


class Hearer(Protocol):
    """What stands behind an end of a link. Plain calls that must not block or raise."""

    def take(self, item: Item) -> None:
        """The next item from the peer."""
        ...

    def before_flush(self) -> None:
        """The items of this turn are about to go out."""
        ...

    def broken(self) -> None:
        """Nothing comes or goes any more."""
        ...


Accept: TypeAlias = "Callable[[Line], Hearer]"
"""Makes the hearer of a link that another node opened."""


class Line:
    """One end of a link, and what stands behind it."""

    def __init__(self, links: "Links", end: LinkEnd) -> None:
        self._links = links
        self.end = end
        self.hearer: Hearer

    @property
    def peer_id(self) -> str:
        return self.end.peer_id

    @property
    def is_broken(self) -> bool:
        return self.end.is_broken

    @property
    def frame_bytes(self) -> int:
        """What is longer goes out in parts."""
        return self._links.frame_bytes

    @property
    def has_room(self) -> bool:
        """Whether another call or answer may be asked to go out, of whatever length."""
        return self.end.pending_bytes < self._links.max_bytes

    def flush_soon(self) -> None:
        """There will be something to send at the end of this turn."""
        if not self.end.is_broken:
            self._links.flush_soon(self)

    def push(self, item: Item, size_bytes: int = 0, *, is_owed: bool = True) -> None:
        """Send soon, in order; nothing on a broken link. What is owed goes out whether there is room or not."""
        if not self.end.is_broken:
            self.end.push(item, size_bytes, is_owed=is_owed)
            self._links.flush_soon(self)


class Links:
    """Overflow policy: calls and answers are refused when `max_bytes` wait already, so that they take no more than that
    and the longest of them. A link on which more than `max_bytes` of events waits is broken; its sessions are attached
    anew and read from the log what they missed. `max_seconds`: how long a peer may be silent; `wire`: see
    `wire_version`, links that nodes of another one open are refused."""

    def __init__(
        self,
        own_id: str,
        bus: Bus,
        seal: Seal,
        max_seconds: float,
        max_bytes: int,
        accept: Accept,
        new_token: NewToken,
        wire: int,
        frame_bytes: int = FRAME_BYTES,
    ) -> None:
        self.own_id = own_id
        self.max_bytes = max_bytes
        self.frame_bytes = frame_bytes
        self._bus = bus
        self._seal = seal
        self._max_seconds = max_seconds
        self._accept = accept
        self._new_token = new_token
        self._wire = wire
        self._lines: dict[str, Line] = {}
        self._opened: dict[str, Line] = {}
        self._over: OrderedDict[str, None] = OrderedDict()
        self._dirty: dict[str, Line] = {}
        self._wake = trio.Event()
        self.breaks = 0

    @property
    def count(self) -> int:
        """Links that are open, both ways."""
        return len(self._lines)

    def to(self, peer_id: str, make: Callable[[Line], Hearer]) -> Hearer:
        """The hearer of the link that this node opened to the peer; `make` makes it for a new one."""
        line = self._opened.get(peer_id)
        if line is None:
            line = self._add(peer_id, self._new_token(), is_opener=True)
            line.hearer = make(line)
            self._opened[peer_id] = line
        return line.hearer

    def _add(self, peer_id: str, link_id: str, *, is_opener: bool) -> Line:
        now = trio.current_time()
        end = LinkEnd(
            self.own_id,
            peer_id,
            link_id,
            is_opener=is_opener,
            now=now,
            wire=self._wire,
            frame_bytes=self.frame_bytes,
        )
        line = self._lines[link_id] = Line(self, end)
        return line

    def take_frame(self, frame: LinkFrame, size_bytes: int) -> None:
        """A frame for this node, its seal checked, and how long it was on the bus."""
        line = self._lines.get(frame.link_id)
        if line is None:
            if frame.seq != 0 or not frame.is_from_opener or frame.link_id in self._over:
                self._refuse(frame.sender, frame.link_id)
                return
            if frame.wire != self._wire:
                log.warning("link of another wire refused", peer=frame.sender, wire=frame.wire, own=self._wire)
                self._refuse(frame.sender, frame.link_id)
                return
            for former in [one for one in self._lines.values() if self._is_hosted_for(one, frame.sender)]:
                self.break_off(former)
            line = self._add(frame.sender, frame.link_id, is_opener=False)
            line.hearer = self._accept(line)
        if frame.sender != line.peer_id or frame.is_from_opener == line.end.is_opener:
            return
        items = line.end.take(frame, size_bytes, trio.current_time())
        if items is None:
            log.warning("link has lost a frame", peer=line.peer_id, seq=frame.seq)
            self._refuse(frame.sender, frame.link_id)
            self.break_off(line)
            return
        try:
            for item in items:
                line.hearer.take(item)
        except Exception:  # the other links, and the bus, go on
            log.exception("what came by a link could not be taken", peer=line.peer_id)
            self._refuse(frame.sender, frame.link_id)
            self.break_off(line)
        if line.end.has_something_to_send:
            line.flush_soon()

    def take_broken(self, frame: LinkBroken) -> None:
        """The peer takes nothing more on a link."""
        line = self._lines.get(frame.link_id)
        if line is not None and line.peer_id == frame.sender:
            self.break_off(line)

    def drop_node(self, peer_id: str) -> None:
        """The peer is dead."""
        for line in [line for line in self._lines.values() if line.peer_id == peer_id]:
            self.break_off(line)

    def break_hosted(self) -> None:
        """End all that others opened, and tell them."""
        for line in [line for line in self._lines.values() if not line.end.is_opener]:
            self._refuse(line.peer_id, line.end.link_id)
            self.break_off(line)

    def break_off(self, line: Line) -> None:
        """End the link here; the peer notices by its silence, or is told when it goes on writing."""
        if self._lines.pop(line.end.link_id, None) is None:
            return
        self.breaks += 1
        line.end.is_broken = True
        self._dirty.pop(line.end.link_id, None)
        if self._opened.get(line.peer_id) is line:
            del self._opened[line.peer_id]
        self._over[line.end.link_id] = None
        if len(self._over) > _REMEMBERED:
            self._over.popitem(last=False)
        log.info("link ended", peer=line.peer_id, link=line.end.link_id)
        line.hearer.broken()

    def flush_soon(self, line: Line) -> None:
        self._dirty[line.end.link_id] = line
        self._wake.set()

    async def run(self) -> None:
        """Flush and watch until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._flush)
            nursery.start_soon(self._watch)

    async def _flush(self) -> None:
        while True:
            await self._wake.wait()
            self._wake = trio.Event()
            dirty, self._dirty = self._dirty, {}
            for line in dirty.values():
                self._send(line)

    def _send(self, line: Line) -> None:
        line.hearer.before_flush()
        is_well = True
        for frame in line.end.next_frames():
            datagram = self._seal.seal(ENCODER.encode(frame))
            line.end.sent(len(datagram))
            is_well = is_well and self._bus.send(line.peer_id, datagram)
        if not is_well or line.end.owed_bytes > self.max_bytes:
            log.warning("link cannot carry what it should", peer=line.peer_id)
            self._refuse(line.peer_id, line.end.link_id)
            self.break_off(line)

    async def _watch(self) -> None:
        while True:
            await trio.sleep(self._max_seconds / 3)
            now = trio.current_time()
            for line in list(self._lines.values()):
                if now - line.end.heard_at > self._max_seconds:
                    log.warning("link is silent", peer=line.peer_id)
                    self.break_off(line)
                elif line.end.link_id not in self._dirty:
                    line.push(Silence())

    def _refuse(self, peer_id: str, link_id: str) -> None:
        self._bus.send(peer_id, self._seal.seal(ENCODER.encode(LinkBroken(self.own_id, peer_id, link_id))))

    @staticmethod
    def _is_hosted_for(line: Line, peer_id: str) -> bool:
        return line.peer_id == peer_id and not line.end.is_opener
