"""What an archive becomes: which notes, where, with which links. Either our own export, by its manifest, or other
programs' Markdown (an Obsidian vault, a HedgeDoc export, any folder), whose folders become collections."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

import msgspec
from msgspec.structs import replace

from nvserver.core.contents import FORMAT, MANIFEST, VERSION, Manifest, linked_in
from nvserver.core.file_names import safe_name
from nvserver.core.markdown_links import relinked
from nvserver.core.model import CalendarEvent, Collection, CommentThread, Connection, Position, Size, box_around
from nvserver.errors import ValidationFailed
from nvserver.ports.clock import NewId
from nvserver.problems import Problem
from nvserver.services.front_matter import parted
from nvserver.services.import_archive import Archive, Entry, Skipped

_MARKDOWN: Final = (".md", ".markdown")
_OF_EXPORT: Final = ("calendar.ics",)
_COLUMNS: Final = 10
_STEP_X, _STEP_Y = 280.0, 220.0
_GAP: Final = 60.0
_MAX_MANIFEST_BYTES: Final = 64 * 1024 * 1024

TextOf = Callable[[bytes], tuple[str | None, tuple[str, ...], str]]
"""From the bytes of a note's file: its title if they tell one, its tags, its text with its links led right."""


class PlannedNote(msgspec.Struct, frozen=True):
    note_id: str
    entry: Entry
    title: str
    tags: tuple[str, ...]
    collection_id: str | None
    color: str | None
    position: Position
    size: Size
    read: TextOf


class PlannedFile(msgspec.Struct, frozen=True):
    file_id: str
    entry: Entry
    name: str


