"""One client, two connections: the one that lives is told everything, or told to join again. Never neither."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trio
from hypothesis import given
from hypothesis import strategies as st

from nvserver.actors.timer import Timer
from nvserver.core.principal import Principal
from nvserver.workspace.attendance import Attendance
from nvserver.workspace.events import NotesTouched, NoteTouched, ProgressMade, ResyncNeeded, WorkspaceEvent
from nvserver.workspace.session import Broadcast
from nvserver.workspace.settings import WorkspaceSettings

WORKSPACE = "w"
NEWS = ProgressMade(WORKSPACE, "t", "export", "ada", "notes", 1, None, is_over=False)


@dataclass
class Connection:
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
    def is_told_to_join_again(self) -> bool:
        return any(isinstance(event, ResyncNeeded) for event in self.events)


@asynccontextmanager
async def an_attendance() -> AsyncIterator[Attendance]:
    timer = Timer()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        yield Attendance(WORKSPACE, timer, lambda: 0, WorkspaceSettings())
        nursery.cancel_scope.cancel()


async def test_an_old_connection_that_another_node_attaches_replaces_no_newer_one(
    autojump_clock: trio.testing.MockClock,
) -> None:
    async with an_attendance() as attendance:
        newer, older = Connection("2"), Connection("1")
        attendance.join(newer, 0)
        assert not attendance.attach(older, 0, "online", ())
        attendance.tell_progress(NEWS)
        assert NEWS in newer.events
        await trio.sleep(10)
        assert not newer.is_detached


async def test_whom_a_late_join_replaced_joins_again(autojump_clock: trio.testing.MockClock) -> None:
    async with an_attendance() as attendance:
        newer, older = Connection("2"), Connection("1")
        attendance.join(newer, 0)
        attendance.join(older, 0)  # it waited on its node, which was cut off, while its client went to another
        assert newer.is_told_to_join_again, "before it is told that it is not here"
        assert newer.is_detached
        assert not older.is_told_to_join_again


async def test_two_that_both_live_take_turns_slowly(autojump_clock: trio.testing.MockClock) -> None:
    async with an_attendance() as attendance:
        one, two, turns = Connection("1"), Connection("2"), 0
        attendance.join(one, 0)
        attendance.join(two, 0)
        for _ in range(600):
            if one.is_told_to_join_again:
                turns += 1
                one.events.clear()
                attendance.join(one, 0)
                one, two = two, one
            await trio.sleep(0.1)
        assert 20 < turns < 200, "in a minute"


async def test_who_is_back_already_is_left_alone(autojump_clock: trio.testing.MockClock) -> None:
    async with an_attendance() as attendance:
        one, two = Connection("1"), Connection("2")
        attendance.join(one, 0)
        for _ in range(25):  # beyond what is told at once
            attendance.join(two, 0)
            attendance.join(one, 0)
        one.events.clear()
        await trio.sleep(10)
        assert not one.is_told_to_join_again
        assert two.is_told_to_join_again


@given(st.data())
async def test_everybody_hears_of_the_edited_notes_that_are_closed_here(data: st.DataObject) -> None:
    notes = [NoteTouched(f"n{number}", number + 1, 0, "ada", "") for number in range(data.draw(st.integers(1, 60)))]
    ids = [note.note_id for note in notes]
    opened = data.draw(st.lists(st.sets(st.sampled_from(ids), max_size=3), min_size=1, max_size=40))
    async with an_attendance() as attendance:
        people = [Connection(str(number), f"c{number}") for number in range(len(opened))]
        for person, note_ids in zip(people, opened, strict=True):
            attendance.join(person, 0)
            attendee = attendance.get(person)
            assert attendee is not None
            for note_id in note_ids:
                attendance.watch(attendee, note_id)
        attendance.tell_touched(notes)
        for person, note_ids in zip(people, opened, strict=True):
            told = [event for event in person.events if isinstance(event, NotesTouched)]
            assert [note for event in told for note in event.notes] == [n for n in notes if n.note_id not in note_ids]
            assert len(told) <= -(-len(notes) // 16), "few events, whatever the number of notes"


async def test_what_many_hear_alike_is_one_event() -> None:
    notes = [NoteTouched(f"n{number}", number + 1, 0, "ada", "") for number in range(100)]
    async with an_attendance() as attendance:
        people = [Connection(str(number), f"c{number}") for number in range(400)]
        for number, person in enumerate(people):
            attendance.join(person, 0)
            if (attendee := attendance.get(person)) is not None:
                attendance.watch(attendee, f"n{number // 4}")
        attendance.tell_touched(notes)
        events = [event for person in people for event in person.events if isinstance(event, NotesTouched)]
        assert len(events) == 400 * 7
        assert len({id(event) for event in events}) == 7 + 100, "one a bunch, and one for those with one of it open"


async def test_who_edits_shows_how_far_it_has_read(autojump_clock: trio.testing.MockClock) -> None:
    async with an_attendance() as attendance:
        attendance.join(Connection("1", "ada"), 10)
        attendance.join(Connection("2", "bob"), 20)
        assert attendance.oldest_since(100) == 10
        attendance.has_read("ada", 70)
        assert attendance.oldest_since(100) == 20
        attendance.has_read("bob", 80)
        attendance.has_read("bob", 30)  # sent again, as it was
        attendance.has_read("eve", 5)  # is not here
        assert attendance.oldest_since(100) == 70
        attendance.join(Connection("3", "ada"), 40)  # came back, from before
        assert attendance.oldest_since(100) == 40


async def test_who_is_silent_has_read_what_it_was_told_long_ago(autojump_clock: trio.testing.MockClock) -> None:
    long = WorkspaceSettings().read_seconds
    async with an_attendance() as attendance:
        attendance.join(Connection("1", "ada"), 10)
        assert attendance.oldest_since(100) == 10, "told, but who knows whether it has arrived?"
        await trio.sleep(long / 2)
        attendance.join(Connection("2", "bob"), 90)
        assert attendance.oldest_since(200) == 10
        await trio.sleep(long / 2)
        assert attendance.oldest_since(300) == 90, "Ada has read up to 100; how far Bob has is known from his join only"
        await trio.sleep(long)
        assert attendance.oldest_since(400) == 300


async def test_nobody_needs_what_nobody_reads(autojump_clock: trio.testing.MockClock) -> None:
    async with an_attendance() as attendance:
        ada = Connection("1", "ada")
        attendance.join(ada, 10)
        attendance.leave(ada)
        attendance.has_read("ada", 20)
        assert attendance.oldest_since(100) == 100
        assert attendance.attach(Connection("2", "ada"), 30, "online", ()), "nobody else is here of that client"
        assert attendance.oldest_since(100) == 30
