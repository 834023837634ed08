"""Somebody who has shown who he is, as the workspaces know him: what they tell him goes to his connection."""

from collections.abc import Callable, Sequence

import structlog

from nvserver.core.principal import Principal
from nvserver.core.wire import socketio
from nvserver.core.wire.websocket import NORMAL, POLICY_VIOLATION
from nvserver.edge.realtime import overflow
from nvserver.edge.realtime.broadcasts import ENCODER, encode_event, outgoing
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.recall import Recall
from nvserver.edge.realtime.services import Services
from nvserver.edge.realtime.workspaces import Workspaces
from nvserver.workspace.events import ResyncNeeded, WorkspaceEvent
from nvserver.workspace.session import Broadcast

log = structlog.get_logger()


class ClientSession:
    """A `Session` of the workspaces it joins. One with a `recall` may go on over another connection."""

    __slots__ = ("_engine", "_services", "client_id", "id", "on_end", "principal", "recall", "send", "workspaces")

    def __init__(
        self, session_id: str, principal: Principal, client_id: str, services: Services, recall: Recall | None
    ) -> None:
        """Attach it before anything else."""
        self.id = session_id
        self.client_id = client_id
        self.principal = principal
        self.recall = recall
        self.on_end: Callable[[], None] | None = None
        """Called once, when it can no longer go on."""
        self._engine: EngineSession | None = None
        self._services = services
        self.send = self._keep
        """Queue an event for the client; without a connection it is at most kept."""
        self.workspaces = Workspaces(self, lambda item: self.send(item), services)
        services.registry.add(principal, self)

    # --- Session: what a workspace says --------------------------------------------------------------------------

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        if self.workspaces.has_joined(broadcast.event.workspace_id):
            encoded = broadcast.encoded
            self.send(encoded if type(encoded) is Outgoing else outgoing(broadcast))

    def detached(self, workspace_id: str) -> None:
        self.workspaces.forget(workspace_id)

    # --- Reachable -----------------------------------------------------------------------------------------------

    def tell(self, event: str, payload: object) -> None:
        self.send(Outgoing.of(socketio.encode_event(event, ENCODER.encode(payload))))

    def dismiss(self, event: str, reason: str) -> None:
        engine = self._engine
        if engine is None:
            self.end()  # waits to be recovered
            return
        self.tell(event, {})
        engine.send(Outgoing.of(socketio.encode_disconnect()))
        engine.close(POLICY_VIOLATION, reason)

    # --- its connection ------------------------------------------------------------------------------------------

    def is_attached_to(self, engine: EngineSession) -> bool:
        """Whether this is its connection now."""
        return self._engine is engine

    def attach(self, engine: EngineSession, missed: Sequence[Outgoing] = ()) -> None:
        """Greet the client over `engine` and go on there, with what was missed; the connection before, if it still is
        there, is closed."""
        before, self._engine = self._engine, engine
        if before is not None:
            before.close(NORMAL, "the client came back over another connection")
        recall = self.recall
        engine.send(Outgoing.of(socketio.encode_connected(self.id, None if recall is None else recall.secret)))
        for item in missed:
            engine.send(item)
        self.send = engine.send if recall is None else self._send_numbered

    def detach(self) -> None:
        """The connection is lost."""
        self._engine = None
        self.send = self._keep

    def become(self, principal: Principal) -> None:
        """The same person, by another token."""
        registry = self._services.registry
        registry.remove(self.principal, self)
        self.principal = principal
        registry.add(principal, self)

    def end(self) -> None:
        """Leave everything."""
        self._services.registry.remove(self.principal, self)
        self.workspaces.leave_all()
        on_end, self.on_end = self.on_end, None
        if on_end is not None:
            on_end()

    def give_up(self, reason: str) -> None:
        """Leave everything, and close the connection if there is one."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close(NORMAL, reason)
        self.end()

    def make_room(self, outbox: Outbox, item: Outgoing) -> bool:
        """The policy of `overflow.py`; whether `item` is still to be sent."""
        log.info("outbox is full", session=self.id, bytes=outbox.queued_bytes)
        if self.recall is not None:
            self.recall.clear()
        statistics = self._services.statistics
        statistics.cursors += 1
        outbox.rewrite(overflow.without_cursors)
        if outbox.is_half_full:
            statistics.composed += 1
            outbox.rewrite(lambda items: overflow.with_composed_edits(items, self.client_id))
        if outbox.is_half_full:
            lost: set[str] = set()

            def drop(items: list[Outgoing]) -> list[Outgoing]:
                left, workspaces = overflow.without_events(items)
                lost.update(workspaces)
                return left

            outbox.rewrite(drop)
            statistics.resyncs += len(lost)
            for workspace_id in lost:
                outbox.put(encode_event(ResyncNeeded(workspace_id, "too much was missed")))
                self.workspaces.leave(workspace_id)
        return item.event is None or self.workspaces.has_joined(item.event.workspace_id)

    def _send_numbered(self, item: Outgoing) -> None:
        assert self.recall is not None
        assert self._engine is not None
        self._engine.send(self.recall.number(item))

    def _keep(self, item: Outgoing) -> None:
        if self.recall is not None:
            self.recall.number(item)
