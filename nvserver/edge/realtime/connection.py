"""One connection of one client: its Socket.IO state, its token, and the way of its events.

Everything here is plain calls that never block; what must be waited for (a token's verification, a workspace's opening)
is a task of the gateway that calls back.
"""

from collections.abc import Callable
from typing import Final

import msgspec
import structlog
import trio

from nvserver import story
from nvserver.actors.timer import TimerHandle
from nvserver.core.rate_limit import TokenBucket
from nvserver.core.wire import socketio
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.socketio import PacketType, State
from nvserver.core.wire.websocket import POLICY_VIOLATION
from nvserver.edge.realtime import payloads as p
from nvserver.edge.realtime.client_session import ClientSession
from nvserver.edge.realtime.engine import TOO_SLOW, EngineSession
from nvserver.edge.realtime.events import WORKSPACE_EVENTS, PayloadDecoder, split_event
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.recoveries import Recoveries
from nvserver.edge.realtime.request import Request
from nvserver.edge.realtime.services import Authenticated, Services
from nvserver.errors import (
    Forbidden,
    NoteVaultError,
    RateLimited,
    Unauthenticated,
    ValidationFailed,
)
from nvserver.problems import Problem

log = structlog.get_logger()

_AUTH: Final = PayloadDecoder(p.ConnectAuth)
_REFRESH: Final = PayloadDecoder(p.RefreshAuth)
_REFRESH_EVENT: Final = "auth:refresh"
_NO_PAYLOAD: Final = msgspec.Raw(b"{}")
_LONGEST_HOLD_SECONDS: Final = 0.05
"""So long what comes after a question waits for its answer: a workspace that hangs holds up no other for longer."""


class Connection:
    """Occupies an Engine.IO session; once the client has shown who it is, a `ClientSession` stands for it."""

    __slots__ = (
        "_auth_timer",
        "_changes",
        "_client",
        "_decoder",
        "_engine",
        "_hold_until",
        "_question",
        "_recoveries",
        "_services",
        "_state",
        "id",
        "is_writing",
    )

    def __init__(self, engine: EngineSession, services: Services, recoveries: Recoveries) -> None:
        settings = services.settings
        self.id = engine.id
        self.is_writing = False
        self._engine = engine
        self._services = services
        self._recoveries = recoveries
        self._client: ClientSession | None = None
        self._question: Request | None = None
        self._hold_until = 0.0
        self._state = State.OUTSIDE
        self._decoder = socketio.Decoder(settings.max_attachments, settings.max_payload_bytes)
        self._changes: TokenBucket | None = None
        if settings.rate_limits:
            self._changes = TokenBucket(settings.changes_per_second, settings.changes_burst)
        self._auth_timer: TimerHandle = services.timer.call_later(settings.connect_seconds, self._give_up)

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
        """Send an event that belongs to no workspace; nothing to a client that has not shown who it is."""
        if self._client is not None:
            self._client.tell(event, payload)

    def close(self, code: int, reason: str) -> None:
        """End the connection once all that waits is sent; the client may come back."""
        self._engine.close(code, reason)

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
        return self._client is None or self._client.make_room(outbox, item)

    def closed(self, reason: str) -> None:
        log.debug("connection closed", connection=self.id, reason=reason)
        self._services.statistics.closed += reason == TOO_SLOW
        self._auth_timer.cancel()
        self._services.forget(self.id)
        client, self._client = self._client, None
        if client is not None and client.is_attached_to(self._engine):
            if self._engine.is_lost:
                self._recoveries.lost(client)
            else:
                client.end()

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
        self._state = State.CONNECTED
        self._client = self._recovered(who, auth) or self._entered(who, auth)
        self._wait_for_end(who)

    def _entered(self, who: Authenticated, auth: p.ConnectAuth) -> ClientSession:
        services, user_id = self._services, who.principal.user_id
        is_own = auth.client_id is not None and services.client_ids.is_bound(auth.client_id, user_id)
        client_id = auth.client_id if is_own and auth.client_id else services.client_ids.new(user_id)
        recall = self._recoveries.new_recall() if auth.recovery or auth.pid else None
        client = ClientSession(services.new_id(), who.principal, client_id, services, recall)
        if recall is not None:
            self._recoveries.add(client)
        client.attach(self._engine)
        return client

    def _recovered(self, who: Authenticated, auth: p.ConnectAuth) -> ClientSession | None:
        found = self._recoveries.find(auth.pid, who.principal.user_id, auth.offset) if auth.pid else None
        if found is None:
            return None
        client, missed = found
        client.become(who.principal)
        client.attach(self._engine, missed)
        return client

    def _wait_for_end(self, who: Authenticated) -> None:
        left = (who.expires_at - self._services.now_ms()) / 1000
        seconds = max(0.0, left - self._services.settings.auth_grace_seconds)
        self._restart_auth_timer(seconds, self._ask_for_token)

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
            client = self._client
            if client is None:
                return
            if who.principal.user_id != client.principal.user_id:
                request.refuse(Forbidden("The token is another person's"))
                return
            client.become(who.principal)
            self._wait_for_end(who)
            request.answer({})

        self._services.start_soon(self._verify, payload.token, take, request.refuse)

    def _go_outside(self) -> None:
        """Leave everything."""
        self._state = State.OUTSIDE
        client, self._client = self._client, None
        if client is not None:
            client.end()

    # --- events --------------------------------------------------------------------------------------------------

    def _event(self, packet: socketio.Packet) -> None:
        event, payloads = split_event(packet.data)
        request = Request(self, event, packet.ack_id)
        try:
            if payloads is None:
                raise ValidationFailed.at("", "is not valid JSON", Problem.MALFORMED)
            if len(payloads) > 1:
                raise ValidationFailed.at("", "an event takes one payload", Problem.MALFORMED)
            self._dispatch(event, payloads[0] if payloads else _NO_PAYLOAD, request)
        except NoteVaultError as error:
            request.refuse(error)

    def _refuse_binary(self, packet: socketio.Packet) -> None:
        event, _ = split_event(packet.data)
        request = Request(self, event, packet.ack_id)
        request.refuse(ValidationFailed.at("", "no event takes binary attachments", Problem.MALFORMED))

    def _dispatch(self, event: str, raw: msgspec.Raw, request: Request) -> None:
        if event == _REFRESH_EVENT:
            self._refresh(_REFRESH.decode(raw), request)
            return
        event_type = WORKSPACE_EVENTS.get(event)
        if event_type is None:
            raise ValidationFailed.at("", "there is no such event", Problem.MALFORMED)
        client = self._client
        assert client is not None
        payload = event_type.decoder.decode(raw)
        if isinstance(payload, p.Numbered):
            if isinstance(payload, p.EditNote):
                request.edit = payload
            self.is_writing = True
            self._check_numbered(client, payload, request)
        elif request.is_acknowledged:
            self.is_writing = False
            self._question = request
            self._hold_until = trio.current_time() + _LONGEST_HOLD_SECONDS
        client.workspaces.pass_on(event_type, payload, request, len(memoryview(raw)))

    def _check_numbered(self, client: ClientSession, payload: p.Numbered, request: Request) -> None:
        request.client_seq = payload.client_seq
        story.tell("received", payload.workspace_id, payload.client_id, payload.client_seq, connection=self.id)
        if payload.client_id != client.client_id:
            raise ValidationFailed.at("clientId", "is not the one of this connection", Problem.MALFORMED)
        if self._changes is not None and (wait := self._changes.take(trio.current_time())) > 0:
            raise RateLimited(wait)
