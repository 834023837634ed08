"""The bus: datagrams between nodes. They may be lost and come late; what is built on it numbers them."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

OnDatagram: TypeAlias = Callable[[bytes], None]
"""Called from the event loop with each datagram. Must not block or raise."""


class Bus(Protocol):
    """Authentication is not the bus's: whoever can reach it can write to it."""

    async def listen(self, node_id: str, on_datagram: OnDatagram) -> None:
        """Return when datagrams to the node, and those to all, arrive. Raises `Unavailable`. Once a process."""
        ...

    def send(self, node_id: str | None, datagram: bytes) -> bool:
        """Queue for the node, or (None) for all nodes, this one too; never blocks. False: the queue is full, it was
        dropped."""
        ...
