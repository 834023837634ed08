"""A lean Socket.IO client on trio: no more than WebSocket, the main namespace and JSON, and nothing behind one's back.

Whoever uses it pulls what came, in the order in which it came; nothing is handled between two calls. It shares no code
with the server's side of the wire.
"""

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import trio
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.events import Event as WebSocketEvent
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

RECEIVE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Event:
    """Something the server told."""

    name: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Ack:
    """The answer to the request that was sent as `number`."""

    number: int
    result: Any


Received: TypeAlias = Event | Ack


class ConnectionLost(Exception):
    """The connection is over, or was never made. `code` and `reason` are those of the close frame, if one came."""

    def __init__(self, code: int | None = None, reason: str = "") -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class ConnectRefused(Exception):
    """CONNECT_ERROR: the server does not let this client in."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(f"{code}: {message}")
        self.message = message
        self.code = code


class RealtimeConnection:
    """One connection. All that waits may raise ConnectionLost; deadlines are the caller's."""

    def __init__(self, websocket: "_WebSocket") -> None:
        self._websocket = websocket
        self._kept: deque[Received] = deque()
        self._asked = 0

    async def emit(self, name: str, payload: object) -> None:
        """Send an event without asking for an acknowledgement."""
        await self.send_text(f"42{_json([name, payload])}")

    async def ask(self, name: str, payload: object) -> int:
        """Send an event; the number of the `Ack` that will answer it."""
        self._asked += 1
        await self.send_text(f"42{self._asked}{_json([name, payload])}")
        return self._asked

    async def call(self, name: str, payload: object) -> Any:
        """Send an event and wait for its acknowledgement; what comes before it is kept for `receive`."""
        return await self.answer(await self.ask(name, payload))

    async def answer(self, number: int) -> Any:
        """The acknowledgement of the request `number`; everything else is kept."""
        ack = await self._first(lambda received: isinstance(received, Ack) and received.number == number)
        assert isinstance(ack, Ack)
        return ack.result

    async def event(self, name: str) -> Any:
        """The payload of the next event of that name; everything else is kept."""
        event = await self._first(lambda received: isinstance(received, Event) and received.name == name)
        assert isinstance(event, Event)
        return event.payload

    async def receive(self) -> Received:
        """What came next, in order."""
        return self._kept.popleft() if self._kept else await self._receive()

    def take_kept(self) -> list[Received]:
        """All that was kept, in order, and is now no more."""
        kept = list(self._kept)
        self._kept.clear()
        return kept

    async def wait_closed(self) -> ConnectionLost:
        """How the connection ended; what still comes is kept."""
        try:
            while True:
                self._kept.append(await self._receive())
        except ConnectionLost as lost:
            return lost

    async def send_text(self, text: str) -> None:
        """One WebSocket message, as it is."""
        await self._websocket.send(TextMessage(text))

    async def send_bytes(self, data: bytes) -> None:
        """One binary WebSocket message, as it is."""
        await self._websocket.send(BytesMessage(data))

    async def connect(self, auth: object) -> None:
        """Enter the main namespace. Raises ConnectRefused."""
        await self.send_text(f"40{_json(auth)}")
        answer = await self._next_text()
        if answer.startswith("44"):
            refusal = json.loads(answer[2:])
            raise ConnectRefused(refusal["message"], refusal["data"]["code"])
        assert answer.startswith("40"), answer

    async def _first(self, wanted: Any) -> Received:
        for index, received in enumerate(self._kept):
            if wanted(received):
                del self._kept[index]
                return received
        while not wanted(received := await self._receive()):
            self._kept.append(received)
        return received

    async def _receive(self) -> Received:
        while True:
            text = await self._next_text()
            if text.startswith("42"):
                name, payload = json.loads(text[2:])
                return Event(name, payload)
            if text.startswith("43"):
                start = text.index("[")
                (result,) = json.loads(text[start:])
                return Ack(int(text[2:start]), result)
            if text == "41":
                return Event("disconnect", None)
            raise AssertionError(f"unexpected packet {text[:40]!r}")

    async def _next_text(self) -> str:
        """The next packet; pings are answered and left out, so is the handshake."""
        while True:
            text = await self._websocket.receive()
            if text == "2":
                await self.send_text("3")
            elif not text.startswith("0"):
                return text


@asynccontextmanager
async def open_realtime(
    url: str, token: str, client_id: str | None = None, **auth: object
) -> AsyncIterator[RealtimeConnection]:
    """A connection to the server at `url` (`http://…`, `https://…`), as the person of `token`; `client_id` is that of
    an earlier connection. Raises ConnectionLost and ConnectRefused."""
    who = {"token": token, **({"clientId": client_id} if client_id else {}), **auth}
    async with open_transport(url) as connection:
        await connection.connect(who)
        yield connection


@asynccontextmanager
async def open_transport(url: str) -> AsyncIterator[RealtimeConnection]:
    """A connection that has not entered the namespace yet."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    stream: trio.abc.Stream
    try:
        if parts.scheme == "https":
            stream = await trio.open_ssl_over_tcp_stream(parts.hostname, parts.port or 443, https_compatible=True)
        else:
            stream = await trio.open_tcp_stream(parts.hostname, parts.port or 80)
    except OSError:
        raise ConnectionLost from None
    async with stream:
        websocket = _WebSocket(stream)
        await websocket.open(parts.hostname)
        yield RealtimeConnection(websocket)


class _WebSocket:
    """The client's side of a WebSocket. Leaving it closes the TCP connection and says nothing more."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._events: deque[WebSocketEvent] = deque()
        self._parts: list[str] = []

    async def open(self, host: str) -> None:
        await self.send(Request(host=host, target="/socket.io/?EIO=4&transport=websocket"))
        answer = await self._next_event()
        if isinstance(answer, RejectConnection):
            raise ConnectionLost(answer.status_code, "the handshake was refused")
        assert isinstance(answer, AcceptConnection)

    async def send(self, event: WebSocketEvent) -> None:
        try:
            await self._stream.send_all(self._protocol.send(event))
        except (trio.BrokenResourceError, LocalProtocolError):
            raise ConnectionLost from None

    async def receive(self) -> str:
        """The next message of text."""
        while True:
            match await self._next_event():
                case TextMessage(data=data, message_finished=is_whole):
                    self._parts.append(data)
                    if is_whole:
                        text = "".join(self._parts)
                        self._parts.clear()
                        return text
                case Ping() as ping:
                    await self.send(ping.response())
                case CloseConnection() as close:
                    with suppress(ConnectionLost):
                        await self.send(close.response())
                    raise ConnectionLost(close.code, close.reason or "")
                case Message():
                    raise AssertionError("the server sent bytes")

    async def _next_event(self) -> WebSocketEvent:
        while not self._events:
            try:
                data = await self._stream.receive_some(RECEIVE_BYTES)
                if not data:
                    raise ConnectionLost
                self._protocol.receive_data(bytes(data))
            except (trio.BrokenResourceError, RemoteProtocolError):
                raise ConnectionLost from None
            self._events.extend(self._protocol.events())
        return self._events.popleft()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
