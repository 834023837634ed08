"""What comes from outside: every malformed shape is refused with a reason, everything else survives the way."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nvserver.core.ot import (
    Operation,
    OperationError,
    base_length,
    check,
    check_text,
    from_wire,
    length_delta,
    to_wire,
)
from tests.core.ot.generators import edits
from tests.core.ot.model import applied


@pytest.mark.parametrize(
    ("wire", "op"),
    [
        ([], ()),
        ([1234, "a"], (1234, "a")),
        (["a"], ("a",)),
        ([{"d": 3}], (-3,)),
        ([2**53 - 1, {"d": 2**53 - 1}], (2**53 - 1, 1 - 2**53)),
        ([2, {"d": 1}, "é😀", 5, {"d": 7}], (2, -1, "é😀", 5, -7)),
        (["a", {"d": 1}, "b"], ("a", -1, "b")),
    ],
)
def test_an_operation_has_a_wire_form(wire: list[Any], op: Operation) -> None:
    assert from_wire(wire) == op
    assert to_wire(op) == wire


LIST = "an operation is a list of components"
COMPONENT = 'a component is a positive integer, a string or {"d": n}'
DELETION = 'a deletion is {"d": n} with an integer n'
COUNT = "a skip or a deletion is at least 1 and at most 9007199254740991"
CARRIAGE_RETURN = "text holds a carriage return; lines end in LF only"
NUL = "text holds a NUL character"
SURROGATE = "text holds a lone surrogate"

REFUSED: list[tuple[object, str]] = [
    (None, LIST),
    ("abc", LIST),
    ({"d": 1}, LIST),
    ((1, "a"), LIST),
    (5, LIST),
    ([None], COMPONENT),
    ([True, "a"], COMPONENT),
    ([False], COMPONENT),
    ([1.0, "a"], COMPONENT),
    ([float("nan"), "a"], COMPONENT),
    ([["a"]], COMPONENT),
    ([b"a"], COMPONENT),
    ([-1, "a"], COUNT),
    ([0, "a"], COUNT),
    ([2**53, "a"], COUNT),
    ([10**5_000, "a"], COUNT),
    ([{"d": 0}], COUNT),
    ([{"d": -1}], COUNT),
    ([{"d": 2**53}], COUNT),
    ([{}], DELETION),
    ([{"d": 1.0}], DELETION),
    ([{"d": True}], DELETION),
    ([{"d": "a"}], DELETION),
    ([{"d": None}], DELETION),
    ([{"d": 1, "e": 2}], DELETION),
    ([{"i": "a"}], DELETION),
    ([{"D": 1}], DELETION),
    ([""], "an insertion is empty"),
    ([1, 2, "a"], "two skips stand side by side"),
    (["a", "b"], "two insertions stand side by side"),
    ([{"d": 1}, {"d": 2}], "two deletions stand side by side"),
    ([3], "the last component is a skip"),
    (["a", 3], "the last component is a skip"),
    (["a\r\n"], CARRIAGE_RETURN),
    (["a\r"], CARRIAGE_RETURN),
    (["a\0"], NUL),
    (["\ud83d"], SURROGATE),
    (["a\udc00b"], SURROGATE),
    (["\ud83d", 1, "\ude00"], SURROGATE),
]


@pytest.mark.parametrize(("wire", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_malformed_operation_is_refused(wire: object, message: str) -> None:
    with pytest.raises(OperationError) as caught:
        from_wire(wire)
    assert str(caught.value) == message


def test_a_surrogate_pair_that_json_joined_is_one_character() -> None:
    assert from_wire(json.loads(r'["\ud83d\ude00"]')) == ("😀",)
    with pytest.raises(OperationError, match=SURROGATE):
        from_wire(json.loads(r'["\ud83d"]'))


def test_components_are_limited() -> None:
    wire = [1, "a", 1, "b"]
    assert from_wire(wire, max_components=4) == (1, "a", 1, "b")
    with pytest.raises(OperationError, match=r"^an operation has at most 3 components$"):
        from_wire(wire, max_components=3)
    with pytest.raises(OperationError, match=r"^an operation has at most 10000 components$"):
        from_wire(["a", 1] * 5_000 + ["a"])
    assert len(from_wire([1, "a"] * 5_000)) == 10_000


def test_the_message_holds_no_text_of_the_note() -> None:
    for wire in (["secret\r"], ["secret\0"], ["secret\ud800"], ["secret", "secret"], [{"d": "secret"}]):
        with pytest.raises(OperationError) as caught:
            from_wire(wire)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("op", "message"),
    [
        ((0,), "a skip or a deletion is zero"),
        (("a", 0), "a skip or a deletion is zero"),
        (("",), "an insertion is empty"),
        ((1, 1, "a"), "two skips stand side by side"),
        ((-1, -1), "two deletions stand side by side"),
        (("a", "b"), "two insertions stand side by side"),
        ((1,), "the last component is a skip"),
        (("a\r",), CARRIAGE_RETURN),
    ],
)
def test_check_refuses_what_is_not_normal(op: Operation, message: str) -> None:
    with pytest.raises(OperationError) as caught:
        check(op)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["", "plain\n", "é 中 😀 👩\u200d💻 e\u0301", "\ufeff", "\uffff", "\U0010ffff"])
def test_text_that_may_stand_in_a_note(text: str) -> None:
    check_text(text)


@settings(max_examples=100)
@given(edits())
def test_every_operation_survives_json(case: tuple[str, Operation, Operation]) -> None:
    for op in case[1:]:
        check(op)
        assert from_wire(json.loads(json.dumps(to_wire(op)))) == op


@settings(max_examples=100)
@given(edits())
def test_lengths_are_those_of_the_texts(case: tuple[str, Operation, Operation]) -> None:
    text, op, _ = case
    assert length_delta(op) == len(applied(text, op)) - len(text)
    least = base_length(op)
    assert least <= len(text)
    assert applied(text[:least], op) + text[least:] == applied(text, op)


@settings(max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["d", "i", ""]), inner),
    )
)
def test_nothing_but_an_operation_or_its_refusal_comes_out(wire: object) -> None:
    try:
        op = from_wire(wire)
    except OperationError:
        return
    assert to_wire(op) == wire
    check(op)
