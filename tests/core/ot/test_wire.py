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


REFUSED: list[tuple[object, str]] = [
    (None, "list"),
    ("abc", "list"),
    ({"d": 1}, "list"),
    ((1, "a"), "list"),
    (5, "list"),
    ([None], "component"),
    ([True, "a"], "component"),
    ([False], "component"),
    ([1.0, "a"], "component"),
    ([float("nan"), "a"], "component"),
    ([["a"]], "component"),
    ([b"a"], "component"),
    ([-1, "a"], "at least 1"),
    ([0, "a"], "at least 1"),
    ([2**53, "a"], "at most"),
    ([10**5_000, "a"], "at most"),
    ([""], "empty"),
    ([{}], "deletion"),
    ([{"d": 0}], "at least 1"),
    ([{"d": -1}], "at least 1"),
    ([{"d": 2**53}], "at most"),
    ([{"d": 1.0}], "deletion"),
    ([{"d": True}], "deletion"),
    ([{"d": "a"}], "deletion"),
    ([{"d": None}], "deletion"),
    ([{"d": 1, "e": 2}], "deletion"),
    ([{"i": "a"}], "deletion"),
    ([1, 2, "a"], "two skips"),
    (["a", "b"], "two insertions"),
    ([{"d": 1}, {"d": 2}], "two deletions"),
    ([3], "last component"),
    (["a", 3], "last component"),
    (["a\r\n"], "carriage return"),
    (["a\r"], "carriage return"),
    (["a\0"], "NUL"),
    (["\ud83d"], "lone surrogate"),
    (["a\udc00b"], "lone surrogate"),
    (["\ud83d", 1, "\ude00"], "lone surrogate"),
]


@pytest.mark.parametrize(("wire", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_a_malformed_operation_is_refused(wire: object, reason: str) -> None:
    with pytest.raises(OperationError, match=reason):
        from_wire(wire)


def test_a_surrogate_pair_that_json_joined_is_one_character() -> None:
    assert from_wire(json.loads(r'["\ud83d\ude00"]')) == ("😀",)
    with pytest.raises(OperationError, match="lone surrogate"):
        from_wire(json.loads(r'["\ud83d"]'))


def test_components_are_limited() -> None:
    wire = [1, "a", 1, "b"]
    assert from_wire(wire, max_components=4) == (1, "a", 1, "b")
    with pytest.raises(OperationError, match="at most 3"):
        from_wire(wire, max_components=3)
    with pytest.raises(OperationError, match="at most 10000"):
        from_wire(["a", 1] * 5_000 + ["a"])
    assert len(from_wire([1, "a"] * 5_000)) == 10_000


def test_the_message_holds_no_text_of_the_note() -> None:
    for wire in (["secret\r"], ["secret\0"], ["secret\ud800"], ["secret", "secret"], [{"d": "secret"}]):
        with pytest.raises(OperationError) as caught:
            from_wire(wire)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("op", [(0,), ("",), (1, 1, "a"), ("a", "b"), (-1, -1), (1,), ("a", 1), ("a\r",)])
def test_check_refuses_what_is_not_normal(op: Operation) -> None:
    with pytest.raises(OperationError):
        check(op)


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
