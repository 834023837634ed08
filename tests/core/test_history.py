"""Who wrote what, and taking part of it back: against a model that tags every single character."""

import itertools
import random
from collections.abc import Sequence

import pytest

from nvserver.core.changes import Author, Entry, NoteCreated, NoteEdited
from nvserver.core.history import AuthoredRange, authorship, group_edits, text_after, undo_edits
from nvserver.core.model import Position, Size

PEOPLE = ("ann", "bob", "cy")


class Model:
    """The text as tagged characters: character, author, seq, and the seq that deleted it or None."""

    def __init__(self) -> None:
        self.all: list[list[object]] = []

    def live(self) -> list[list[object]]:
        return [cell for cell in self.all if cell[3] is None]

    def edit(self, seq: int, author: str, position: int, deleted: int, inserted: str) -> None:
        live = self.live()
        for cell in live[position : position + deleted]:
            cell[3] = seq
        after = live[position - 1] if position else None
        index = next(i for i, cell in enumerate(self.all) if cell is after) + 1 if after is not None else 0
        self.all[index:index] = [[character, author, seq, None] for character in inserted]


def made_up(rng: random.Random, edits: int) -> tuple[Sequence[Entry], Model]:
    model = Model()
    model.edit(1, "ann", 0, 0, "begin")
    entries = [Entry(1, 0, Author("ann"), NoteCreated("n", "t", "begin", Position(), Size()))]
    letters = iter(range(0x4E00, 0x9000))
    for seq in range(2, 2 + edits):
        author = rng.choice(PEOPLE)
        length = len(model.live())
        position = rng.randint(0, length)
        deleted = rng.randint(0, min(3, length - position))
        inserted = "".join(chr(next(letters)) for _ in range(rng.randint(0 if deleted else 1, 3)))
        op = tuple(c for c in (position, inserted, -deleted) if c)
        entries.append(Entry(seq, seq * 1000, Author(author), NoteEdited("n", op)))
        model.edit(seq, author, position, deleted, inserted)
    return entries, model


@pytest.mark.parametrize("edits", [0, 1, 5, 60])
def test_authorship_is_that_of_every_character(rng: random.Random, edits: int) -> None:
    for _ in range(50):
        entries, model = made_up(rng, edits)
        expected = [cell[1] for cell in model.live()]
        ranges = authorship(entries)
        assert [r.user_id for r in ranges for _ in range(r.length)] == expected
        assert all(a.user_id != b.user_id for a, b in itertools.pairwise(ranges))
        assert str(text_after(entries)) == "".join(str(cell[0]) for cell in model.live())


def test_taking_one_persons_edits_back_leaves_the_others(rng: random.Random) -> None:
    taken = 0
    for _ in range(200):
        entries, model = made_up(rng, 30)
        person = rng.choice(PEOPLE)
        undone = {e.seq for e in entries if e.author.user_id == person and isinstance(e.change, NoteEdited)}
        taken += len(undone)
        result = str(text_after(entries).apply(undo_edits(entries, lambda entry, undone=undone: entry.seq in undone)))
        # What somebody else wrote stays unless somebody else deleted it; what the person wrote goes.
        expected = {str(c[0]) for c in model.all if c[2] not in undone and (c[3] is None or c[3] in undone)}
        assert set(result) == expected
        assert len(result) == sum(c[2] not in undone and (c[3] is None or c[3] in undone) for c in model.all)
    assert taken > 0


def test_taking_everything_back_gives_the_first_text(rng: random.Random) -> None:
    entries, _ = made_up(rng, 80)
    assert str(text_after(entries).apply(undo_edits(entries, lambda _: True))) == "begin"


def test_taking_nothing_back_changes_nothing(rng: random.Random) -> None:
    entries, _ = made_up(rng, 20)
    assert undo_edits(entries, lambda _: False) == ()


def test_groups_end_where_the_author_changes_or_pauses() -> None:
    def edit(seq: int, at: int, user: str) -> Entry:
        return Entry(seq, at, Author(user), NoteEdited("n", ("xy", -1)))

    groups = group_edits([edit(1, 0, "a"), edit(2, 50, "a"), edit(3, 60, "b"), edit(4, 200, "b")], max_gap_ms=100)
    assert [(g.user_id, g.from_seq, g.to_seq, g.edits, g.inserted, g.deleted) for g in groups] == [
        ("a", 1, 2, 2, 4, 2),
        ("b", 3, 3, 1, 2, 1),
        ("b", 4, 4, 1, 2, 1),
    ]


def test_an_empty_note_has_no_ranges() -> None:
    assert authorship([Entry(1, 0, Author("a"), NoteCreated("n", "t", "", Position(), Size()))]) == []
    assert AuthoredRange("a", 1) != AuthoredRange("b", 1)
