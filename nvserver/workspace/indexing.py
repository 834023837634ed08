"""What an entry changes in the index that is asked about workspaces without opening them."""

from nvserver.core.changes import (
    ChatDeleted,
    ChatEdited,
    ChatPosted,
    ChatReacted,
    Entry,
    EventCreated,
    EventDeleted,
    EventUpdated,
    FileCreated,
    FileDeleted,
    MemberAdded,
    MemberRemoved,
    MemberUpdated,
    NoteCreated,
    NotePurged,
    WorkspaceCreated,
    WorkspaceDeleted,
    WorkspaceUpdated,
)
from nvserver.core.chat import message_after
from nvserver.core.workspace import Workspace
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
    WorkspaceDropped,
    WorkspaceIndexed,
)


def index_change(workspace: Workspace, entry: Entry) -> IndexChange | None:
    """The index change of `entry`, which was just applied to `workspace`; None for most kinds."""
    match entry.change:
        case WorkspaceCreated() | WorkspaceUpdated():
            assert workspace.info is not None
            return WorkspaceIndexed(workspace.info)
        case WorkspaceDeleted():
            return WorkspaceDropped()
        case MemberAdded(user_id=user_id) | MemberUpdated(user_id=user_id):
            return MemberIndexed(workspace.members[user_id])
        case MemberRemoved(user_id=user_id):
            return MemberDropped(user_id)
        case NoteCreated(note_id=note_id):
            return NoteIndexed(note_id)
        case NotePurged(note_id=note_id):
            return NotePurgeIndexed(note_id, entry.seq)
        case FileCreated(file=file):
            return FileIndexed(file)
        case FileDeleted(file_id=file_id):
            return FileDropped(file_id)
        case EventCreated(event=event) | EventUpdated(event=event):
            return EventIndexed(workspace.events[event.id])
        case EventDeleted(event_id=event_id):
            return EventDropped(event_id)
        case ChatPosted() | ChatEdited() | ChatDeleted() | ChatReacted():
            return MessageIndexed(message_after(workspace.id, entry))
        case _:
            return None
