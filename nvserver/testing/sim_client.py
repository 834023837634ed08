"""A client of the simulation: types into one note through an unreliable line, and never gives up.

It keeps the contract of `realtime.md` as a good client does. Every character it types is unlike any other of the run,
so that a lost or doubled one is seen at once.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import trio

from nvserver.core.changes import Author, Entry, NoteEdited
from nvserver.core.commands import EditNote
from nvserver.errors import Conflict, NoteVaultError, Unavailable
from nvserver.testing.replica import NoteReplica, SentEdit
from nvserver.workspace.events import EditsCommitted, ResyncNeeded, WorkspaceEvent
from nvserver.workspace.messages import Accepted, Join, Leave, NoteOpened, OpenNote, Submit
from nvserver.workspace.router import Router, WorkspaceRef
from nvserver.workspace.session import Broadcast, Principal


class Line:
    """One connection: the server's `Session`. What the server sends arrives in order, each piece after some time,
    until the line is cut; then nothing more gets through in either direction."""

    def __init__(self, session_id: str, client_id: str, principal: Principal) -> None:
        self.id = session_id
        self.client_id = client_id
        self.principal = principal
        self.is_cut = False
        self._send, self.incoming = trio.open_memory_channel[Any](100_000)

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        self.push(broadcast.event)

    def detached(self, workspace_id: str) -> None:
        self.push(ResyncNeeded(workspace_id, "detached"))

    def push(self, item: object) -> None:
        """Put something into the client's stream."""
        if not self.is_cut:
            self._send.send_nowait(item)

    def cut(self) -> None:
        self.is_cut = True
        self._send.close()


class _Cut(Exception):
    """The line is gone; connect again."""


