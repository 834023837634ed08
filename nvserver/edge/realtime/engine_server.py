"""Accepts Engine.IO sessions: by WebSocket, by long-polling, and by the change from one to the other.

Whoever uses them is made by `occupy`; nothing here knows what is said over a session.
"""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias
from urllib.parse import parse_qs

import trio

from nvserver.actors.timer import Timer
from nvserver.core.wire.engineio import PROTOCOL_VERSION
from nvserver.core.wire.websocket import POLICY_VIOLATION, encode_close_frame
from nvserver.edge.front import Upgrade
from nvserver.edge.readers import Readers
from nvserver.edge.realtime.engine import EngineSession, Occupant, Transport
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.polling import PollingTransport
from nvserver.edge.realtime.reference_websocket import ReferenceTransport
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.realtime.upgrade import PollingUpgrade
from nvserver.edge.realtime.websocket import WebSocketTransport, answer_handshake, is_origin_allowed
from nvserver.edge.request_head import BadHead, RequestHead
from nvserver.edge.stream import BufferedStream, Flusher
from nvserver.errors import Forbidden
from nvserver.ports.clock import NewId

Occupy: TypeAlias = Callable[[EngineSession], Occupant]

_MAX_QUERY_FIELDS: Final = 20
_UPGRADES: Final = ("websocket",)


class EngineServer:
    """`flusher` writes what the sessions queue, `readers` tell what comes; they and `timer` are run by their owner."""

    def __init__(
        self,
        settings: RealtimeSettings,
        timer: Timer,
        flusher: Flusher,
        readers: Readers,
        new_id: NewId,
        occupy: Occupy,
        allowed_origins: Sequence[str] = (),
    ) -> None:
        """`allowed_origins`, besides the server's own, are compared exactly."""
        self._settings = settings
        self._timer = timer
        self._flusher = flusher
        self._readers = readers
        self._new_id = new_id
        self._occupy = occupy
        self._allowed_origins = frozenset(allowed_origins)
        self._polling: dict[str, PollingTransport] = {}

    async def serve_websocket(self, upgrade: Upgrade) -> None:
        """Answer the handshake and serve the session; the connection is kept. Raises BadHead before it has answered."""
        session_id = self._check(upgrade.head)
        outbox = Outbox(self._settings.outbox_bytes)
        handshake = answer_handshake(upgrade.head)
        stream = BufferedStream(upgrade.sock, outbox, self._flusher, upgrade.unread)
        if session_id is not None:
            outbox.put(Outgoing(b"", handshake))
            await self._take_over(session_id, upgrade, stream, outbox)
            return
        session = self._new_session(outbox)
        if self._settings.websocket == "trio-websocket":
            reference = ReferenceTransport(upgrade, stream, session, self._settings)
            await reference.run(lambda transport: self._open(session, transport))
            return
        outbox.put(Outgoing(b"", handshake))
        transport = WebSocketTransport(stream, session, self._settings, self._timer, upgrade.on_end)
        upgrade.keep()
        self._open(session, transport)
        transport.start(self._readers)

    async def _take_over(self, session_id: str, upgrade: Upgrade, stream: BufferedStream, outbox: Outbox) -> None:
        polling = self._polling.get(session_id)
        if polling is not None and polling.can_upgrade:
            stream.flush_soon()
            await PollingUpgrade(stream, outbox, polling, self._settings).run(upgrade, self._readers, self._timer)
            return
        # Told by a close frame: why a handshake was refused, a page in a browser never hears.
        outbox.put(Outgoing(b"", encode_close_frame(POLICY_VIOLATION, "there is no such session to take over")))
        stream.flush_nowait()
        with trio.move_on_after(self._settings.close_seconds):
            while await stream.receive_some():
                continue
        stream.close("no session to take over")

    def open_polling(self) -> PollingTransport | None:
        """A new session over long-polling; None when there are too many."""
        if len(self._polling) >= self._settings.max_polling_sessions:
            return None
        session = self._new_session(Outbox(self._settings.outbox_bytes))
        transport = PollingTransport(
            session, lambda: self._linger_polling(session.id), lambda: self._forget_polling(session.id)
        )
        self._polling[session.id] = transport
        self._open(session, transport, _UPGRADES)
        return transport

    def find_polling(self, session_id: str) -> PollingTransport | None:
        """The session that began with long-polling, as long as there is something to say by it."""
        return self._polling.get(session_id)

    def is_origin_allowed(self, origin: str | None, host: str | None) -> bool:
        """Whether pages of `origin` may speak with a server that they call `host`."""
        return is_origin_allowed(origin, host, self._allowed_origins)

    def _new_session(self, outbox: Outbox) -> EngineSession:
        return EngineSession(self._new_id(), self._settings, self._timer, outbox)

    def _open(self, session: EngineSession, transport: Transport, upgrades: tuple[str, ...] = ()) -> None:
        session.open(transport, self._occupy(session), upgrades)

    def _linger_polling(self, session_id: str) -> None:
        self._timer.call_later(self._settings.close_seconds, lambda: self._forget_polling(session_id))

    def _forget_polling(self, session_id: str) -> None:
        self._polling.pop(session_id, None)

    def _check(self, head: RequestHead) -> str | None:
        """The id of the session that is to be taken over, None for a new one. Raises BadHead."""
        try:
            query = parse_qs(head.query, max_num_fields=_MAX_QUERY_FIELDS)
        except ValueError:
            raise BadHead("The query has too many fields") from None
        if query.get("EIO") != [PROTOCOL_VERSION]:
            raise BadHead(
                "Only version 4 of Engine.IO is spoken here: connect with a client of Socket.IO 3 or newer (EIO=4)"
            )
        if query.get("transport") != ["websocket"]:
            raise BadHead("A WebSocket at this address says transport=websocket")
        if not self.is_origin_allowed(head.header("origin"), head.header("host")):
            raise BadHead(
                "Pages of this origin may not connect; `NV_ORIGINS` of the server lists those that may", Forbidden
            )
        return query["sid"][0] if "sid" in query else None
