"""One connection of one client: its Socket.IO state, who it is, and the workspaces it is in.

Everything here is plain calls that never block; what must be waited for (a token's verification, a workspace's opening)
is a task of the gateway that calls back.
"""

from collections.abc import Callable
from typing import Final

import msgspec
import structlog
import trio

from nvserver.actors.timer import TimerHandle
from nvserver.core.principal import Principal
from nvserver.core.rate_limit import TokenBucket
from nvserver.core.wire import socketio
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.socketio import PacketType, State
from nvserver.core.wire.websocket import POLICY_VIOLATION
from nvserver.edge.realtime import overflow
from nvserver.edge.realtime import payloads as p
from nvserver.edge.realtime.broadcasts import ENCODER, encode_event, outgoing
from nvserver.edge.realtime.engine import TOO_SLOW, EngineSession
from nvserver.edge.realtime.events import WORKSPACE_EVENTS, PayloadDecoder, split_event
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.request import Request
from nvserver.edge.realtime.services import Authenticated, Services
from nvserver.edge.realtime.workspaces import Workspaces
from nvserver.errors import (
    Forbidden,
    NoteVaultError,
    RateLimited,
    Unauthenticated,
    ValidationFailed,
)
from nvserver.workspace.events import ResyncNeeded, WorkspaceEvent
from nvserver.workspace.session import Broadcast

log = structlog.get_logger()

_AUTH: Final = PayloadDecoder(p.ConnectAuth)
_REFRESH: Final = PayloadDecoder(p.RefreshAuth)
_REFRESH_EVENT: Final = "auth:refresh"
_NO_PAYLOAD: Final = msgspec.Raw(b"{}")
_NOBODY: Final = Principal("", "", None, "")
_LONGEST_HOLD_SECONDS: Final = 0.05
"""So long what comes after a question waits for its answer: a workspace that hangs holds up no other for longer."""