class SimClient:
    """`acked` are the edits it was told are durable: `(client_seq, seq)`."""

    def __init__(
        self,
        client_id: str,
        user_id: str,
        workspace_id: str,
        note_id: str,
        router: Callable[[], Router],
        chance: random.Random,
        fresh_characters: Iterator[str],
    ) -> None:
        self.client_id = client_id
        self.replica: NoteReplica | None = None
        self.acked: list[tuple[int, int]] = []
        self.typed: set[str] = set()
        self.deleted: set[str] = set()
        self.cuts = 0
        self.duplicates = 0
        self._principal = Principal(user_id, user_id, None, "sign-in")
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._router = router
        self._chance = chance
        self._fresh_characters = fresh_characters
        self._next_client_seq = 1
        self._sessions = 0
        self._line: Line | None = None

    @property
    def seq(self) -> int:
        """The newest edit it has processed."""
        return 0 if self.replica is None else self.replica.seq

    @property
    def text(self) -> str:
        """What the person sees."""
        return "" if self.replica is None else self.replica.text

    async def run(self, edits: int, cut_chance: float, max_pause_seconds: float) -> None:
        """Type `edits` edits, cut the line now and then, return when everything is acknowledged. The caller sets the
        deadline."""
        left = edits
        while left or self.replica is None or not self.replica.is_clean:
            try:
                line, ref = await self._connect()
                while left or not self._clean_replica().is_clean:
                    self._send_next(line, ref)
                    if left and self._chance.random() < 0.6:
                        self._type_something()
                        left -= 1
                    else:
                        await self._process_one(line)
                    if self._chance.random() < cut_chance:
                        raise _Cut
                    await trio.sleep(self._chance.random() * max_pause_seconds)
            except (_Cut, Unavailable):
                await self._hang_up()
                await trio.sleep(self._chance.random() * 2 * max_pause_seconds)

    async def follow(self, newest: int) -> None:
        """Go on reading until the edit `newest` is processed; the caller sets the deadline."""
        while self.seq < newest:
            try:
                if self._line is None:
                    await self._connect()
                assert self._line is not None
                with trio.move_on_after(1):
                    await self._process_one(self._line)
            except (_Cut, Unavailable):
                await self._hang_up()
                await trio.sleep(0.1)

    def _clean_replica(self) -> NoteReplica:
        assert self.replica is not None
        return self.replica

    def _type_something(self) -> None:
        replica = self._clean_replica()
        text = replica.text
        position = self._chance.randint(0, len(text))
        skip: tuple[int | str, ...] = (position,) if position else ()
        if position < len(text) and self._chance.random() < 0.3:
            count = self._chance.randint(1, min(3, len(text) - position))
            self.deleted.update(text[position : position + count])
            replica.type((*skip, -count))
        else:
            inserted = "".join(next(self._fresh_characters) for _ in range(self._chance.randint(1, 3)))
            self.typed.update(inserted)
            replica.type((*skip, inserted))

    # --- the line ------------------------------------------------------------------------------------------------

    async def _connect(self) -> tuple[Line, WorkspaceRef]:
        self._sessions += 1
        line = Line(f"{self.client_id}/{self._sessions}", self.client_id, self._principal)
        self._line = line
        ref = await self._router().find(self._workspace_id)
        since = None if self.replica is None else self.replica.seq
        if self.replica is not None and self.replica.sent is not None and self._chance.random() < 0.3:
            self._submit(line, ref, self.replica.sent)  # an impatient client does not wait for what it missed
        joined = await self._ask(line, ref, Join(line, since))
        if isinstance(joined, NoteVaultError):
            raise _Cut
        opened = await self._ask(line, ref, OpenNote(line, self._note_id, since))
        if isinstance(opened, NoteVaultError):
            raise _Cut
        self._take_opened(opened)
        if self.replica is not None and self.replica.sent is not None:
            self._submit(line, ref, self.replica.sent)
        return line, ref

    async def _ask(self, line: Line, ref: WorkspaceRef, message: Join | OpenNote) -> Any:
        """Send, and process the stream up to the answer."""
        token = object()
        ref.call_nowait(message, lambda reply: line.push((token, reply)))
        while True:
            item = await self._receive(line)
            if isinstance(item, tuple) and item[0] is token:
                return item[1]
            self._process(item)

    def _take_opened(self, opened: NoteOpened) -> None:
        if opened.content is not None:
            if self.replica is not None:
                raise AssertionError("a simulated log keeps everything: catching up must always do")
            self.replica = NoteReplica(opened.content, opened.seq)
            return
        for entry in opened.edits or ():
            self._take_entry(entry)
        self._clean_replica().seq = opened.seq

    def _send_next(self, line: Line, ref: WorkspaceRef) -> None:
        edit = self._clean_replica().next_edit(self._next_client_seq)
        if edit is not None:
            self._next_client_seq += 1
            self._submit(line, ref, edit)

    def _submit(self, line: Line, ref: WorkspaceRef, edit: SentEdit) -> None:
        payload_hash = f"{edit.base_seq}{edit.op}".encode()
        author = Author(self._principal.user_id, self.client_id, edit.client_seq, payload_hash)
        message = Submit(author, EditNote(self._note_id, edit.base_seq, edit.op))
        for _ in range(self._chance.choice((1, 1, 1, 2, 3))):
            ref.call_nowait(message, lambda reply: line.push((edit, reply)))

    async def _hang_up(self) -> None:
        if self._line is None:
            return
        line, self._line = self._line, None
        line.cut()
        self.cuts += 1
        try:
            ref = await self._router().find(self._workspace_id)
        except NoteVaultError:
            return
        if self._chance.random() < 0.7:  # otherwise the server notices only when the client is back
            ref.call_nowait(Leave(line))

    async def _receive(self, line: Line) -> Any:
        await trio.sleep(self._chance.random() * 0.01)
        with trio.move_on_after(20):
            try:
                return await line.incoming.receive()
            except trio.EndOfChannel:
                raise _Cut from None
        raise _Cut

    async def _process_one(self, line: Line) -> None:
        self._process(await self._receive(line))

    def _process(self, item: object) -> None:
        match item:
            case EditsCommitted(entries=entries):
                for entry in entries:
                    self._take_entry(entry)
            case ResyncNeeded():
                raise _Cut
            case (SentEdit() as edit, Accepted(seq=seq, is_duplicate=is_duplicate)):
                self.duplicates += is_duplicate
                self.acked.append((edit.client_seq, seq))
            case (SentEdit(), Conflict() as conflict):
                raise AssertionError(f"a client that keeps the contract was told {conflict}")
            case (SentEdit(), NoteVaultError()):
                raise _Cut
            case _:
                pass

    def _take_entry(self, entry: Entry) -> None:
        replica = self._clean_replica()
        assert isinstance(entry.change, NoteEdited)
        if entry.seq <= replica.seq:
            raise AssertionError(f"edit {entry.seq} came again after {replica.seq}")
        if entry.author.client_id == self.client_id:
            assert replica.sent is not None and replica.sent.client_seq == entry.author.client_seq
            replica.acknowledge(entry.seq)
        else:
            replica.receive(entry.seq, entry.change.op)
