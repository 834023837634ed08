"""Who else is in the workspace of a simulation: a program that writes by REST, an owner who takes rights away, and one
who makes notes that nobody may read afterwards."""

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import trio
from msgspec import UNSET

from nvserver.core.changes import Author
from nvserver.core.commands import (
    AddMember,
    Command,
    CreateNote,
    DeleteNote,
    EditNote,
    PurgeNote,
    RemoveMember,
    UpdateMember,
)
from nvserver.errors import BaseTooOld, Conflict, MemberNotFound, NoteNotFound, NoteVaultError, Unavailable
from nvserver.testing.sim_counts import Characters
from nvserver.workspace.messages import GetNote, ListMembers, PutNote, Submit
from nvserver.workspace.router import Router


@dataclass(frozen=True, slots=True)
class Put:
    """A write whose outcome may be unknown: the log tells, by the characters it inserted."""

    inserted: str
    deleted: str


class SimWriter:
    """Reads the note, changes the text for itself, puts it back whole."""

    def __init__(
        self,
        user_id: str,
        workspace_id: str,
        note_id: str,
        router: Callable[[], Router],
        chance: random.Random,
        fresh_characters: Iterator[str],
    ) -> None:
        self.puts: list[Put] = []
        self.merged = 0
        self._user_id = user_id
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._router = router
        self._chance = chance
        self._fresh_characters = fresh_characters

    async def run(self, writes: int, max_pause_seconds: float) -> None:
        """Make `writes` writes, successful or not."""
        for _ in range(writes):
            with contextlib.suppress(Unavailable, BaseTooOld):
                await self._write(max_pause_seconds)
            await trio.sleep(self._chance.random() * 4 * max_pause_seconds)

    async def _write(self, max_pause_seconds: float) -> None:
        view = await self._router().call(self._workspace_id, GetNote(self._user_id, self._note_id))
        text, chance = view.content, self._chance
        await trio.sleep(chance.random() * 2 * max_pause_seconds)
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 0, 0, 2)))
        inserted = next(self._fresh_characters)
        self.puts.append(Put(inserted, text[start:end]))
        content = text[:start] + inserted + text[end:]
        author = Author(self._user_id)
        put = PutNote(author, self._note_id, content=content, tags=UNSET, base_seq=view.note.seq)
        answer = await self._router().call(self._workspace_id, put)
        if inserted not in answer.content:
            raise AssertionError("a write that was answered is not in the text it was answered with")
        self.merged += answer.is_merged

    def characters(self, logged: set[str]) -> Characters:
        """What became of those of the writes that the log has; `logged` is everything that was ever inserted."""
        done = [put for put in self.puts if put.inserted in logged]
        return Characters({put.inserted for put in done}, {one for put in done for one in put.deleted})


class SimOwner:
    """Makes a member a viewer or nobody for a while, again and again, and at the end a member."""

    def __init__(
        self, owner_id: str, member_id: str, workspace_id: str, router: Callable[[], Router], chance: random.Random
    ) -> None:
        self._author = Author(owner_id)
        self._member_id = member_id
        self._workspace_id = workspace_id
        self._router = router
        self._chance = chance

    async def run(self, times: int, max_pause_seconds: float) -> None:
        """Take the rights away `times` times."""
        for _ in range(times):
            await trio.sleep(self._chance.random() * 10 * max_pause_seconds)
            if self._chance.random() < 0.5:
                await self._insist("viewer")
            else:
                await self._insist(None)
            await trio.sleep(self._chance.random() * 10 * max_pause_seconds)
            await self._insist("member")

    async def _insist(self, role: str | None) -> None:
        """Until the member has that role."""
        while True:
            try:
                now = await self._role()
                if now == role:
                    return
                await self._router().call(self._workspace_id, Submit(self._author, self._command(now, role)))
            except (Unavailable, Conflict, MemberNotFound):  # tried before, with an unknown outcome
                await trio.sleep(0.1)

    async def _role(self) -> str | None:
        listing = await self._router().call(self._workspace_id, ListMembers(self._author.user_id))
        if isinstance(listing, NoteVaultError):
            raise listing
        roles = {member.user_id: str(member.role) for member in listing.members}
        return roles.get(self._member_id)

    def _command(self, now: str | None, role: str | None) -> Command:
        if role is None:
            return RemoveMember(self._member_id)
        kind = AddMember if now is None else UpdateMember
        return kind(self._member_id, "viewer" if role == "viewer" else "member")


SECRET: Final = "nobody may read this"  # noqa: S105 - no password
"""Stands in the titles and texts of the notes that a `SimTrasher` makes."""


class SimTrasher:
    """Makes a note, writes, and deletes it for good, again and again."""

    def __init__(
        self,
        user_id: str,
        workspace_id: str,
        note_ids: Iterator[str],
        router: Callable[[], Router],
        chance: random.Random,
    ) -> None:
        self.purged = 0
        self._author = Author(user_id)
        self._workspace_id = workspace_id
        self._note_ids = note_ids
        self._router = router
        self._chance = chance

    async def run(self, times: int, max_pause_seconds: float) -> None:
        """Make and purge `times` notes."""
        for _ in range(times):
            note_id = next(self._note_ids)
            await self._insist(CreateNote(note_id, SECRET, SECRET), Conflict)
            for _ in range(self._chance.randint(0, 6)):
                with contextlib.suppress(Unavailable):  # a piece more or less
                    await self._edit(note_id)
                await trio.sleep(self._chance.random() * max_pause_seconds)
            for command in (DeleteNote(note_id), PurgeNote(note_id)):
                await self._insist(command, NoteNotFound)
            self.purged += 1

    async def _edit(self, note_id: str) -> None:
        view = await self._router().call(self._workspace_id, GetNote(self._author.user_id, note_id))
        edit = EditNote(note_id, view.note.seq, (SECRET,))
        await self._router().call(self._workspace_id, Submit(self._author, edit))

    async def _insist(self, command: Command, is_done: type[NoteVaultError]) -> None:
        """Until it is done; a second time it is refused."""
        while True:
            try:
                await self._router().call(self._workspace_id, Submit(self._author, command))
            except is_done:
                return
            except Unavailable:
                await trio.sleep(0.1)
            else:
                return
