"""A whole text put in place of another: always right, and fine enough that what others write keeps its place."""

import itertools
import random

from hypothesis import given, settings

from nvserver.core.ot import DiffLimits, Operation, Text, check, diff, transform
from nvserver.core.ot.lcs import common_prefix_length, common_suffix_length, increasing_matches, lcs_matches
from tests.core.ot.generators import random_text, texts
from tests.core.ot.model import applied


def assert_leads(old: str, new: str) -> Operation:
    op = diff(old, new)
    check(op)
    assert applied(old, op) == new
    return op


def touched(op: Operation) -> int:
    """Characters that are inserted or deleted."""
    return sum(len(part) if isinstance(part, str) else -min(part, 0) for part in op)


def merge(old: str, live: Operation, new: str) -> str:
    """The text after `live`, committed first, and a PUT of `new` made on `old`."""
    return applied(applied(old, live), transform(diff(old, new), live, "right"))


@settings(max_examples=150)
@given(texts(30), texts(30))
def test_a_diff_leads_from_the_old_text_to_the_new(old: str, new: str) -> None:
    assert_leads(old, new)


def test_diffs_of_changed_texts_are_right_and_no_larger_than_the_change(rng: random.Random) -> None:
    for _ in range(300):
        old = random_text(rng, 200)
        start = rng.randint(0, len(old))
        end = rng.randint(start, min(len(old), start + 10))
        inserted = random_text(rng, 10)
        op = assert_leads(old, old[:start] + inserted + old[end:])
        assert touched(op) <= len(inserted) + end - start


def test_equal_texts_need_no_operation() -> None:
    assert diff("", "") == ()
    assert diff("a\nb😀", "a\nb😀") == ()


def test_small_changes_give_small_operations() -> None:
    assert diff("one two three", "one 2 three") == (4, "2", -3)
    assert diff("colour", "color") == (4, -1)
    assert diff("", "abc") == ("abc",)
    assert diff("abc", "") == (-3,)
    assert diff("aaa", "aa") == (2, -1)
    assert diff("ab", "aab") in ((1, "a"), ("a",))
    assert diff("a😀b", "a😀😀b") == (2, "😀")
    assert diff("a👩\u200d💻b", "a👩b") == (2, -2)


def test_two_changes_far_apart_leave_what_is_between() -> None:
    old = "first line\n" + "same\n" * 50 + "middle words here\n" + "same\n" * 50 + "last line\n"
    new = old.replace("first", "1st").replace("last", "final")
    assert touched(diff(old, new)) <= len("first1stlastfinal")
    live: Operation = (old.index("words"), "NEW ")
    assert merge(old, live, new) == new.replace("words", "NEW words")


def test_words_that_others_write_in_a_changed_line_stay_at_their_place() -> None:
    old = "The quick brown fox jumps over the lazy dog."
    new = "A quick brown cat jumps over a lazy dog!"
    live: Operation = (old.index("brown"), "dark ")
    assert merge(old, live, new) == "A quick dark brown cat jumps over a lazy dog!"


def test_a_word_changed_at_both_ends_of_a_long_note_leaves_the_middle() -> None:
    lines = [f"line {number} of the note\n" for number in range(20_000)]
    old = "".join(lines)
    new = "changed " + "".join(lines[:10_000]) + "one more\n" + "".join(lines[10_000:-1]) + "another end"
    op = assert_leads(old, new)
    assert touched(op) < 100


def test_moved_and_repeated_lines_are_right(rng: random.Random) -> None:
    lines = [rng.choice(["a\n", "b\n", "\n", "c c\n"]) for _ in range(400)]
    shuffled = lines[:]
    rng.shuffle(shuffled)
    assert_leads("".join(lines), "".join(shuffled))
    assert_leads("".join(lines), "".join(lines[200:] + lines[:200]))


def test_texts_beyond_every_limit_are_still_right(rng: random.Random) -> None:
    words = ["".join(rng.choices("abcdefgh", k=rng.randint(1, 9))) for _ in range(2_000)]

    def long_text(separator: str) -> str:
        return "".join([rng.choice(words) + (separator if rng.random() < 0.2 else " ") for _ in range(60_000)])

    for separator in ("\n", ". "):
        old, new = long_text(separator), long_text(separator)
        assert str(Text.of(old).apply(diff(old, new))) == new
    newlines = "\n" * 200_000
    assert str(Text.of(newlines).apply(diff(newlines, f"x{newlines}y"))) == f"x{newlines}y"


OLD_LINES = "alpha beta\ngamma delta\nepsilon zeta\n"
NEW_LINES = "Alpha beta!\ngamma delta\nEpsilon zeta!\n"
FINE = ("A", -1, 9, "!", 13, "E", -1, 11, "!")


def test_within_the_limits_a_diff_is_fine() -> None:
    assert diff(OLD_LINES, NEW_LINES) == FINE
    assert diff(OLD_LINES, NEW_LINES, DiffLimits(lines=3, refined=10 + 11 + 12 + 13 + 4, cells=1_000)) == FINE


