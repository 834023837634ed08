"""The state of one workspace and what each entry of its sequence does to it.

`apply` is the only way in: replaying a log's entries gives the state, so the actor, recovery and the history tools all
run this same code. What may become an entry is judged in `decisions.py`; `apply` cannot fail for what was decided
there.
"""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from nvserver.core.changes import (
    ChatDeleted,
    ChatEdited,
    ChatPosted,
    ChatReacted,
    CollectionCreated,
    CollectionDeleted,
    CollectionUpdated,
    CommentDeleted,
    CommentEdited,
    CommentReplied,
    CommentResolved,
    CommentStarted,
    ConnectionCreated,
    ConnectionDeleted,
    ConnectionUpdated,
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
    NoteDeleted,
    NoteEdited,
    NotePurged,
    NoteRedacted,
    NoteRestored,
    NoteUnwatched,
    NoteUpdated,
    NoteWatched,
    VersionDropped,
    VersionNamed,
    WorkspaceCreated,
    WorkspaceDeleted,
    WorkspaceUpdated,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import (
    CalendarEvent,
    Collection,
    Connection,
    FileInfo,
    Member,
    NoteMeta,
    NoteVersion,
    WorkspaceInfo,
)
from nvserver.core.note import Note
from nvserver.core.ot import Text
from nvserver.core.permissions import Role
from nvserver.core.requests import RequestTable
from nvserver.core.threads import ThreadChange, Threads


class Workspace:
    """Mutable; `seq` is that of the last entry applied. `info` is None before the first entry."""

    def __init__(self, workspace_id: str, limits: WorkspaceLimits) -> None:
        self.id = workspace_id
        self.limits = limits
        self.seq = 0
        self.info: WorkspaceInfo | None = None
        self.is_deleted = False
        self.members: dict[str, Member] = {}
        self.notes: dict[str, Note] = {}
        self.collections: dict[str, Collection] = {}
        self.connections: dict[str, Connection] = {}
        self.files: dict[str, FileInfo] = {}
        self.events: dict[str, CalendarEvent] = {}
        self.threads = Threads()
        self.versions: dict[str, NoteVersion] = {}
        self.watchers: dict[str, tuple[str, ...]] = {}
        """Note id to the user ids of those who want to be told of its changes."""
        self.requests = RequestTable({}, limits.max_remembered_requests)

    def role_of(self, user_id: str) -> Role | None:
        """The person's role; None for no member, and for everyone once the workspace is deleted."""
        member = self.members.get(user_id)
        return None if member is None or self.is_deleted else member.role

    def apply(self, entry: Entry) -> None:
        """Bring the next entry of the sequence about. `entry.seq` must be `seq + 1`."""
        if entry.seq != self.seq + 1:
            raise ValueError(f"entry {entry.seq} does not follow {self.seq} in workspace {self.id}")
        change = entry.change
        if type(change) is NoteEdited:  # by far the most frequent
            self.notes[change.note_id].edit(
                entry.seq, entry.at, change.op, entry.author.client_id, self.limits.max_remembered_edits
            )
            self.threads.move(change.note_id, change.op)
        else:
            _APPLY[type(change)](self, entry, change)
        self.seq = entry.seq
        self.requests.accept(entry.author, entry.seq)


def _workspace_created(workspace: Workspace, entry: Entry, change: WorkspaceCreated) -> None:
    workspace.info = WorkspaceInfo(
        workspace.id,
        change.name,
        change.description,
        change.icon,
        change.color,
        change.privacy,
        change.owner_id,
        entry.at,
        entry.at,
        change.search_language,
    )


def _workspace_updated(workspace: Workspace, entry: Entry, change: WorkspaceUpdated) -> None:
    assert workspace.info is not None
    fields = {name: getattr(change, name) for name in change.__struct_fields__}
    changed = {name: value for name, value in fields.items() if value is not UNSET}
    workspace.info = replace(workspace.info, updated_at=entry.at, **changed)


def _workspace_deleted(workspace: Workspace, entry: Entry, change: WorkspaceDeleted) -> None:
    workspace.is_deleted = True


def _member_added(workspace: Workspace, entry: Entry, change: MemberAdded) -> None:
    workspace.members[change.user_id] = Member(change.user_id, change.role, entry.at)


def _member_updated(workspace: Workspace, entry: Entry, change: MemberUpdated) -> None:
    workspace.members[change.user_id] = replace(workspace.members[change.user_id], role=change.role)


def _member_removed(workspace: Workspace, entry: Entry, change: MemberRemoved) -> None:
    del workspace.members[change.user_id]
    for note_id in list(workspace.watchers):
        _unwatch(workspace, note_id, change.user_id)


def _note_created(workspace: Workspace, entry: Entry, change: NoteCreated) -> None:
    meta = NoteMeta(
        change.note_id,
        workspace.id,
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
    workspace.notes[change.note_id] = Note(meta, Text.of(change.content))


def _note_updated(workspace: Workspace, entry: Entry, change: NoteUpdated) -> None:
    note = workspace.notes[change.note_id]
    changed: dict[str, Any] = {
        name: value
        for name in ("title", "position", "size", "color", "collection_id")
        if (value := getattr(change, name)) is not UNSET
    }
    if change.tags_added or change.tags_removed:
        changed["tags"] = merged_tags(note.meta.tags, change.tags_added, change.tags_removed)
    note.change_meta(replace(note.meta, seq=entry.seq, updated_at=entry.at, **changed))


def merged_tags(tags: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...]) -> tuple[str, ...]:
    """`tags` without `removed`, then `added`, each once, in order."""
    return tuple(dict.fromkeys([tag for tag in tags if tag not in removed] + list(added)))


def _note_deleted(workspace: Workspace, entry: Entry, change: NoteDeleted) -> None:
    note = workspace.notes[change.note_id]
    note.change_meta(replace(note.meta, seq=entry.seq, deleted_at=entry.at))


def _note_restored(workspace: Workspace, entry: Entry, change: NoteRestored) -> None:
    note = workspace.notes[change.note_id]
    note.change_meta(replace(note.meta, seq=entry.seq, updated_at=entry.at, deleted_at=None))


def _note_purged(workspace: Workspace, entry: Entry, change: NotePurged) -> None:
    """In a log whose entries about it are redacted by now the note was never there."""
    workspace.notes.pop(change.note_id, None)
    workspace.threads.drop(change.note_id)
    workspace.watchers.pop(change.note_id, None)
    for version in [one for one in workspace.versions.values() if one.note_id == change.note_id]:
        del workspace.versions[version.id]


def _collection_saved(workspace: Workspace, entry: Entry, change: CollectionCreated | CollectionUpdated) -> None:
    workspace.collections[change.collection.id] = change.collection


def _collection_deleted(workspace: Workspace, entry: Entry, change: CollectionDeleted) -> None:
    """Its notes and the collections in it move up to its parent."""
    gone = workspace.collections.pop(change.collection_id)
    for collection in list(workspace.collections.values()):
        if collection.parent_id == gone.id:
            workspace.collections[collection.id] = replace(collection, parent_id=gone.parent_id)
    for note in workspace.notes.values():
        if note.meta.collection_id == gone.id:
            note.change_meta(replace(note.meta, collection_id=gone.parent_id, seq=entry.seq))


def _connection_saved(workspace: Workspace, entry: Entry, change: ConnectionCreated | ConnectionUpdated) -> None:
    workspace.connections[change.connection.id] = change.connection


def _file_created(workspace: Workspace, entry: Entry, change: FileCreated) -> None:
    workspace.files[change.file.id] = change.file


def _file_deleted(workspace: Workspace, entry: Entry, change: FileDeleted) -> None:
    del workspace.files[change.file_id]


def _connection_deleted(workspace: Workspace, entry: Entry, change: ConnectionDeleted) -> None:
    del workspace.connections[change.connection_id]


def _note_watched(workspace: Workspace, entry: Entry, change: NoteWatched) -> None:
    watchers = workspace.watchers.get(change.note_id, ())
    workspace.watchers[change.note_id] = (*watchers, entry.author.user_id)


def _note_unwatched(workspace: Workspace, entry: Entry, change: NoteUnwatched) -> None:
    _unwatch(workspace, change.note_id, entry.author.user_id)


def _unwatch(workspace: Workspace, note_id: str, user_id: str) -> None:
    watchers = tuple(one for one in workspace.watchers[note_id] if one != user_id)
    if watchers:
        workspace.watchers[note_id] = watchers
    else:
        del workspace.watchers[note_id]


def _version_named(workspace: Workspace, entry: Entry, change: VersionNamed) -> None:
    user_id, at = entry.author.user_id, entry.at
    version = NoteVersion(change.version_id, change.note_id, change.name, change.seq, user_id, at)
    workspace.versions[change.version_id] = version


def _version_dropped(workspace: Workspace, entry: Entry, change: VersionDropped) -> None:
    del workspace.versions[change.version_id]


def _event_created(workspace: Workspace, entry: Entry, change: EventCreated) -> None:
    workspace.events[change.event.id] = change.event


def _event_updated(workspace: Workspace, entry: Entry, change: EventUpdated) -> None:
    workspace.events[change.event.id] = replace(change.event, updated_at=entry.at)


def _event_deleted(workspace: Workspace, entry: Entry, change: EventDeleted) -> None:
    del workspace.events[change.event_id]


def _commented(workspace: Workspace, entry: Entry, change: ThreadChange) -> None:
    workspace.threads.apply(change, entry.author.user_id, entry.at)


def _nothing(workspace: Workspace, entry: Entry, change: object) -> None:
    """What stands in the index alone takes its seq and no more."""


_APPLY: dict[type, Callable[[Workspace, Entry, Any], None]] = {
    WorkspaceCreated: _workspace_created,
    WorkspaceUpdated: _workspace_updated,
    WorkspaceDeleted: _workspace_deleted,
    MemberAdded: _member_added,
    MemberUpdated: _member_updated,
    MemberRemoved: _member_removed,
    NoteCreated: _note_created,
    NoteUpdated: _note_updated,
    NoteDeleted: _note_deleted,
    NoteRestored: _note_restored,
    NotePurged: _note_purged,
    NoteRedacted: _nothing,
    CollectionCreated: _collection_saved,
    CollectionUpdated: _collection_saved,
    CollectionDeleted: _collection_deleted,
    ConnectionCreated: _connection_saved,
    ConnectionUpdated: _connection_saved,
    ConnectionDeleted: _connection_deleted,
    FileCreated: _file_created,
    FileDeleted: _file_deleted,
    EventCreated: _event_created,
    EventUpdated: _event_updated,
    EventDeleted: _event_deleted,
    CommentStarted: _commented,
    CommentReplied: _commented,
    CommentEdited: _commented,
    CommentDeleted: _commented,
    CommentResolved: _commented,
    NoteWatched: _note_watched,
    NoteUnwatched: _note_unwatched,
    VersionNamed: _version_named,
    VersionDropped: _version_dropped,
    ChatPosted: _nothing,
    ChatEdited: _nothing,
    ChatDeleted: _nothing,
    ChatReacted: _nothing,
}
