"""Workspace events as packets: encoded by the first session that needs one, kept for the others."""

from typing import Final

import msgspec

from nvserver.core.changes import ChatPosted
from nvserver.core.ot import to_wire
from nvserver.core.wire import socketio
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.edge.realtime.views import Json, change_view, chat_view, cursor_view, edit_view, presence_view
from nvserver.workspace.events import (
    ChangesCommitted,
    ChatChanged,
    ChatTyping,
    CursorsMoved,
    EditsCommitted,
    EditsComposed,
    NotesTouched,
    OwnerMoved,
    PresenceChanged,
    ProgressMade,
    ResyncNeeded,
    WorkspaceEvent,
)
from nvserver.workspace.session import Broadcast

ENCODER: Final = msgspec.json.Encoder()


def outgoing(broadcast: Broadcast[WorkspaceEvent]) -> Outgoing:
    """The event's packet; the same object for all receivers."""
    encoded = broadcast.encoded
    if type(encoded) is Outgoing:
        return encoded
    broadcast.encoded = packet = encode_event(broadcast.event)
    return packet


def encode_event(event: WorkspaceEvent) -> Outgoing:
    """The event's packet."""
    name, payload = _payload(event)
    packet = socketio.encode_event(name, ENCODER.encode({"workspaceId": event.workspace_id} | payload))
    return Outgoing.of(packet, event)


def _payload(event: WorkspaceEvent) -> tuple[str, Json]:
    """The event's name and payload, but for the workspace's id."""
    match event:
        case EditsCommitted():
            return "collaboration:edit", {"noteId": event.note_id, "edits": [edit_view(e) for e in event.entries]}
        case EditsComposed():
            edit = {"fromSeq": event.from_seq, "seq": event.seq, "op": to_wire(event.op)}
            return "collaboration:edit", {"noteId": event.note_id, "edits": [edit]}
        case ChangesCommitted():
            changes = [change_view(event.workspace_id, entry) for entry in event.entries]
            return "workspace:update", {"changes": changes}
        case NotesTouched():
            return "workspace:update", {"changes": [change_view(event.workspace_id, note) for note in event.notes]}
        case ChatChanged(entry=entry):
            name = "chat:message" if isinstance(entry.change, ChatPosted) else "chat:update"
            return name, chat_view(event.workspace_id, entry)
        case ChatTyping():
            who = {"userId": event.user_id, "userName": event.user_name, "clientId": event.client_id}
            return "chat:typing", who | {"typing": event.is_typing}
        case ProgressMade():
            done = {"name": event.name, "done": event.done, "total": event.total, "isOver": event.is_over}
            return "workspace:progress", {"id": event.task_id, "kind": event.kind, "userId": event.user_id} | done
        case CursorsMoved():
            return "collaboration:cursor", {"cursors": [cursor_view(cursor) for cursor in event.cursors]}
        case PresenceChanged():
            sides = {"joins": event.joins, "leaves": event.leaves, "updates": event.updates}
            return "presence:update", {name: [presence_view(p) for p in side] for name, side in sides.items()}
        case OwnerMoved(url=url):
            return "workspace:moved", {} if url is None else {"url": url}
        case ResyncNeeded():
            return "workspace:resync", {"reason": event.reason}
