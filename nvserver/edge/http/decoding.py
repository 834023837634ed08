"""Bodies and queries, from bytes to the types that a route declares; what is wrong is told by its place."""

from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from nvserver.edge.http.explaining import explain
from nvserver.errors import InvalidJson, ValidationFailed

T = TypeVar("T")

_WORDS: Final = {"Input data was truncated": "it ends too early, or has half of a surrogate pair"}


def decode_body(body: bytes, kind: type[T]) -> T:
    """Raises `InvalidJson`, or `ValidationFailed` with the first fault found."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise ValidationFailed.at(*explain(error, kind)) from None
    except msgspec.DecodeError as error:
        raise InvalidJson(f"The body is not valid JSON: {_WORDS.get(str(error), str(error))}") from None
    except UnicodeDecodeError:
        raise InvalidJson("The body is not valid JSON: it is not UTF-8") from None
    except RecursionError:
        raise InvalidJson("The body is not valid JSON: it is nested too deeply") from None


def decode_query(query: Mapping[str, str], kind: type[T]) -> T:
    """Texts become numbers and booleans where the type says so. Raises `ValidationFailed`."""
    try:
        return msgspec.convert(query, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValidationFailed.at(*explain(error, kind)) from None
