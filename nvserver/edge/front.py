"""The front door: one port, on which every connection starts as HTTP/1.1 and is handed to whom its request is for.

WebSockets under `/socket.io/` go to the realtime gateway, everything else to the HTTP server. Whatever happens within a
connection ends that connection alone.
"""

import errno
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

import msgspec
import structlog
import trio

from nvserver.edge.affinity import keep_together
from nvserver.edge.http.errors import error_answer, fresh_request_id
from nvserver.edge.http.headers import RawHeaders
from nvserver.edge.http_stream import HttpStream
from nvserver.edge.request_head import BadHead, RequestHead
from nvserver.errors import CallerError, NotFound
from nvserver.ports.clock import NowMs

log = structlog.get_logger()

REALTIME_PATH: Final = "/socket.io/"
_BACKLOG: Final = 1_024
_ACCEPTED_A_STEP: Final = 64
_OUT_OF_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_REST_SECONDS: Final = 0.1
_WARNING_SECONDS: Final = 1.0
_LINGER_SECONDS: Final = 2.0

HttpHandler: TypeAlias = Callable[[HttpStream], Awaitable[None]]
"""Serves HTTP/1.1 on the stream until it ends, and closes it."""


@dataclass(frozen=True, slots=True)
class FrontSettings:
    """Section `[front]`."""

    max_connections: int = field(default=20_000, metadata={"min": 1})
    """Open connections of any kind; further ones are closed as they come."""
    max_head_bytes: int = field(default=16_384, metadata={"min": 1_024, "max": 1_048_576})
    """Size of a request's head."""
    head_seconds: float = field(default=10.0, metadata={"min": 0.1, "max": 600})
    """How long a connection may take to send a whole request head."""


@dataclass(slots=True)
class Upgrade:
    """A request for a WebSocket: its head, its socket (non-blocking, the taker's own), what was read behind it."""

    head: RequestHead
    sock: socket.socket
    unread: bytes
    on_end: Callable[[], None]
    """To be called once when a kept connection has ended."""
    is_kept: bool = False

    def keep(self) -> None:
        """The connection goes on when the handler returns: its taker closes the socket and calls `on_end`."""
        self.is_kept = True


UpgradeHandler: TypeAlias = Callable[[Upgrade], Awaitable[None]]
"""Answers the handshake, and serves the WebSocket until it ends or keeps it."""


def open_listeners(host: str, port: int, *, sharers: int = 1, has_affinity: bool = True) -> list[socket.socket]:
    """Listening sockets on all addresses of `host`; port 0 takes a free one, the same for all. `sharers`: how many
    processes listen there; with affinity all connections of one address come to one of them. Raises OSError."""
    listeners = _bind(host, port, is_shared=sharers > 1)
    for listener in listeners:
        listener.listen(_BACKLOG)
        if has_affinity:
            keep_together(listener, sharers)
        listener.setblocking(False)
    return listeners


def bind_shared(host: str, port: int) -> list[socket.socket]:
    """Sockets that keep the port for processes that share it, without listening. Raises OSError."""
    return _bind(host, port, is_shared=True)


def _bind(host: str, port: int, *, is_shared: bool) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            listener = socket.socket(family, kind, protocol)
            listeners.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if is_shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((address[0], port, *address[2:]))
            port = listener.getsockname()[1]
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners


