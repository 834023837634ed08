"""Errors on the wire: one shape for all, and nothing of ours in it."""

from math import ceil
from typing import Any
from uuid import uuid4

import msgspec

from nvserver.edge.http.wire import iso_time
from nvserver.errors import (
    Internal,
    NoteVaultError,
    RangeNotSatisfiable,
    RateLimited,
    TokenExpired,
    Unauthenticated,
    Unavailable,
)
from nvserver.problems import Problem


class FieldProblem(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One of the `details` of `VALIDATION_FAILED`. `path` is dotted, and empty for the whole; `message` is English;
    `limit`: the most or the least there may be, for the codes that speak of an amount."""

    path: str
    message: str
    code: Problem
    limit: float | msgspec.UnsetType = msgspec.UNSET


class ErrorBody(msgspec.Struct, frozen=True, rename="camel"):
    """`code` is for programs, `message` for people; `timestamp` is ISO 8601. `details` of `VALIDATION_FAILED` are a
    list of `FieldProblem`."""

    code: str
    message: str
    details: Any
    timestamp: str
    request_id: str


class ErrorAnswer(msgspec.Struct, frozen=True):
    """What every error is answered with."""

    error: ErrorBody


def fresh_request_id() -> str:
    """An id to find a request by in the logs."""
    return f"req_{uuid4().hex[:16]}"


def error_answer(error: NoteVaultError, request_id: str, now_ms: int) -> ErrorAnswer:
    """The error as its caller may see it."""
    return ErrorAnswer(ErrorBody(error.code, error.message, error.details, iso_time(now_ms), request_id))


def error_headers(error: NoteVaultError) -> dict[str, str]:
    """The headers that belong to the error's status."""
    match error:
        case RateLimited():
            return {"Retry-After": str(max(1, ceil(error.retry_after_seconds)))}
        case Unavailable():
            return {"Retry-After": "1"}
        case RangeNotSatisfiable():
            return {"Content-Range": f"bytes */{error.size_bytes}"}
        case Unauthenticated() | TokenExpired():
            return {"WWW-Authenticate": "Bearer"}
        case _:
            return {}


def known_error(error: Exception) -> NoteVaultError:
    """The error itself, or `Internal` for what nobody expected."""
    return error if isinstance(error, NoteVaultError) else Internal()
