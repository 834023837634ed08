"""One Engine.IO session: the client is asked whether it lives, and what is for it waits in one ordered outbox.

It knows nothing of what carries it (a WebSocket, or requests of long-polling) nor of what is said over it.
"""

from typing import Final, Protocol

import trio

from nvserver.actors.timer import Timer, TimerHandle
from nvserver.core.rate_limit import TokenBucket
from nvserver.core.wire import engineio
from nvserver.core.wire.engineio import PacketType, State
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.websocket import NORMAL, POLICY_VIOLATION, TRY_AGAIN_LATER
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.settings import RealtimeSettings

_PING: Final = Outgoing.of(PacketType.PING.value.encode())
_MESSAGE: Final = PacketType.MESSAGE.value
TOO_SLOW: Final = "reads too slowly"
"""Why the session of a client is closed that had no room for more."""


class Transport(Protocol):
    """What empties a session's outbox into the network and reports what comes from there."""

    def flush_soon(self) -> None:
        """There is something in the outbox."""
        ...

    def flush_nowait(self) -> None:
        """Empty the outbox as far as it goes at once."""
        ...

    def close(self, code: int, reason: str) -> None:
        """End in good order: what waits is sent first, the peer has some time to answer. Then `closed` is called."""
        ...


class Occupant(Protocol):
    """Who uses a session. None of its methods may block; those that receive may raise ProtocolError."""

    is_writing: bool
    """Whether what came last was a change, not a question."""

    @property
    def answer_due_seconds(self) -> float:
        """How long the client's next message had better wait for an answer that is being made and may be large; else
        0."""
        ...

    def received(self, text: str) -> None: ...

    def received_binary(self, data: bytes) -> None: ...

    def make_room(self, outbox: Outbox, item: Outgoing) -> bool:
        """The outbox is full: leave out what the client can do without. If it is still full then, the session ends.

        Whether `item`, which is to be put in, has not become meaningless by that."""
        ...

    def closed(self, reason: str) -> None:
        """The session is over; called once."""
        ...


class EngineSession:
    """Starts with `open`, ends with `closed`; in between only `close` and the transport's reports change its state."""

    __slots__ = (
        "_heartbeat",
        "_is_closed",
        "_is_lost",
        "_messages",
        "_occupant",
        "_settings",
        "_state",
        "_timer",
        "_transport",
        "id",
        "outbox",
    )

    def __init__(self, session_id: str, settings: RealtimeSettings, timer: Timer, outbox: Outbox) -> None:
        self.id = session_id
        self.outbox = outbox
        self._settings = settings
        self._timer = timer
        self._state = State.OPEN
        self._is_closed = False
        self._is_lost = False
        self._heartbeat: TimerHandle | None = None
        self._messages: TokenBucket | None = None
        if settings.rate_limits:
            self._messages = TokenBucket(settings.messages_per_second, settings.messages_burst)
        self._transport: Transport
        self._occupant: Occupant

    @property
    def is_open(self) -> bool:
        return self._state is State.OPEN

    @property
    def is_lost(self) -> bool:
        """Whether only the connection ended, as far as is known. Who means to leave says so on a higher level."""
        return self._is_lost

    @property
    def answer_due_seconds(self) -> float:
        """How long an answer is waited for that is being made and may fill the outbox; else 0."""
        return self._occupant.answer_due_seconds

    @property
    def is_writing(self) -> bool:
        """Whether the client is one of those who write, who are read in rounds."""
        return self._occupant.is_writing

    def open(self, transport: Transport, occupant: Occupant, upgrades: tuple[str, ...] = ()) -> None:
        """Greet the client and begin to ask for signs of life."""
        self._transport, self._occupant = transport, occupant
        settings = self._settings
        handshake = engineio.Handshake(
            self.id,
            upgrades,
            round(settings.ping_interval_seconds * 1000),
            round(settings.ping_timeout_seconds * 1000),
            settings.max_payload_bytes,
        )
        self.send(Outgoing.of(engineio.encode_handshake(handshake)))
        self._heartbeat = self._timer.call_about(settings.ping_interval_seconds, self._ping)

    def send(self, item: Outgoing) -> None:
        """Queue for the client. Never blocks; does nothing when the session is over."""
        if self._state is not State.OPEN:
            return
        outbox = self.outbox
        if outbox.queued_bytes >= outbox.max_bytes and not self._has_room_made(item):
            return
        outbox.put(item)
        self._transport.flush_soon()

    def _has_room_made(self, item: Outgoing) -> bool:
        """Whether `item` is still to be put into the outbox, which was full."""
        outbox = self.outbox
        self._transport.flush_nowait()
        is_wanted = not outbox.is_full or self._occupant.make_room(outbox, item)
        if outbox.is_full:
            self.close(TRY_AGAIN_LATER, TOO_SLOW)
        return is_wanted and self.is_open

    def move_to(self, transport: Transport) -> None:
        """Another transport carries the session from now on."""
        self._transport = transport
        transport.flush_soon()

    def close(self, code: int, reason: str) -> None:
        """End the session; `code` is a WebSocket close code."""
        if self._state is State.OPEN:
            self._state = State.CLOSED
            self._transport.close(code, reason)

    def lose(self, reason: str) -> None:
        """End the session: the client has gone, or is not heard of any more."""
        self._is_lost |= self._state is State.OPEN
        self.close(NORMAL, reason)

    # --- reports of the transport --------------------------------------------------------------------------------

    def admit(self) -> bool:
        """Whether one message more may come now, of whatever kind. A flood closes the session."""
        if self._messages is None or self._messages.take(trio.current_time()) == 0:
            return True
        self.close(POLICY_VIOLATION, "too many messages")
        return False

    def received(self, text: str) -> None:
        """One packet. A breach of the protocol closes the session."""
        if self._state is not State.OPEN:
            return
        try:
            if text[:1] == _MESSAGE:
                self._occupant.received(text[1:])
                return
            packet = engineio.decode_packet(text)
            state = engineio.next_state(self._state, packet.type)
        except ProtocolError as error:
            self.close(error.close_code, error.reason)
            return
        if packet.type is PacketType.PONG:
            self._rest()
        elif state is State.CLOSED:
            self.lose("the client closed")

    def received_binary(self, data: bytes) -> None:
        """The data of a binary message."""
        if self._state is not State.OPEN:
            return
        try:
            self._occupant.received_binary(data)
        except ProtocolError as error:
            self.close(error.close_code, error.reason)

    def closed(self, reason: str) -> None:
        """The transport has ended."""
        self._is_lost |= self._state is State.OPEN
        self._state = State.CLOSED
        if not self._is_closed:
            self._is_closed = True
            if self._heartbeat is not None:
                self._heartbeat.cancel()
            self._occupant.closed(reason)

    # --- heartbeat -----------------------------------------------------------------------------------------------

    def _ping(self) -> None:
        self.send(_PING)
        self._heartbeat = self._timer.call_about(self._settings.ping_timeout_seconds, self._miss)

    def _rest(self) -> None:
        """The client lives. A sign of life that nobody asked for changes nothing but the time of the next question."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._heartbeat = self._timer.call_about(self._settings.ping_interval_seconds, self._ping)

    def _miss(self) -> None:
        self.lose("ping timeout")
        self.closed("ping timeout")  # nobody waits for it to answer the close frame too
