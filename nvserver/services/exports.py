"""A workspace as a zip of Markdown with front matter, its files, and a manifest that holds the rest."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import msgspec

from nvserver.core.contents import (
    FORMAT,
    MANIFEST,
    VERSION,
    Contents,
    ExportedFile,
    ExportedNote,
    Manifest,
    file_paths,
    linked_out,
    note_paths,
)
from nvserver.core.model import NoteMeta
from nvserver.core.ot import Text
from nvserver.errors import FileNotFound
from nvserver.ports.offload import Offload
from nvserver.services.file_vault import FileVault
from nvserver.services.front_matter import with_front_matter
from nvserver.services.icalendar_text import to_ics
from nvserver.services.zip_stream import ZipStream

OnProgress: TypeAlias = Callable[[str, int], Awaitable[None]]
"""What is under way, and how many notes and files are done."""


class Exporter:
    """Reads what it is given and the files' bytes; knows nothing of rights."""

    def __init__(self, vault: FileVault, offload: Offload) -> None:
        self._vault = vault
        self._offload = offload

    async def zip(self, contents: Contents, now_ms: int, on_progress: OnProgress) -> AsyncIterator[bytes]:
        """The archive, piece by piece. One note, or a piece of one file, is in memory at a time."""
        stream = ZipStream()
        places, file_places = note_paths(contents), file_paths(contents)
        done = 0
        for meta, text in contents.notes:
            path = places[meta.id]
            yield await self._offload(_add_note, stream, path, meta, text, file_places)
            done += 1
            await on_progress(path, done)
        missing = []
        for file in contents.files:
            path = file_places[file.id]
            yield stream.begin(path, file.created_at)
            try:
                async for piece in self._vault.read(file, 0, file.size_bytes):
                    yield stream.piece(piece)
            except FileNotFound:
                missing.append(file.id)
            yield stream.end()
            done += 1
            await on_progress(path, done)
        if contents.events:
            calendar = await self._offload(to_ics, contents.info.name, contents.events)
            yield await self._offload(stream.add, "calendar.ics", now_ms, calendar)
        manifest = Manifest(
            FORMAT,
            VERSION,
            now_ms,
            contents.seq,
            contents.info,
            tuple(ExportedNote(places[meta.id], meta) for meta, _ in contents.notes),
            tuple(ExportedFile(file_places[file.id], file) for file in contents.files),
            contents.collections,
            contents.connections,
            contents.threads,
            contents.events,
            tuple(missing),
        )
        yield await self._offload(stream.add, MANIFEST, now_ms, msgspec.json.encode(manifest))
        yield stream.finish()


def _add_note(stream: ZipStream, path: str, meta: NoteMeta, text: Text, file_places: dict[str, str]) -> bytes:
    content = note_markdown(meta, linked_out(str(text), path, file_places.get))
    return stream.add(path, meta.updated_at, content.encode())


def note_markdown(meta: NoteMeta, text: str) -> str:
    """The note with its front matter."""
    fields = {"id": meta.id, "title": meta.title, "tags": list(meta.tags)}
    if meta.color is not None:
        fields["color"] = meta.color
    return with_front_matter(fields, text)
