"""Serves HTTP/1.1 on one connection at a time, with Hypercorn's protocol and any ASGI app.

The only module that knows Hypercorn's inner parts (0.18). Hypercorn's own server ends when one connection fails badly,
and waits for ever on a peer that does not read; here every connection has its boundary and its deadlines. No WebSocket
and no HTTP/2: a request to upgrade is served as if it had not asked.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from math import inf
from typing import Any, Final, Protocol, cast

import h11
import msgspec
import structlog
import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.trio.task_group import TaskGroup
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import ConnectionState, H11SendableEvent

from nvserver.edge.http.errors import error_answer, fresh_request_id
from nvserver.edge.http.headers import RawHeaders
from nvserver.edge.http.settings import HttpSettings
from nvserver.errors import BadRequest
from nvserver.ports.clock import NowMs

log = structlog.get_logger("nvserver.http")

HALF_CLOSED: Final = "nvserver.half_closed"
"""The type of an ASGI message of our own: the client will say nothing more, but may still read."""
RECEIVE_BYTES: Final = 65_536
LINGER_SECONDS: Final = 10.0
LINGER_IDLE_SECONDS: Final = 2.0


class ConnectionStream(Protocol):
    """A connection to a client, and its socket for the addresses of both ends."""

    @property
    def socket(self) -> trio.socket.SocketType: ...

    async def receive_some(self, max_bytes: int | None = None) -> bytes: ...

    async def send_all(self, data: bytes) -> None: ...

    async def send_eof(self) -> None: ...

    async def aclose(self) -> None: ...


class HttpServer:
    """Serves an ASGI app on connections that somebody else accepted."""

    def __init__(self, app: Any, settings: HttpSettings, headers: RawHeaders, now_ms: NowMs) -> None:
        """`headers` are added to every answer, also to those that never reach the app."""
        self.app = ASGIWrapper(app)
        self.settings = settings
        self.config = _Config(settings, headers)
        self.context = WorkerContext(None)
        self.now_ms = now_ms
        self._connections: set[_Connection] = set()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    async def serve(self, stream: ConnectionStream) -> None:
        """Serve until either side ends the connection, then close it. Raises nothing but the caller's cancellation."""
        connection = _Connection(self, stream)
        self._connections.add(connection)
        try:
            await connection.run()
        except* (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # the peer is gone
        except* Exception:
            log.exception("http connection failed")
        finally:
            self._connections.discard(connection)
            await stream.aclose()

    async def drain(self) -> None:
        """Close the connections that wait for a request; the others close with their answer."""
        self.config.is_draining = True
        await self.context.terminated.set()
        for connection in list(self._connections):
            connection.close_if_idle()


class _Connection:
    def __init__(self, server: HttpServer, stream: ConnectionStream) -> None:
        self._server = server
        self._stream = stream
        self._all = trio.CancelScope()
        self._reading = trio.CancelScope()
        self._send_lock = trio.Lock()
        self._idle = trio.Event()
        """Set while no request is being answered."""

    async def run(self) -> None:
        with self._all:
            try:
                async with TaskGroup() as tasks:
                    await self._read(self._protocol(tasks))
                await self._linger()
            finally:
                # A `Cancelled` that strayed in from elsewhere ends here instead of ending the server.
                self._all.cancel()

    def close_if_idle(self) -> None:
        if self._idle.is_set():
            self._reading.cancel()

    def _protocol(self, tasks: TaskGroup) -> "_PlainHttp":
        server, socket = self._server, self._stream.socket
        return _PlainHttp(
            server.app,
            server.config,
            server.context,
            tasks,
            ConnectionState({}),
            False,
            _address(socket.getpeername()),
            _address(socket.getsockname()),
            self._send,
            server.now_ms,
        )

    async def _read(self, protocol: "_PlainHttp") -> None:
        self._set_idle(is_idle=True)
        with self._reading:
            while data := await self._stream.receive_some(RECEIVE_BYTES):
                await protocol.handle(RawData(bytes(data)))
        # Whoever only has nothing more to say still gets his answer; half a request is none.
        if protocol.connection.their_state is h11.DONE:
            async with trio.open_nursery() as telling:
                telling.start_soon(protocol.tell_half_closed)
                await self._idle.wait()
                telling.cancel_scope.cancel()
        await protocol.handle(Closed())

    async def _send(self, event: Event) -> None:
        if isinstance(event, RawData):
            async with self._send_lock:
                is_sent = False
                with (
                    trio.move_on_after(self._server.settings.send_seconds),
                    suppress(trio.BrokenResourceError, trio.ClosedResourceError),
                ):
                    await self._stream.send_all(event.data)
                    is_sent = True
            if not is_sent:  # the peer is gone, or as good as gone: nobody waits for what the app still does
                self._all.cancel()
                await trio.lowlevel.checkpoint()
        elif isinstance(event, Updated):
            self._set_idle(is_idle=event.idle)
        elif isinstance(event, Closed):
            self._idle.set()
            self._reading.cancel()

    def _set_idle(self, *, is_idle: bool) -> None:
        if is_idle:
            self._idle.set()
        else:
            self._idle = trio.Event()
        wait = self._server.settings.keep_alive_seconds if is_idle else inf
        self._reading.deadline = trio.current_time() + wait

    async def _linger(self) -> None:
        """Closing over unread bytes would reset the connection, and the client would never see the answer. Many send
        all they have before they look for one, so an upload that was refused early is read on for a while."""
        with trio.move_on_after(LINGER_SECONDS), trio.CancelScope() as idle:
            await self._stream.send_eof()
            idle.deadline = trio.current_time() + LINGER_IDLE_SECONDS
            while await self._stream.receive_some(RECEIVE_BYTES):
                idle.deadline = trio.current_time() + LINGER_IDLE_SECONDS


class _PlainHttp(H11Protocol):
    """HTTP/1.1 and nothing it could be upgraded to; errors of the protocol are told in the API's form."""

    def __init__(self, *args: Any) -> None:
        *rest, now_ms = args
        super().__init__(*rest)
        self._now_ms: NowMs = now_ms
        self._head = b""
        """Of the answer under way: it goes out with the first of the body, in one packet."""

    async def tell_half_closed(self) -> None:
        """Tell the app. One that waits for something to say to the client may give up; others go on."""
        stream = self.stream
        if stream is not None and stream.app_put is not None:
            with suppress(trio.BrokenResourceError, trio.ClosedResourceError):  # it has answered meanwhile
                await stream.app_put(cast("Any", {"type": HALF_CLOSED}))

    async def _check_protocol(self, event: h11.Request) -> None:
        """Nothing: Hypercorn would switch to HTTP/2 here."""

    async def _create_stream(self, request: h11.Request) -> None:
        if any(name == b"upgrade" for name, _ in request.headers) or request.target[:1] not in (b"/", b"h"):
            request = h11.Request(
                method=request.method,
                target=request.target if request.target[:1] in (b"/", b"h") else b"/" + request.target,
                headers=[(name, value) for name, value in request.headers if name != b"upgrade"],
                http_version=request.http_version,
            )
        await super()._create_stream(request)

    async def _send_error_response(self, status_code: int) -> None:
        request_id = fresh_request_id()
        body = msgspec.json.encode(error_answer(BadRequest(), request_id, self._now_ms()))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            (b"x-request-id", request_id.encode()),
            *self.config.response_headers("h11"),
        ]
        # Encoded without a pause, so that an answer of the app cannot come in between.
        events = (h11.Response(status_code=status_code, headers=headers), h11.Data(data=body), h11.EndOfMessage())
        await self.send(RawData(b"".join(self.connection.send(event) or b"" for event in events)))

    async def _send_h11_event(self, event: H11SendableEvent) -> None:
        if isinstance(event, h11.Response):
            event = _with_own_policy(event)
            if self.connection.their_state is h11.SEND_BODY:  # what is still to come is not worth waiting for
                headers = [*event.headers, (b"connection", b"close")]
                event = h11.Response(status_code=event.status_code, headers=headers, reason=event.reason)
        try:
            data = self._head + (self.connection.send(event) or b"")
        except h11.LocalProtocolError:
            if self.connection.their_state is not h11.ERROR:
                raise
            return
        is_head = isinstance(event, h11.Response)
        self._head = data if is_head else b""
        if data and not is_head:
            await self.send(RawData(data))


