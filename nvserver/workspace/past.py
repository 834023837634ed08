"""A note's past, read from the op log: any text it had, who wrote what, and taking edits back by a new edit.

Rights are judged by the workspace's actor: what it shows of the note now says who may see its past.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from nvserver.core.changes import Author, Entry, NoteCreated, NoteEdited
from nvserver.core.commands import EditNote
from nvserver.core.history import (
    EMPTY,
    AuthoredRange,
    EditGroup,
    authorship,
    group_edits,
    known_authors,
    text_after,
    undo_edits,
)
from nvserver.core.model import NoteMeta
from nvserver.core.ot import Operation, Text, diff
from nvserver.core.snapshot import SnapshotDamaged, decode_note
from nvserver.errors import BaseTooOld, ValidationFailed
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog, Snapshot
from nvserver.problems import Problem
from nvserver.workspace.messages import GetNote, NoteView, Submit
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.recovery import LogBroken, note_entries

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
    """Which edits to take back: those after `from_seq` (exclusive) up to `to_seq`, of `user_id` if given. `from_seq`
    None: all that the log still has."""

    from_seq: int | None
    to_seq: int
    user_id: str | None


class _Past(msgspec.Struct, frozen=True):
    """What is known of a note: how it was at the horizon (the beginning, for a log that has everything), and the
    entries that made and edited it since. `is_made`: there was such a note at the horizon."""

    horizon: int
    is_made: bool
    text: Text
    authors: Sequence[AuthoredRange]
    entries: Sequence[Entry]

    @property
    def newest_seq(self) -> int:
        return self.entries[-1].seq if self.entries else self.horizon


class NotePasts:
    """Reads pages of the log; long computations happen in a thread."""

    def __init__(self, oplog: OpLog, homes: NoteHomes, offload: Offload) -> None:
        self._oplog = oplog
        self._homes = homes
        self._offload = offload

    async def at(self, user_id: str, note_id: str, seq: int) -> PastNote:
        """The note as it was after the entry `seq`. Raises `NoteNotFound`, `ValidationFailed`, `BaseTooOld`."""
        view = await self._view(user_id, note_id)
        past = await self._past(note_id, seq)
        await self._check_has_come(note_id, past, seq)
        return PastNote(view.note, str(await self._work(text_after, past.entries, past.text)), seq)

    async def groups(self, user_id: str, note_id: str) -> tuple[int, Sequence[EditGroup]]:
        """The horizon, and its edits since in groups of one person without a long pause, newest first. Raises
        `NoteNotFound`."""
        await self._view(user_id, note_id)
        past = await self._past(note_id)
        return past.horizon, list(reversed(await self._work(group_edits, past.entries, GROUP_GAP_MS)))

    async def authorship(self, user_id: str, note_id: str) -> tuple[int, Sequence[AuthoredRange]]:
        """The newest seq of the note, and who wrote each part of its text then. Raises `NoteNotFound`."""
        await self._view(user_id, note_id)
        past = await self._past(note_id)
        return past.newest_seq, await self._work(authorship, past.entries, past.authors)

    async def revert_to(self, user_id: str, note_id: str, seq: int) -> NoteView:
        """A new edit that brings the text of `seq` back. Raises `NoteNotFound`, `Forbidden`, `ValidationFailed`,
        `BaseTooOld`."""
        await self._view(user_id, note_id)
        past = await self._past(note_id)
        await self._check_has_come(note_id, past, seq)
        self._check_moment(past, seq)
        then = [entry for entry in past.entries if entry.seq <= seq]

        def back() -> Operation:
            return diff(str(text_after(past.entries, past.text)), str(text_after(then, past.text)))

        return await self._edit(user_id, note_id, past.newest_seq, await self._work(back))

    async def undo(self, user_id: str, note_id: str, undo: Undo) -> NoteView:
        """A new edit that takes the chosen edits back and leaves all others. Raises as `revert_to` does."""
        await self._view(user_id, note_id)
        past = await self._past(note_id)
        from_seq = past.horizon if undo.from_seq is None else undo.from_seq
        if from_seq < past.horizon:
            raise BaseTooOld("Edits so old cannot be taken back any more", {"horizon": past.horizon})

        def is_undone(entry: Entry) -> bool:
            is_of_user = undo.user_id is None or entry.author.user_id == undo.user_id
            return is_of_user and from_seq < entry.seq <= undo.to_seq

        op = await self._work(undo_edits, past.entries, is_undone, past.text)
        return await self._edit(user_id, note_id, past.newest_seq, op)

    async def _edit(self, user_id: str, note_id: str, base_seq: int, op: Operation) -> NoteView:
        await self._homes.ask(note_id, Submit(Author(user_id), EditNote(note_id, base_seq, op)))
        return await self._view(user_id, note_id)

    async def _view(self, user_id: str, note_id: str) -> NoteView:
        view: NoteView = await self._homes.ask(note_id, GetNote(user_id, note_id))
        return view

    async def _past(self, note_id: str, upto: int | None = None) -> _Past:
        """What made and edited the note, up to `upto`. Raises `ValidationFailed` when it was not made by then."""
        workspace_id = await self._homes.workspace_of(note_id)
        base = await self._oplog.base(workspace_id)
        past = _Past(0, False, EMPTY, (), ())
        if base is not None:
            past = await self._work(_at_horizon, base, note_id)
        if upto is not None and upto < past.horizon:
            raise BaseTooOld("The note's history does not reach so far back any more", {"horizon": past.horizon})
        entries: list[Entry] = []
        async for entry in note_entries(self._oplog, workspace_id, note_id, past.horizon, upto):
            if isinstance(entry.change, (NoteCreated, NoteEdited)):
                entries.append(entry)
            if len(entries) > MAX_ENTRIES:
                raise BaseTooOld("The note's history is too long to be looked through at once")
        past = replace(past, entries=entries)
        self._check_moment(past, past.newest_seq if upto is None else upto)
        return past

    async def _check_has_come(self, note_id: str, past: _Past, seq: int) -> None:
        """What the text will be nobody knows: a seq that the workspace has not come to is a mistake of the caller."""
        if seq <= past.horizon or seq <= past.newest_seq:
            return
        if not await self._oplog.read(await self._homes.workspace_of(note_id), seq - 1, limit=1):
            raise ValidationFailed.at("seq", "the workspace has not come so far yet", Problem.OUT_OF_RANGE)

    def _check_moment(self, past: _Past, seq: int) -> None:
        if seq < past.horizon:
            raise BaseTooOld("The note's history does not reach so far back any more", {"horizon": past.horizon})
        if not past.is_made and not (past.entries and past.entries[0].seq <= seq):
            raise ValidationFailed.at("seq", "the note was not made yet", Problem.OUT_OF_RANGE)

    async def _work(self, function: Callable[..., T], *arguments: object) -> T:
        return await self._offload(function, *arguments)


def _at_horizon(base: Snapshot, note_id: str) -> _Past:
    """Raises `LogBroken`."""
    try:
        found = decode_note(base.body, base.checksum, note_id)
    except SnapshotDamaged as damage:
        raise LogBroken(f"workspace {base.workspace_id}: the base at {base.seq} is damaged: {damage}") from damage
    if found is None:
        return _Past(base.seq, False, EMPTY, (), ())
    content, authors = found
    return _Past(base.seq, True, Text.of(content), known_authors(authors, len(content)), ())
