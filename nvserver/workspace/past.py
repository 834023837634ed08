"""A note's past, read from the op log: any text it had, who wrote what, and taking edits back by a new edit.

Rights are judged by the workspace's actor: what it shows of the note now says who may see its past.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from nvserver.core.changes import Author, Entry, NoteEdited
from nvserver.core.commands import EditNote
from nvserver.core.history import AuthoredRange, EditGroup, authorship, group_edits, text_after, undo_edits
from nvserver.core.model import NoteMeta
from nvserver.core.ot import Operation, diff
from nvserver.errors import BaseTooOld, ValidationFailed
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog
from nvserver.workspace.messages import GetNote, NoteView, Submit
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.recovery import note_entries

T = TypeVar("T")
GROUP_GAP_MS = 5 * 60 * 1000
MAX_ENTRIES = 500_000
"""A note with more entries is too long to be looked through for one request."""


class PastNote(msgspec.Struct, frozen=True):
    """The text that the note had after `seq`."""

    note: NoteMeta
    content: str
    seq: int


class Undo(msgspec.Struct, frozen=True):
    """Which edits to take back: those after `from_seq` (exclusive) up to `to_seq`, of `user_id` if given."""

    from_seq: int
    to_seq: int
    user_id: str | None


class NotePasts:
    """Reads pages of the log; long computations happen in a thread."""

    def __init__(self, oplog: OpLog, homes: NoteHomes, offload: Offload) -> None:
        self._oplog = oplog
        self._homes = homes
        self._offload = offload

    async def at(self, user_id: str, note_id: str, seq: int) -> PastNote:
        """The note as it was after the entry `seq`. Raises `NoteNotFound`, `ValidationFailed`."""
        view = await self._view(user_id, note_id)
        entries = await self._entries(note_id, seq)
        if not entries:
            raise ValidationFailed.at("seq", "the note was not made yet")
        text = await self._work(text_after, entries)
        return PastNote(view.note, str(text), seq)

    async def groups(self, user_id: str, note_id: str) -> Sequence[EditGroup]:
        """Its edits in groups of one person without a long pause, newest first. Raises `NoteNotFound`."""
        await self._view(user_id, note_id)
        entries = await self._entries(note_id)
        return list(reversed(await self._work(group_edits, entries, GROUP_GAP_MS)))

    async def authorship(self, user_id: str, note_id: str) -> tuple[int, Sequence[AuthoredRange]]:
        """The newest seq of the note, and who wrote each part of its text then. Raises `NoteNotFound`."""
        await self._view(user_id, note_id)
        entries = await self._entries(note_id)
        return entries[-1].seq, await self._work(authorship, entries)

    async def revert_to(self, user_id: str, note_id: str, seq: int) -> NoteView:
        """A new edit that brings the text of `seq` back. Raises `NoteNotFound`, `Forbidden`, `ValidationFailed`."""
        entries = await self._known_entries(user_id, note_id)
        past = [entry for entry in entries if entry.seq <= seq]
        if not past:
            raise ValidationFailed.at("seq", "the note was not made yet")

        def back() -> Operation:
            return diff(str(text_after(entries)), str(text_after(past)))

        return await self._edit(user_id, note_id, entries[-1].seq, await self._work(back))

    async def undo(self, user_id: str, note_id: str, undo: Undo) -> NoteView:
        """A new edit that takes the chosen edits back and leaves all others. Raises as `revert_to` does."""
        entries = await self._known_entries(user_id, note_id)

        def is_undone(entry: Entry) -> bool:
            is_of_user = undo.user_id is None or entry.author.user_id == undo.user_id
            return is_of_user and undo.from_seq < entry.seq <= undo.to_seq

        return await self._edit(user_id, note_id, entries[-1].seq, await self._work(undo_edits, entries, is_undone))

    async def _edit(self, user_id: str, note_id: str, base_seq: int, op: Operation) -> NoteView:
        await self._homes.ask(note_id, Submit(Author(user_id), EditNote(note_id, base_seq, op)))
        return await self._view(user_id, note_id)

    async def _known_entries(self, user_id: str, note_id: str) -> Sequence[Entry]:
        await self._view(user_id, note_id)
        return await self._entries(note_id)

    async def _view(self, user_id: str, note_id: str) -> NoteView:
        view: NoteView = await self._homes.ask(note_id, GetNote(user_id, note_id))
        return view

    async def _entries(self, note_id: str, upto: int | None = None) -> Sequence[Entry]:
        """What made and edited the note, from its making on."""
        workspace_id = await self._homes.workspace_of(note_id)
        entries: list[Entry] = []
        async for entry in note_entries(self._oplog, workspace_id, note_id, 0, upto):
            if isinstance(entry.change, NoteEdited) or not entries:
                entries.append(entry)
            if len(entries) > MAX_ENTRIES:
                raise BaseTooOld("The note's history is too long to be looked through at once")
        return entries

    async def _work(self, function: Callable[..., T], *arguments: object) -> T:
        return await self._offload(function, *arguments)
