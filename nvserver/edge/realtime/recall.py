"""The newest events of a client that may be recovered (Socket.IO's connection state recovery): each with its number."""

from collections import deque
from collections.abc import Sequence

from nvserver.core.wire.socketio import number_event
from nvserver.edge.realtime.outbox import Outgoing


class Recall:
    """Bounded in bytes: beyond that the oldest go, and whoever missed them is not recovered. `secret` is what the
    client is known by when it comes back."""

    __slots__ = ("_bytes", "_items", "_newest", "max_bytes", "secret")

    def __init__(self, secret: str, max_bytes: int) -> None:
        self.secret = secret
        self.max_bytes = max_bytes
        self._items: deque[Outgoing] = deque()
        self._bytes = 0
        self._newest = 0
        """The number of the newest event; the first is 1."""

    def number(self, item: Outgoing) -> Outgoing:
        """The event with its number as a further argument; it is kept."""
        self._newest += 1
        item = Outgoing.of(number_event(item.packet, str(self._newest)), item.event)
        self._items.append(item)
        self._bytes += len(item.packet)
        while self._bytes > self.max_bytes:
            self._bytes -= len(self._items.popleft().packet)
        return item

    def clear(self) -> None:
        """What was kept will not arrive as it was."""
        self._items.clear()
        self._bytes = 0

    def since(self, number: str | None) -> Sequence[Outgoing] | None:
        """All events after the one that arrived last, None for none; None when they are not all there."""
        seen = int(number) if number is not None and number.isascii() and number.isdecimal() else 0
        first_kept = self._newest - len(self._items) + 1
        if not first_kept - 1 <= seen <= self._newest:
            return None
        return list(self._items)[seen - first_kept + 1 :]
