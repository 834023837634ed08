"""From one owner to the next: whatever owners that are lost still say, those who are in the workspace hear everything
once, and what they asked arrives in the order in which they asked it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import trio
from msgspec.structs import replace

from nvserver.cluster.member import Member
from nvserver.cluster.remote import RemoteLink
from nvserver.core.changes import Author, Entry, NoteEdited, NoteUpdated
from nvserver.core.commands import EditNote
from nvserver.core.model import WorkspaceInfo
from nvserver.core.presence import Presence
from nvserver.core.principal import Principal
from nvserver.errors import Conflict, Unavailable, WorkspaceMoved
from nvserver.workspace import messages as m
from nvserver.workspace.events import (
    ChangesCommitted,
    EditsCommitted,
    NotesTouched,
    NoteTouched,
    OwnerMoved,
    PresenceChanged,
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
        self.link._line = SimpleNamespace(is_broken=False)
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


def joined(seq: int) -> m.Joined:
    return m.Joined(seq, "owner", WorkspaceInfo(WORKSPACE, "W", "", None, None, "private", "ada", 0, 0), ())


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
        member.call_nowait(m.Join(person, None), lambda _: None)
        first.answer(m.Join, joined(4))
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
        first.answer(m.Submit, WorkspaceMoved(is_untouched=True))
        member.told(first.link, edits(6), ("p",))
        assert scene.person.seqs == [5, 6], "it ends what it has begun"
        member.lost(first.link)
        await trio.sleep(1)
        assert not second.asked, "the first has an answer to give yet"
        refuse_first(WorkspaceMoved(is_untouched=True))
        await scene.settle(second)
        assert second.kinds == ["Attach"], "who is here comes before what they want"
        second.answer(m.Attach, attached(6))
        assert scene.person.seqs == [5, 6]
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
        scene.member.let_go(scene.first.link, "p")
        scene.first.answer(m.OpenNote, WorkspaceMoved(is_untouched=True))
        assert [type(reply) for reply in replies] == [Conflict]
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


async def test_who_leaves_and_comes_back_at_once_is_in(autojump_clock: trio.testing.MockClock) -> None:
    """As a page does that is left and opened again: it waits for no answer."""
    async with a_workspace_with_somebody_in() as scene:
        member, first, replies = scene.member, scene.first, list[object]()
        member.call_nowait(m.Leave(scene.person), replies.append)
        member.call_nowait(m.Join(scene.person, 5), replies.append)
        member.call_nowait(m.SetStatus(scene.person, "busy"), replies.append)
        assert first.kinds == ["Leave", "Join", "SetStatus"]
        member.told(first.link, edits(6), ("p",))
        assert scene.person.seqs == [5], "an edit of what it has left, in the place of none"
        first.answer(m.Leave, None)
        first.answer(m.Join, joined(7))
        first.answer(m.SetStatus, None)
        assert [type(reply) for reply in replies] == [type(None), m.Joined, type(None)]
        member.lost(first.link)
        await scene.settle(scene.second)
        (attach, _) = scene.second.asked[0]
        assert isinstance(attach, m.Attach)
        assert [(guest.since, guest.status, guest.note_ids) for guest in attach.guests] == [(7, "busy", ())]


async def test_who_leaves_before_he_is_in_is_not_there(autojump_clock: trio.testing.MockClock) -> None:
    """As somebody whose connection is lost while he joins."""
    async with a_workspace_with_somebody_in() as scene:
        member, first, replies = scene.member, scene.first, list[object]()
        other = Person("q", "d")
        member.call_nowait(m.Join(other, None), replies.append)
        member.call_nowait(m.Leave(other), replies.append)
        first.answer(m.Join, joined(6))
        first.answer(m.Leave, None)
        assert [type(reply) for reply in replies] == [m.Joined, type(None)]
        assert [seat.id for seat in member.seats] == ["p"]


async def test_who_asks_twice_to_be_let_in_is_let_in_the_second_time(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, first, second, replies = scene.member, scene.first, scene.second, list[object]()
        other = Person("q", "d")
        member.call_nowait(m.Join(other, None), replies.append)
        member.call_nowait(m.Join(other, None), replies.append)
        first.answer(m.Join, Unavailable("the mailbox is full"))
        first.answer(m.Join, WorkspaceMoved(is_untouched=True))
        member.lost(first.link)
        await scene.settle(second)
        second.answer(m.Attach, attached(6))
        second.answer(m.Join, joined(6))
        assert [type(reply) for reply in replies] == [Unavailable, m.Joined]
        assert [seat.id for seat in member.seats] == ["p", "q"]


async def test_what_the_seat_before_asked_is_not_what_the_next_one_has(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, first, replies = scene.member, scene.first, list[object]()
        member.call_nowait(m.OpenNote(scene.person, "other", None), replies.append)
        member.call_nowait(m.Leave(scene.person), replies.append)
        member.call_nowait(m.Join(scene.person, 5), replies.append)
        first.answer(m.OpenNote, m.NoteOpened(None, 5, (), content=""))  # type: ignore[arg-type]
        first.answer(m.Leave, None)
        first.answer(m.Join, joined(7))
        assert [type(reply) for reply in replies] == [m.NoteOpened, type(None), m.Joined]
        assert [seat.notes for seat in member.seats] == [{}]


async def test_who_is_let_go_when_he_has_left_already_may_come_back(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, first, replies = scene.member, scene.first, list[object]()
        member.call_nowait(m.Leave(scene.person), replies.append)
        member.call_nowait(m.Join(scene.person, 5), replies.append)
        member.let_go(first.link, "p")
        first.answer(m.Leave, WorkspaceMoved(is_untouched=True))
        first.answer(m.Join, joined(7))
        assert [type(reply) for reply in replies] == [type(None), m.Joined]
        assert not scene.person.is_detached
        member.told(first.link, edits(8), ("p",))
        assert scene.person.seqs == [5, 8]


async def test_who_leaves_while_he_is_told_to_the_next_owner_leaves_there_too(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, second, replies = scene.member, scene.second, list[object]()
        member.lost(scene.first.link)
        await scene.settle(second)
        member.call_nowait(m.OpenNote(scene.person, "other", None), replies.append)
        member.call_nowait(m.Leave(scene.person), replies.append)
        member.call_nowait(m.Join(scene.person, 5), replies.append)
        second.answer(m.Attach, attached(6))
        assert second.kinds == ["Leave", "Join"]
        assert [type(reply) for reply in replies] == [Unavailable], "there is nobody to open it for"
        second.answer(m.Leave, None)
        second.answer(m.Join, joined(6))
        assert [type(reply) for reply in replies[1:]] == [type(None), m.Joined]
        assert not scene.person.is_detached


async def test_a_leave_that_finds_no_room_is_made_again(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        replies: list[object] = []
        scene.member.call_nowait(m.Leave(scene.person), replies.append)
        scene.first.answer(m.Leave, Unavailable("the way is full"))
        assert replies == [None]
        await scene.settle(scene.first)
        assert scene.first.kinds == ["Leave"]


async def test_those_who_came_before_the_owner_knew_this_node_are_told(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with a_workspace_with_somebody_in() as scene:
        scene.member.lost(scene.first.link)
        await scene.settle(scene.second)
        bob = Presence("bob", "Bob", None, "#000000", "online", "b", None, 0)
        scene.second.answer(m.Attach, replace(attached(6), presence=(bob,)))
        assert [event for event in scene.person.events if isinstance(event, PresenceChanged)] == [
            PresenceChanged(WORKSPACE, (bob,), (), ())
        ]
        scene.member.told(scene.second.link, PresenceChanged(WORKSPACE, (), (), ()), ())
        third = Owner("three")
        scene.owners.append(third)
        scene.member.lost(scene.second.link)
        await scene.settle(third)
        away = replace(bob, status="away", last_seen=1)
        third.answer(m.Attach, replace(attached(6), presence=(away,)))
        assert [event.updates for event in scene.person.events if isinstance(event, PresenceChanged)] == [(), (away,)]


async def test_what_a_lost_owner_hands_back_is_answered_when_there_is_no_other(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with a_workspace_with_somebody_in() as scene:
        replies: list[object] = []
        scene.owners.clear()  # whoever is asked next fails
        scene.member.call_nowait(submit(1), replies.append)
        scene.member.lost(scene.first.link)
        await trio.sleep(1)
        assert scene.member.error is not None and not replies
        scene.first.answer(m.Submit, WorkspaceMoved())
        assert replies == [scene.member.error]


async def test_who_is_refused_for_want_of_room_leaves_nothing_behind(autojump_clock: trio.testing.MockClock) -> None:
    async with a_workspace_with_somebody_in() as scene:
        member, replies = scene.member, list[object]()
        scene.member.lost(scene.first.link)
        text = "x" * 1_500_000
        member.call_nowait(m.Submit(Author("ada", "c", 1, b"hash"), EditNote(NOTE, 5, (text,))), lambda _: None)
        for number in range(50):
            person = Person(f"late {number}")
            member.call_nowait(m.Join(person, None), replies.append)
            member.call_nowait(m.Leave(person), replies.append)
        assert [type(reply) for reply in replies] == [Unavailable, type(None)] * 50
        await scene.settle(scene.second)
        scene.second.answer(m.Attach, attached(6))
        assert scene.second.kinds == ["Submit"]
