"""The owner's end of a link: what was on its way when the workspace ended is its member's to ask again, in order."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
import trio

from nvserver.actors.timer import Timer
from nvserver.cluster.frames import ENCODER, Call, Detached, Enter, Failure, Gone, Heard, Item, Reply, error_of
from nvserver.cluster.host import HostLink
from nvserver.cluster.link import LinkEnd
from nvserver.core.changes import Author
from nvserver.core.commands import EditNote
from nvserver.core.principal import Principal
from nvserver.errors import Forbidden, NoteVaultError, Unavailable, WorkspaceMoved
from nvserver.workspace import messages as m
from nvserver.workspace.router import OnReply

WORKSPACE, OTHER = "w", "v"


class PlainLine:
    """Fills `Line`: keeps what is pushed."""

    is_broken = False
    has_room = True
    frame_bytes = 1_000

    def __init__(self) -> None:
        self.end = LinkEnd("here", "there", "l", is_opener=False, now=0.0)
        self.pushed: list[Item] = []

    def push(self, item: Item, _size_bytes: int = 0, *, is_owed: bool = True) -> None:
        self.pushed.append(item)

    def flush_soon(self) -> None: ...


class Actor:
    """Fills `WorkspaceRef`."""

    is_alive = True

    def __init__(self) -> None:
        self.asked: list[tuple[m.Message, OnReply | None]] = []

    def call_nowait(self, message: m.Message, on_reply: OnReply | None = None) -> None:
        self.asked.append((message, on_reply))

    @property
    def kinds(self) -> list[str]:
        return [type(message).__name__ for message, _ in self.asked]

    def answer(self, reply: object) -> m.Message:
        """The oldest message, which is returned."""
        message, on_reply = self.asked.pop(0)
        assert on_reply is not None
        on_reply(reply)
        return message


class Named:
    """A session of the other node, as its end of the link writes it."""

    def __init__(self, name: str) -> None:
        self.id = name


@dataclass
class Scene:
    """A host that has somebody in: `owners` are the actors, or the reasons, that it finds next for any workspace."""

    line: PlainLine
    timer: Timer
    owners: list[Actor | NoteVaultError]
    started: list[tuple[Callable[..., Awaitable[Any]], tuple[Any, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host = HostLink(
            self.line,  # type: ignore[arg-type]
            self,
            self.timer,
            lambda function, *args: self.started.append((function, args)),
            lambda *_: None,
        )
        self._numbers = 0

    async def find_here(self, _workspace_id: str) -> Actor:
        found = self.owners.pop(0)
        if isinstance(found, NoteVaultError):
            raise found
        return found

    async def hand_over(self, workspace_id: str, node: str) -> None: ...

    def call(self, message: m.Message, workspace_id: str = WORKSPACE) -> int:
        """The number of the call that comes from the member."""
        match message:
            case m.Join(session=session):
                self.host.take(Enter(session.id, session.id, Principal("ada", "Ada", None, "s")))
            case m.Attach(guests=guests):
                for guest in guests:
                    self.host.take(Enter(guest.session.id, guest.session.id, Principal("ada", "Ada", None, "s")))
        self._numbers += 1
        self.host.take(Call(self._numbers, workspace_id, msgspec.Raw(ENCODER.encode(message))))
        return self._numbers

    async def settle(self) -> None:
        """Whatever was started runs."""
        while self.started:
            function, args = self.started.pop(0)
            await function(*args)

    def told(self) -> list[Item]:
        """What was said to the member since the last time."""
        pushed, self.line.pushed = self.line.pushed, []
        return pushed


@asynccontextmanager
async def a_host(*owners: Actor | NoteVaultError) -> AsyncIterator[Scene]:
    async with trio.open_nursery() as nursery:
        timer = Timer()
        nursery.start_soon(timer.run)
        yield Scene(PlainLine(), timer, list(owners))
        nursery.cancel_scope.cancel()


def session(name: str = "p") -> Any:
    return Named(name)


def edit(number: int) -> m.Submit:
    return m.Submit(Author("ada", "c", number, b"hash"), EditNote("n", number, ("x",)))


JOINED = m.Joined(4, "member", None, ())  # type: ignore[arg-type]


def is_handed_back(item: Item, number: int) -> bool:
    """Whether it says that the call was not looked at."""
    error = error_of(item) if isinstance(item, Failure) and item.number == number else None
    return isinstance(error, WorkspaceMoved) and error.is_untouched


@pytest.mark.parametrize("is_elsewhere_too", [False, True], ids=["only here", "in another workspace too"])
async def test_what_was_on_its_way_when_the_workspace_ended_does_not_get_to_the_next_activation(
    is_elsewhere_too: bool,
) -> None:
    first, other, second = Actor(), Actor(), Actor()
    async with a_host(first, *([other] if is_elsewhere_too else []), second) as scene:
        scene.call(m.Join(session(), None))
        if is_elsewhere_too:
            scene.call(m.Join(session(), None), OTHER)
        await scene.settle()
        first.answer(JOINED)
        scene.told()
        scene.host.farewell(WORKSPACE)
        late = [
            scene.call(message)
            for message in (
                m.OpenNote(session(), "n", 4),
                edit(1),
                m.Leave(session()),
                m.Join(session(), None),
                m.CloseNote(session(), "n"),
            )
        ]
        await scene.settle()
        gone, *answers = scene.told()
        assert gone == Gone(WORKSPACE)
        assert [is_handed_back(answer, number) for answer, number in zip(answers, late, strict=True)] == [True] * 5
        scene.host.take(Heard(WORKSPACE))
        scene.call(m.Attach((m.Guest(session(), 4, "online", ("n",)),), 4, ()))
        scene.call(edit(1))
        await scene.settle()
        assert second.kinds == ["Attach", "Submit"]
        assert other.kinds == (["Join"] if is_elsewhere_too else [])


async def test_what_comes_while_the_workspace_ends_is_handed_back_and_what_it_has_begun_is_told_before_its_end() -> (
    None
):
    first = Actor()
    async with a_host(first) as scene:
        scene.call(m.Join(session(), None))
        edited = scene.call(edit(1))
        await scene.settle()
        first.answer(JOINED)
        scene.told()
        first.answer(m.Accepted(5, False))
        scene.host.farewell(WORKSPACE)
        reply, gone = scene.told()
        assert isinstance(reply, Reply) and reply.number == edited
        assert gone == Gone(WORKSPACE)


async def test_a_workspace_that_is_elsewhere_is_gone_for_all_that_follows() -> None:
    """Else what comes next might find it here by then, and overtake what was sent back."""
    owner = Actor()
    async with a_host(WorkspaceMoved(is_untouched=True), owner) as scene:
        first, second = scene.call(edit(1)), scene.call(edit(2))
        await scene.settle()
        third = scene.call(edit(3))
        await scene.settle()
        gone, *answers = scene.told()
        assert gone == Gone(WORKSPACE)
        assert [is_handed_back(*one) for one in zip(answers, (first, second, third), strict=True)] == [True] * 3
        scene.host.take(Heard(WORKSPACE))
        scene.call(edit(1))
        await scene.settle()
        assert owner.kinds == ["Submit"]


async def test_a_session_that_was_let_go_is_known_no_more() -> None:
    actor = Actor()
    async with a_host(actor) as scene:
        scene.call(m.Join(session(), None))
        await scene.settle()
        joined = actor.answer(JOINED)
        assert isinstance(joined, m.Join)
        scene.told()
        joined.session.detached(WORKSPACE)
        opening = scene.call(m.OpenNote(session(), "n", 4))
        told, answer = scene.told()
        assert isinstance(told, Detached)
        assert is_handed_back(answer, opening)
        assert not actor.asked


async def test_guests_that_were_not_taken_are_known_no_more() -> None:
    actor = Actor()
    async with a_host(actor) as scene:
        guests = tuple(m.Guest(session(name), 4, "online", ()) for name in ("p", "q", "r"))
        scene.call(m.Attach(guests, 4, ()))
        await scene.settle()
        actor.answer(m.Attached(4, (), refused=(0,), replaced=(2,)))
        scene.told()
        statuses = [scene.call(m.SetStatus(session(name), "away")) for name in ("p", "q", "r")]
        assert [is_handed_back(item, item.number) for item in scene.told() if isinstance(item, Failure)] == [True] * 2
        assert [one.session.name for one, _ in actor.asked if isinstance(one, m.SetStatus)] == ["q"]  # type: ignore[attr-defined]
        assert len(statuses) == 3


@pytest.mark.parametrize("refusal", [Forbidden(), Unavailable()], ids=lambda error: type(error).__name__)
async def test_who_was_not_let_in_is_known_no_more(refusal: NoteVaultError) -> None:
    actor = Actor()
    async with a_host(actor) as scene:
        scene.call(m.Join(session(), None))
        await scene.settle()
        actor.answer(refusal)
        scene.told()
        opening = scene.call(m.OpenNote(session(), "n", None))
        assert [is_handed_back(item, opening) for item in scene.told()] == [True]


async def test_who_cannot_be_told_that_he_is_in_is_not_left_there() -> None:
    actor = Actor()
    async with a_host(actor) as scene:
        scene.call(m.Join(session(), None))
        await scene.settle()
        scene.line.has_room = False
        actor.answer(JOINED)
        [refused] = scene.told()
        assert isinstance(refused, Failure) and isinstance(error_of(refused), Unavailable)
        assert actor.kinds == ["Leave"], "nobody would ever see him leave"


async def test_who_leaves_has_left_however_full_the_mailbox_is(autojump_clock: trio.testing.MockClock) -> None:
    actor = Actor()
    async with a_host(actor) as scene:
        scene.call(m.Join(session(), None))
        await scene.settle()
        actor.answer(JOINED)
        scene.told()
        leaving = scene.call(m.Leave(session()))
        actor.answer(Unavailable())
        [reply] = scene.told()
        assert isinstance(reply, Reply) and reply.number == leaving
        actor.answer(Unavailable())
        await trio.sleep(2)
        assert actor.kinds == ["Leave"], "it is told again"
        scene.call(m.Join(session(), None))
        actor.answer(Unavailable())
        await trio.sleep(2)
        assert actor.kinds == ["Join"], "but not when the session has come back meanwhile"
