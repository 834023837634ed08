"""A workspace's state as bytes: after loading it, replaying the entries that follow gives the newest state.

The edits that a note keeps to transform late arrivals are not in it; they are read from the op log when needed. Who
wrote what, and what became of each client's latest requests, is in it only where it takes the place of the entries that
told it, as the base of a log.
"""

import hashlib
from collections.abc import Container, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
from msgspec.structs import replace

from nvserver.core.history import AuthoredRange
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import (
    CalendarEvent,
    Collection,
    CommentThread,
    Connection,
    FileInfo,
    Member,
    NoteMeta,
    NoteVersion,
    WorkspaceInfo,
)
from nvserver.core.note import Note
from nvserver.core.ot import Text
from nvserver.core.requests import FirstResult
from nvserver.core.threads import Threads
from nvserver.core.workspace import Workspace

CHECKSUM_BYTES = 16

Authors: TypeAlias = Mapping[str, Sequence[AuthoredRange]]
"""Note id to who wrote each part of its text. Kept in the base of a log only: else its entries tell it."""

NOBODY_KNOWN: Final[Authors] = {}


class _NoteImage(msgspec.Struct, frozen=True, omit_defaults=True):
    meta: NoteMeta
    content: str
    authors: tuple[AuthoredRange, ...] = ()


class WorkspaceImage(msgspec.Struct, frozen=True):
    """An unchanging picture of the state, cheap to take: texts are shared, not copied, until it is encoded."""

    workspace_id: str
    seq: int
    info: WorkspaceInfo | None
    is_deleted: bool
    members: tuple[Member, ...]
    notes: tuple[tuple[NoteMeta, Text], ...]
    collections: tuple[Collection, ...]
    connections: tuple[Connection, ...]
    last_requests: dict[str, int]
    watchers: dict[str, tuple[str, ...]]
    files: tuple[FileInfo, ...] = ()
    threads: tuple[CommentThread, ...] = ()
    versions: tuple[NoteVersion, ...] = ()
    events: tuple[CalendarEvent, ...] = ()


class _Encoded(msgspec.Struct, frozen=True):
    workspace_id: str
    seq: int
    info: WorkspaceInfo | None
    is_deleted: bool
    members: tuple[Member, ...]
    notes: tuple[_NoteImage, ...]
    collections: tuple[Collection, ...]
    connections: tuple[Connection, ...]
    last_requests: dict[str, int]
    watchers: dict[str, tuple[str, ...]]
    files: tuple[FileInfo, ...] = ()
    threads: tuple[CommentThread, ...] = ()
    versions: tuple[NoteVersion, ...] = ()
    events: tuple[CalendarEvent, ...] = ()
    results: dict[str, tuple[FirstResult, ...]] = {}


_DECODER: Final = msgspec.json.Decoder(_Encoded)


class SnapshotDamaged(Exception):
    """The bytes are not a snapshot that was written so."""


def take_image(workspace: Workspace) -> WorkspaceImage:
    """The state as of now."""
    return WorkspaceImage(
        workspace.id,
        workspace.seq,
        workspace.info,
        workspace.is_deleted,
        tuple(workspace.members.values()),
        tuple((note.meta, note.text) for note in workspace.notes.values()),
        tuple(workspace.collections.values()),
        tuple(workspace.connections.values()),
        dict(workspace.requests.last),
        dict(workspace.watchers),
        tuple(workspace.files.values()),
        workspace.threads.all,
        tuple(workspace.versions.values()),
        tuple(workspace.events.values()),
    )


def encode_image(
    image: WorkspaceImage, authors: Authors = NOBODY_KNOWN, results: dict[str, tuple[FirstResult, ...]] | None = None
) -> bytes:
    """The image as JSON. Its cost grows with the texts: call it in a thread."""
    return msgspec.json.encode(
        _Encoded(
            image.workspace_id,
            image.seq,
            image.info,
            image.is_deleted,
            image.members,
            tuple(_NoteImage(meta, str(text), tuple(authors.get(meta.id, ()))) for meta, text in image.notes),
            image.collections,
            image.connections,
            image.last_requests,
            image.watchers,
            image.files,
            image.threads,
            image.versions,
            image.events,
            results or {},
        )
    )


