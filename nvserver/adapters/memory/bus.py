"""The bus in memory, for nodes in one process."""

import trio

from nvserver.ports.bus import OnDatagram


class MemoryHub:
    """What the buses of one process share."""

    def __init__(self) -> None:
        self.listeners: dict[str, OnDatagram] = {}


class MemoryBus:
    """Fills the port `Bus`. A datagram arrives in a later turn of the loop, in the order of sending."""

    def __init__(self, hub: MemoryHub) -> None:
        self._hub = hub
        self._token: trio.lowlevel.TrioToken | None = None

    async def listen(self, node_id: str, on_datagram: OnDatagram) -> None:
        """See `Bus.listen`."""
        await trio.lowlevel.checkpoint()
        self._token = trio.lowlevel.current_trio_token()
        self._hub.listeners[node_id] = on_datagram

    def send(self, node_id: str | None, datagram: bytes) -> bool:
        """See `Bus.send`."""
        token = self._token or trio.lowlevel.current_trio_token()
        for receiver in list(self._hub.listeners) if node_id is None else [node_id]:
            token.run_sync_soon(self._deliver, receiver, datagram)
        return True

    def _deliver(self, node_id: str, datagram: bytes) -> None:
        listener = self._hub.listeners.get(node_id)
        if listener is not None:
            listener(datagram)
