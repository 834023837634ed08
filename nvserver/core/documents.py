"""What can be found, and how it follows from a workspace's entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from nvserver.core.changes import (
    Change,
    ChatDeleted,
    ChatEdited,
    ChatPosted,
    Entry,
    FileCreated,
    FileDeleted,
    NoteCreated,
    NoteDeleted,
    NoteEdited,
    NotePurged,
    NoteRestored,
    NoteUpdated,
    WorkspaceDeleted,
)
from nvserver.core.model import ChatMessage
from nvserver.core.ot import Text
from nvserver.core.workspace import Workspace, merged_tags

DocumentKind: TypeAlias = Literal["note", "file", "chat"]


class Document(msgspec.Struct, frozen=True):
    """`seq` is the workspace's at its last change: of two versions the higher one is right. `is_hidden`: in the trash,
    or gone; it is kept and not found. `body` is a note's whole text. `languages`: of the stems it is found by."""

    id: str
    workspace_id: str
    kind: DocumentKind
    seq: int
    title: str
    body: str
    tags: tuple[str, ...]
    author_id: str
    updated_at: int
    is_hidden: bool = False
    languages: tuple[str, ...] = ()


def document_id_of(change: Change) -> str | None:
    """The document that the change is about; None for changes of what is not searched."""
    match change:
        case FileCreated(file=file):
            return file.id
        case FileDeleted(file_id=file_id):
            return file_id
        case ChatPosted(message_id=message_id):
            return message_id
        case ChatEdited(message=message) | ChatDeleted(message=message):
            return message.id
        case NoteCreated() | NoteEdited() | NoteUpdated() | NoteDeleted() | NoteRestored() | NotePurged():
            return change.note_id
        case _:
            return None


def touched_ids(entries: Iterable[Entry]) -> frozenset[str]:
    """The documents that the entries are about."""
    return frozenset(found for entry in entries if (found := document_id_of(entry.change)) is not None)


def is_gone(entries: Iterable[Entry]) -> bool:
    """Whether the workspace was deleted by one of the entries."""
    return any(isinstance(entry.change, WorkspaceDeleted) for entry in entries)


def documents_of(workspace: Workspace) -> Sequence[Document]:
    """The notes and files of a state, as of its seq: what a log tells that begins with it. Chat messages are not part
    of it. Its cost grows with the texts: call it in a thread."""
    seq = workspace.seq
    notes = [
        Document(
            note_id,
            workspace.id,
            "note",
            seq,
            note.meta.title,
            str(note.text),
            note.meta.tags,
            note.meta.author_id,
            note.meta.updated_at,
            note.meta.deleted_at is not None,
        )
        for note_id, note in workspace.notes.items()
    ]
    files = [
        Document(file.id, workspace.id, "file", seq, file.name, "", (), file.uploader_id, file.created_at)
        for file in workspace.files.values()
    ]
    return [*notes, *files]


def document_of_message(message: ChatMessage, seq: int) -> Document:
    """A chat message as it was at `seq` or is now."""
    changed_at = message.edited_at or message.created_at
    is_hidden = message.deleted_at is not None
    return Document(
        message.id, message.workspace_id, "chat", seq, "", message.text, (), message.user_id, changed_at, is_hidden
    )


def follow(workspace_id: str, entries: Iterable[Entry], known: Mapping[str, Document]) -> Sequence[Document]:
    """The documents that the entries make or change, as they are after the last of them.

    `known` are those of `touched_ids` that were kept before. What is in it already is not done again, so entries may
    come twice. Its cost grows with the texts: call it in a thread."""
    documents = dict(known)
    edited: dict[str, Text] = {}
    changed: dict[str, None] = {}
    for entry in entries:
        change = entry.change
        document_id = document_id_of(change)
        before = documents.get(document_id) if document_id is not None else None
        if before is not None and before.seq >= entry.seq:
            continue
        match change:
            case NoteCreated():
                documents[change.note_id] = Document(
                    change.note_id,
                    workspace_id,
                    "note",
                    entry.seq,
                    change.title,
                    change.content,
                    change.tags,
                    entry.author.user_id,
                    entry.at,
                )
            case FileCreated(file=file):
                documents[file.id] = Document(
                    file.id, workspace_id, "file", entry.seq, file.name, "", (), file.uploader_id, entry.at
                )
            case ChatPosted(message_id=message_id, text=text):
                documents[message_id] = Document(
                    message_id, workspace_id, "chat", entry.seq, "", text, (), entry.author.user_id, entry.at
                )
            case ChatEdited(message=message) if before is not None:
                documents[before.id] = replace(before, seq=entry.seq, updated_at=entry.at, body=message.text)
            case FileDeleted() | ChatDeleted() if before is not None:
                documents[before.id] = replace(before, seq=entry.seq, body="", is_hidden=True)
            case NotePurged() if before is not None:
                edited.pop(before.id, None)
                documents[before.id] = replace(before, seq=entry.seq, title="", body="", tags=(), is_hidden=True)
            case NoteEdited() if before is not None:
                so_far = edited[before.id] if before.id in edited else Text.of(before.body)
                edited[before.id] = so_far.apply(change.op)
                documents[before.id] = replace(before, seq=entry.seq, updated_at=entry.at)
            case NoteUpdated() if before is not None:
                documents[before.id] = replace(
                    before,
                    seq=entry.seq,
                    updated_at=entry.at,
                    title=before.title if change.title is UNSET else change.title,
                    tags=merged_tags(before.tags, change.tags_added, change.tags_removed),
                )
            case NoteDeleted() | NoteRestored() if before is not None:
                documents[before.id] = replace(before, seq=entry.seq, is_hidden=isinstance(change, NoteDeleted))
            case _:
                continue
        assert document_id is not None
        changed[document_id] = None
    return [
        replace(documents[document_id], body=str(edited[document_id]))
        if document_id in edited
        else documents[document_id]
        for document_id in changed
    ]