def image_without(image: WorkspaceImage, note_ids: Container[str]) -> WorkspaceImage:
    """The image without the notes and what hangs on them: what a log gives whose entries about them are redacted."""
    return replace(
        image,
        notes=tuple(one for one in image.notes if one[0].id not in note_ids),
        threads=tuple(one for one in image.threads if one.note_id not in note_ids),
        versions=tuple(one for one in image.versions if one.note_id not in note_ids),
        watchers={note_id: users for note_id, users in image.watchers.items() if note_id not in note_ids},
    )


def stored_without(body: bytes, expected_checksum: bytes, note_ids: Container[str]) -> tuple[bytes, bytes] | None:
    """As `image_without`, of an encoded state: its bytes then and their checksum; None when nothing of the notes is in
    it. What it knows of requests is kept, but for the hashes of what they said. Raises `SnapshotDamaged`.

    Works on the JSON as it stands, so that what a newer program has put in there stays."""
    _decode(body, expected_checksum)
    state: dict[str, Any] = msgspec.json.decode(body)
    kept = {
        "notes": [one for one in state["notes"] if one["meta"]["id"] not in note_ids],
        "threads": [one for one in state.get("threads", ()) if one["noteId"] not in note_ids],
        "versions": [one for one in state.get("versions", ()) if one["noteId"] not in note_ids],
        "watchers": {note_id: users for note_id, users in state["watchers"].items() if note_id not in note_ids},
    }
    if all(len(state.get(name, ())) == len(part) for name, part in kept.items()):
        return None
    for known in state.get("results", {}).values():
        for result in known:
            result["payload_hash"] = None
    new_body = msgspec.json.encode(state | kept)
    return new_body, checksum(new_body)


def checksum(body: bytes) -> bytes:
    """blake2b of 16 bytes."""
    return hashlib.blake2b(body, digest_size=CHECKSUM_BYTES).digest()


def _decode(body: bytes, expected_checksum: bytes) -> _Encoded:
    if checksum(body) != expected_checksum:
        raise SnapshotDamaged("checksum differs")
    try:
        return _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise SnapshotDamaged(str(error)) from error


def decode_authors(body: bytes, expected_checksum: bytes) -> Authors:
    """Who wrote what, by note id; a note of which nothing is known is left out. Raises `SnapshotDamaged`."""
    return {image.meta.id: image.authors for image in _decode(body, expected_checksum).notes if image.authors}


def decode_results(body: bytes, expected_checksum: bytes) -> tuple[dict[str, int], dict[str, tuple[FirstResult, ...]]]:
    """How far each client's numbers had come, and what its latest requests before that became, oldest first, as far as
    that is known. Raises `SnapshotDamaged`."""
    encoded = _decode(body, expected_checksum)
    return encoded.last_requests, encoded.results


def decode_note(body: bytes, expected_checksum: bytes, note_id: str) -> tuple[str, Sequence[AuthoredRange]] | None:
    """The text of one note and who wrote it, as far as that is known. Raises `SnapshotDamaged`."""
    for image in _decode(body, expected_checksum).notes:
        if image.meta.id == note_id:
            return image.content, image.authors
    return None


def decode_workspace(body: bytes, expected_checksum: bytes, limits: WorkspaceLimits) -> Workspace:
    """The state again. Raises `SnapshotDamaged`."""
    encoded = _decode(body, expected_checksum)
    workspace = Workspace(encoded.workspace_id, limits)
    workspace.seq = encoded.seq
    workspace.info = encoded.info
    workspace.is_deleted = encoded.is_deleted
    workspace.members = {member.user_id: member for member in encoded.members}
    workspace.notes = {image.meta.id: Note(image.meta, Text.of(image.content)) for image in encoded.notes}
    workspace.collections = {collection.id: collection for collection in encoded.collections}
    workspace.connections = {connection.id: connection for connection in encoded.connections}
    workspace.requests.last.update(encoded.last_requests)
    workspace.watchers = dict(encoded.watchers)
    workspace.files = {file.id: file for file in encoded.files}
    workspace.threads = Threads(encoded.threads)
    workspace.versions = {version.id: version for version in encoded.versions}
    workspace.events = {event.id: event for event in encoded.events}
    return workspace
