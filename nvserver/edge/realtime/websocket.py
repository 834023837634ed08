"""A WebSocket that carries an Engine.IO session: the handshake, and reading until both sides have closed."""

from collections.abc import Collection, Iterable
from http import HTTPStatus

import trio

from nvserver.core.wire import websocket as ws
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.request_head import BadHead, RequestHead
from nvserver.edge.stream import BufferedStream


def is_origin_allowed(origin: str | None, host: str | None, allowed_origins: Collection[str]) -> bool:
    """A page of another site must not speak for whoever visits it. Exact matches only, and the server's own origin.

    Programs send no Origin; they are let in as everybody, by the token."""
    if origin is None or origin in allowed_origins:
        return True
    return bool(host) and origin in (f"http://{host}", f"https://{host}")


def answer_handshake(head: RequestHead) -> bytes:
    """The response that makes the connection a WebSocket (RFC 6455, 4.2). Raises BadHead."""
    if head.method != "GET" or head.minor_version != 1 or head.body_bytes != 0:
        raise BadHead("a WebSocket is opened with GET and HTTP/1.1, without a body")
    if "upgrade" not in head.tokens("connection"):
        raise BadHead("Connection does not say upgrade")
    if head.header("sec-websocket-version") != "13":
        raise BadHead("only version 13 of WebSocket is spoken here", HTTPStatus.UPGRADE_REQUIRED)
    try:
        accept = ws.accept_key((head.header("sec-websocket-key") or "").encode("latin-1"))
    except ProtocolError as error:
        raise BadHead(error.reason) from None
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


class WebSocketTransport:
    """Its stream takes what it writes from the session's outbox."""

    __slots__ = ("_is_closing", "_reader", "_scope", "_session", "_settings", "_stream")

    def __init__(
        self,
        stream: BufferedStream,
        session: EngineSession,
        settings: RealtimeSettings,
        reader: ws.FrameReader | None = None,
    ) -> None:
        self._stream = stream
        self._session = session
        self._settings = settings
        self._reader = reader or ws.FrameReader(settings.max_payload_bytes)
        self._scope = trio.CancelScope()
        self._is_closing = False

    def flush_soon(self) -> None:
        self._stream.flush_soon()

    def flush_nowait(self) -> None:
        self._stream.flush_nowait()

    def close(self, code: int, reason: str) -> None:
        """Send a close frame after all that waits; the peer's answer, or a time-out, ends `run`."""
        self._start_closing(ws.encode_close_frame(code, reason))

    async def run(self, first: Iterable[ws.Received] = ()) -> None:
        """Read until the connection ends, and report it. `first` was read already."""
        reason = "the client closed"
        try:
            with self._scope:
                await self._read(first)
            if self._scope.cancelled_caught:
                reason = "the client did not answer the close frame"
        finally:
            self._stream.flush_nowait()
            reason = self._stream.close_reason or reason
            self._stream.close(reason)
            self._session.closed(reason)

    async def _read(self, first: Iterable[ws.Received]) -> None:
        stream, outbox = self._stream, self._session.outbox
        if self._is_closed_by(first):
            return
        while data := await stream.receive_some():
            if self._is_closed_by(self._reader.feed(data)):
                return
            if outbox.is_half_full:
                # Who does not read the answers gets no further requests in.
                await stream.wait_flushed()

    def _is_closed_by(self, messages: Iterable[ws.Received]) -> bool:
        """Take the messages; True when the peer has closed."""
        try:
            return any(self._take(message) for message in messages)
        except ProtocolError as error:
            self._session.close(error.close_code, error.reason)
            if self._stream.flush_nowait():
                self._stream.send_eof()
            return False

    def _take(self, received: ws.Received) -> bool:
        """True when the peer has closed."""
        if not isinstance(received, ws.Close) and not self._session.admit():
            return False
        if isinstance(received, str):
            self._session.received(received)
        elif isinstance(received, bytes):
            self._session.received_binary(received)
        elif isinstance(received, ws.Close):
            self._start_closing(ws.encode_close_frame(received.code))
            return True
        elif isinstance(received, ws.Ping):
            self._session.send(Outgoing(b"", ws.encode_pong_frame(received.payload)))
        return False

    def _start_closing(self, close_frame: bytes) -> None:
        if self._is_closing:
            return
        self._is_closing = True
        self._scope.deadline = trio.current_time() + self._settings.close_seconds
        self._session.outbox.put(Outgoing(b"", close_frame))
        self._stream.flush_soon()
