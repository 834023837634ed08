"""Engine.IO over HTTP long-polling: the client asks with GET for what waits, and sends with POST."""

from collections.abc import Callable
from typing import Final

import trio

from nvserver.core.wire import engineio
from nvserver.core.wire.engineio import PacketType
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.websocket import GOING_AWAY, POLICY_VIOLATION, PROTOCOL_FAULT, TRY_AGAIN_LATER
from nvserver.edge.realtime.engine import EngineSession

_BATCH_BYTES: Final = 262_144
_MAX_PACKETS: Final = 1_000
_FAREWELLS: Final = frozenset({GOING_AWAY, POLICY_VIOLATION, TRY_AGAIN_LATER})
_NOOP: Final = PacketType.NOOP.value.encode()
_CLOSE: Final = PacketType.CLOSE.value.encode()
_SEPARATOR: Final = engineio.SEPARATOR.encode()


class PollConflict(Exception):
    """Two requests of one session ask at the same time; the session is ended."""


class PollingTransport:
    """Keeps what waits in the session's outbox until a request comes for it.

    `on_end`: the server ended the session in good order, and the next request is to hear the rest. `on_forget`: nothing
    is to be said by long-polling any more, since the session is over or has gone to a WebSocket."""

    __slots__ = (
        "_has_client_closed",
        "_is_over",
        "_is_polled",
        "_is_probed",
        "_on_end",
        "_on_forget",
        "_wake",
        "session",
    )

    def __init__(self, session: EngineSession, on_end: Callable[[], None], on_forget: Callable[[], None]) -> None:
        self.session = session
        self._on_end = on_end
        self._on_forget = on_forget
        self._wake = trio.Event()
        self._is_polled = False
        self._is_probed = False
        self._is_over = False
        self._has_client_closed = False

    # --- Transport -----------------------------------------------------------------------------------------------

    def flush_soon(self) -> None:
        self._wake.set()

    def flush_nowait(self) -> None:
        """Nothing goes out before the client asks."""

    def close(self, code: int, reason: str) -> None:
        """A request under way is answered with what there is and the end. The next one is too, if the client has
        something to learn from it; who left, fell silent or broke the protocol meets an unknown session."""
        self._is_over, self._is_probed = True, False
        self._wake.set()
        if code in _FAREWELLS:
            self._on_end()
        else:
            self._on_forget()
        self.session.closed(reason)

    # --- requests ------------------------------------------------------------------------------------------------

    async def poll(self) -> bytes:
        """Wait until there is something; the body that carries it. Raises PollConflict."""
        if self._is_polled:
            self.session.close(PROTOCOL_FAULT, "two requests asked at the same time")
            raise PollConflict
        self._is_polled = True
        try:
            while not (packets := self._take()):
                self._wake = trio.Event()
                await self._wake.wait()
        finally:
            self._is_polled = False
        return _SEPARATOR.join(packets)

    def abandoned(self) -> None:
        """The client went away while it asked. An answer may have been lost with it, so the session is over."""
        if not self._is_over:
            self.session.lose("the client left while it asked")

    def receive(self, body: str) -> None:
        """The packets of a POST. Raises ProtocolError, which has ended the session."""
        session = self.session
        try:
            packets = engineio.decode_payload(body, _MAX_PACKETS)
        except ProtocolError as error:
            session.close(error.close_code, error.reason)
            raise
        for packet in packets:
            if not session.admit():
                return
            if isinstance(packet.data, bytes):
                session.received_binary(packet.data)
            else:
                self._has_client_closed |= packet.type is PacketType.CLOSE
                session.received(packet.type.value + packet.data)

    @property
    def can_upgrade(self) -> bool:
        """Neither over nor about to go over to a WebSocket."""
        return not self._is_over and not self._is_probed

    def start_upgrade(self) -> None:
        """A WebSocket stands ready: requests are answered at once, so that the client can stop asking."""
        self._is_probed = True
        self._wake.set()

    def cancel_upgrade(self) -> None:
        """The WebSocket went away: all stays as it was."""
        self._is_probed = False
        self._wake.set()

    def finish_upgrade(self) -> None:
        """The WebSocket has taken over; a request still under way is answered with nothing."""
        self._is_over = True
        self._wake.set()
        self._on_forget()

    def _take(self) -> list[bytes]:
        if self._is_probed:
            return [_NOOP]
        outbox = self.session.outbox
        packets = outbox.take_packets(_BATCH_BYTES)
        if self._is_over and not outbox.queued_bytes:
            packets.append(_NOOP if self._has_client_closed else _CLOSE)
            self._on_forget()
        return packets
