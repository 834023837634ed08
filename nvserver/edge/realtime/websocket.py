"""A WebSocket that carries an Engine.IO session: the handshake, and reading until both sides have closed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import Protocol

import structlog

from nvserver.actors.timer import Timer, TimerHandle
from nvserver.core.wire import websocket as ws
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.readers import Readers
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.request_head import BadHead, RequestHead
from nvserver.edge.stream import BufferedStream
from nvserver.errors import UpgradeRequired

log = structlog.get_logger()


def is_origin_allowed(origin: str | None, host: str | None, allowed_origins: Collection[str]) -> bool:
    """A page of another site must not speak for whoever visits it. Exact matches only, and the server's own origin.

    Programs send no Origin; they are let in as everybody, by the token."""
    if origin is None or origin in allowed_origins:
        return True
    return bool(host) and origin in (f"http://{host}", f"https://{host}")


def answer_handshake(head: RequestHead) -> bytes:
    """The response that makes the connection a WebSocket (RFC 6455, 4.2). Raises BadHead."""
    if head.method != "GET" or head.minor_version != 1 or head.body_bytes != 0:
        raise BadHead("A WebSocket is opened with GET and HTTP/1.1, without a body")
    if "upgrade" not in head.tokens("connection"):
        raise BadHead("Ask for a WebSocket with `Connection: Upgrade`")
    if head.header("sec-websocket-version") != "13":
        raise BadHead("Only version 13 of WebSocket is spoken here", UpgradeRequired)
    try:
        accept = ws.accept_key((head.header("sec-websocket-key") or "").encode("latin-1"))
    except ProtocolError as error:
        raise BadHead(error.reason) from None
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


class Receiver(Protocol):
    """What a WebSocket carries: an `EngineSession`, outside of tests of the protocol. None of its methods may block."""

    @property
    def id(self) -> str: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def answer_due_seconds(self) -> float:
        """How long what comes next had better wait for an answer that is being made and may be large; else 0."""
        ...

    @property
    def is_writing(self) -> bool:
        """Whether it was asked for a change last, not for an answer."""
        ...

    def admit(self) -> bool:
        """Whether the next message may be taken; False when it is not to be heard any more."""
        ...

    def received(self, text: str) -> None: ...

    def received_binary(self, data: bytes) -> None: ...

    def send(self, item: Outgoing) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def closed(self, reason: str) -> None: ...


class WebSocketTransport:
    """Its stream takes what it writes from the session's outbox, and tells it when there is something to read."""

    __slots__ = (
        "_deadline",
        "_hold",
        "_is_closing",
        "_on_end",
        "_reader",
        "_rest",
        "_session",
        "_settings",
        "_stream",
        "_timer",
        "flush_soon",
    )

    def __init__(
        self,
        stream: BufferedStream,
        session: Receiver,
        settings: RealtimeSettings,
        timer: Timer,
        on_end: Callable[[], None],
        reader: ws.FrameReader | None = None,
    ) -> None:
        """`on_end` is called once, when the connection has ended and the session knows."""
        self._stream = stream
        self._session = session
        self._settings = settings
        self._timer = timer
        self._on_end = on_end
        self._reader = reader or ws.FrameReader(settings.max_payload_bytes)
        self._rest: Iterator[ws.Received] | None = None
        """What was read and waits until the answer to what came before it stands in the outbox."""
        self._hold: TimerHandle | None = None
        """Ends the wait for that answer, should it not come."""
        self._deadline: TimerHandle | None = None
        self._is_closing = False
        self.flush_soon = stream.flush_soon

    def flush_nowait(self) -> None:
        self._stream.flush_nowait()

    def close(self, code: int, reason: str) -> None:
        """Send a close frame after all that waits; the peer's answer, or a time-out, ends the connection."""
        self._start_closing(ws.encode_close_frame(code, reason))

    def start(self, readers: Readers, first: Iterable[ws.Received] = ()) -> None:
        """Read until the connection ends, and report it. `first` was read already."""
        self._stream.read_by(readers, self)
        if self._is_closed_by(first):
            self._end()
        else:
            self._read_on()

    # --- StreamReader --------------------------------------------------------------------------------------------

    def readable(self) -> None:
        self._end_hold()
        if (seconds := self._session.answer_due_seconds) > 0:
            self._hold_for(seconds)
            return
        messages = self._messages()
        if messages is None or self._is_closed_by(messages):
            self._end()
            return
        self._stream.read_in_rounds(self._session.is_writing)
        self._read_on()

    def closed(self, reason: str) -> None:
        self._end_hold()
        if self._deadline is not None:
            self._deadline.cancel()
        try:
            self._session.closed(reason)
        except Exception:
            log.exception("a session could not be ended", session=self._session.id)
        finally:
            self._on_end()

    def _read_on(self) -> None:
        """What was read already and is still to be taken makes no socket readable."""
        stream, session = self._stream, self._session
        if session.outbox.is_half_full:
            # Who does not read the answers gets no further requests in.
            stream.pause_until_flushed()
        elif self._rest is not None or stream.has_prefix:
            if (seconds := session.answer_due_seconds) > 0:
                self._hold_for(seconds)
            else:
                stream.read_again()

    def _hold_for(self, seconds: float) -> None:
        """Read nothing until something is sent, the answer in all likelihood, or the time is over."""
        self._stream.pause()
        self._hold = self._timer.call_later(seconds, self._stream.resume)

    def _end_hold(self) -> None:
        if self._hold is not None:
            self._hold.cancel()
            self._hold = None

    def _messages(self) -> Iterable[ws.Received] | None:
        """What was held back, or what has come; None at the end."""
        if self._rest is not None:
            rest, self._rest = self._rest, None
            return rest
        data = self._stream.read_nowait()
        if data is None:
            return ()
        return self._reader.feed(data) if data else None

    def _is_closed_by(self, messages: Iterable[ws.Received]) -> bool:
        """Take the messages, as far as the session is ready for them; True when the peer has closed."""
        session, messages = self._session, iter(messages)
        try:
            for message in messages:
                if session.answer_due_seconds > 0:
                    self._rest = chain((message,), messages)
                    return False
                if self._take(message):
                    return True
        except ProtocolError as error:
            self._session.close(error.close_code, error.reason)
            if self._stream.flush_nowait():
                self._stream.send_eof()
        return False

    def _take(self, received: ws.Received) -> bool:
        """True when the peer has closed."""
        if isinstance(received, ws.Close):
            self._start_closing(ws.encode_close_frame(received.code))
            return True
        session = self._session
        if not session.admit():
            return False
        if isinstance(received, str):
            session.received(received)
        elif isinstance(received, bytes):
            session.received_binary(received)
        elif isinstance(received, ws.Ping):
            session.send(Outgoing(b"", ws.encode_pong_frame(received.payload)))
        return False

    def _start_closing(self, close_frame: bytes) -> None:
        if self._is_closing:
            return
        self._is_closing = True
        self._deadline = self._timer.call_later(self._settings.close_seconds, self._give_up)
        self._session.outbox.put(Outgoing(b"", close_frame))
        self._stream.flush_soon()

    def _give_up(self) -> None:
        self._stream.flush_nowait()
        self._stream.abort("the client did not answer the close frame")

    def _end(self) -> None:
        self._stream.flush_nowait()
        self._stream.close("the client closed")
