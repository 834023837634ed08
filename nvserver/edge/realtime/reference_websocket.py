"""The WebSocket transport on trio-websocket: slower than our own reader, and what that is measured and tested against.

Chosen by `realtime.websocket = "trio-websocket"`. All that it writes, its pongs and close frames too, goes through the
session's outbox in whole frames. Three things to know of trio-websocket 0.12: `wrap_server_stream` never returns on a
bad head or an early end, so the head was checked before and the wait has a deadline; its reader must live until the
close handshake ends; it must not be given a socket that somebody else writes to.
"""

from collections.abc import Callable
from typing import Final

import trio
import trio_websocket

from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.front import Upgrade
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.stream import BufferedStream

_NO_STATUS: Final = 1005


class _OutboxStream(trio.abc.Stream):
    """What trio-websocket takes for its socket: reads from the connection, writes into the outbox."""

    def __init__(self, stream: BufferedStream, outbox: Outbox, head: bytes) -> None:
        self._stream = stream
        self._outbox = outbox
        self._head = head

    async def receive_some(self, max_bytes: int | None = None) -> bytes:  # noqa: ARG002 - the stream has its own
        head, self._head = self._head, b""
        return head or await self._stream.receive_some()

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        self._outbox.put(Outgoing(b"", bytes(data)))
        self._stream.flush_soon()
        await trio.lowlevel.checkpoint()

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        await self._stream.wait_flushed()


class ReferenceTransport:
    """Fills `engine.Transport`."""

    def __init__(
        self, upgrade: Upgrade, stream: BufferedStream, session: EngineSession, settings: RealtimeSettings
    ) -> None:
        self._upgrade = upgrade
        self._stream = stream
        self._session = session
        self._settings = settings
        self._nursery: trio.Nursery
        self._connection: trio_websocket.WebSocketConnection

    def flush_soon(self) -> None:
        self._stream.flush_soon()

    def flush_nowait(self) -> None:
        self._stream.flush_nowait()

    def close(self, code: int, reason: str) -> None:
        """Send a close frame after all that waits; the peer's answer, or a time-out, ends `run`."""
        self._nursery.start_soon(self._close, code, reason)

    async def run(self, open_session: Callable[["ReferenceTransport"], None]) -> None:
        """Answer the handshake, call `open_session`, read until the connection ends, and report it."""
        source = _OutboxStream(self._stream, self._session.outbox, self._upgrade.head.raw)
        try:
            async with trio.open_nursery() as self._nursery:
                with trio.fail_after(self._settings.connect_seconds):
                    request = await trio_websocket.wrap_server_stream(
                        self._nursery, source, max_message_size=self._settings.max_payload_bytes
                    )
                    self._connection = await request.accept()
                open_session(self)
                await self._read()
                self._nursery.cancel_scope.cancel()
        except (trio.TooSlowError, trio_websocket.HandshakeError):
            pass
        finally:
            self._stream.flush_nowait()
            reason = self._stream.close_reason or "the client closed"
            self._stream.close(reason)
            if self._session.is_open:
                self._session.closed(reason)

    async def _read(self) -> None:
        try:
            while True:
                message = await self._connection.get_message()
                if not self._session.admit():
                    continue
                try:
                    if isinstance(message, str):
                        self._session.received(message)
                    else:
                        self._session.received_binary(message)
                except ProtocolError as error:
                    self._session.close(error.close_code, error.reason)
                if self._session.outbox.is_half_full:
                    # Who does not read the answers gets no further requests in.
                    await self._stream.wait_flushed()
        except trio_websocket.ConnectionClosed:
            return

    async def _close(self, code: int, reason: str) -> None:
        with trio.move_on_after(self._settings.close_seconds) as scope:
            await self._connection.aclose(code if code != _NO_STATUS else 1000, reason)
        if scope.cancelled_caught:
            self._nursery.cancel_scope.cancel()
