"""One link between two nodes: an ordered stream each way over a bus that may lose datagrams.

A loss is noticed by its gap, or by what the peer says of its numbers when it has nothing else to say; then the link is
broken for good, and whoever needs one opens a new one. So what came through came in order, without a hole.

No more than a window is on its way to a peer: what an answer of many megabytes would put on the bus at once, neither
its queue nor Redis's for the peer would hold. Each frame says how much its sender has taken; one that has taken much
and has nothing to say sends an empty one.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from nvserver.cluster.frames import Item, LinkFrame

FRAME_BYTES: Final = 200_000
"""A frame gets no further item when it has reached this."""
_WINDOW_FRAMES: Final = 3
_ITEM_BYTES: Final = 64


class LinkEnd:
    """One end: numbers what goes out and checks what comes in. Sans-IO: `next_frames` gives what to send, `take`
    is told what comes.

    `pending_bytes` is what waits to go out, `owed_bytes` what of it nobody was asked about: events, not calls and
    answers."""

    def __init__(
        self,
        own_id: str,
        peer_id: str,
        link_id: str,
        *,
        is_opener: bool,
        now: float,
        wire: int = 0,
        frame_bytes: int = FRAME_BYTES,
    ) -> None:
        self.peer_id = peer_id
        self.link_id = link_id
        self.is_opener = is_opener
        self.is_broken = False
        self.heard_at = now
        self.pending_bytes = 0
        self.owed_bytes = 0
        self._own_id = own_id
        self._wire = wire
        self._frame_bytes = frame_bytes
        self._next_out = 0
        self._next_in = 0
        self._pending: deque[tuple[Item, int, int]] = deque()
        self._sent_bytes = 0
        self._arrived_bytes = 0
        self._taken_bytes = 0
        self._told_bytes = 0

    def push(self, item: Item, size_bytes: int = 0, *, is_owed: bool = True) -> None:
        """Put an item into the next frame."""
        size = size_bytes + _ITEM_BYTES
        owed = size if is_owed else 0
        self._pending.append((item, size, owed))
        self.pending_bytes += size
        self.owed_bytes += owed

    def next_frames(self) -> Iterator[LinkFrame]:
        """What may go out now. Whoever takes one sends it, and says with `sent` how long it was, before the next."""
        while self.has_something_to_send:
            items = self._next_items() if self._is_window_open else ()
            seq, self._next_out = self._next_out, self._next_out + 1
            self._told_bytes = self._taken_bytes
            wire = self._wire if seq == 0 and self.is_opener else 0
            yield LinkFrame(
                self._own_id, self.peer_id, self.link_id, self.is_opener, seq, items, self._taken_bytes, wire
            )

    def _next_items(self) -> tuple[Item, ...]:
        items: list[Item] = []
        size = 0
        while self._pending and (not items or size + self._pending[0][1] <= self._frame_bytes):
            item, item_bytes, owed = self._pending.popleft()
            items.append(item)
            size += item_bytes
            self.pending_bytes -= item_bytes
            self.owed_bytes -= owed
        return tuple(items)

    @property
    def has_something_to_send(self) -> bool:
        """That may go out now."""
        is_telling_due = self._taken_bytes - self._told_bytes >= self._frame_bytes
        return is_telling_due or (bool(self._pending) and self._is_window_open)

    @property
    def _is_window_open(self) -> bool:
        return self._sent_bytes - self._arrived_bytes < _WINDOW_FRAMES * self._frame_bytes

    def sent(self, size_bytes: int) -> None:
        """A frame of this length is on its way."""
        self._sent_bytes += size_bytes

    def take(self, frame: LinkFrame, size_bytes: int, now: float) -> tuple[Item, ...] | None:
        """The items of the next frame, nothing for one that came before; None when one is missing: the link is
        broken."""
        if frame.seq < self._next_in:
            return ()
        if frame.seq > self._next_in:
            return None
        self._next_in += 1
        self.heard_at = now
        self._taken_bytes += size_bytes
        self._arrived_bytes = frame.taken_bytes
        return frame.items
