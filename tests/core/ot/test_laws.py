"""The laws that make copies converge, by Hypothesis and by a plain random loop."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nvserver.core.ot import Operation, OperationError, Side, Text, check, compose, invert, normalize, transform
from tests.core.ot.generators import (
    edits,
    number_of_cases,
    operations,
    random_operation,
    random_text,
    texts,
)
from tests.core.ot.model import applied, is_normal, merged

laws = settings(max_examples=100)


def assert_concurrent_edits_merge(text: str, one: Operation, other: Operation) -> None:
    """Both orders end at the text that the model tells, `one` being left (TP1 and intention at once)."""
    expected = merged(text, one, other)
    other_after = transform(other, one, "right")
    one_after = transform(one, other, "left")
    assert applied(applied(text, one), other_after) == expected
    assert applied(applied(text, other), one_after) == expected
    assert is_normal(other_after)
    assert is_normal(one_after)


def assert_composed(text: str, first: Operation, second: Operation) -> None:
    both = compose(first, second)
    assert applied(text, both) == applied(applied(text, first), second)
    assert is_normal(both)


def assert_passes_as_one(op: Operation, first: Operation, second: Operation) -> None:
    one_by_one = transform(transform(op, first, "right"), second, "right")
    assert transform(op, compose(first, second), "right") == one_by_one


def assert_taken_back(text: str, op: Operation) -> None:
    inverse = invert(op, Text.of(text))
    assert applied(applied(text, op), inverse) == text
    assert is_normal(inverse)


@laws
@given(edits())
def test_the_two_models_agree(case: tuple[str, Operation, Operation]) -> None:
    text, op, _ = case
    assert applied(text, op) == merged(text, op, ()) == merged(text, (), op)


@laws
@given(edits())
def test_concurrent_edits_end_at_one_text(case: tuple[str, Operation, Operation]) -> None:
    assert_concurrent_edits_merge(*case)


@laws
@given(st.data())
def test_composing_is_doing_one_after_the_other(data: st.DataObject) -> None:
    text = data.draw(texts())
    first = data.draw(operations(len(text)))
    second = data.draw(operations(len(applied(text, first))))
    assert_composed(text, first, second)


@laws
@given(st.data())
def test_composing_is_associative(data: st.DataObject) -> None:
    text = data.draw(texts())
    row: list[Operation] = []
    for _ in range(3):
        row.append(data.draw(operations(len(text))))
        text = applied(text, row[-1])
    one, two, three = row
    assert compose(compose(one, two), three) == compose(one, compose(two, three))


@laws
@given(st.data())
def test_an_operation_passes_two_as_it_passes_their_composition(data: st.DataObject) -> None:
    """A slow client is sent edits composed, while the server transformed its edit in flight over them one by one. It
    holds for what comes as "right" alone: two insertions at one place have no order that another could come between."""
    text = data.draw(texts())
    op = data.draw(operations(len(text)))
    first = data.draw(operations(len(text)))
    second = data.draw(operations(len(applied(text, first))))
    assert_passes_as_one(op, first, second)


@laws
@given(edits())
def test_an_operation_is_taken_back_by_its_inverse(case: tuple[str, Operation, Operation]) -> None:
    text, op, _ = case
    assert_taken_back(text, op)


@pytest.mark.parametrize(("text", "op"), [("", (-1,)), ("abc", (4, "x")), ("abc", (2, -2))])
def test_what_does_not_fit_the_text_has_no_inverse(text: str, op: Operation) -> None:
    with pytest.raises(OperationError, match=r"^the operation reaches past the end of the text$"):
        invert(op, Text.of(text))


@laws
@given(edits())
def test_doing_nothing_changes_nothing(case: tuple[str, Operation, Operation]) -> None:
    _, op, _ = case
    sides: tuple[Side, Side] = ("left", "right")
    for side in sides:
        assert transform(op, (), side) == op
        assert transform((), op, side) == ()
    assert compose(op, ()) == compose((), op) == op


@laws
@given(st.lists(st.integers(-3, 3) | texts(2)))
def test_normalizing_keeps_the_meaning(components: list[int | str]) -> None:
    length = sum(abs(part) for part in components if isinstance(part, int))
    text = "".join(chr(0x4E00 + index) for index in range(length))
    op = normalize(components)
    assert is_normal(op)
    check(op)
    assert applied(text, op) == applied(text, tuple(components))
    assert normalize(op) == op


def test_laws_hold_for_many_random_cases(rng: random.Random) -> None:
    for number in range(number_of_cases()):
        text = random_text(rng, 10)
        one, other = random_operation(rng, len(text)), random_operation(rng, len(text))
        following = random_operation(rng, len(applied(text, one)))
        try:
            assert str(Text.of(text).apply(one)) == applied(text, one)
            assert_concurrent_edits_merge(text, one, other)
            assert_composed(text, one, following)
            assert_passes_as_one(other, one, following)
            assert_taken_back(text, one)
        except AssertionError as error:
            error.add_note(f"case {number}: {text=} {one=} {other=} {following=}")
            raise
