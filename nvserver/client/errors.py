"""What goes wrong."""

from typing import Any

import httpx
import msgspec


class ApiError(Exception):
    """A refusal. `code` is stable and for programs (`NOTE_NOT_FOUND`), the message for people; `request_id` finds the
    request in the server's log; `retry_after`: seconds, where the server says so."""

    def __init__(
        self, status: int, code: str, message: str, details: Any, request_id: str | None, retry_after: float | None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.request_id = request_id
        self.retry_after = retry_after


class _Body(msgspec.Struct):
    code: str
    message: str
    details: Any = None


class _Answer(msgspec.Struct):
    error: _Body


def error_of(response: httpx.Response) -> ApiError:
    """The error of an answer that was read; what is no answer of NoteVault's (a proxy's page) becomes `UNAVAILABLE`."""
    try:
        body = msgspec.json.decode(response.content, type=_Answer).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = _Body("UNAVAILABLE", response.reason_phrase)
    wait = response.headers.get("Retry-After", "")
    return ApiError(
        response.status_code,
        body.code,
        body.message,
        body.details,
        response.headers.get("X-Request-Id"),
        float(wait) if wait.isdecimal() else None,
    )
