"""The realtime gateway: takes WebSockets from the front door and makes connections of them."""

import random
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs

import trio

from nvserver.actors.timer import Timer
from nvserver.core.wire.engineio import PROTOCOL_VERSION
from nvserver.core.wire.websocket import GOING_AWAY
from nvserver.edge.front import Upgrade
from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.connection import Connection
from nvserver.edge.realtime.engine import EngineSession, Transport
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.polling import PollingTransport
from nvserver.edge.realtime.reference_websocket import ReferenceTransport
from nvserver.edge.realtime.registry import Registry
from nvserver.edge.realtime.services import Services, TokenVerifier
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.realtime.upgrade import PollingUpgrade
from nvserver.edge.realtime.websocket import WebSocketTransport, answer_handshake, is_origin_allowed
from nvserver.edge.request_head import BadHead, RequestHead
from nvserver.edge.stream import BufferedStream, Flusher
from nvserver.ports.clock import NewId, NowMs
from nvserver.workspace.router import Router

_MAX_QUERY_FIELDS: Final = 20
_UPGRADES: Final = ("websocket",)


class Gateway:
    """`run` serves as long as there are connections; `serve_websocket` is one of them."""

    def __init__(
        self,
        settings: RealtimeSettings,
        router: Router,
        verifier: TokenVerifier,
        client_ids: ClientIds,
        timer: Timer,
        now_ms: NowMs,
        new_id: NewId,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        """`allowed_origins`, besides the server's own, are compared exactly. `timer` is run by its owner."""
        self._settings = settings
        self._allowed_origins = frozenset(allowed_origins)
        self._flusher = Flusher(settings.write_seconds)
        self._registry: Registry[Connection] = Registry()
        self._connections: dict[str, Connection] = {}
        self._polling: dict[str, PollingTransport] = {}
        self._services = Services(
            settings,
            router,
            verifier,
            client_ids,
            self._registry,
            timer,
            now_ms,
            new_id,
            self._start_soon,
            self._forget,
        )
        self._nursery: trio.Nursery

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled: flush what connections queue, and own the tasks they start."""
        async with trio.open_nursery() as self._nursery:
            self._nursery.start_soon(self._flusher.run)
            task_status.started()

    async def serve_websocket(self, upgrade: Upgrade) -> None:
        """Answer the handshake and serve the connection until it ends. Raises BadHead before it has answered."""
        polling = self._check(upgrade.head)
        outbox = Outbox(self._settings.outbox_bytes)
        handshake = answer_handshake(upgrade.head)
        stream = BufferedStream(upgrade.sock, outbox, self._flusher, upgrade.unread)
        if polling is not None:
            outbox.put(Outgoing(b"", handshake))
            stream.flush_soon()
            await PollingUpgrade(stream, outbox, polling, self._settings).run()
            return
        session = EngineSession(self._services.new_id(), self._settings, self._services.timer, outbox)
        if self._settings.websocket == "trio-websocket":
            reference = ReferenceTransport(upgrade, stream, session, self._settings)
            await reference.run(lambda transport: self._connect(session, transport))
            return
        outbox.put(Outgoing(b"", handshake))
        transport = WebSocketTransport(stream, session, self._settings)
        self._connect(session, transport)
        await transport.run()

    def _connect(self, session: EngineSession, transport: Transport, upgrades: tuple[str, ...] = ()) -> None:
        connection = Connection(session, self._services)
        self._connections[session.id] = connection
        session.open(transport, connection, upgrades)

    def _forget(self, session_id: str) -> None:
        self._connections.pop(session_id, None)

    # --- long-polling --------------------------------------------------------------------------------------------

    def open_polling(self) -> PollingTransport | None:
        """A new session over long-polling; None when there are too many."""
        if len(self._polling) >= self._settings.max_polling_sessions:
            return None
        session = EngineSession(
            self._services.new_id(), self._settings, self._services.timer, Outbox(self._settings.outbox_bytes)
        )
        transport = PollingTransport(session, lambda: self._end_polling(session.id))
        self._polling[session.id] = transport
        self._connect(session, transport, _UPGRADES)
        return transport

    def find_polling(self, session_id: str) -> PollingTransport | None:
        """The session that began with long-polling, until a while after its end."""
        return self._polling.get(session_id)

    def is_origin_allowed(self, origin: str | None, host: str | None) -> bool:
        """Whether pages of `origin` may speak with a server that they call `host`."""
        return is_origin_allowed(origin, host, self._allowed_origins)

    def _end_polling(self, session_id: str) -> None:
        # A client between two requests still learns of the end by its next one.
        def forget() -> None:
            self._polling.pop(session_id, None)

        self._services.timer.call_later(self._settings.close_seconds, forget)

    # --- from outside --------------------------------------------------------------------------------------------

    def close_auth_session(self, auth_session_id: str) -> None:
        """A sign-in was revoked: its connections are told and closed at once."""
        for connection in self._registry.of_sign_in(auth_session_id):
            connection.dismiss("auth:revoked", "the sign-in was revoked")

    def tell_user(self, user_id: str, event: str, payload: object) -> None:
        """Send an event that belongs to no workspace to all connections of a person. `payload` becomes JSON."""
        for connection in self._registry.of_user(user_id):
            connection.tell(event, payload)

    def drain(self) -> None:
        """Tell all clients to come back elsewhere, each at a time of its own, and close them."""
        for connection in list(self._connections.values()):
            seconds = self._settings.reconnect_seconds * (1 + random.random())  # noqa: S311 - no secret
            connection.tell("server:draining", {"reconnectInMs": round(seconds * 1000)})
            connection.close(GOING_AWAY, "the server is stopping")

    def _check(self, head: RequestHead) -> PollingTransport | None:
        """The session that is to be taken over, None for a new one."""
        try:
            query = parse_qs(head.query, max_num_fields=_MAX_QUERY_FIELDS)
        except ValueError:
            raise BadHead("the query has too many fields") from None
        if query.get("EIO") != [PROTOCOL_VERSION]:
            raise BadHead("only protocol version 4 of Engine.IO is spoken here")
        if query.get("transport") != ["websocket"]:
            raise BadHead("this address expects transport=websocket")
        if not self.is_origin_allowed(head.header("origin"), head.header("host")):
            raise BadHead("this origin is not allowed", HTTPStatus.FORBIDDEN)
        if "sid" not in query:
            return None
        polling = self._polling.get(query["sid"][0])
        if polling is None or not polling.can_upgrade:
            raise BadHead("there is no such session to take over")
        return polling

    def _start_soon(self, function: Callable[..., Awaitable[Any]], /, *args: Any) -> None:
        self._nursery.start_soon(function, *args)
