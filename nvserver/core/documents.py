"""What can be found, and how it follows from a workspace's entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from nvserver.core.changes import (
    Entry,
    NoteCreated,
    NoteDeleted,
    NoteEdited,
    NoteRestored,
    NoteUpdated,
    WorkspaceDeleted,
)
from nvserver.core.ot import Text
from nvserver.core.workspace import merged_tags

DocumentKind: TypeAlias = Literal["note", "file", "chat"]


class Document(msgspec.Struct, frozen=True):
    """`seq` is the workspace's at its last change: of two versions the higher one is right. `is_hidden`: in the trash,
    or gone; it is kept and not found. `body` is a note's whole text."""

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


def touched_ids(entries: Iterable[Entry]) -> frozenset[str]:
    """The documents that the entries are about."""
    return frozenset(note_id for entry in entries if (note_id := getattr(entry.change, "note_id", None)) is not None)


def is_gone(entries: Iterable[Entry]) -> bool:
    """Whether the workspace was deleted by one of the entries."""
    return any(isinstance(entry.change, WorkspaceDeleted) for entry in entries)


def follow(workspace_id: str, entries: Iterable[Entry], known: Mapping[str, Document]) -> Sequence[Document]:
    """The documents that the entries make or change, as they are after the last of them.

    `known` are those of `touched_ids` that were kept before. What is in it already is not done again, so entries may
    come twice. Its cost grows with the texts: call it in a thread."""
    documents = dict(known)
    texts: dict[str, Text] = {}
    changed: dict[str, None] = {}
    for entry in entries:
        change = entry.change
        document_id = getattr(change, "note_id", None)
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
            case NoteEdited() if before is not None:
                text = texts[before.id] if before.id in texts else Text.of(before.body)
                texts[before.id] = text.apply(change.op)
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
        replace(documents[document_id], body=str(texts[document_id]))
        if document_id in texts
        else documents[document_id]
        for document_id in changed
    ]
