"""The events of clients: which there are, the message each becomes, and how the reply is told."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import UNSET

from nvserver.core import commands as c
from nvserver.core.changes import Author
from nvserver.core.model import Position, Size
from nvserver.core.ot import OperationError, check_text, from_wire
from nvserver.core.presence import CursorMove
from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.edge.http.chat_shapes import message_item
from nvserver.edge.http.decoding import decode_body
from nvserver.edge.realtime import payloads as p
from nvserver.edge.realtime.broadcasts import ENCODER
from nvserver.edge.realtime.views import (
    EXCERPT_CHARACTERS,
    Json,
    change_view,
    cursor_view,
    edit_view,
    note_view,
    presence_view,
    workspace_view,
)
from nvserver.errors import InvalidJson, ValidationFailed
from nvserver.problems import Problem
from nvserver.workspace import messages as m
from nvserver.workspace.session import Session

P = TypeVar("P", bound=msgspec.Struct)

_ARGUMENTS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_NAME: Final = msgspec.json.Decoder(str)


def split_event(data: str) -> tuple[str, list[msgspec.Raw] | None]:
    """The name and the payloads of an event's JSON; None for payloads that no text can hold (a lone surrogate).

    Raises ProtocolError for what is no event at all."""
    try:
        name, *payloads = _ARGUMENTS.decode(data)
        return _NAME.decode(name), payloads
    except (ValueError, RecursionError):
        return _name_of(data), None


def _name_of(data: str) -> str:
    try:
        arguments = json.loads(data)
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, list) or not arguments or not isinstance(arguments[0], str):
        raise ProtocolError("an event is not an array that begins with its name")
    return arguments[0]


class PayloadDecoder(Generic[P]):
    """Decodes JSON straight into a payload."""

    def __init__(self, kind: type[P]) -> None:
        self._kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def decode(self, raw: bytes | str) -> P:
        """Raises `ValidationFailed`, which tells the place."""
        try:
            return self._decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._explain(raw)

    def _explain(self, raw: bytes | str) -> P:
        try:
            return decode_body(raw.encode() if isinstance(raw, str) else bytes(raw), self._kind)
        except InvalidJson:
            raise ValidationFailed.at("", "the payload is not valid JSON", Problem.MALFORMED) from None


@dataclass(frozen=True, slots=True)
class EventType(Generic[P]):
    """`message` makes the actor's message of a payload; `answer` the acknowledgement of payload, reply and session."""

    decoder: PayloadDecoder[P]
    message: Callable[[P, Session], m.Message]
    answer: Callable[[P, Any, Session], Json]


def _submit(name: str, command: Callable[[Any], c.Command]) -> Callable[[Any, Session], m.Submit]:
    def message(payload: p.Numbered, session: Session) -> m.Submit:
        author = Author(session.principal.user_id, session.client_id, payload.client_seq, payload_hash(name, payload))
        return m.Submit(author, command(payload))

    return message


def payload_hash(name: str, payload: p.Numbered) -> bytes:
    """16 bytes by which a resend is told from another event under the same number."""
    return blake2b(ENCODER.encode((name, payload)), digest_size=16).digest()


# --- messages ----------------------------------------------------------------------------------------------------


def _edit(payload: p.EditNote) -> c.EditNote:
    try:
        op = from_wire(payload.op)
    except OperationError as error:
        raise ValidationFailed.at("op", str(error), Problem.MALFORMED) from None
    return c.EditNote(payload.note_id, payload.base_seq, op)


def _create(payload: p.CreateNote) -> c.CreateNote:
    note = payload.note
    try:
        check_text(note.content)
    except OperationError as error:
        raise ValidationFailed.at("note.content", str(error), Problem.BAD_CHARACTERS) from None
    return c.CreateNote(
        new_id_of(payload),
        note.title,
        note.content,
        note.position.to_position() if note.position else Position(),
        note.size.to_size() if note.size else Size(),
        note.color,
        note.tags,
        note.collection_id,
    )


def _post(payload: p.PostMessage) -> c.PostMessage:
    return c.PostMessage(new_id_of(payload), payload.text, payload.reply_to_id)


def new_id_of(payload: p.Numbered) -> str:
    """The id of what the event makes: the same when it is sent again."""
    return str(uuid.uuid5(uuid.UUID(payload.client_id), f"{payload.workspace_id}/{payload.client_seq}"))


def _update(payload: p.UpdateNote) -> c.UpdateNote:
    fields, tags = payload.set, payload.tags
    return c.UpdateNote(
        payload.note_id,
        fields.title,
        fields.position if fields.position is UNSET else fields.position.to_position(),
        fields.size if fields.size is UNSET else fields.size.to_size(),
        fields.color,
        fields.collection_id,
        tags.add,
        tags.remove,
    )


