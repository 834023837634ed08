"""Named versions of notes. The text is stored before the name is given and forgotten after it is taken away: a name
without its text there never is."""

from collections.abc import Sequence
from typing import cast

from nvserver.core.changes import Author
from nvserver.core.commands import DropVersion, EditNote, NameVersion
from nvserver.core.model import NoteVersion
from nvserver.core.ot import diff
from nvserver.errors import CallerError, VersionNotFound
from nvserver.ports.clock import NewId
from nvserver.ports.offload import Offload
from nvserver.ports.versions import VersionTexts
from nvserver.workspace.messages import GetNote, ListVersions, NoteView, Submit, VersionList
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.past import NotePasts


class NoteVersions:
    """All methods raise `NoteNotFound`, and `Unavailable`."""

    def __init__(
        self, texts: VersionTexts, homes: NoteHomes, pasts: NotePasts, offload: Offload, new_id: NewId
    ) -> None:
        self._texts = texts
        self._homes = homes
        self._pasts = pasts
        self._offload = offload
        self._new_id = new_id

    async def all(self, user_id: str, note_id: str) -> Sequence[NoteVersion]:
        """The note's versions, newest moment first."""
        listed: VersionList = await self._homes.ask(note_id, ListVersions(user_id, note_id))
        return listed.versions

    async def name(self, user_id: str, note_id: str, name: str, seq: int | None) -> NoteVersion:
        """Keep the text after the entry `seq` (None: as it is now) under a name. Raises `Forbidden`, `BaseTooOld`,
        `ValidationFailed`, `PayloadTooLarge`."""
        if seq is None:
            view = await self._view(user_id, note_id)
            content, seq = view.content, view.note.seq
        else:
            content = (await self._pasts.at(user_id, note_id, seq)).content
        version_id = self._new_id()
        await self._texts.put(version_id, note_id, content)
        try:
            await self._homes.ask(note_id, Submit(Author(user_id), NameVersion(note_id, version_id, name, seq)))
        except CallerError:
            await self._texts.drop(version_id)
            raise
        return await self._find(user_id, note_id, version_id)

    async def get(self, user_id: str, note_id: str, version_id: str) -> tuple[NoteVersion, str]:
        """The version and its text. Raises `VersionNotFound`."""
        version = await self._find(user_id, note_id, version_id)
        content = await self._texts.get(version_id)
        if content is None:
            raise VersionNotFound
        return version, content

    async def drop(self, user_id: str, note_id: str, version_id: str) -> None:
        """Take the name away. Raises `VersionNotFound`, `Forbidden`."""
        await self._homes.ask(note_id, Submit(Author(user_id), DropVersion(note_id, version_id)))
        await self._texts.drop(version_id)

    async def revert_to(self, user_id: str, note_id: str, version_id: str) -> NoteView:
        """A new edit that brings the version's text back. Raises `VersionNotFound`, `Forbidden`."""
        _, content = await self.get(user_id, note_id, version_id)
        view = await self._view(user_id, note_id)
        op = await self._offload(diff, view.content, content)
        await self._homes.ask(note_id, Submit(Author(user_id), EditNote(note_id, view.note.seq, op)))
        return await self._view(user_id, note_id)

    async def _find(self, user_id: str, note_id: str, version_id: str) -> NoteVersion:
        for version in await self.all(user_id, note_id):
            if version.id == version_id:
                return version
        raise VersionNotFound

    async def _view(self, user_id: str, note_id: str) -> NoteView:
        return cast("NoteView", await self._homes.ask(note_id, GetNote(user_id, note_id)))
