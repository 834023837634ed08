"""What the index changes of appends leave in the tables, as rows.

Several changes of one thing are folded into the last, so that the rows can be written in any order, and by one
statement: PostgreSQL refuses to touch a row twice in one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from nvserver.adapters.sql.calendar import EventRow, event_row
from nvserver.adapters.sql.chat import MessageRow, message_row
from nvserver.adapters.sql.files import FileRow, file_row
from nvserver.adapters.sql.ids import id_bytes
from nvserver.adapters.sql.notifications import NotificationRow, notification_row
from nvserver.ports.oplog import (
    EventDropped,
    EventIndexed,
    FileDropped,
    FileIndexed,
    IndexChange,
    MemberDropped,
    MemberIndexed,
    MessageIndexed,
    NoteIndexed,
    NotePurgeIndexed,
    NotificationIndexed,
    WorkspaceDropped,
    WorkspaceIndexed,
)

WorkspaceRow: TypeAlias = tuple[bytes, int, bytes]
"""id, created_at, info (JSON)."""

MemberRow: TypeAlias = tuple[bytes, bytes, str, int]
"""workspace id, user id, role, joined_at."""


@dataclass(frozen=True, slots=True)
class IndexRows:
    """The rows to put and the keys to delete; no key is in both."""

    workspaces: list[WorkspaceRow]
    members: list[MemberRow]
    notes: list[tuple[bytes, bytes]]
    """note id, workspace id."""
    gone_members: list[tuple[bytes, bytes]]
    """workspace id, user id."""
    gone_workspaces: list[tuple[bytes]]
    """Their members, files and calendars go with them."""
    files: list[FileRow] = field(default_factory=list)
    gone_files: list[tuple[bytes]] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    gone_events: list[tuple[bytes]] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)
    notifications: list[NotificationRow] = field(default_factory=list)
    purges: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    """workspace id, seq, note id."""


def index_rows(workspace: bytes, changes: Iterable[IndexChange]) -> IndexRows:
    """The rows that the changes of one workspace leave, in the order in which they happened."""
    info: WorkspaceRow | None = None
    members: dict[bytes, MemberRow | None] = {}
    notes: dict[bytes, None] = {}
    purges: list[tuple[bytes, int, bytes]] = []
    files: dict[bytes, FileRow | None] = {}
    events: dict[bytes, EventRow | None] = {}
    messages: dict[str, MessageRow] = {}
    notifications: dict[str, NotificationRow] = {}
    is_gone = False
    for change in changes:
        if is_gone:
            raise ValueError("nothing follows after a workspace was dropped")
        match change:
            case WorkspaceIndexed(described):
                info = (workspace, described.created_at, msgspec.json.encode(described))
            case WorkspaceDropped():
                is_gone, info = True, None
                members.clear()
                files.clear()
                events.clear()
            case MemberIndexed(member):
                user = id_bytes(member.user_id)
                members[user] = (workspace, user, member.role, member.joined_at)
            case MemberDropped(user_id):
                members[id_bytes(user_id)] = None
            case NoteIndexed(note_id):
                notes[id_bytes(note_id)] = None
            case NotePurgeIndexed(note_id, seq):
                purges.append((workspace, seq, id_bytes(note_id)))
            case FileIndexed(file):
                files[id_bytes(file.id)] = file_row(file)
            case FileDropped(file_id):
                files[id_bytes(file_id)] = None
            case EventIndexed(event):
                events[id_bytes(event.id)] = event_row(event)
            case EventDropped(event_id):
                events[id_bytes(event_id)] = None
            case MessageIndexed(message):
                messages[message.id] = message_row(message)
            case NotificationIndexed(notification):
                notifications.setdefault(notification.id, notification_row(notification))
    return IndexRows(
        workspaces=[] if info is None else [info],
        members=[row for row in members.values() if row is not None],
        notes=[(note, workspace) for note in notes],
        gone_members=[(workspace, user) for user, row in members.items() if row is None],
        gone_workspaces=[(workspace,)] if is_gone else [],
        files=[row for row in files.values() if row is not None],
        gone_files=[(file,) for file, row in files.items() if row is None],
        events=[row for row in events.values() if row is not None],
        gone_events=[(event,) for event, row in events.items() if row is None],
        messages=list(messages.values()),
        notifications=list(notifications.values()),
        purges=purges,
    )


def joined(parts: Iterable[IndexRows]) -> IndexRows:
    """The rows of several workspaces together."""
    whole = IndexRows([], [], [], [], [])
    for part in parts:
        whole.workspaces.extend(part.workspaces)
        whole.members.extend(part.members)
        whole.notes.extend(part.notes)
        whole.gone_members.extend(part.gone_members)
        whole.gone_workspaces.extend(part.gone_workspaces)
        whole.files.extend(part.files)
        whole.gone_files.extend(part.gone_files)
        whole.events.extend(part.events)
        whole.gone_events.extend(part.gone_events)
        whole.messages.extend(part.messages)
        whole.notifications.extend(part.notifications)
        whole.purges.extend(part.purges)
    return whole
