"""Questions answered from a workspace's state. Pure; rights are judged here, at the question's turn."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from nvserver.core.contents import Contents
from nvserver.core.gate import find_note, require
from nvserver.core.model import box_around
from nvserver.core.note import Note
from nvserver.core.versions import versions_of
from nvserver.core.workspace import Workspace
from nvserver.errors import ValidationFailed
from nvserver.problems import Problem
from nvserver.workspace.messages import (
    Canvas,
    GetCanvas,
    GetContents,
    GetNote,
    GetWorkspace,
    IsWatched,
    ListNotes,
    ListThreads,
    ListVersions,
    NotePage,
    NoteSummary,
    NoteView,
    ThreadList,
    VersionList,
    Watched,
    WorkspaceView,
)


def get_workspace(workspace: Workspace, question: GetWorkspace) -> WorkspaceView:
    """The workspace as its member sees it."""
    role = require(workspace, question.user_id, "workspace:read")
    assert workspace.info is not None
    return WorkspaceView(workspace.info, role, workspace.seq)


def get_note(workspace: Workspace, question: GetNote) -> NoteView:
    """One note, its text too."""
    require(workspace, question.user_id, "notes:read")
    note = find_note(workspace, question.note_id)
    return NoteView(note.meta, str(note.text))


def get_canvas(workspace: Workspace, question: GetCanvas) -> Canvas:
    """The collections and connections, and how far the notes reach."""
    require(workspace, question.user_id, "notes:read")
    places = [(one.meta.position, one.meta.size) for one in workspace.notes.values() if not one.is_deleted]
    box = box_around(places) if places else None
    return Canvas(tuple(workspace.collections.values()), tuple(workspace.connections.values()), box)


def get_contents(workspace: Workspace, question: GetContents) -> Contents:
    """All that is not in the trash."""
    require(workspace, question.user_id, "notes:read")
    assert workspace.info is not None
    notes = {note.meta.id: note for note in workspace.notes.values() if not note.is_deleted}
    return Contents(
        workspace.seq,
        workspace.info,
        tuple((note.meta, note.text) for note in notes.values()),
        tuple(workspace.collections.values()),
        tuple(one for one in workspace.connections.values() if {one.from_note_id, one.to_note_id} <= notes.keys()),
        tuple(workspace.files.values()),
        tuple(thread for thread in workspace.threads.all if thread.note_id in notes),
        tuple(workspace.events.values()),
    )


def is_watched(workspace: Workspace, question: IsWatched) -> Watched:
    """Whether the person is among the note's watchers."""
    require(workspace, question.user_id, "notes:read")
    find_note(workspace, question.note_id)
    return Watched(question.user_id in workspace.watchers.get(question.note_id, ()))


def list_versions(workspace: Workspace, question: ListVersions) -> VersionList:
    """The named versions of a note."""
    require(workspace, question.user_id, "notes:read")
    find_note(workspace, question.note_id)
    return VersionList(versions_of(workspace, question.note_id))


def list_threads(workspace: Workspace, question: ListThreads) -> ThreadList:
    """The comment threads of a note."""
    require(workspace, question.user_id, "notes:read")
    find_note(workspace, question.note_id)
    return ThreadList(workspace.seq, workspace.threads.of_note(question.note_id))


def list_notes(workspace: Workspace, question: ListNotes) -> NotePage:
    """One page of the notes that fit the question."""
    require(workspace, question.user_id, "notes:read")
    sort = _SORTS.get(question.sort)
    if sort is None:
        raise ValidationFailed.at("sort", "must be updated, created or title", Problem.NOT_OFFERED)
    keyed = [
        ((sort.key(note), note.meta.id), note)
        for note in workspace.notes.values()
        if note.is_deleted == question.is_trash
        and (question.tag is None or question.tag in note.meta.tags)
        and (question.collection_id is None or question.collection_id == note.meta.collection_id)
    ]
    if question.after is not None:
        after = question.after
        if type(after[0]) is not (str if question.sort == "title" else int):
            raise ValidationFailed.at("cursor", "belongs to another order of the list", Problem.NOT_TOGETHER)
        keyed = [item for item in keyed if (item[0] < after if sort.is_descending else item[0] > after)]
    keyed.sort(key=lambda item: item[0], reverse=sort.is_descending)
    page = keyed[: question.limit]
    next_after = page[-1][0] if len(keyed) > len(page) else None
    return NotePage(tuple(summarize(workspace, note) for _, note in page), next_after)


def summarize(workspace: Workspace, note: Note) -> NoteSummary:
    """The note as it stands in lists."""
    return NoteSummary(note.meta, note.excerpt, workspace.threads.count_open(note.meta.id))


def summarize_all(workspace: Workspace) -> tuple[NoteSummary, ...]:
    """Every note that is not in the trash, in the order they were made."""
    return tuple([summarize(workspace, note) for note in workspace.notes.values() if not note.is_deleted])


class _Sort(Struct, frozen=True):
    key: Callable[[Note], Any]
    is_descending: bool


_SORTS = {
    "updated": _Sort(lambda note: note.updated_at, True),
    "created": _Sort(lambda note: note.meta.created_at, True),
    "title": _Sort(lambda note: note.meta.title.casefold(), False),
}


ANSWERS: Final[dict[type, Callable[[Workspace, Any], object]]] = {
    GetWorkspace: get_workspace,
    GetNote: get_note,
    ListNotes: list_notes,
    GetCanvas: get_canvas,
    GetContents: get_contents,
    IsWatched: is_watched,
    ListVersions: list_versions,
    ListThreads: list_threads,
}
"""By the question."""
