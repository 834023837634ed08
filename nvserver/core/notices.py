"""What people are to be told of, whatever they are looking at: values, and which entries tell whom.

Nobody is told of what he did himself, nor of a workspace he is not in.
"""

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from nvserver.core.changes import (
    ChatPosted,
    CommentReplied,
    CommentStarted,
    Entry,
    MemberAdded,
    MemberUpdated,
    NoteCreated,
    NoteEdited,
)
from nvserver.core.mentions import mentioned, newly_mentioned
from nvserver.core.model import Value
from nvserver.core.workspace import Workspace

NoticeKind: TypeAlias = Literal[
    "workspace.added",
    "role.changed",
    "mention.note",
    "mention.chat",
    "mention.comment",
    "reply.chat",
    "reply.comment",
    "note.changed",
    "invitation",
    "search.alert",
    "calendar.reminder",
    "file.shared",
    "announcement",
]
KINDS: Final[tuple[NoticeKind, ...]] = NoticeKind.__args__  # type: ignore[attr-defined]


class NoticeData(Value, frozen=True, omit_defaults=True):
    """What a notice is about. Names are as they were then; texts of notes and messages are not in it."""

    actor_id: str | None = None
    workspace_id: str | None = None
    workspace_name: str | None = None
    note_id: str | None = None
    event_id: str | None = None
    file_id: str | None = None
    occurrence: int | None = None
    """The start of the event that a reminder is of, in milliseconds since 1970 UTC."""
    note_title: str | None = None
    message_id: str | None = None
    thread_id: str | None = None
    role: str | None = None
    text: str | None = None
    """Of an announcement, a reminder or an alert."""


class Notice(msgspec.Struct, frozen=True):
    """One person is to be told. `topic` names what may be told once only (with the kind)."""

    user_id: str
    kind: NoticeKind
    data: NoticeData
    topic: str


def notices_of(workspace: Workspace, entry: Entry, watch_interval_ms: int) -> tuple[Notice, ...]:
    """Whom `entry`, which was just applied, tells what. Those who watch a note are told of its edits once in an
    interval."""
    change = entry.change
    if type(change) is NoteEdited:
        return _of_edit(workspace, entry, change, watch_interval_ms)
    assert workspace.info is not None
    data = NoticeData(entry.author.user_id, workspace.id, workspace.info.name)
    topic = str(entry.seq)
    found: list[Notice] = []
    match change:
        case MemberAdded(user_id=user_id, role=role):
            found = [Notice(user_id, "workspace.added", replace(data, role=role), topic)]
        case MemberUpdated(user_id=user_id, role=role):
            found = [Notice(user_id, "role.changed", replace(data, role=role), topic)]
        case NoteCreated(note_id=note_id, title=title, content=content):
            about = replace(data, note_id=note_id, note_title=title)
            found = [Notice(user_id, "mention.note", about, topic) for user_id in mentioned(content)]
        case (
            CommentStarted(note_id=note_id, thread_id=thread_id, text=text)
            | CommentReplied(note_id=note_id, thread_id=thread_id, text=text)
        ):
            title = workspace.notes[note_id].meta.title
            about = replace(data, note_id=note_id, note_title=title, thread_id=thread_id)
            people = mentioned(text)
            found = [Notice(user_id, "mention.comment", about, topic) for user_id in people]
            thread = workspace.threads.get(note_id, thread_id)
            before = dict.fromkeys(one.user_id for one in thread.comments[:-1]) if thread is not None else ()
            found += [Notice(user_id, "reply.comment", about, topic) for user_id in before if user_id not in people]
        case ChatPosted(message_id=message_id, text=text, reply_to_user_id=replied):
            about = replace(data, message_id=message_id)
            people = mentioned(text)
            found = [Notice(user_id, "mention.chat", about, topic) for user_id in people]
            if replied is not None and replied not in people:
                found.append(Notice(replied, "reply.chat", about, topic))
    return _to_others(workspace, entry, found)


def _of_edit(workspace: Workspace, entry: Entry, change: NoteEdited, watch_interval_ms: int) -> tuple[Notice, ...]:
    note = workspace.notes[change.note_id]
    people = newly_mentioned(note.text, change.op)
    watchers = workspace.watchers.get(change.note_id, ())
    if not (people or watchers) or workspace.info is None:
        return ()
    data = NoticeData(
        entry.author.user_id, workspace.id, workspace.info.name, change.note_id, note_title=note.meta.title
    )
    found = [Notice(user_id, "mention.note", data, str(entry.seq)) for user_id in people]
    interval = f"{change.note_id}/{entry.at // watch_interval_ms}"
    found += [Notice(user_id, "note.changed", data, interval) for user_id in watchers if user_id not in people]
    return _to_others(workspace, entry, found)


def _to_others(workspace: Workspace, entry: Entry, notices: Iterable[Notice]) -> tuple[Notice, ...]:
    author_id = entry.author.user_id
    return tuple(one for one in notices if one.user_id != author_id and one.user_id in workspace.members)
