"""All that a workspace holds, at one seq: what an export is made of, and where in it everything lies."""

import re
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from nvserver.core.file_names import safe_name
from nvserver.core.model import (
    CalendarEvent,
    Collection,
    CommentThread,
    Connection,
    FileInfo,
    NoteMeta,
    Value,
    WorkspaceInfo,
)
from nvserver.core.ot import Text

FORMAT: Final = "notevault"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"


class Contents(msgspec.Struct, frozen=True, tag=True):
    """Texts are shared, not copied. What is in the trash is not in it."""

    seq: int
    info: WorkspaceInfo
    notes: tuple[tuple[NoteMeta, Text], ...]
    collections: tuple[Collection, ...]
    connections: tuple[Connection, ...]
    files: tuple[FileInfo, ...]
    threads: tuple[CommentThread, ...]
    events: tuple[CalendarEvent, ...]


class ExportedNote(Value, frozen=True):
    path: str
    note: NoteMeta


class ExportedFile(Value, frozen=True):
    path: str
    file: FileInfo


class Manifest(Value, frozen=True):
    """`manifest.json`: all that Markdown cannot say."""

    format: str
    version: int
    exported_at: int
    seq: int
    workspace: WorkspaceInfo
    notes: tuple[ExportedNote, ...]
    files: tuple[ExportedFile, ...]
    collections: tuple[Collection, ...]
    connections: tuple[Connection, ...]
    threads: tuple[CommentThread, ...]
    events: tuple[CalendarEvent, ...]
    missing: tuple[str, ...] = ()
    """Files whose content could not be found."""


FILE_URL: Final = re.compile(r"/api/files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def note_paths(contents: Contents) -> dict[str, str]:
    """Where each note lies, by its id: in folders named after its collections."""
    folders = {one.id: one for one in contents.collections}

    def folder(collection_id: str | None) -> str:
        parts: list[str] = []
        while collection_id is not None and collection_id in folders:
            parts.append(_plain(folders[collection_id].name))
            collection_id = folders[collection_id].parent_id
        return "/".join(["notes", *reversed(parts)])

    return _unique(
        (note.id, folder(note.collection_id), _plain(note.title or "Untitled"), ".md") for note, _ in contents.notes
    )


def file_paths(contents: Contents) -> dict[str, str]:
    """Where each file lies, by its id."""
    made = []
    for file in contents.files:
        stem, dot, extension = _plain(file.name).rpartition(".")
        made.append((file.id, "files", stem or extension, f".{extension}" if dot and stem else ""))
    return _unique(made)


def _plain(name: str) -> str:
    return re.sub(r"[\s()\[\]#^%'`]+", " ", safe_name(re.sub(r"[/\\]", " ", name))).strip(" .") or "_"


def _unique(places: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
    """By id, from (id, folder, stem, ending): paths that differ also where case does not count."""
    taken: set[str] = set()
    paths: dict[str, str] = {}
    for thing_id, folder, stem, ending in places:
        path, number = f"{folder}/{stem}{ending}", 1
        while path.lower() in taken:
            number += 1
            path = f"{folder}/{stem} {number}{ending}"
        taken.add(path.lower())
        paths[thing_id] = path
    return paths


_FILE_PATH: Final = re.compile(r"""(?:\.\./)+(files/[^\s()<>"'\[\]`/?*:|#^]+)""")


def linked_in(text: str, url_of_path: Callable[[str], str | None]) -> str:
    """The inverse of `linked_out`."""

    def absolute(match: re.Match[str]) -> str:
        path = match[1].replace("%20", " ")
        bare = path.rstrip(".,;!")
        for name in (path, bare):
            if (url := url_of_path(name)) is not None:
                return url + path[len(name) :]
        return match.group()

    return _FILE_PATH.sub(absolute, text)


def linked_out(text: str, note_path: str, path_of_file: Callable[[str], str | None]) -> str:
    """The text with relative paths instead of our addresses of files."""
    up = "../" * note_path.count("/")

    def relative(match: re.Match[str]) -> str:
        path = path_of_file(match[1])
        return match.group() if path is None else up + path.replace(" ", "%20")

    return FILE_URL.sub(relative, text)