class FrontDoor:
    """Owns the listeners, and one task for each connection until that is somebody else's."""

    def __init__(
        self,
        settings: FrontSettings,
        http: HttpHandler,
        realtime: UpgradeHandler,
        now_ms: NowMs,
        headers: RawHeaders = (),
        realtime_path: str = REALTIME_PATH,
    ) -> None:
        """`headers` are added to every refusal."""
        self._settings = settings
        self._now_ms = now_ms
        self._headers = headers
        self._realtime_path = realtime_path
        self._http = http
        self._realtime = realtime
        self._accepting = trio.CancelScope()
        self._warned_at = float("-inf")
        self._ended = trio.Event()
        self.connections = 0

    async def serve(self, listeners: Sequence[socket.socket]) -> None:
        """Take connections until `drain`, and return when the last one has ended. Owns the listeners."""
        async with trio.open_nursery() as connections:
            try:
                with self._accepting:
                    async with trio.open_nursery() as acceptors:
                        for listener in listeners:
                            acceptors.start_soon(self._accept, listener, connections)
            finally:
                for listener in listeners:
                    trio.lowlevel.notify_closing(listener)
                    listener.close()
        while self.connections:
            self._ended = trio.Event()
            await self._ended.wait()

    def drain(self) -> None:
        """Take no further connections. Those there are go on; their handlers end them."""
        self._accepting.cancel()

    async def _accept(self, listener: socket.socket, connections: trio.Nursery) -> None:
        while True:
            await trio.lowlevel.wait_readable(listener)
            for _ in range(_ACCEPTED_A_STEP):
                try:
                    sock, _ = listener.accept()
                except BlockingIOError:
                    break
                except OSError as error:
                    if error.errno in _OUT_OF_RESOURCES:
                        self._warn("cannot accept connections", error=errno.errorcode.get(error.errno, ""))
                        await trio.sleep(_REST_SECONDS)  # the cause goes only when others leave
                    break
                if self.connections >= self._settings.max_connections:
                    self._warn("connection limit reached", limit=self._settings.max_connections)
                    sock.close()
                    continue
                sock.setblocking(False)
                self.connections += 1
                connections.start_soon(self._guard, sock)

    def _warn(self, event: str, **values: object) -> None:
        now = trio.current_time()
        if now - self._warned_at >= _WARNING_SECONDS:
            self._warned_at = now
            log.warning(event, **values)

    async def _guard(self, sock: socket.socket) -> None:
        """The boundary of a connection: nothing that happens in it gets out, a stray `Cancelled` neither."""
        is_kept = False
        try:
            with trio.CancelScope() as scope:
                try:
                    is_kept = await self._serve_connection(sock)
                finally:
                    scope.cancel()
        except (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # the peer is gone
        except Exception:
            log.exception("connection failed")
        finally:
            if not is_kept:
                self._count_down()
                if sock.fileno() >= 0:
                    trio.lowlevel.notify_closing(sock)
                    sock.close()

    def _count_down(self) -> None:
        self.connections -= 1
        self._ended.set()

    async def _serve_connection(self, sock: socket.socket) -> bool:
        """Whether it goes on without us."""
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        settings = self._settings
        stream = trio.SocketStream(trio.socket.from_stdlib_socket(sock))
        requests = HttpStream(
            stream, _is_plain, max_head_bytes=settings.max_head_bytes, head_seconds=settings.head_seconds
        )
        try:
            head = await requests.next_head(is_first=True)
            if head is None:
                return False
            if _is_plain(head):
                await self._http(requests)
                if requests.refused is not None:
                    raise requests.refused
                head = requests.handed_over
            if head is not None:
                self._check_address(head)
                upgrade = Upgrade(head, sock, requests.unread, self._count_down)
                await self._realtime(upgrade)
                return upgrade.is_kept
        except BadHead as error:
            self._refuse_nowait(sock, error.error)
            await _linger(stream)
        return False

    def _check_address(self, head: RequestHead) -> None:
        if head.path != self._realtime_path:
            raise BadHead(f"There is no WebSocket at this address; connect to {self._realtime_path}", NotFound)

    def _refuse_nowait(self, sock: socket.socket, error: CallerError) -> None:
        """Answer in the form of all errors, as far as the socket takes it at once."""
        request_id = fresh_request_id()
        body = msgspec.json.encode(error_answer(error, request_id, self._now_ms()))
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\nCache-Control: no-store\r\n"
            f"X-Request-Id: {request_id}\r\n"
        ).encode()
        head += b"".join(b"%b: %b\r\n" % header for header in self._headers)
        with suppress(OSError):
            sock.send(head + b"\r\n" + body)


def _is_plain(head: RequestHead) -> bool:
    """Other upgrades (h2c) are not taken up: HTTP/1.1 answers them."""
    return "websocket" not in head.tokens("upgrade")


async def _linger(stream: trio.SocketStream) -> None:
    """Read on for a moment: closing over unread bytes would reset the connection and lose the answer."""
    with trio.move_on_after(_LINGER_SECONDS):
        await stream.send_eof()
        while await stream.receive_some():
            continue
