"""One link between two nodes: an ordered stream each way over a bus that may lose datagrams.

A loss is noticed by its gap, or by what the peer says of its numbers when it has nothing else to say; then the link is
broken for good, and whoever needs one opens a new one. So what came through came in order, without a hole.
"""

from collections.abc import Sequence
from typing import Final

from nvserver.cluster.frames import Item, LinkFrame

_FRAME_BYTES: Final = 200_000
_ITEM_BYTES: Final = 64


class LinkEnd:
    """One end: numbers what goes out and checks what comes in. Sans-IO: `take` gives items, `frames` what to send.

    `pending_bytes` is what waits to go out."""

    def __init__(self, own_id: str, peer_id: str, link_id: str, *, is_opener: bool, now: float) -> None:
        self.peer_id = peer_id
        self.link_id = link_id
        self.is_opener = is_opener
        self.is_broken = False
        self.heard_at = now
        self.pending_bytes = 0
        self._own_id = own_id
        self._next_out = 0
        self._next_in = 0
        self._pending: list[tuple[Item, int]] = []

    def push(self, item: Item, size_bytes: int = 0) -> None:
        """Put an item into the next frame."""
        size = size_bytes + _ITEM_BYTES
        self._pending.append((item, size))
        self.pending_bytes += size

    def frames(self) -> Sequence[LinkFrame]:
        """Everything that waits, in frames of a moderate size."""
        frames = []
        while self._pending:
            items: list[Item] = []
            size = 0
            while self._pending and (not items or size + self._pending[0][1] <= _FRAME_BYTES):
                item, item_bytes = self._pending.pop(0)
                items.append(item)
                size += item_bytes
            frames.append(
                LinkFrame(self._own_id, self.peer_id, self.link_id, self.is_opener, self._next_out, tuple(items))
            )
            self._next_out += 1
        self.pending_bytes = 0
        return frames

    def take(self, frame: LinkFrame, now: float) -> Sequence[Item] | None:
        """The items of the next frame, nothing for one that came before; None when one is missing: the link is
        broken."""
        if frame.seq < self._next_in:
            return ()
        if frame.seq > self._next_in:
            return None
        self._next_in += 1
        self.heard_at = now
        return frame.items
