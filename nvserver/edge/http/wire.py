"""What the shapes of the REST API have in common: names, times, texts, pages."""

from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from nvserver.errors import ValidationFailed
from nvserver.problems import Problem

END = r"(?![\s\S])"
"""The end of the text; `$` would allow a line break behind it. Means the same in JSON Schema."""

ONE_LINE = rf"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*{END}"
A_LINE = "one line of text that is not blank"
"""What a pattern means stands in `description`: errors and the OpenAPI document say it."""

Name: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=ONE_LINE, description=A_LINE, extra={"problem": Problem.EMPTY})
]
Title: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=rf"^[^\x00-\x1f\x7f]*{END}",
        description="one line of text",
        extra={"problem": Problem.BAD_CHARACTERS},
    ),
]
Tag: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, description=A_LINE, extra={"problem": Problem.EMPTY})
]
Tags: TypeAlias = Annotated[tuple[Tag, ...], Meta(max_length=50)]
Icon: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, description=A_LINE, extra={"problem": Problem.EMPTY})
]
Color: TypeAlias = Annotated[
    str,
    Meta(
        max_length=32,
        pattern=rf"^(#[0-9a-fA-F]{{3,8}}|[a-z][a-z0-9-]*){END}",
        description="a colour as #rrggbb, or a name in lower case",
    ),
]
Paragraph: TypeAlias = Annotated[
    str,
    Meta(
        max_length=2000,
        pattern=rf"^[^\x00]*{END}",
        description="text without NUL",
        extra={"problem": Problem.BAD_CHARACTERS},
    ),
]
Email: TypeAlias = Annotated[str, Meta(min_length=3, max_length=254)]
GivenRole: TypeAlias = Literal["owner", "admin", "member", "viewer"]
"""`owner` has the right form; the actor refuses it, because ownership is handed over instead."""

Milliseconds: TypeAlias = Annotated[int, Meta(ge=0, lt=2**53)]
"""Since 1970 UTC."""

SecretToken: TypeAlias = Annotated[str, Meta(min_length=1, max_length=256)]

Limit: TypeAlias = Annotated[int, Meta(ge=1, le=100)]
Cursor: TypeAlias = Annotated[str, Meta(max_length=1024)]


class PageQuery(msgspec.Struct, frozen=True, rename="camel"):
    """Which part of a list."""

    limit: Limit = 50
    cursor: Cursor | None = None


def iso_time(milliseconds: int) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def optional_iso_time(milliseconds: int | None) -> str | None:
    """`iso_time`, None for None."""
    return None if milliseconds is None else iso_time(milliseconds)


def milliseconds(moment: datetime | None) -> int | None:
    """The inverse; a moment with a zone."""
    return None if moment is None else int(moment.timestamp() * 1000)


def checked_url(url: str, path: str) -> str:
    """The URL. Raises `ValidationFailed`, at `path`, for one with a host or port that is none, as `http://[x`."""
    try:
        parts = urlsplit(url)
        is_good = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise ValidationFailed.at(path, "is not a URL", Problem.NOT_A_URL)
    return url


def with_line_feeds(text: str) -> str:
    """The text with LF as its only line break, which is how notes are kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
