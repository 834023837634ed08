"""One event of a client on its way to an answer."""

from typing import Protocol

from nvserver.core.wire import socketio
from nvserver.edge.http.errors import error_answer
from nvserver.edge.realtime.broadcasts import ENCODER
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.errors import NoteVaultError


class Answerer(Protocol):
    """Where the answer goes."""

    def send(self, item: Outgoing) -> None: ...

    def now_ms(self) -> int: ...

    def new_request_id(self) -> str: ...


class Request:
    """Answered once, by an acknowledgement if one was asked for (`ack_id`); a failure is told in any case."""

    __slots__ = ("_ack_id", "_answerer", "_event", "client_seq")

    def __init__(self, answerer: Answerer, event: str, ack_id: int | None) -> None:
        self._answerer = answerer
        self._event = event
        self._ack_id = ack_id
        self.client_seq: int | None = None
        """The client's number of the event, told with a failure."""

    def answer(self, result: object) -> None:
        """`result` becomes JSON."""
        if self._ack_id is not None:
            self._answerer.send(Outgoing.of(socketio.encode_ack(self._ack_id, ENCODER.encode(result))))

    def refuse(self, error: NoteVaultError) -> None:
        """Nothing was changed."""
        told = error_answer(error, self._answerer.new_request_id(), self._answerer.now_ms())
        if self._ack_id is not None:
            packet = socketio.encode_ack(self._ack_id, ENCODER.encode(told))
        else:
            number = {} if self.client_seq is None else {"clientSeq": self.client_seq}
            payload = {"event": self._event, **number, "error": told.error}
            packet = socketio.encode_event("error", ENCODER.encode(payload))
        self._answerer.send(Outgoing.of(packet))
