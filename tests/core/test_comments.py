"""Anchors of comments move with the text, whoever edits where; expectations are made on marked characters."""

import random

import pytest

from nvserver.core import commands as c
from nvserver.core.changes import Author, Change, Entry, MemberAdded, NoteCreated, NoteEdited, WorkspaceCreated
from nvserver.core.decisions import decide
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import Anchor, Position, Size
from nvserver.core.ot import Operation
from nvserver.core.threads import moved
from nvserver.core.workspace import Workspace
from nvserver.errors import ValidationFailed


def random_op(rng: random.Random, length: int) -> Operation:
    op: list[int | str] = []
    place = 0
    while place < length:
        step = rng.randint(1, 4)
        kind = rng.choice(["skip", "skip", "delete", "insert"])
        if kind == "insert":
            if op and isinstance(op[-1], str):
                continue
            op.append("+" * rng.randint(1, 3))
            continue
        step = min(step, length - place)
        signed = step if kind == "skip" else -step
        if op and isinstance(op[-1], int) and (op[-1] > 0) == (signed > 0):
            op[-1] += signed
        else:
            op.append(signed)
        place += step
    return tuple(op)


def applied(characters: list[int | None], op: Operation) -> list[int | None]:
    """The old places of the characters of the new text; None for new ones."""
    made: list[int | None] = []
    place = 0
    for component in op:
        if isinstance(component, str):
            made += [None] * len(component)
        elif component > 0:
            made += characters[place : place + component]
            place += component
        else:
            place -= component
    return made + characters[place:]


def test_an_anchor_stays_on_its_characters(rng: random.Random) -> None:
    emptied = 0
    for _ in range(20_000):
        length = rng.randint(1, 12)
        start = rng.randrange(length)
        end = rng.randint(start + 1, length)
        op = random_op(rng, length)
        after = applied(list(range(length)), op)
        kept = [place for place, was in enumerate(after) if was is not None and start <= was < end]
        anchor = moved(Anchor(start, end), op)
        if kept:
            # From the first kept character on; what is inserted within belongs to it, at its edges does not.
            assert anchor.start <= kept[0] and anchor.end >= kept[-1] + 1
            before = [place for place, was in enumerate(after) if was is not None and was < start]
            behind = [place for place, was in enumerate(after) if was is not None and was >= end]
            assert all(place < anchor.start for place in before)
            assert all(place >= anchor.end for place in behind)
        else:
            emptied += 1
            assert 0 <= anchor.start <= anchor.end <= len(after)
            assert all(after[place] is None for place in range(anchor.start, anchor.end))
    assert emptied > 1_000


def test_text_at_the_edges_stays_outside_and_within_belongs_to_it() -> None:
    assert moved(Anchor(2, 5), (2, "xx")) == Anchor(4, 7)
    assert moved(Anchor(2, 5), (5, "xx")) == Anchor(2, 5)
    assert moved(Anchor(2, 5), (3, "xx")) == Anchor(2, 7)
    assert moved(Anchor(2, 5), (1, -6)) == Anchor(1, 1)


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace("w", WorkspaceLimits())
    changes: list[Change] = [WorkspaceCreated("W", "ada"), MemberAdded("ada", "owner")]
    changes.append(NoteCreated("n", "T", "0123456789", Position(), Size()))
    for change in changes:
        made.apply(Entry(made.seq + 1, 1000, Author("ada"), change))
    return made


def do(workspace: Workspace, command: c.Command) -> None:
    for change in decide(workspace, command, Author("ada")):
        workspace.apply(Entry(workspace.seq + 1, 2000, Author("ada"), change))


def anchor_of(workspace: Workspace, thread_id: str) -> Anchor | None:
    thread = workspace.threads.get("n", thread_id)
    assert thread is not None
    return thread.anchor


def test_an_anchor_made_on_an_older_text_is_brought_to_the_newest(workspace: Workspace) -> None:
    base = workspace.seq
    do(workspace, c.EditNote("n", base, ("xx",)))
    do(workspace, c.StartThread("n", "t", "c", "Why?", Anchor(3, 6), base))
    thread = workspace.threads.get("n", "t")
    assert thread is not None
    assert (thread.anchor, thread.quote) == (Anchor(5, 8), "345")
    workspace.apply(Entry(workspace.seq + 1, 3000, Author("ada"), NoteEdited("n", (0 + 1, -8, "z"))))
    assert anchor_of(workspace, "t") in (Anchor(1, 1), Anchor(2, 2))


@pytest.mark.parametrize("anchor", [Anchor(3, 3), Anchor(5, 4), Anchor(0, 11), Anchor(11, 12)])
def test_anchors_that_are_no_part_of_the_text_are_refused(workspace: Workspace, anchor: Anchor) -> None:
    with pytest.raises(ValidationFailed):
        do(workspace, c.StartThread("n", "t", "c", "Why?", anchor))
    assert workspace.threads.all == ()