def test_beyond_the_limit_of_lines_a_text_is_one_line() -> None:
    words_only = diff(OLD_LINES, NEW_LINES, DiffLimits(lines=2))
    assert applied(OLD_LINES, words_only) == NEW_LINES
    coarse = diff(OLD_LINES, NEW_LINES, DiffLimits(lines=1, refined=0))
    assert coarse == (NEW_LINES[:-1], -len(OLD_LINES[:-1]))


def test_a_text_of_as_many_lines_as_the_limit_is_aligned_by_lines() -> None:
    """What is left without the equal ends holds two line ends."""
    assert diff(OLD_LINES, NEW_LINES, DiffLimits(lines=2, refined=0)) == ("Alpha beta!", -10, 13, "Epsilon zeta!", -12)


def test_up_to_the_limit_of_cells_the_longest_common_row_is_kept_though_something_stands_once() -> None:
    """P stands once in each; the two lines that were moved past it are more."""
    old, new = "P\nx\nx\n1", "x\nx\nP\n2"
    assert diff(old, new, DiffLimits(refined=0, cells=16)) == (-2, 4, "P\n2", -1)
    assert diff(old, new, DiffLimits(refined=0, cells=15)) == ("x\nx\n", 2, "2", -5)


def test_beyond_the_limit_of_characters_lines_are_replaced_whole() -> None:
    first_line_only = diff(OLD_LINES, NEW_LINES, DiffLimits(refined=11 + 12))
    assert first_line_only == ("A", -1, 9, "!", 13, "Epsilon zeta!", -12)
    none = diff(OLD_LINES, NEW_LINES, DiffLimits(refined=11 + 12 - 1))
    assert none == ("Alpha beta!", -10, 13, "Epsilon zeta!", -12)


def test_beyond_the_limit_of_cells_only_what_stands_once_is_aligned() -> None:
    """Seven lines each are 49 cells; above and below P, which stands once, lie three lines: twice 9 cells."""
    old, new = "1\nx\n1\nP\n1\nx\n1\n", "2\nx\n2\nP\n2\nx\n2\n"
    fine = ("2", -1, 3, "2", -1, 3, "2", -1, 3, "2", -1)
    assert diff(old, new, DiffLimits(refined=0, cells=49)) == fine
    assert diff(old, new, DiffLimits(refined=0, cells=18)) == fine
    assert diff(old, new, DiffLimits(refined=0, cells=17)) == ("2", -1, 3, "2", -1, 3, "2\nx\n2", -5)
    assert diff(old, new, DiffLimits(refined=0, cells=8)) == ("2\nx\n2", -5, 3, "2\nx\n2", -5)


def test_what_stands_beside_a_pin_is_aligned_too() -> None:
    old, new = "1\nP\nx\ny\nx\nQ\n1\n", "2\nP\nx\n2\nx\nx\nQ\n2\n"
    assert diff(old, new, DiffLimits(refined=0, cells=25)) == ("2", -1, 5, "2", -1, 3, "x\n", 2, "2", -1)


def longest_common(one: str, other: str) -> int:
    """Length of the longest common subsequence by the textbook's table."""
    row = [0] * (len(other) + 1)
    for character in one:
        above = row
        row = [0]
        for index, candidate in enumerate(other):
            row.append(above[index] + 1 if character == candidate else max(above[index + 1], row[index]))
    return row[-1]


@settings(max_examples=100)
@given(texts(15), texts(15))
def test_common_subsequences_are_longest(one: str, other: str) -> None:
    pairs = lcs_matches(one, other)
    assert len(pairs) == longest_common(one, other)
    assert all(one[left] == other[right] for left, right in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(pairs))


@settings(max_examples=100)
@given(texts(10), texts(5), texts(5))
def test_equal_ends_are_found_whole(shared: str, one: str, other: str) -> None:
    def equal(one: str, other: str) -> int:
        return next((at for at in range(min(len(one), len(other))) if one[at] != other[at]), min(len(one), len(other)))

    assert common_prefix_length(shared + one, shared + other) == equal(shared + one, shared + other)
    assert common_suffix_length(one + shared, other + shared) == equal((one + shared)[::-1], (other + shared)[::-1])


def test_the_longest_rising_choice_is_found(rng: random.Random) -> None:
    for _ in range(200):
        order = rng.sample(range(8), 8)
        chosen = increasing_matches(list(enumerate(order)))
        rising = [
            bits
            for bits in range(1 << 8)
            if (picked := [order[at] for at in range(8) if bits >> at & 1]) == sorted(picked)
        ]
        assert len(chosen) == max(bits.bit_count() for bits in rising)
        assert chosen == sorted(chosen)
        assert [second for _, second in chosen] == sorted(second for _, second in chosen)
    assert increasing_matches([]) == []


def test_what_others_append_behind_a_replaced_word_stays_behind_it() -> None:
    replaced = diff("one two", "one 2")
    appended = (7, " three")
    first = Text.of("one two").apply(appended).apply(transform(replaced, appended, "right"))
    second = Text.of("one two").apply(replaced).apply(transform(appended, replaced, "right"))
    assert str(first) == str(second) == "one 2 three"
