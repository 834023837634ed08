"""What is wrong with a body or a query, in the words of whoever sent it: where, and what is expected there.

msgspec tells the place, but names Python's types and shows a pattern instead of what it is for; which choices there are
it does not tell. Those words stand in the declared type, as the OpenAPI document has them too.
"""

import re
from typing import Final, NamedTuple

import msgspec
from msgspec import inspect

from nvserver.problems import Problem

_PLACE: Final = re.compile(r"^(?P<message>.*?) - at `(?P<path>.*)`$", re.DOTALL)
_MISSING: Final = re.compile(r"^Object missing required field `(?P<name>.+)`$")
_EXPECTED: Final = re.compile(r"^Expected `(?P<kinds>[^`]+)`(?P<rest>.*)$", re.DOTALL)
_BOUND: Final = re.compile(r"^ (?P<of_length>of length )?(?P<relation>[<>]=?) (?P<bound>[-0-9.]+)$")
_KINDS: Final = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "uuid": "a UUID",
    "datetime": "a time",
}
_RELATIONS: Final = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_OTHERS: Final = {
    "Invalid UUID": ("must be a UUID", Problem.MALFORMED),
    "Invalid RFC3339 encoded datetime": ("must be a time such as 2026-01-31T12:00:00.000Z", Problem.NOT_A_TIME),
    "Number out of range": ("is too large a number", Problem.OUT_OF_RANGE),
}
_BEYOND: Final = {
    ("str", ">="): Problem.TOO_SHORT,
    ("str", "<="): Problem.TOO_LONG,
    ("array", ">="): Problem.TOO_FEW,
    ("array", "<="): Problem.TOO_MANY,
    ("number", ">="): Problem.TOO_SMALL,
    ("number", "<="): Problem.TOO_LARGE,
}


class Fault(NamedTuple):
    """What `ValidationFailed.at` takes: the place (dotted, empty for the whole), what is wrong there, and its kind."""

    path: str
    message: str
    problem: Problem
    limit: float | None = None


def explain(error: msgspec.ValidationError, kind: type) -> Fault:
    """What is wrong with what should have become a `kind`."""
    place = _PLACE.match(str(error))
    message, path = (place["message"], place["path"]) if place else (str(error), "$")
    steps = re.findall(r"[^.\[\]`$]+", path)
    if missing := _MISSING.match(message):
        return Fault(".".join([*steps, missing["name"]]), "is required", Problem.REQUIRED)
    return Fault(".".join(steps), *_in_words(message, _declared(inspect.type_info(kind), steps)))


def _in_words(message: str, declared: inspect.Type | None) -> tuple[str, Problem] | tuple[str, Problem, float]:
    expected = _EXPECTED.match(message)
    is_choice = message.startswith("Invalid enum value")
    if is_choice or (expected and expected["rest"].startswith(" matching regex")):
        problem = Problem.NOT_OFFERED if is_choice else _problem(declared)
        return f"must be {_description(declared) or 'of another form'}", problem
    if expected is None:
        return _OTHERS.get(message, (message, Problem.MALFORMED))
    kinds, _, got = f"{expected['kinds']}{expected['rest']}".partition(", got ")
    if got:
        wanted = " or ".join(_KINDS.get(one, one) for one in kinds.split(" | "))
        return f"must be {wanted}, not {_KINDS.get(got.strip('`'), got.strip('`'))}", Problem.MALFORMED
    if bound := _BOUND.match(expected["rest"]):
        return _beyond(expected["kinds"], bound)
    return f"must be {_KINDS.get(expected['kinds'], expected['kinds'])}{expected['rest']}", Problem.MALFORMED


def _problem(declared: inspect.Type | None) -> Problem:
    """What a form declares that it means to break it."""
    match declared:
        case inspect.UnionType(types=types):
            return next(
                (found for one in types if (found := _problem(one)) is not Problem.MALFORMED), Problem.MALFORMED
            )
        case inspect.Metadata(type=plain, extra=extra):
            return (extra or {}).get("problem") or _problem(plain)
        case _:
            return Problem.MALFORMED


def _beyond(kinds: str, bound: re.Match[str]) -> tuple[str, Problem] | tuple[str, Problem, float]:
    relation, limit = bound["relation"], float(bound["bound"])
    amount = f"{_RELATIONS[relation]} {bound['bound'].removesuffix('.0')}"
    if bound["of_length"] is None:
        message, of = f"must be {amount}", "number"
    else:
        unit = "character" if kinds == "str" else "element"
        message, of = f"must have {amount} {unit if limit == 1 else unit + 's'}", "str" if kinds == "str" else "array"
    problem = _BEYOND.get((of, relation), Problem.OUT_OF_RANGE)
    if problem is Problem.TOO_SHORT and limit == 1:
        return message, Problem.EMPTY
    if problem is Problem.OUT_OF_RANGE:
        return message, problem
    return message, problem, int(limit) if limit.is_integer() else limit


def _declared(declared: inspect.Type | None, steps: list[str]) -> inspect.Type | None:
    """What is declared at a place; None where that is open."""
    for step in steps:
        declared = _inner(declared, step)
    return declared


def _inner(declared: inspect.Type | None, step: str) -> inspect.Type | None:
    match declared:
        case inspect.Metadata(type=plain):
            return _inner(plain, step)
        case inspect.UnionType(types=types):
            return next((found for one in types if (found := _inner(one, step))), None)
        case inspect.StructType(fields=fields):
            return next((field.type for field in fields if field.encode_name == step), None)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return item
        case _:
            return None


def _description(declared: inspect.Type | None) -> str | None:
    """The choices, or the words that a form is described with."""
    match declared:
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}"
        case inspect.UnionType(types=types):
            return next((found for one in types if (found := _description(one))), None)
        case inspect.Metadata(type=plain, extra_json_schema=schema):
            return (schema or {}).get("description") or _description(plain)
        case _:
            return None
