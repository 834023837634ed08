"""All there is at small scope: every text up to three characters, every pair of operations of one or two components."""

from itertools import product

from nvserver.core.ot import Component, Operation, Text, compose, invert, normalize, transform
from tests.core.ot.model import applied, merged

CHARACTERS = ["a", "b", "😀"]
INSERTIONS = ["a", "b", "😀"]


def small_texts() -> list[str]:
    return ["".join(row) for length in range(4) for row in product(CHARACTERS, repeat=length)]


def small_operations(length: int) -> list[Operation]:
    """All operations in normal form of at most two components that fit a text of `length` characters."""
    counts = [count for size in range(1, length + 1) for count in (size, -size)]
    components: list[Component] = [*INSERTIONS, *counts]
    rows: list[Operation] = [(), *product(components), *product(components, components)]
    fitting = [op for op in rows if sum(abs(part) for part in op if isinstance(part, int)) <= length]
    return [op for op in fitting if normalize(op) == op]


def test_the_scope_is_as_large_as_it_can_be_counted() -> None:
    # Length 1: nothing; one of three insertions; a deletion; skip then insertion; deletion and insertion, both orders.
    assert len(small_operations(1)) == 1 + 3 + 1 + 3 + 2 * 3
    assert len(small_texts()) == 1 + 3 + 9 + 27


def test_every_pair_of_edits_converges() -> None:
    for text in small_texts():
        operations = small_operations(len(text))
        for one, other in product(operations, operations):
            expected = merged(text, one, other)
            assert applied(applied(text, one), transform(other, one, "right")) == expected, (text, one, other)
            assert applied(applied(text, other), transform(one, other, "left")) == expected, (text, one, other)


def test_every_row_of_two_edits_composes_and_is_taken_back() -> None:
    for text in small_texts():
        for first in small_operations(len(text)):
            after = applied(text, first)
            assert str(Text.of(text).apply(first)) == after
            assert applied(after, invert(first, Text.of(text))) == text
            for second in small_operations(len(after)):
                assert applied(text, compose(first, second)) == applied(after, second), (text, first, second)
