"""The HTTP side of long-polling: an ASGI app for the path `/socket.io/`."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import parse_qs

import msgspec
import trio

from nvserver.core.wire.engineio import PROTOCOL_VERSION
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.front import REALTIME_PATH
from nvserver.edge.http.server import HALF_CLOSED
from nvserver.edge.realtime.polling import PollConflict, PollingTransport
from nvserver.edge.realtime.settings import RealtimeSettings

Receive: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
Scope: TypeAlias = dict[str, Any]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_MAX_QUERY_FIELDS: Final = 20
_LEAVING: Final = frozenset({"http.disconnect", HALF_CLOSED})
"""Clients of long-polling do not close their side and read on: who does has gone."""


class Refusal(Exception):
    """The request cannot be served; `code` is Engine.IO's own."""

    def __init__(self, code: int, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class PollingSessions(Protocol):
    """The Engine.IO server, as long-polling needs it."""

    def open_polling(self) -> PollingTransport | None:
        """A new session; None when there are too many."""
        ...

    def find_polling(self, session_id: str) -> PollingTransport | None: ...

    def is_origin_allowed(self, origin: str | None, host: str | None) -> bool: ...


class PollingApp:
    """Answers GET (ask), POST (send) and OPTIONS (pages of other allowed origins)."""

    def __init__(self, sessions: PollingSessions, settings: RealtimeSettings) -> None:
        self._sessions = sessions
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        try:
            if not self._sessions.is_origin_allowed(origin, headers.get("host")):
                raise Refusal(3, "This origin is not allowed", HTTPStatus.FORBIDDEN)
            body = await self._answer(scope, receive)
        except Refusal as refusal:
            told = msgspec.json.encode({"code": refusal.code, "message": refusal.message})
            await _respond(send, refusal.status, b"application/json", told, origin)
            return
        if body is not None:
            await _respond(send, HTTPStatus.OK, b"text/plain; charset=UTF-8", body, origin)

    async def _answer(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None when the client has gone."""
        method = scope["method"]
        if method == "OPTIONS":
            return b""
        query = _query(scope)
        if query.get("EIO") != PROTOCOL_VERSION:
            raise Refusal(5, "Unsupported protocol version")
        if query.get("transport") != "polling":
            raise Refusal(0, "Transport unknown")
        session_id = query.get("sid")
        if session_id is None:
            if method != "GET":
                raise Refusal(2, "Bad handshake method")
            transport = self._sessions.open_polling()
        else:
            transport = self._sessions.find_polling(session_id)
        if transport is None:
            if session_id is None:
                raise Refusal(3, "Too many sessions", HTTPStatus.SERVICE_UNAVAILABLE)
            raise Refusal(1, "Session ID unknown")
        if method == "GET":
            return await _poll(transport, receive)
        if method == "POST":
            await self._take(transport, receive)
            return b"ok"
        raise Refusal(3, "Bad request", HTTPStatus.METHOD_NOT_ALLOWED)

    async def _take(self, transport: PollingTransport, receive: Receive) -> None:
        body = bytearray()
        with trio.move_on_after(self._settings.write_seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return
                body += message.get("body", b"")
                if len(body) > self._settings.max_payload_bytes:
                    transport.session.close(1009, "a body is too large")
                    raise Refusal(3, "Payload too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                if not message.get("more_body"):
                    break
        try:
            transport.receive(body.decode())
        except (ProtocolError, UnicodeDecodeError):
            transport.session.close(1002, "a body is malformed")
            raise Refusal(3, "Bad request") from None


def beside(polling: PollingApp, app: Any, path: str = REALTIME_PATH) -> App:
    """One ASGI app of both: long-polling has its path, `app` everything else."""

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        is_polling = scope["type"] == "http" and scope["path"] == path
        await (polling if is_polling else app)(scope, receive, send)

    return both


def _query(scope: Scope) -> Mapping[str, str]:
    try:
        fields = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError:
        raise Refusal(3, "Bad request") from None
    return {name: values[0] for name, values in fields.items() if len(values) == 1}


async def _poll(transport: PollingTransport, receive: Receive) -> bytes | None:
    """What waits for the client; None when it left before there was something."""
    bodies: list[bytes] = []
    async with trio.open_nursery() as nursery:

        async def watch() -> None:
            while (await receive())["type"] not in _LEAVING:
                continue
            nursery.cancel_scope.cancel()

        nursery.start_soon(watch)
        try:
            bodies.append(await transport.poll())
        except PollConflict:
            bodies.append(b"")
        nursery.cancel_scope.cancel()
    if not bodies:
        transport.abandoned()
        return None
    if not bodies[0]:
        raise Refusal(3, "Bad request")
    return bodies[0]


async def _respond(send: Send, status: HTTPStatus, content_type: bytes, body: bytes, origin: str | None) -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if origin is not None and status is not HTTPStatus.FORBIDDEN:
        headers += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-allow-headers", b"content-type"),
            (b"access-control-allow-methods", b"GET, POST"),
            (b"vary", b"Origin"),
        ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
