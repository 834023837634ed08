"""The change of a session from long-polling to a WebSocket: `2probe`, `3probe`, `5`."""

from collections.abc import Iterator

import trio

from nvserver.actors.timer import Timer
from nvserver.core.wire import engineio
from nvserver.core.wire import websocket as ws
from nvserver.core.wire.engineio import Packet, PacketType, State
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.front import Upgrade
from nvserver.edge.readers import Readers
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.polling import PollingTransport
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.realtime.websocket import WebSocketTransport
from nvserver.edge.stream import BufferedStream

_PROBE = "probe"


class PollingUpgrade:
    """Until the client says that it has changed over, the session stays with long-polling and this WebSocket is
    nothing to it; if it fails before, nothing is lost."""

    def __init__(
        self, stream: BufferedStream, outbox: Outbox, polling: PollingTransport, settings: RealtimeSettings
    ) -> None:
        """`outbox` is the stream's own source until then."""
        self._stream = stream
        self._outbox = outbox
        self._polling = polling
        self._settings = settings
        self._state = State.EXPECTS_PROBE

    async def run(self, upgrade: Upgrade, readers: Readers, timer: Timer) -> None:
        """Serve the WebSocket for the probe, then have it kept for the session."""
        try:
            reader = ws.FrameReader(self._settings.max_payload_bytes)
            rest: Iterator[ws.Received] | None = None
            with trio.move_on_after(self._settings.connect_seconds):
                rest = await self._probe(reader)
            if rest is None or not self._can_take_over():
                self._polling.cancel_upgrade()
            else:
                self._take_over(reader, rest, upgrade, readers, timer)
        finally:
            if not upgrade.is_kept:
                self._stream.close("upgrade ended")

    async def _probe(self, reader: ws.FrameReader) -> Iterator[ws.Received] | None:
        """What came behind the client's last word, None when it did not say it."""
        while data := await self._stream.receive_some():
            received = reader.feed(data)
            try:
                for message in received:
                    if isinstance(message, ws.Close):
                        return None
                    if isinstance(message, str):
                        self._take(engineio.decode_packet(message))
                    if self._state is State.OPEN:
                        return received
            except ProtocolError:
                return None
        return None

    def _take(self, packet: Packet) -> None:
        self._state = engineio.next_state(self._state, packet.type)
        if packet.type is PacketType.PING:
            if packet.data != _PROBE:
                raise ProtocolError("the probe says something else")
            self._outbox.put(Outgoing.of(engineio.encode_packet(Packet(PacketType.PONG, _PROBE)).encode()))
            self._stream.flush_soon()
            self._polling.start_upgrade()
        elif self._state is State.CLOSED:
            raise ProtocolError("closed by the client")

    def _can_take_over(self) -> bool:
        return self._polling.session.is_open and self._stream.flush_nowait() and self._stream.is_open

    def _take_over(
        self, reader: ws.FrameReader, rest: Iterator[ws.Received], upgrade: Upgrade, readers: Readers, timer: Timer
    ) -> None:
        session = self._polling.session
        self._stream.source = session.outbox
        transport = WebSocketTransport(self._stream, session, self._settings, timer, upgrade.on_end, reader)
        upgrade.keep()
        session.move_to(transport)
        self._polling.finish_upgrade()
        transport.start(readers, rest)