class Plan(msgspec.Struct, frozen=True):
    """Everything under new ids. Parents come before what lies in them."""

    collections: tuple[Collection, ...]
    notes: tuple[PlannedNote, ...]
    files: tuple[PlannedFile, ...]
    connections: tuple[Connection, ...] = ()
    threads: tuple[CommentThread, ...] = ()
    events: tuple[CalendarEvent, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def plan_import(archive: Archive, workspace_id: str, new_id: NewId) -> Plan:
    """Raises `ValidationFailed` for an export of ours that is damaged, or an archive with nothing in it."""
    entry = archive.entries.get(MANIFEST)
    if entry is not None and FORMAT.encode() in (raw := archive.read(entry, _MAX_MANIFEST_BYTES))[:200]:
        return _plan_own(archive, _manifest(raw), new_id)
    plan = _plan_foreign(archive, workspace_id, new_id)
    if not plan.notes and not plan.files:
        raise ValidationFailed.at("file", "there is nothing to import in it", Problem.NOTHING_TO_IMPORT)
    return plan


def beside(plan: Plan, box: tuple[float, float, float, float] | None) -> Plan:
    """The plan with its notes below those that fill `box` (left, top, right, bottom), if they would reach into it."""
    if box is None or not plan.notes:
        return plan
    left, top, right, bottom = box_around((note.position, note.size) for note in plan.notes)
    if left >= box[2] or right <= box[0] or top >= box[3] or bottom <= box[1]:
        return plan
    down, along = box[3] + _GAP - top, box[0] - left
    notes = tuple(
        replace(note, position=Position(note.position.x + along, note.position.y + down)) for note in plan.notes
    )
    return replace(plan, notes=notes)


# --- our own export --------------------------------------------------------------------------------------------------


def _manifest(raw: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ValidationFailed.at(MANIFEST, str(error)[:200], Problem.UNREADABLE) from None
    if manifest.format != FORMAT or manifest.version != VERSION:
        raise ValidationFailed.at(MANIFEST, "this export is of another version of NoteVault", Problem.OTHER_VERSION)
    return manifest


def _plan_own(archive: Archive, manifest: Manifest, new_id: NewId) -> Plan:
    ids: dict[str, str] = {}

    def renewed(old: str) -> str:
        return ids.setdefault(old, new_id())

    def moved(old: str | None) -> str | None:
        return ids.get(old) if old is not None else None

    skipped = list(archive.skipped)
    collections = [
        replace(one, id=renewed(one.id), parent_id=moved(one.parent_id)) for one in _parents_first(manifest.collections)
    ]
    files, urls = [], {}
    for exported in manifest.files:
        entry = archive.entries.get(exported.path)
        if entry is None or exported.file.id in manifest.missing:
            skipped.append(Skipped(exported.path[:200], "is not in the archive"))
            continue
        file_id = renewed(exported.file.id)
        urls[exported.path] = f"/api/files/{file_id}"
        files.append(PlannedFile(file_id, entry, exported.file.name))

    def read(raw: bytes) -> tuple[str | None, tuple[str, ...], str]:
        return None, (), linked_in(parted(raw.decode())[1], urls.get)

    notes = []
    for exported_note in manifest.notes:
        entry, meta = archive.entries.get(exported_note.path), exported_note.note
        if entry is None:
            skipped.append(Skipped(exported_note.path[:200], "is not in the archive"))
            continue
        collection_id = moved(meta.collection_id)
        notes.append(
            PlannedNote(
                renewed(meta.id),
                entry,
                meta.title,
                meta.tags,
                collection_id,
                meta.color,
                meta.position,
                meta.size,
                read,
            )
        )
    here = {note.note_id for note in notes}
    connections = [
        replace(one, id=new_id(), from_note_id=renewed(one.from_note_id), to_note_id=renewed(one.to_note_id))
        for one in manifest.connections
    ]
    threads = [replace(one, id=new_id(), note_id=renewed(one.note_id)) for one in manifest.threads]
    events = [replace(one, id=new_id(), note_id=moved(one.note_id)) for one in manifest.events]
    return Plan(
        tuple(collections),
        tuple(notes),
        tuple(files),
        tuple(one for one in connections if {one.from_note_id, one.to_note_id} <= here),
        tuple(one for one in threads if one.note_id in here),
        tuple(events),
        tuple(skipped),
    )


def _parents_first(collections: tuple[Collection, ...]) -> list[Collection]:
    waiting, ordered, known = list(collections), list[Collection](), set[str | None]({None})
    while waiting:
        ready = [one for one in waiting if one.parent_id in known]
        if not ready:  # a parent that is not there, or a circle
            ready = [replace(waiting[0], parent_id=None)]
        ordered += ready
        known |= {one.id for one in ready}
        waiting = [one for one in waiting if one.id not in known]
    return ordered


# --- other people's Markdown -----------------------------------------------------------------------------------------


def _plan_foreign(archive: Archive, workspace_id: str, new_id: NewId) -> Plan:
    texts = sorted(path for path in archive.entries if path.lower().endswith(_MARKDOWN))
    others = sorted(path for path in archive.entries if path not in set(texts) and path not in (MANIFEST, *_OF_EXPORT))
    collections: dict[str, Collection] = {}

    def collection_of(folder: str) -> str | None:
        if folder in ("", "."):
            return None
        if folder not in collections:
            parent_id = collection_of(str(PurePosixPath(folder).parent))
            name = " ".join(safe_name(PurePosixPath(folder).name).split())[:100] or "Folder"
            collections[folder] = Collection(new_id(), name, parent_id, float(len(collections)))
        return collections[folder].id

    note_ids = {path: new_id() for path in texts}
    files = tuple(PlannedFile(new_id(), archive.entries[path], PurePosixPath(path).name) for path in others)
    targets = {path: f"/workspaces/{workspace_id}?note={note_id}" for path, note_id in note_ids.items()}
    targets |= {file.entry.path: f"/api/files/{file.file_id}" for file in files}
    places = _Places(targets)
    notes = []
    for number, path in enumerate(texts):
        pure = PurePosixPath(path)
        folder = "" if str(pure.parent) == "." else str(pure.parent)
        notes.append(
            PlannedNote(
                note_ids[path],
                archive.entries[path],
                " ".join(pure.stem.split())[:200],
                (),
                collection_of(folder),
                None,
                Position(_STEP_X * (number % _COLUMNS), _STEP_Y * (number // _COLUMNS)),
                Size(),
                _reader(places, folder),
            )
        )
    return Plan(tuple(collections.values()), tuple(notes), files, skipped=tuple(archive.skipped))


def _reader(places: "_Places", folder: str) -> TextOf:
    def read(raw: bytes) -> tuple[str | None, tuple[str, ...], str]:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        front, behind = parted(text)
        return front.title, front.tags, relinked(text if front.has_more else behind, places.resolver(folder))

    return read


class _Places:
    """Where a link may lead: by its path, from the note or from the top, or by its name alone, as Obsidian does."""

    def __init__(self, targets: Mapping[str, str]) -> None:
        self._targets = {path.lower(): target for path, target in targets.items()}
        self._names: dict[str, str] = {}
        for path in sorted(self._targets, key=lambda path: (len(path), path), reverse=True):
            name = path.rpartition("/")[2]
            for key in (name, name.rpartition(".")[0] if name.endswith(_MARKDOWN) else name):
                self._names[key] = self._targets[path]

    def resolver(self, folder: str) -> Callable[[str], str | None]:
        """For the links of a note in `folder`."""

        def resolve(raw: str) -> str | None:
            link = raw.partition("?")[0].strip().lower()
            if "://" in link:
                upload = link.partition("/uploads/")[2]  # HedgeDoc links its pictures by their whole address
                return self._names.get(upload.rpartition("/")[2]) if upload else None
            if not link or link.startswith(("mailto:", "data:", "#")):
                return None
            bases = [""] if link.startswith("/") else [folder.lower(), ""]
            for base in bases:
                path = _joined(base, link.lstrip("/"))
                for candidate in (path, f"{path}.md"):
                    if candidate in self._targets:
                        return self._targets[candidate]
            return self._names.get(link.rpartition("/")[2])

        return resolve


def _joined(folder: str, link: str) -> str:
    parts = folder.split("/") if folder else []
    for part in link.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