def _with_own_policy(answer: h11.Response) -> h11.Response:
    """An answer's own security policy comes instead of the server's, which stands behind it."""
    policies = [header for header in answer.headers if header[0] == b"content-security-policy"]
    if len(policies) < 2:
        return answer
    headers = [header for header in answer.headers if header[0] != b"content-security-policy"]
    return h11.Response(status_code=answer.status_code, headers=[*headers, policies[0]], reason=answer.reason)


class _Config(Config):
    """Hypercorn's settings, as far as its protocol asks for them."""

    def __init__(self, settings: HttpSettings, headers: RawHeaders) -> None:
        super().__init__()
        self.h11_max_incomplete_size = settings.max_head_bytes
        self.include_server_header = False
        self.errorlog = logging.getLogger("hypercorn.error")
        self.is_draining = False
        self._headers = headers

    def response_headers(self, protocol: str) -> list[tuple[bytes, bytes]]:
        last_words = [(b"connection", b"close")] if self.is_draining else []
        return [*super().response_headers(protocol), *self._headers, *last_words]


def _address(name: Sequence[Any]) -> tuple[str, int]:
    """Host and port; an IPv4 address that came over an IPv6 socket in its own form."""
    host, port = name[:2]
    mapped = getattr(ip_address(host.partition("%")[0]), "ipv4_mapped", None)
    return str(mapped or host), port
