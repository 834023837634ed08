"""From one owner to the next: whatever owners that are lost still say, those who are in the workspace hear everything
once, and what they asked arrives in the order in which they asked it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import trio
from msgspec.structs import replace

from nvserver.cluster.member import Member
from nvserver.cluster.remote import RemoteLink
from nvserver.core.changes import Author, Entry, NoteEdited, NoteUpdated
from nvserver.core.commands import EditNote
from nvserver.core.model import WorkspaceInfo
from nvserver.core.principal import Principal
from nvserver.errors import Conflict, Unavailable, WorkspaceMoved
from nvserver.workspace import messages as m
from nvserver.workspace.events import (
    ChangesCommitted,
    EditsCommitted,
    NotesTouched,
    NoteTouched,
    OwnerMoved,
    ResyncNeeded,
    WorkspaceEvent,
)
from nvserver.workspace.farewell import Farewell
from nvserver.workspace.router import OnReply
from nvserver.workspace.session import Broadcast

WORKSPACE, NOTE = "w", "n"


class Owner:
    """What a node that has the workspace was sent, and its link. Fills `Target` and `WorkspaceRef`."""

    url = None
    is_alive = True

    def __init__(self, node_id: str) -> None:
        self.node_id = node_id
        self.link: Any = object.__new__(RemoteLink)
        self.link.attending = {}
        self.asked: list[tuple[m.Message, OnReply | None]] = []
        self.was_asked = trio.Event()

    @property
    def ref(self) -> "Owner":
        return self

    def call_nowait(self, message: m.Message, on_reply: OnReply | None = None) -> None:
        self.asked.append((message, on_reply))
        self.was_asked.set()

    def answer(self, kind: type[m.Message], reply: object) -> None:
        """The oldest message of that kind."""
        index = next(i for i, (message, _) in enumerate(self.asked) if isinstance(message, kind))
        _, on_reply = self.asked.pop(index)
        assert on_reply is not None
        self.was_asked = trio.Event()
        on_reply(reply)

    @property
    def kinds(self) -> list[str]:
        return [type(message).__name__ for message, _ in self.asked]


@dataclass
class Person:
    """Fills `Session`."""

    id: str
    client_id: str = "c"
    principal: Principal = field(default_factory=lambda: Principal("ada", "Ada", None, "s"))
    events: list[WorkspaceEvent] = field(default_factory=list)
    is_detached: bool = False

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        self.events.append(broadcast.event)

    def detached(self, workspace_id: str) -> None:
        assert workspace_id == WORKSPACE
        self.is_detached = True

    @property
    def seqs(self) -> list[int]:
        return [entry.seq for event in self.events if isinstance(event, EditsCommitted) for entry in event.entries]


def edit(seq: int) -> Entry:
    return Entry(seq, 0, Author("bob"), NoteEdited(NOTE, ("x",)))


def edits(*seqs: int) -> EditsCommitted:
    return EditsCommitted(WORKSPACE, NOTE, tuple(map(edit, seqs)))


def attached(*seqs: int) -> m.Attached:
    return m.Attached(seqs[-1], tuple(map(edit, seqs)))


def submit(number: int) -> m.Submit:
    return m.Submit(Author("ada", "c", number, b"hash"), EditNote(NOTE, number, ("x",)))


@dataclass
class Scene:
    member: Member
    person: Person
    first: Owner
    second: Owner
    owners: list[Owner]

    async def settle(self, owner: Owner) -> None:
        """Until the owner is asked something."""
        with trio.fail_after(5):
            await owner.was_asked.wait()


@asynccontextmanager
async def a_workspace_with_somebody_in() -> AsyncIterator[Scene]:
    first, second = Owner("one"), Owner("two")
    owners = [first, second]

    async def resolve(_workspace_id: str) -> Owner:
        await trio.lowlevel.checkpoint()
        return owners.pop(0)

    async with trio.open_nursery() as nursery:

        def start_soon(function: Callable[..., Awaitable[Any]], /, *args: Any) -> None:
            nursery.start_soon(function, *args)

        member = Member(WORKSPACE, resolve, start_soon, 1_000_000)
        member.seek()
        await member.settled.wait()
        person = Person("p")
        info = WorkspaceInfo(WORKSPACE, "W", "", None, None, "private", "ada", 0, 0)
        member.call_nowait(m.Join(person, None), lambda _: None)
        first.answer(m.Join, m.Joined(4, "owner", info, ()))
        member.call_nowait(m.OpenNote(person, NOTE, 4), lambda _: None)
        first.answer(m.OpenNote, m.NoteOpened(None, 4, (), content=""))  # type: ignore[arg-type]
        member.told(first.link, edits(5), ("p",))
        yield Scene(member, person, first, second, owners)
        nursery.cancel_scope.cancel()


async def test_what_a_lost_owner_still_says_is_not_heard(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, person = scene.member, scene.person
        scene.second.link = scene.first.link  # the same node has it again: by one link come both activations' words
        member.lost(scene.first.link)
        member.told(scene.first.link, edits(6), ("p",))
        await scene.settle(scene.second)
        member.told(scene.first.link, edits(7), ("p",))
        assert person.seqs == [5], "without 6 nobody may hear of 7"
        scene.second.answer(m.Attach, attached(6, 7, 8))
        member.told(scene.second.link, edits(9), ("p",))
        assert person.seqs == [5, 6, 7, 8, 9]


async def test_who_has_a_note_closed_hears_of_its_edits_in_their_place(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        scene.member.lost(scene.first.link)
        await scene.settle(scene.second)
        other = NoteTouched("other", 8, 0, "bob", "xx")
        entries = (
            edit(6),
            Entry(7, 0, Author("bob"), NoteEdited("other", ("x",))),
            Entry(8, 0, Author("bob"), NoteEdited("other", ("x",))),
            Entry(9, 0, Author("bob"), NoteUpdated(NOTE, title="new")),
        )
        touched = (NoteTouched(NOTE, 6, 0, "bob", "x"), other)
        scene.second.answer(m.Attach, m.Attached(9, entries, touched))
        assert [event for event in scene.person.events if not isinstance(event, OwnerMoved)] == [
            edits(5),
            edits(6),
            NotesTouched(WORKSPACE, (other,)),
            ChangesCommitted(WORKSPACE, entries[3:]),
        ]


async def test_an_owner_that_cannot_just_now_is_asked_again(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        scene.member.lost(scene.first.link)
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, Unavailable("the store is down"))
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, attached(6))
        assert scene.person.seqs == [5, 6]
        assert not scene.person.is_detached
        assert not any(isinstance(event, ResyncNeeded) for event in scene.person.events)


async def test_a_late_refusal_of_a_lost_owner_harms_nobody(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        third = Owner("three")
        scene.owners.append(third)
        scene.member.lost(scene.first.link)
        await scene.settle(scene.second)
        scene.member.lost(scene.second.link)
        await scene.settle(third)
        third.answer(m.Attach, attached(6))
        scene.second.answer(m.Attach, Unavailable("the store is down"))
        scene.member.told(third.link, edits(7), ("p",))
        assert scene.person.seqs == [5, 6, 7]
        assert not scene.person.is_detached


async def test_what_was_asked_arrives_in_its_order(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, first, second = scene.member, scene.first, scene.second
        replies: list[object] = []
        member.call_nowait(submit(1), replies.append)
        member.call_nowait(submit(2), replies.append)
        _, refuse_first = first.asked.pop(0)
        _, refuse_second = first.asked.pop(0)
        assert refuse_first is not None and refuse_second is not None
        refuse_second(WorkspaceMoved(is_untouched=True))
        member.call_nowait(submit(3), replies.append)
        await trio.sleep(1)
        assert not second.asked, "the first has an answer to give yet"
        refuse_first(WorkspaceMoved(is_untouched=True))
        await scene.settle(second)
        assert second.kinds == ["Attach"], "who is here comes before what they want"
        second.answer(m.Attach, attached(6))
        numbers = [message.author.client_seq for message, _ in second.asked if isinstance(message, m.Submit)]
        assert numbers == [1, 2, 3]
        for seq in (7, 8, 9):
            second.answer(m.Submit, m.Accepted(seq, False))
        assert [reply.seq for reply in replies if isinstance(reply, m.Accepted)] == [7, 8, 9]


async def test_a_session_whose_client_came_by_another_node_joins_again(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        scene.member.lost(scene.first.link)
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, replace(attached(6), replaced=(0,)))
        assert isinstance(scene.person.events[-1], ResyncNeeded), "in silence it would miss all that comes"
        assert scene.person.is_detached


async def test_what_an_owner_on_this_node_told_others_was_not_told_to_those_it_did_not_take(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """The store fails whenever somebody is to be attached, and the workspace moves on."""
    async with a_workspace_with_somebody_in() as scene:
        third = Owner("three")
        scene.owners.append(third)
        scene.second.link = None
        scene.member.lost(scene.first.link)
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, Unavailable("the store is down"))
        scene.member.lost_here(Farewell(7, ()))
        await scene.settle(third)
        third.answer(m.Attach, attached(6, 7))
        assert scene.person.seqs == [5, 6, 7]


async def test_what_a_session_asked_of_an_owner_that_is_gone_is_asked_of_the_next(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """It was on its way when the workspace ended there: that owner knew the session no more."""
    async with a_workspace_with_somebody_in() as scene:
        replies: list[object] = []
        scene.member.call_nowait(m.OpenNote(scene.person, "other", 5), replies.append)
        scene.member.lost(scene.first.link)
        scene.first.answer(m.OpenNote, WorkspaceMoved(is_untouched=True))
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, attached(6))
        opened = m.NoteOpened(None, 6, (), content="")  # type: ignore[arg-type]
        scene.second.answer(m.OpenNote, opened)
        assert replies == [opened]


async def test_a_session_that_was_let_go_is_told_to_join_and_the_owner_is_not_lost(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with a_workspace_with_somebody_in() as scene:
        replies: list[object] = []
        scene.member.call_nowait(m.OpenNote(scene.person, "other", 5), replies.append)
        scene.member.call_nowait(m.Leave(scene.person), replies.append)
        scene.member.let_go(scene.first.link, "p")
        scene.first.answer(m.OpenNote, WorkspaceMoved(is_untouched=True))
        scene.first.answer(m.Leave, WorkspaceMoved(is_untouched=True))
        assert isinstance(replies[0], Conflict)
        assert replies[1] is None
        assert scene.member.owner_id == scene.first.node_id


async def test_who_had_to_leave_while_a_call_waited_is_told_to_join(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        replies: list[object] = []
        scene.member.lost(scene.first.link)
        scene.member.call_nowait(m.OpenNote(scene.person, "other", 5), replies.append)
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, replace(attached(6), entries=None))
        assert scene.person.is_detached
        assert [type(reply) for reply in replies] == [Conflict]
        assert not scene.second.asked
