"""Cursors go with the characters around them; everything is counted in code points, also next to UTF-16."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nvserver.core.ot import Operation, Side, Text, transform, transform_position, transform_selection
from tests.core.ot.generators import edits, random_operation, random_text
from tests.core.ot.model import applied, gaps_and_fates

SIDES: tuple[Side, Side] = ("left", "right")


def expected_position(position: int, op: Operation, length: int, side: Side) -> int:
    """All that stays or comes before the gap; what comes into the gap itself counts when the cursor goes right of it.

    The gap is as wide as what is deleted around it. Of the insertions in there those before the cursor count, and in
    the right case all those that no kept character parts from it.
    """
    gaps, keeps = gaps_and_fates(op, length)
    before = sum(keeps[:position]) + sum(len(text) for text in gaps[:position])
    if side == "left":
        return before
    at = position
    before += len(gaps[at])
    while at < length and not keeps[at]:
        at += 1
        before += len(gaps[at])
    return before


@settings(max_examples=150)
@given(edits(), st.data())
def test_a_position_stays_between_its_neighbours(case: tuple[str, Operation, Operation], data: st.DataObject) -> None:
    text, op, _ = case
    position = data.draw(st.integers(0, len(text)))
    for side in SIDES:
        assert transform_position(position, op, side) == expected_position(position, op, len(text), side)


@pytest.mark.parametrize(
    ("position", "op", "left", "right"),
    [
        (0, ("abc",), 0, 3),
        (2, (2, "abc"), 2, 5),
        (3, (2, "abc"), 6, 6),
        (1, (2, "abc"), 1, 1),
        (5, (2, -2), 3, 3),
        (3, (2, -2), 2, 2),
        (2, (2, -2), 2, 2),
        (2, (2, -2, "xy"), 2, 4),
        (3, (2, "xy", -2), 4, 4),
        (4, (2, -2, "xy", 1, "z"), 2, 4),
        (1, ("😀👩\u200d💻",), 5, 5),
    ],
)
def test_positions_by_hand(position: int, op: Operation, left: int, right: int) -> None:
    assert transform_position(position, op) == left
    assert transform_position(position, op, "right") == right


def test_a_selection_keeps_its_direction_and_its_ranges() -> None:
    selection = ((5, 2), (7, 7))
    assert transform_selection(selection, (3, "ab")) == ((7, 2), (9, 9))
    assert transform_selection(((2, 2),), (2, "ab")) == ((2, 2),)
    assert transform_selection(((2, 2),), (2, "ab"), "right") == ((4, 4),)
    assert transform_selection((), (3, "ab")) == ()


def utf16_units(text: str) -> list[bytes]:
    encoded = text.encode("utf-16-le")
    return [encoded[at : at + 2] for at in range(0, len(encoded), 2)]


def applied_by_a_browser(text: str, op: Operation) -> str:
    """Apply `op` as a program does whose strings are rows of UTF-16 units: it walks over surrogate pairs."""
    units = utf16_units(text)
    result: list[bytes] = []
    at = 0
    for component in op:
        if isinstance(component, str):
            result += utf16_units(component)
            continue
        for _ in range(abs(component)):
            width = 2 if 0xD800 <= int.from_bytes(units[at], "little") < 0xDC00 else 1
            if component > 0:
                result += units[at : at + width]
            at += width
    return b"".join(result + units[at:]).decode("utf-16-le")


def test_a_server_and_a_client_that_counts_utf16_units_end_at_one_text(rng: random.Random) -> None:
    for _ in range(10_000):
        text = random_text(rng, 12)
        local, committed = random_operation(rng, len(text)), random_operation(rng, len(text))
        at_server = Text.of(text).apply(committed).apply(transform(local, committed, "right"))
        at_client = applied_by_a_browser(applied_by_a_browser(text, local), transform(committed, local, "left"))
        assert str(at_server) == at_client, (text, local, committed)


def test_joined_characters_can_be_edited_between_their_code_points() -> None:
    family = "👩\u200d💻"
    assert str(Text.of(family).apply((1, -1))) == "👩💻"
    assert str(Text.of("e\u0301").apply((1, -1))) == "e"
    assert applied(family, (3, "x")) == family + "x"
