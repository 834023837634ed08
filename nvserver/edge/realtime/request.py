"""One event of a client on its way to an answer."""

from collections.abc import Mapping
from typing import Protocol

from nvserver.core.wire import socketio
from nvserver.edge.http.errors import error_answer
from nvserver.edge.realtime.broadcasts import ENCODER
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.edge.realtime.payloads import EditNote
from nvserver.errors import BaseTooOld, Forbidden, NoteVaultError, NotFound, PutAside


class Answerer(Protocol):
    """Where the answer goes."""

    def send(self, item: Outgoing) -> None: ...

    def now_ms(self) -> int: ...

    def new_request_id(self) -> str: ...


class Request:
    """Answered once, by an acknowledgement if one was asked for (`ack_id`); a failure is told in any case."""

    __slots__ = ("_ack_id", "_answerer", "_event", "client_seq", "edit", "is_answered")

    def __init__(self, answerer: Answerer, event: str, ack_id: int | None) -> None:
        self._answerer = answerer
        self._event = event
        self._ack_id = ack_id
        self.client_seq: int | None = None
        """The client's number of the event, told with a failure."""
        self.edit: EditNote | None = None
        """What is asked for, when it is an edit: told with a refusal that ends its way."""
        self.is_answered = False

    @property
    def is_acknowledged(self) -> bool:
        """Whether an acknowledgement was asked for."""
        return self._ack_id is not None

    def hear(self, reply: object) -> None:
        """The reply to what asks for no acknowledgement: only a failure is told."""
        if isinstance(reply, NoteVaultError):
            self.refuse(reply)

    def answer(self, result: object) -> None:
        """`result` becomes JSON."""
        self.is_answered = True
        if self._ack_id is not None:
            self._answerer.send(Outgoing.of(socketio.encode_ack(self._ack_id, ENCODER.encode(result))))

    def refuse(self, error: NoteVaultError) -> None:
        """Nothing was changed."""
        self.is_answered = True
        if self.edit is not None and isinstance(error, (Forbidden, NotFound, BaseTooOld, PutAside)):
            error = _with_edit(error, self.edit)
        told = error_answer(error, self._answerer.new_request_id(), self._answerer.now_ms())
        if self._ack_id is not None:
            packet = socketio.encode_ack(self._ack_id, ENCODER.encode(told))
        else:
            number = {} if self.client_seq is None else {"clientSeq": self.client_seq}
            payload = {"event": self._event, **number, "error": told.error}
            packet = socketio.encode_event("error", ENCODER.encode(payload))
        self._answerer.send(Outgoing.of(packet))


def _with_edit(error: NoteVaultError, edit: EditNote) -> NoteVaultError:
    """The same refusal with the edit as it was sent, and its words as plain text: nobody's writing is lost with a right
    or behind the log's horizon, whatever the client has kept."""
    told = dict(error.details) if isinstance(error.details, Mapping) else {}
    text = "".join(component for component in edit.op if isinstance(component, str))
    returned = {"noteId": edit.note_id, "baseSeq": edit.base_seq, "op": edit.op, "text": text}
    return type(error)(error.message, told | returned)
