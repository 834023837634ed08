"""The values of a workspace as clients see them: JSON shapes with ISO times. Each is built once for all receivers."""

from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET

from nvserver.core import changes as c
from nvserver.core.changes import Entry
from nvserver.core.chat import message_after
from nvserver.core.model import NoteMeta, WorkspaceInfo
from nvserver.core.ot import to_wire
from nvserver.core.permissions import Role
from nvserver.core.presence import Cursor, Presence
from nvserver.edge.http.chat_shapes import message_item
from nvserver.edge.http.event_shapes import event_item
from nvserver.edge.http.file_shapes import file_item
from nvserver.edge.http.wire import iso_time
from nvserver.workspace.events import NoteTouched

Json: TypeAlias = dict[str, Any]

EXCERPT_CHARACTERS = 200


def note_view(note: NoteMeta, **more: object) -> Json:
    """`NoteMeta` of the contract, with `more` of it known here (`excerpt`, `content`)."""
    view: Json = msgspec.to_builtins(note)
    del view["deletedAt"]
    return view | more | {"createdAt": iso_time(note.created_at), "updatedAt": iso_time(note.updated_at)}


def workspace_view(workspace: WorkspaceInfo, role: Role, seq: int) -> Json:
    """As in REST; `role` is the receiver's."""
    view: Json = msgspec.to_builtins(workspace)
    times = {"createdAt": iso_time(workspace.created_at), "updatedAt": iso_time(workspace.updated_at)}
    return view | {"role": role, "seq": seq} | times


def presence_view(presence: Presence) -> Json:
    """`Presence` of the contract."""
    view: Json = msgspec.to_builtins(presence)
    return view | {"lastSeen": iso_time(presence.last_seen)}


def cursor_view(cursor: Cursor) -> Json:
    """An element of `cursors`."""
    view: Json = msgspec.to_builtins(cursor)
    return view | {"timestamp": iso_time(cursor.timestamp)}


def edit_view(entry: Entry) -> Json:
    """An element of `edits`. The entry's change is `NoteEdited`."""
    assert isinstance(entry.change, c.NoteEdited)
    author = entry.author
    return {
        "seq": entry.seq,
        "op": to_wire(entry.change.op),
        "userId": author.user_id,
        "clientId": author.client_id,
        "clientSeq": author.client_seq,
    }


def chat_view(workspace_id: str, entry: Entry) -> Json:
    """The message as in REST as the entry left it; with the number by which its author knows a new one."""
    view: Json = msgspec.to_builtins(message_item(message_after(workspace_id, entry)))
    author = entry.author
    return view if author.client_id is None else view | {"clientId": author.client_id, "clientSeq": author.client_seq}


def change_view(workspace_id: str, entry: Entry | NoteTouched) -> Json:
    """`Change` of the contract."""
    if isinstance(entry, NoteTouched):
        return {
            "seq": entry.seq,
            "kind": "note.edited",
            "userId": entry.user_id,
            "at": iso_time(entry.at),
            "noteId": entry.note_id,
            "excerpt": entry.excerpt,
        }
    author = entry.author
    view: Json = {"seq": entry.seq, "kind": type(entry.change).__struct_config__.tag, "userId": author.user_id}
    if author.client_id is not None:
        view |= {"clientId": author.client_id, "clientSeq": author.client_seq}
    return view | {"at": iso_time(entry.at)} | _details(workspace_id, entry)


def told_view(workspace_id: str, entry: Entry) -> Json:
    """As `change_view`, for those outside: of an edit only that there was one."""
    if isinstance(entry.change, c.NoteEdited):
        seen = {"seq": entry.seq, "kind": "note.edited", "userId": entry.author.user_id}
        return {**seen, "at": iso_time(entry.at), "noteId": entry.change.note_id}
    return change_view(workspace_id, entry)


def _details(workspace_id: str, entry: Entry) -> Json:
    match entry.change:
        case c.NoteCreated() as change:
            return {"noteId": change.note_id, "note": _created_note(workspace_id, entry, change)}
        case c.NoteUpdated() as change:
            fields = _set_fields(change)
            del fields["noteId"]
            tags = {"add": fields.pop("tagsAdded", ()), "remove": fields.pop("tagsRemoved", ())}
            return {"noteId": change.note_id, "set": fields, "tags": tags}
        case c.WorkspaceCreated() | c.WorkspaceUpdated() as change:
            return {"set": _set_fields(change)}
        case c.MemberAdded() | c.MemberUpdated() | c.MemberRemoved() as change:
            return {"member": _set_fields(change)}
        case c.EventCreated(event=event) | c.EventUpdated(event=event):
            return {"event": event_item(event)}
        case c.FileCreated(file=file):
            return {"file": file_item(file)}
        case c.VersionNamed() as change:
            named = _set_fields(change)
            return {"versionSeq": named.pop("seq"), **named}  # `seq` is the entry's
        case c.ChatPosted() | c.ChatEdited() | c.ChatDeleted() | c.ChatReacted():
            return {"message": message_item(message_after(workspace_id, entry))}
        case change:
            return _set_fields(change)


def _created_note(workspace_id: str, entry: Entry, change: c.NoteCreated) -> Json:
    note = NoteMeta(
        change.note_id,
        workspace_id,
        change.title,
        entry.author.user_id,
        change.collection_id,
        change.position,
        change.size,
        change.color,
        change.tags,
        entry.seq,
        entry.at,
        entry.at,
    )
    return note_view(note, excerpt=change.content[:EXCERPT_CHARACTERS])


def _set_fields(change: c.Change) -> Json:
    """The change's own fields that are set, by their wire names."""
    names = zip(change.__struct_fields__, change.__struct_encode_fields__, strict=True)
    values = {wire_name: getattr(change, name) for name, wire_name in names}
    fields: Json = msgspec.to_builtins({name: value for name, value in values.items() if value is not UNSET})
    return fields
