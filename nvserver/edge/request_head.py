"""The head of an HTTP/1.1 request, as far as the front door must understand it.

Stricter than the HTTP server behind it (CRLF only, one way to tell the body's length): what passes means the same to
both, so no request can hide in the body of another.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from nvserver.errors import BadRequest, CallerError

HEAD_END: Final = b"\r\n\r\n"
_REQUEST_LINE: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) ([!-~]+) HTTP/1\.([01])")
_HEADER_LINE: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00-\x08\x0a-\x1f\x7f]*)")
_LENGTH: Final = re.compile(r"[0-9]{1,15}")


class BadHead(Exception):
    """The head cannot be accepted; `error` answers it and the connection is closed."""

    def __init__(self, reason: str, kind: type[CallerError] = BadRequest) -> None:
        super().__init__(reason)
        self.error = kind(reason)


@dataclass(frozen=True, slots=True)
class RequestHead:
    """Header names are lower case, values Latin-1; `minor_version` is that of HTTP/1. `body_bytes` is None when the
    body tells its own end (chunked)."""

    method: str
    target: str
    minor_version: int
    headers: tuple[tuple[str, str], ...]
    body_bytes: int | None
    raw: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The one value under `name` (lower case), None when absent. Raises BadHead when there are several."""
        values = self.values(name)
        if len(values) > 1:
            raise BadHead(f"The header {name} is given twice")
        return values[0] if values else None

    def values(self, name: str) -> list[str]:
        """All values under `name` (lower case)."""
        return [value for key, value in self.headers if key == name]

    def tokens(self, name: str) -> set[str]:
        """The comma-separated words of all values under `name`, in lower case."""
        return {token.strip().lower() for value in self.values(name) for token in value.split(",")}


def parse_head(raw: bytes) -> RequestHead:
    """Parse bytes that end with the first empty line. Raises BadHead."""
    request_line, *header_lines = raw[: -len(HEAD_END)].split(b"\r\n")
    request = _REQUEST_LINE.fullmatch(request_line)
    if request is None:
        raise BadHead("The request line is malformed")
    headers: list[tuple[str, str]] = []
    for line in header_lines:
        header = _HEADER_LINE.fullmatch(line)
        if header is None:
            raise BadHead("A header line is malformed")
        headers.append((header[1].decode().lower(), header[2].strip(b" \t").decode("latin-1")))
    head = RequestHead(request[1].decode(), request[2].decode(), int(request[3]), tuple(headers), None, raw)
    return replace(head, body_bytes=_body_bytes(head))


def _body_bytes(head: RequestHead) -> int | None:
    length, coding = head.header("content-length"), head.header("transfer-encoding")
    if coding is not None:
        if length is not None or coding.lower() != "chunked":
            raise BadHead("Tell the body's length by Content-Length, or send it chunked and nothing else")
        return None
    if length is None:
        return 0
    if _LENGTH.fullmatch(length) is None:
        raise BadHead("Content-Length is not a number")
    return int(length)
