"""The owner's end of a link: what a session asks of a workspace that ended meanwhile is its member's to ask again."""

from typing import Any

import msgspec
import pytest

from nvserver.actors.timer import Timer
from nvserver.cluster.frames import ENCODER, Call, Detached, Enter, Failure, Gone, Item, error_of
from nvserver.cluster.host import HostLink
from nvserver.cluster.link import LinkEnd
from nvserver.core.principal import Principal
from nvserver.errors import WorkspaceMoved
from nvserver.workspace import messages as m
from nvserver.workspace.router import OnReply


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
    """Fills `WorkspaceRef`, and `Owners` for itself."""

    is_alive = True

    def __init__(self) -> None:
        self.asked: list[m.Message] = []

    def call_nowait(self, message: m.Message, on_reply: OnReply | None = None) -> None:
        self.asked.append(message)

    async def find_here(self, _workspace_id: str) -> "Actor":
        return self

    async def hand_over(self, workspace_id: str, node: str) -> None: ...


class Named:
    id = "p"


def call(number: int, message: m.Message) -> Call:
    return Call(number, "w", msgspec.Raw(ENCODER.encode(message)))


@pytest.mark.parametrize("end", ["the activation ended", "the session was let go"])
async def test_what_was_on_its_way_when_its_session_was_forgotten_is_handed_back_untouched(end: str) -> None:
    line, actor, started = PlainLine(), Actor(), []

    def start_soon(function: Any, *args: Any) -> None:
        started.append((function, args))

    host = HostLink(line, actor, Timer(), start_soon, lambda *_: None)  # type: ignore[arg-type]
    session: Any = Named()
    host.take(Enter("p", "c", Principal("ada", "Ada", None, "s")))
    host.take(call(1, m.Join(session, None)))
    for function, args in started:
        await function(*args)
    [joined] = actor.asked
    assert isinstance(joined, m.Join)
    if end == "the activation ended":
        host.farewell("w")
    else:
        joined.session.detached("w")
    host.take(call(2, m.OpenNote(session, "n", 4)))
    told, refused = line.pushed
    assert isinstance(told, Gone | Detached)
    assert isinstance(refused, Failure)
    error = error_of(refused)
    assert refused.number == 2 and isinstance(error, WorkspaceMoved) and error.is_untouched
    assert len(actor.asked) == 1
