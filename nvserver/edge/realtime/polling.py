"""Engine.IO over HTTP long-polling: the client asks with GET for what waits, and sends with POST."""

from collections.abc import Callable
from typing import Final

import trio

from nvserver.core.wire import engineio
from nvserver.core.wire.engineio import PacketType
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.realtime.engine import EngineSession

_BATCH_BYTES: Final = 262_144
_MAX_PACKETS: Final = 1_000
_NOOP: Final = PacketType.NOOP.value.encode()
_CLOSE: Final = PacketType.CLOSE.value.encode()
_SEPARATOR: Final = engineio.SEPARATOR.encode()


class PollConflict(Exception):
    """Two requests of one session ask at the same time; the session is ended."""


class PollingTransport:
    """Keeps what waits in the session's outbox until a request comes for it.

    `on_end` is called once, when the session has ended or gone over to a WebSocket."""

    __slots__ = ("_is_over", "_is_polled", "_is_probed", "_on_end", "_wake", "session")

    def __init__(self, session: EngineSession, on_end: Callable[[], None]) -> None:
        self.session = session
        self._on_end = on_end
        self._wake = trio.Event()
        self._is_polled = False
        self._is_probed = False
        self._is_over = False

    # --- Transport -----------------------------------------------------------------------------------------------

    def flush_soon(self) -> None:
        self._wake.set()

    def flush_nowait(self) -> None:
        """Nothing goes out before the client asks."""

    def close(self, code: int, reason: str) -> None:  # noqa: ARG002 - long-polling knows no codes
        """The requests that still come get what there is, and then the end."""
        self._end()
        self.session.closed(reason)

    # --- requests ------------------------------------------------------------------------------------------------

    async def poll(self) -> bytes:
        """Wait until there is something; the body that carries it. Raises PollConflict."""
        if self._is_polled:
            self.session.close(1002, "two requests asked at the same time")
            raise PollConflict
        self._is_polled = True
        try:
            while not (packets := self._take()):
                self._wake = trio.Event()
                await self._wake.wait()
        finally:
            self._is_polled = False
        return _SEPARATOR.join(packets)

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
        """The WebSocket has taken over."""
        self._end()

    def _take(self) -> list[bytes]:
        if self._is_probed:
            return [_NOOP]
        return self.session.outbox.take_packets(_BATCH_BYTES) or ([_CLOSE] if self._is_over else [])

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._wake.set()
            self._on_end()
