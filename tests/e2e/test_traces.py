"""Real editing sessions through a running server: everybody ends at the text at which the session ended.

The sessions are those of `josephg/editing-traces` by Joseph Gentle and contributors, CC BY 4.0.
"""

import os
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trio

from nvserver.core.ot import Operation, from_wire, to_wire, transform
from nvserver.testing.realtime_client import Event
from nvserver.testing.replica import apply_plain
from tests.e2e.teams import Desk, found_team
from tests.support.server import ServerProcess
from tests.support.traces import Session, Step, TraceMissing, in_groups, load_session, read_session

PATIENCE_SECONDS = 400
RECORDED = Path(__file__).parent / "recorded" / "two-gardeners.json.gz"


@dataclass(frozen=True, slots=True)
class Hold:
    """The second author's edit `step` is sent, though typed long before, only when so many of the first's have come."""

    step: int
    until_seen: int


FRIENDS_HOLD = Hold(11_961, 10_404)
"""At one place of the session one friend deletes a full stop and types on (", hu"), while the other types on behind it
(" Th"). With the full stop gone both insert at the same place; there the contract puts left what is committed first, so
that any order of the two is right, but only one is the text at which the session ended."""


class Author:
    """Replays one author's steps: each typed on exactly what its author had seen, sent as an edit of its own.

    `_queue` holds what was typed and not acknowledged, the first of it in flight."""

    def __init__(self, desk: Desk, steps: Sequence[Step], edits_of_others: int, hold: Hold | None = None) -> None:
        self.text: str = desk.opened["content"]
        self._desk = desk
        self._hold = hold
        self._seq: int = desk.opened["seq"]
        self._steps = deque(steps)
        self._edits_of_others = edits_of_others
        self._seen = 0
        self._queue: deque[Operation] = deque()
        self._is_in_flight = False

    async def run(self) -> None:
        """Returns when all of the session has gone by."""
        while True:
            self._type()
            if not self._queue and self._seen == self._edits_of_others:
                break
            await self._send()
            received = await self._desk.connection.receive()
            assert isinstance(received, Event)
            assert received.name != "error", received.payload
            if received.name == "collaboration:edit":
                for edit in received.payload["edits"]:
                    self._take(edit)
                    self._type()
        assert not self._steps

    def _type(self) -> None:
        while self._steps and self._steps[0].seen <= self._seen:
            op = self._steps.popleft().op
            self.text = apply_plain(self.text, op)
            self._queue.append(op)

    @property
    def _is_held(self) -> bool:
        hold = self._hold
        return hold is not None and self._desk.next_number - 1 == hold.step and self._seen < hold.until_seen

    async def _send(self) -> None:
        if self._queue and not self._is_in_flight and not self._is_held:
            self._is_in_flight = True
            edit = {"noteId": self._desk.note_id, "baseSeq": self._seq, "op": to_wire(self._queue[0])}
            payload = {"workspaceId": self._desk.workspace_id, **edit, **self._desk.numbered()}
            await self._desk.connection.emit("collaboration:edit", payload)

    def _take(self, edit: Any) -> None:
        self._seq = edit["seq"]
        if edit["clientId"] == self._desk.client_id:
            self._queue.popleft()
            self._is_in_flight = False
            return
        op = from_wire(edit["op"])
        for index, mine in enumerate(self._queue):
            self._queue[index], op = transform(mine, op, "right"), transform(op, mine, "left")
        self.text = apply_plain(self.text, op)
        self._seen += 1


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Session:
    """The named session; where its data is missing the run's closing line names the test as not run and says where to
    get it, and in CI it fails."""
    try:
        return load_session(request.param)
    except TraceMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))


async def replay(server: ServerProcess, session: Session, hold: Hold | None = None) -> None:
    """Have the authors type the session at the same time, and compare all copies with its end."""
    team = await found_team(server, session.start, bob="member")
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as first, team.connect("bob") as second:
            steps, others_steps = (*session.authors, ())[:2]
            authors = [
                Author(first, steps, len(others_steps)),
                Author(second, others_steps, len(steps), hold),
            ]
            async with trio.open_nursery() as nursery:
                for author in authors:
                    nursery.start_soon(author.run)
    print(f"{sum(map(len, session.authors))} edits")
    assert [author.text for author in authors] == [session.end, session.end]
    assert (await team.note())["content"] == session.end


@pytest.mark.parametrize("session", ["friendsforever"], indirect=True)
@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_two_friends_typing_at_once_end_at_their_text(server: ServerProcess, session: Session) -> None:
    await replay(server, session, FRIENDS_HOLD)


@pytest.mark.parametrize(
    ("session", "group"), [("sveltecomponent", 100), ("automerge-paper", 300)], indirect=["session"]
)
@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_long_session_of_one_author_ends_at_its_text(
    server: ServerProcess, session: Session, group: int
) -> None:
    """Steps are joined into edits of `group` each, because one edit is in flight at a time; a reader follows."""
    edits = tuple(Step(op, 0) for op in in_groups(session.authors[0], group))
    await replay(server, Session(session.start, session.end, (edits,)))


async def test_two_gardeners_recorded_from_the_page_end_at_their_text(server: ServerProcess) -> None:
    """Our own session (`record_session.py`), which is in the repository."""
    session = read_session(RECORDED)
    assert all(len(steps) > 50 for steps in session.authors)
    await replay(server, session)
