"""The chunked text is a string to the outside, and keeps its invariants inside."""

import random
import sys

import pytest
from hypothesis import given, settings

from nvserver.core.ot import Operation, OperationError, Text
from nvserver.core.ot.text import MAX_CHUNK, MIN_CHUNK
from tests.core.ot.generators import edits, random_text
from tests.core.ot.model import applied


def assert_invariants(text: Text) -> None:
    sizes = [len(chunk) for chunk in text.chunks]
    assert all(0 < size <= MAX_CHUNK for size in sizes)
    assert len(sizes) < 2 or min(sizes) >= MIN_CHUNK
    assert text.length == len(text) == sum(sizes)


def long_string(length: int) -> str:
    return ("Zeile 1 é中\n😀 " * (length // 12 + 1))[:length]


@settings(max_examples=100)
@given(edits())
def test_applying_does_what_the_model_tells(case: tuple[str, Operation, Operation]) -> None:
    text, op, _ = case
    before = Text.of(text)
    assert str(before.apply(op)) == applied(text, op)
    assert str(before) == text


@pytest.mark.parametrize("length", [0, 1, MAX_CHUNK - 1, MAX_CHUNK, MAX_CHUNK + 1, 2 * MAX_CHUNK + 1, 300_000])
def test_a_text_is_its_string(length: int) -> None:
    string = long_string(length)
    text = Text.of(string)
    assert str(text) == string
    assert len(text) == length
    assert_invariants(text)


def test_an_ascii_string_is_kept_as_it_came_until_the_first_edit() -> None:
    string = "x" * (3 * MAX_CHUNK)
    text = Text.of(string)
    assert str(text) is string
    assert text.slice(5, MAX_CHUNK + 7) == string[5 : MAX_CHUNK + 7]
    edited = text.apply((7, "y"))
    assert str(edited) == string[:7] + "y" + string[7:]
    assert_invariants(edited)


def test_texts_are_equal_by_their_characters_however_they_are_cut() -> None:
    string = long_string(3 * MAX_CHUNK)
    grown = Text.of(string[:-1]).apply((len(string) - 1, string[-1]))
    assert grown == Text.of(string)
    assert hash(grown) == hash(Text.of(string))
    assert grown != Text.of(string[:-1] + "X")
    assert len({grown, Text.of(string), Text.of("a"), Text.of("b")}) == 3
    assert hash(Text.of("a")) != hash(Text.of("b"))
    assert Text.of("ab") != "ab"


def test_equal_texts_are_not_unequal() -> None:
    assert not Text.of("x") != Text.of("x")  # noqa: SIM202 - `!=` is what is tested
    assert Text.of("x") != Text.of("y")
    assert Text.of("x") != "x"


def test_a_repr_tells_no_words() -> None:
    assert repr(Text.of("secret")) == "Text(length=6)"


@pytest.mark.parametrize(
    ("text", "op"), [("", (-1,)), ("", (1, "a")), ("abc", (4, "x")), ("abc", (2, -2)), ("abc", (1, "x", 2, -1))]
)
def test_an_operation_past_the_end_is_refused(text: str, op: Operation) -> None:
    before = Text.of(text)
    with pytest.raises(OperationError, match=r"^the operation reaches to \d+ in a text of \d characters$"):
        before.apply(op)
    assert str(before) == text


def test_an_operation_may_reach_to_the_end() -> None:
    assert str(Text.of("abc").apply((3, "d"))) == "abcd"
    assert str(Text.of("abc").apply((-3,))) == ""
    assert Text.of("abc").apply((-3,)).chunks == ()
    assert str(Text.of("").apply(("a",))) == "a"


def test_slices_are_those_of_the_string() -> None:
    string = long_string(3 * MAX_CHUNK + 7)
    text = Text.of(string)
    borders = [0, 1, MAX_CHUNK, MAX_CHUNK + 1, len(text.chunks[0]), 2 * MAX_CHUNK, len(string) - 1, len(string)]
    for start in borders:
        for end in [border for border in borders if border >= start]:
            assert text.slice(start, end) == string[start:end]
    assert text.slice(5, len(string) + 9) == string[5:]
    assert text.slice(len(string) + 1, len(string) + 9) == ""
    assert Text.of("").slice(0, 200) == ""


def random_edit(rng: random.Random, length: int, longest: int) -> tuple[int, int, str]:
    """Where, how much is deleted there, and what is inserted."""
    start = rng.randint(0, length)
    removed = rng.randint(0, min(length - start, longest))
    return start, removed, random_text(rng, longest)


def edit_operation(start: int, removed: int, inserted: str) -> Operation:
    return tuple([part for part in (start, -removed, inserted) if part]) if removed or inserted else ()


def test_many_edits_of_all_sizes_keep_text_and_invariants(rng: random.Random) -> None:
    string = long_string(40_000)
    text = Text.of(string)
    for _ in range(4_000):
        longest = rng.choice([1, 1, 10, 500, MIN_CHUNK, 2 * MAX_CHUNK])
        start, removed, inserted = random_edit(rng, len(string), longest)
        if len(string) > 120_000:
            removed, inserted = min(30_000, len(string) - start), ""
        string = string[:start] + inserted + string[start + removed :]
        text = text.apply(edit_operation(start, removed, inserted))
        assert_invariants(text)
        assert len(text) == len(string)
    assert str(text) == string


def test_an_operation_with_many_places_reaches_over_chunks(rng: random.Random) -> None:
    string = long_string(5 * MAX_CHUNK)
    for _ in range(50):
        components: list[int | str] = []
        left = len(string)
        while left > 3_000:
            skip, removed = rng.randint(1, 1_000), rng.randint(1, 2_000)
            components += [skip, -removed, random_text(rng, 5) or "x"]
            left -= skip + removed
        after = Text.of(string).apply(tuple(components))
        assert str(after) == applied(string, tuple(components))
        assert_invariants(after)


def test_writing_and_clearing_a_long_note_key_by_key_leaves_it_well_cut() -> None:
    text = Text.of("")
    for _ in range(3 * MAX_CHUNK):
        text = text.apply((len(text) // 2, "x") if len(text) > 1 else ("x",))
    assert_invariants(text)
    assert len(text.chunks) <= 3 * MAX_CHUNK // MIN_CHUNK
    for _ in range(3 * MAX_CHUNK):
        text = text.apply((len(text) // 2, -1) if len(text) > 1 else (-1,))
        assert not text.chunks or len(text.chunks) == 1 or min(map(len, text.chunks)) >= MIN_CHUNK
    assert text.chunks == ()


def test_an_author_at_a_border_does_not_cut_and_join_with_every_key() -> None:
    text = Text.of("é" * (MAX_CHUNK + 1))
    numbers = set()
    for _ in range(100):
        text = text.apply((MAX_CHUNK // 2, -1))
        numbers.add(len(text.chunks))
        text = text.apply((MAX_CHUNK // 2, "x"))
        numbers.add(len(text.chunks))
    assert numbers == {2}


def test_a_keystroke_touches_one_chunk_of_a_long_note() -> None:
    before = Text.of(long_string(1_000_000))
    after = before.apply((500_000, "x"))
    kept = {id(chunk) for chunk in before.chunks} & {id(chunk) for chunk in after.chunks}
    assert len(kept) == len(before.chunks) - 1
    assert len(after.chunks) == len(before.chunks)


def kept_chunks(before: Text, after: Text) -> int:
    """How many chunks of a text a change left as they were."""
    return len({id(chunk) for chunk in before.chunks} & {id(chunk) for chunk in after.chunks})


def test_a_change_at_a_border_touches_no_chunk_beside_its_own() -> None:
    before = Text.of(long_string(8 * MAX_CHUNK))
    border = len(before.chunks[0]) + len(before.chunks[1])
    assert kept_chunks(before, before.apply((border - 1, -1))) == len(before.chunks) - 1
    assert kept_chunks(before, before.apply((border, -1))) == len(before.chunks) - 1
    assert kept_chunks(before, before.apply((border - 1, -2))) == len(before.chunks) - 2


def test_a_chunk_is_joined_to_a_neighbour_only_below_the_minimum() -> None:
    before = Text.of("é" * (2 * MAX_CHUNK))
    shortest = before.apply((1, MIN_CHUNK - MAX_CHUNK))
    assert [len(chunk) for chunk in shortest.chunks] == [MIN_CHUNK, MAX_CHUNK]
    assert len(shortest.apply((1, -1)).chunks[0]) > MIN_CHUNK


def test_memory_is_close_to_the_characters() -> None:
    text = Text.of("x" * 10_000).apply((5_000, "y"))
    held = sys.getsizeof(text) + sys.getsizeof(text.chunks) + sum(map(sys.getsizeof, text.chunks))
    assert held < 10_500


def test_one_wide_character_widens_its_own_chunk_alone() -> None:
    text = Text.of("x" * 100_000).apply((50_000, "😀"))
    assert sum(map(sys.getsizeof, text.chunks)) < 100_000 + 4 * MAX_CHUNK
