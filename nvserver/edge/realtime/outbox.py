"""What waits to be sent to one client, in order."""

from collections.abc import Callable
from dataclasses import dataclass

from nvserver.core.wire.engineio import Packet, PacketType, encode_packet
from nvserver.core.wire.websocket import encode_binary_frame, encode_text_frame
from nvserver.workspace.events import WorkspaceEvent


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An encoded packet, made once and shared by all who get it.

    `packet` is the Engine.IO packet as text in UTF-8, `frame` the WebSocket frame with it. What belongs to a workspace
    has its `event`, by which the overflow policy judges it."""

    packet: bytes
    frame: bytes
    event: WorkspaceEvent | None = None

    @classmethod
    def of(cls, packet: bytes, event: WorkspaceEvent | None = None) -> "Outgoing":
        return cls(packet, encode_text_frame(packet), event)

    @classmethod
    def of_binary(cls, data: bytes) -> "Outgoing":
        """A binary message, for instance an attachment."""
        return cls(encode_packet(Packet(PacketType.MESSAGE, data)).encode(), encode_binary_frame(data))


class Outbox:
    """Order is kept. It is full once `max_bytes` wait; so it holds at most that and one packet more.

    Only its owner knows what to leave out when it is full, see `overflow.py`."""

    __slots__ = ("_items", "max_bytes", "queued_bytes")

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._items: list[Outgoing] = []
        self.queued_bytes = 0

    @property
    def is_full(self) -> bool:
        return self.queued_bytes >= self.max_bytes

    @property
    def is_half_full(self) -> bool:
        return 2 * self.queued_bytes >= self.max_bytes

    def put(self, item: Outgoing) -> None:
        """Put at the end; the owner has made room before."""
        self._items.append(item)
        self.queued_bytes += len(item.frame)

    def take(self, max_bytes: int) -> bytes:
        """The oldest frames, joined: at least one, then as many as fit; b"" when there are none."""
        items = self._items
        if len(items) == 1:
            self._items, self.queued_bytes = [], 0
            return items[0].frame
        items = self._take(max_bytes)
        return items[0].frame if len(items) == 1 else b"".join([item.frame for item in items])

    def take_packets(self, max_bytes: int) -> list[bytes]:
        """The oldest packets likewise, for long-polling; control frames of WebSocket are left out."""
        return [item.packet for item in self._take(max_bytes) if item.packet]

    def _take(self, max_bytes: int) -> list[Outgoing]:
        items = self._items
        if len(items) == 1 or self.queued_bytes <= max_bytes:
            self._items, self.queued_bytes = [], 0
            return items
        size = count = 0
        for item in items:
            size += len(item.frame)
            if count and size > max_bytes:
                size -= len(item.frame)
                break
            count += 1
        self._items = items[count:]
        self.queued_bytes -= size
        return items[:count]

    def rewrite(self, change: Callable[[list[Outgoing]], list[Outgoing]]) -> None:
        """Replace what waits by what `change` makes of it."""
        self._items = change(self._items)
        self.queued_bytes = sum(len(item.frame) for item in self._items)