def _move(payload: p.MoveCursor, session: Session) -> m.MoveCursor:
    position = payload.position.to_position() if payload.position else None
    move = CursorMove(payload.note_id, position, payload.selection, payload.base_seq)
    return m.MoveCursor(session, move)


# --- answers -----------------------------------------------------------------------------------------------------


def _nothing(_payload: object, _reply: object, _session: object) -> Json:
    return {}


def _joined(payload: p.JoinWorkspace, reply: m.Joined, session: Session) -> Json:
    workspace_id = payload.workspace_id
    view: Json = {
        "workspaceId": workspace_id,
        "seq": reply.seq,
        "role": reply.role,
        "clientId": session.client_id,
        "workspace": workspace_view(reply.workspace, reply.role, reply.seq),
        "presence": [presence_view(presence) for presence in reply.presence],
    }
    if reply.resync is not None:
        view["resync"] = reply.resync
    if reply.changes is not None:
        return view | {"catchUp": [change_view(workspace_id, change) for change in reply.changes]}
    return view | {
        "notes": [note_view(one.note, excerpt=one.excerpt, openThreads=one.open_threads) for one in reply.notes],
        "collections": reply.collections,
        "connections": reply.connections,
    }


def _opened(payload: p.OpenNote, reply: m.NoteOpened, _session: object) -> Json:
    view: Json = {
        "noteId": payload.note_id,
        "seq": reply.seq,
        "meta": note_view(reply.note),
        "cursors": [cursor_view(cursor) for cursor in reply.cursors],
    }
    if reply.edits is not None:
        return view | {"edits": [edit_view(entry) for entry in reply.edits]}
    return view | {"content": reply.content}


def _accepted(_payload: object, reply: m.Accepted, _session: object) -> Json:
    return {"seq": reply.seq, "duplicate": True} if reply.is_duplicate else {"seq": reply.seq}


def _edited(payload: p.EditNote, reply: m.Accepted, session: object) -> Json:
    return _accepted(payload, reply, session) | {"noteId": payload.note_id}


def _created(payload: p.CreateNote, reply: m.Accepted, session: object) -> Json:
    content = payload.note.content
    note = reply.note and note_view(reply.note, content=content, excerpt=content[:EXCERPT_CHARACTERS])
    return _accepted(payload, reply, session) | {"note": note}


def _posted(payload: p.PostMessage, reply: m.Accepted, session: object) -> Json:
    message = reply.message and message_item(reply.message)
    return _accepted(payload, reply, session) | {"message": message}


JOIN: Final = EventType(PayloadDecoder(p.JoinWorkspace), lambda e, session: m.Join(session, e.since), _joined)
LEAVE: Final = EventType(PayloadDecoder(p.InWorkspace), lambda _, session: m.Leave(session), _nothing)

WORKSPACE_EVENTS: Final[dict[str, EventType[Any]]] = {
    "workspace:join": JOIN,
    "workspace:leave": LEAVE,
    "note:open": EventType(
        PayloadDecoder(p.OpenNote), lambda e, session: m.OpenNote(session, e.note_id, e.since), _opened
    ),
    "note:close": EventType(PayloadDecoder(p.CloseNote), lambda e, session: m.CloseNote(session, e.note_id), _nothing),
    "collaboration:edit": EventType(PayloadDecoder(p.EditNote), _submit("collaboration:edit", _edit), _edited),
    "note:create": EventType(PayloadDecoder(p.CreateNote), _submit("note:create", _create), _created),
    "note:update": EventType(PayloadDecoder(p.UpdateNote), _submit("note:update", _update), _accepted),
    "note:delete": EventType(
        PayloadDecoder(p.OfNote), _submit("note:delete", lambda e: c.DeleteNote(e.note_id)), _accepted
    ),
    "note:restore": EventType(
        PayloadDecoder(p.OfNote), _submit("note:restore", lambda e: c.RestoreNote(e.note_id)), _accepted
    ),
    "chat:message": EventType(PayloadDecoder(p.PostMessage), _submit("chat:message", _post), _posted),
    "chat:typing": EventType(PayloadDecoder(p.SetTyping), lambda e, session: m.SetTyping(session, e.typing), _nothing),
    "collaboration:cursor": EventType(PayloadDecoder(p.MoveCursor), _move, _nothing),
    "presence:update": EventType(
        PayloadDecoder(p.SetStatus), lambda e, session: m.SetStatus(session, e.status), _nothing
    ),
}
