"""Bodies and queries, from bytes to the types that a route declares; what is wrong is told by its place."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from nvserver.errors import InvalidJson, ValidationFailed

T = TypeVar("T")

_PLACE: Final = re.compile(r"^(?P<message>.*?) - at `(?P<path>.*)`$", re.DOTALL)
_MISSING: Final = re.compile(r"^Object missing required field `(?P<name>.+)`$")


def decode_body(body: bytes, kind: type[T]) -> T:
    """Raises `InvalidJson`, or `ValidationFailed` with the first fault found."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise _validation_failed(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidJson from None


def decode_query(query: Mapping[str, str], kind: type[T]) -> T:
    """Texts become numbers and booleans where the type says so. Raises `ValidationFailed`."""
    try:
        return msgspec.convert(query, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _validation_failed(str(error)) from None


def _validation_failed(text: str) -> ValidationFailed:
    place = _PLACE.match(text)
    message, path = (place["message"], place["path"]) if place else (text, "$")
    steps = re.findall(r"[^.\[\]`$]+", path)
    if missing := _MISSING.match(message):
        steps, message = [*steps, missing["name"]], "is required"
    return ValidationFailed.at(".".join(steps), message)
