"""The realtime gateway: makes a connection of every Engine.IO session, and reaches those of a person or a sign-in."""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import trio

from nvserver.actors.boundary import contained
from nvserver.actors.timer import Timer
from nvserver.core.wire.websocket import GOING_AWAY
from nvserver.edge.pace import Pace
from nvserver.edge.readers import Readers
from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.connection import Connection
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.engine_server import EngineServer
from nvserver.edge.realtime.recoveries import Recoveries
from nvserver.edge.realtime.registry import Registry
from nvserver.edge.realtime.services import RealtimeStatistics, Services, TokenVerifier
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.edge.stream import Flusher
from nvserver.ports.clock import NewId, NowMs
from nvserver.workspace.router import Router


class Gateway:
    """`run` serves as long as there are connections; `engine` takes them."""

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
        self._flusher = Flusher(settings.write_seconds)
        self._readers = Readers(
            Pace(settings.rest_factor, settings.longest_round_seconds, settings.rest_credit_seconds)
        )
        self._registry = Registry()
        self._connections: dict[str, Connection] = {}
        self.statistics = RealtimeStatistics()
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
            self.statistics,
        )
        self._recoveries = Recoveries(settings, timer, new_id)
        self.engine = EngineServer(settings, timer, self._flusher, self._readers, new_id, self._occupy, allowed_origins)
        """Takes the connections."""
        self._nursery: trio.Nursery

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled: flush what connections queue, and own the tasks they start."""
        async with trio.open_nursery() as self._nursery:
            self._nursery.start_soon(self._flusher.run)
            self._nursery.start_soon(self._readers.run)
            task_status.started()

    def _occupy(self, session: EngineSession) -> Connection:
        connection = self._connections[session.id] = Connection(session, self._services, self._recoveries)
        return connection

    def _forget(self, session_id: str) -> None:
        self._connections.pop(session_id, None)

    @property
    def queued_bytes(self) -> Sequence[int]:
        """What waits for each connection's client."""
        return [connection.queued_bytes for connection in self._connections.values()]

    # --- from outside --------------------------------------------------------------------------------------------

    @property
    def connections(self) -> int:
        """How many there are, those too that have not shown yet who they are."""
        return len(self._connections)

    def close_auth_session(self, auth_session_id: str) -> None:
        """A sign-in was revoked: its connections are told and closed at once."""
        for connection in self._registry.of_sign_in(auth_session_id):
            connection.dismiss("auth:revoked", "the sign-in was revoked")

    def auth_sessions(self) -> list[str]:
        """The sign-ins and API tokens that connections came by."""
        return self._registry.sign_ins

    def tell_user(self, user_id: str, event: str, payload: object) -> None:
        """Send an event that belongs to no workspace to all connections of a person. `payload` becomes JSON."""
        for connection in self._registry.of_user(user_id):
            connection.tell(event, payload)

    def drain(self) -> None:
        """Tell all clients to come back elsewhere, each at a time of its own, and close them."""
        self._recoveries.end_all()
        for connection in list(self._connections.values()):
            seconds = self._settings.reconnect_seconds * (1 + random.random())  # noqa: S311 - no secret
            connection.tell("server:draining", {"reconnectInMs": round(seconds * 1000)})
            connection.close(GOING_AWAY, "the server is stopping")

    def _start_soon(self, function: Callable[..., Awaitable[Any]], /, *args: Any) -> None:
        self._nursery.start_soon(contained, function, *args)