class Connection:
    """Occupies an Engine.IO session and is a `Session` of the workspaces it joins."""

    __slots__ = (
        "_auth_timer",
        "_changes",
        "_decoder",
        "_engine",
        "_hold_until",
        "_question",
        "_services",
        "_state",
        "_workspaces",
        "client_id",
        "id",
        "is_writing",
        "principal",
    )

    def __init__(self, engine: EngineSession, services: Services) -> None:
        settings = services.settings
        self.id = engine.id
        self.client_id = ""
        self.principal = _NOBODY
        self.is_writing = False
        self._engine = engine
        self._services = services
        self._question: Request | None = None
        self._hold_until = 0.0
        self._state = State.OUTSIDE
        self._decoder = socketio.Decoder(settings.max_attachments, settings.max_payload_bytes)
        self._workspaces = Workspaces(self, self.send, services)
        self._changes: TokenBucket | None = None
        if settings.rate_limits:
            self._changes = TokenBucket(settings.changes_per_second, settings.changes_burst)
        self._auth_timer: TimerHandle = services.timer.call_later(settings.connect_seconds, self._give_up)

    # --- Session: what a workspace says --------------------------------------------------------------------------

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        if self._workspaces.has_joined(broadcast.event.workspace_id):
            encoded = broadcast.encoded
            self._engine.send(encoded if type(encoded) is Outgoing else outgoing(broadcast))

    def detached(self, workspace_id: str) -> None:
        self._workspaces.forget(workspace_id)

    # --- Answerer: what requests need ----------------------------------------------------------------------------

    def send(self, item: Outgoing) -> None:
        """Queue for the client."""
        self._engine.send(item)

    def now_ms(self) -> int:
        return self._services.now_ms()

    def new_request_id(self) -> str:
        return self._services.new_id()

    @property
    def queued_bytes(self) -> int:
        """What waits for the client."""
        return self._engine.outbox.queued_bytes

    # --- from outside --------------------------------------------------------------------------------------------

    def tell(self, event: str, payload: object) -> None:
        """Send an event that belongs to no workspace."""
        if self._state is State.CONNECTED:
            self._engine.send(Outgoing.of(socketio.encode_event(event, ENCODER.encode(payload))))

    def close(self, code: int, reason: str) -> None:
        """End the connection once all that waits is sent; the client may come back."""
        self._engine.close(code, reason)

    def dismiss(self, event: str, reason: str) -> None:
        """Tell `event` and put the client out; it does not come back by itself."""
        self.tell(event, {})
        self._engine.send(Outgoing.of(socketio.encode_disconnect()))
        self._engine.close(POLICY_VIOLATION, reason)

    # --- Occupant: what comes and goes over the session ----------------------------------------------------------

    @property
    def answer_due_seconds(self) -> float:
        """So long the newest question may still be waited for, if its answer has not been made. Changes do not count:
        theirs are small."""
        question = self._question
        if question is None or question.is_answered:
            return 0.0
        return max(0.0, self._hold_until - trio.current_time())

    def received(self, text: str) -> None:
        packet = self._decoder.receive_text(text)
        if packet is not None:
            self._take(packet)

    def received_binary(self, data: bytes) -> None:
        packet = self._decoder.receive_binary(data)
        if packet is not None:
            self._take(packet)

    def make_room(self, outbox: Outbox, item: Outgoing) -> bool:
        """The policy of `overflow.py`."""
        log.info("outbox is full", connection=self.id, bytes=outbox.queued_bytes)
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
                self._workspaces.leave(workspace_id)
        return item.event is None or self._workspaces.has_joined(item.event.workspace_id)

    def closed(self, reason: str) -> None:
        log.debug("connection closed", connection=self.id, reason=reason)
        self._services.statistics.closed += reason == TOO_SLOW
        self._auth_timer.cancel()
        self._go_outside()
        self._services.forget(self.id)

    def _take(self, packet: socketio.Packet) -> None:
        if packet.namespace != socketio.MAIN_NAMESPACE:
            if packet.type is PacketType.CONNECT:
                self._engine.send(Outgoing.of(socketio.encode_no_namespace(packet.namespace)))
                return
            raise ProtocolError("packet for a namespace that was not joined")
        if packet.type is PacketType.EVENT and self._state is State.CONNECTED:  # nearly all: spared the table
            self._event(packet)
            return
        self._state = socketio.next_state(self._state, packet.type)
        match packet.type:
            case PacketType.CONNECT:
                self._connect(packet)
            case PacketType.DISCONNECT:
                self._go_outside()
                self._restart_auth_timer(self._services.settings.connect_seconds, self._give_up)
            case PacketType.BINARY_EVENT:
                self._refuse_binary(packet)

    # --- who it is -----------------------------------------------------------------------------------------------

    def _connect(self, packet: socketio.Packet) -> None:
        try:
            auth = _AUTH.decode(packet.data or "{}")
        except ValidationFailed as error:
            self._turn_away(error)
            return
        if auth.token is None:
            self._turn_away(Unauthenticated())
        else:
            self._services.start_soon(self._verify, auth.token, lambda who: self._admit(who, auth), self._turn_away)

    async def _verify(
        self, token: str, on_success: Callable[[Authenticated], None], on_failure: Callable[[NoteVaultError], None]
    ) -> None:
        """Calls one of both, unless the session has ended meanwhile."""
        result = await self._services.authenticate(token)
        if not self._engine.is_open:
            return
        if isinstance(result, NoteVaultError):
            on_failure(result)
        else:
            on_success(result)

    def _turn_away(self, error: NoteVaultError) -> None:
        self._state = State.OUTSIDE
        self._engine.send(Outgoing.of(socketio.encode_refusal(error.message, error.code)))

    def _admit(self, who: Authenticated, auth: p.ConnectAuth) -> None:
        client_ids, user_id = self._services.client_ids, who.principal.user_id
        is_own = auth.client_id is not None and client_ids.is_bound(auth.client_id, user_id)
        self.client_id = auth.client_id if is_own and auth.client_id else client_ids.new(user_id)
        self._state = State.CONNECTED
        self._become(who)
        self._engine.send(Outgoing.of(socketio.encode_connected(self.id)))

    def _become(self, who: Authenticated) -> None:
        services = self._services
        services.registry.remove(self.principal, self)
        self.principal = who.principal
        services.registry.add(self.principal, self)
        left = (who.expires_at - services.now_ms()) / 1000
        self._restart_auth_timer(max(0.0, left - services.settings.auth_grace_seconds), self._ask_for_token)

    def _restart_auth_timer(self, seconds: float, call: Callable[[], None]) -> None:
        self._auth_timer.cancel()
        self._auth_timer = self._services.timer.call_later(seconds, call)

    def _give_up(self) -> None:
        self._engine.close(POLICY_VIOLATION, "no valid token came in time")

    def _ask_for_token(self) -> None:
        self.tell("auth:expired", {})
        self._restart_auth_timer(self._services.settings.auth_grace_seconds, self._give_up)

    def _refresh(self, payload: p.RefreshAuth, request: Request) -> None:
        def take(who: Authenticated) -> None:
            if who.principal.user_id != self.principal.user_id:
                request.refuse(Forbidden("The token is another person's"))
            elif self._state is State.CONNECTED:
                self._become(who)
                request.answer({})

        self._services.start_soon(self._verify, payload.token, take, request.refuse)

    def _go_outside(self) -> None:
        """Leave everything."""
        self._state = State.OUTSIDE
        self._services.registry.remove(self.principal, self)
        self._workspaces.leave_all()

    # --- events --------------------------------------------------------------------------------------------------

    def _event(self, packet: socketio.Packet) -> None:
        event, payloads = split_event(packet.data)
        request = Request(self, event, packet.ack_id)
        try:
            if payloads is None:
                raise ValidationFailed.at("", "is not valid JSON")
            if len(payloads) > 1:
                raise ValidationFailed.at("", "an event takes one payload")
            self._dispatch(event, payloads[0] if payloads else _NO_PAYLOAD, request)
        except NoteVaultError as error:
            request.refuse(error)

    def _refuse_binary(self, packet: socketio.Packet) -> None:
        request = Request(self, "", packet.ack_id)
        request.refuse(ValidationFailed.at("", "no event takes binary attachments"))

    def _dispatch(self, event: str, raw: msgspec.Raw, request: Request) -> None:
        if event == _REFRESH_EVENT:
            self._refresh(_REFRESH.decode(raw), request)
            return
        event_type = WORKSPACE_EVENTS.get(event)
        if event_type is None:
            raise ValidationFailed.at("", "there is no such event")
        payload = event_type.decoder.decode(raw)
        if isinstance(payload, p.Numbered):
            if isinstance(payload, p.EditNote):
                request.edit = payload
            self.is_writing = True
            self._check_numbered(payload, request)
        elif request.is_acknowledged:
            self.is_writing = False
            self._question = request
            self._hold_until = trio.current_time() + _LONGEST_HOLD_SECONDS
        self._workspaces.pass_on(event_type, payload, request, len(memoryview(raw)))

    def _check_numbered(self, payload: p.Numbered, request: Request) -> None:
        request.client_seq = payload.client_seq
        if payload.client_id != self.client_id:
            raise ValidationFailed.at("clientId", "is not the one of this connection")
        if self._changes is not None and (wait := self._changes.take(trio.current_time())) > 0:
            raise RateLimited(wait)
