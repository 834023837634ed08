"""What is wrong with a body or a query is told by its place, and in words that say what to send."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from nvserver.edge.http.decoding import decode_body, decode_query
from nvserver.errors import InvalidJson, ValidationFailed
from nvserver.problems import Problem

Word = Annotated[
    str, Meta(max_length=5, pattern="^[a-z]*$", description="a word", extra={"problem": Problem.BAD_CHARACTERS})
]


class Inner(msgspec.Struct, rename="camel"):
    words: Annotated[tuple[Word, ...], Meta(max_length=2)] = ()
    role: Literal["boss", "clerk"] | None = None


class Shape(msgspec.Struct, rename="camel"):
    needed: bool
    a_word: Word | None | UnsetType = UNSET
    inner: Inner | None = None
    place: tuple[int, int] = (0, 0)
    amount: Annotated[float, Meta(gt=0, le=10)] = 1.0
    name: Annotated[str, Meta(min_length=1)] = "n"
    of: UUID | None = None


@pytest.mark.parametrize(
    ("body", "path", "message", "kind"),
    [
        ("[]", "", "must be an object, not a list", {"code": "MALFORMED"}),
        ("{}", "needed", "is required", {"code": "REQUIRED"}),
        ('{"needed":1}', "needed", "must be true or false, not a whole number", {"code": "MALFORMED"}),
        ('{"needed":true,"aWord":"NO"}', "aWord", "must be a word", {"code": "BAD_CHARACTERS"}),
        (
            '{"needed":true,"aWord":"toolong"}',
            "aWord",
            "must have at most 5 characters",
            {"code": "TOO_LONG", "limit": 5},
        ),
        ('{"needed":true,"aWord":7}', "aWord", "must be a string or null, not a whole number", {"code": "MALFORMED"}),
        (
            '{"needed":true,"inner":{"words":["a",""," "]}}',
            "inner.words.2",
            "must be a word",
            {"code": "BAD_CHARACTERS"},
        ),
        (
            '{"needed":true,"inner":{"words":["a","b","c"]}}',
            "inner.words",
            "must have at most 2 elements",
            {"code": "TOO_MANY", "limit": 2},
        ),
        (
            '{"needed":true,"inner":{"role":"king"}}',
            "inner.role",
            "must be one of boss, clerk",
            {"code": "NOT_OFFERED"},
        ),
        ('{"needed":true,"place":[1]}', "place", "must be a list of length 2", {"code": "MALFORMED"}),
        ('{"needed":true,"place":[1,"2"]}', "place.1", "must be a whole number, not a string", {"code": "MALFORMED"}),
        ('{"needed":true,"amount":0}', "amount", "must be more than 0", {"code": "OUT_OF_RANGE"}),
        ('{"needed":true,"amount":11.5}', "amount", "must be at most 10", {"code": "TOO_LARGE", "limit": 10}),
        ('{"needed":true,"amount":1e999}', "amount", "is too large a number", {"code": "OUT_OF_RANGE"}),
        ('{"needed":true,"name":""}', "name", "must have at least 1 character", {"code": "EMPTY"}),
        ('{"needed":true,"of":"x"}', "of", "must be a UUID", {"code": "MALFORMED"}),
    ],
)
def test_a_wrong_body_is_told_in_words(body: str, path: str, message: str, kind: dict[str, object]) -> None:
    with pytest.raises(ValidationFailed) as caught:
        decode_body(body.encode(), Shape)
    assert caught.value.details == [{"path": path, "message": message} | kind]
    assert caught.value.message == (f"{path}: {message}" if path else message)


def test_a_wrong_query_is_told_in_words() -> None:
    with pytest.raises(ValidationFailed) as caught:
        decode_query({"needed": "true", "amount": "much"}, Shape)
    assert caught.value.details == [
        {"path": "amount", "message": "must be a number, not a string", "code": "MALFORMED"}
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"needed":', "it ends too early"),
        (b'{"aWord":"\\ud800"}', "half of a surrogate pair"),
        (b'{"needed":NaN}', "byte 10"),
        (b'{"aWord":"\xe9"}', "not UTF-8"),
        (b'{"needed":true} x', "trailing characters"),
    ],
)
def test_what_is_no_json_is_told_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidJson, match=reason):
        decode_body(body, Shape)
