"""Handing out bytes that strangers made: parts of them (`Range`), caches (`ETag`), and headers that keep them from
acting as pages of ours. RFC 9110, sections 13 and 14; of several ranges the whole is sent."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final, TypeAlias

from nvserver.core.file_names import content_disposition
from nvserver.core.file_types import RASTER_IMAGES
from nvserver.edge.http.routing import Answer, Outgoing
from nvserver.errors import RangeNotSatisfiable

POLICY: Final = "default-src 'none'; sandbox"
_RANGE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")

Read: TypeAlias = Callable[[int, int], AsyncIterator[bytes]]
"""From start to end (exclusive)."""


def safe_headers(mime_type: str, name: str, etag: str, *, is_inline: bool = False) -> tuple[tuple[str, str], ...]:
    """`is_inline` counts for raster images alone: everything else is saved, never shown in place."""
    text = "; charset=utf-8" if mime_type.startswith("text/") else ""
    return (
        ("Content-Type", mime_type + text),
        ("Content-Disposition", content_disposition(name, is_inline=is_inline and mime_type in RASTER_IMAGES)),
        ("Content-Security-Policy", POLICY),
        ("Cache-Control", "private, max-age=0, must-revalidate"),
        ("ETag", f'"{etag}"'),
    )


def is_known(headers: Mapping[str, str], etag: str) -> bool:
    """Whether the caller has this very content already (`If-None-Match`)."""
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return f'"{etag}"' in known or "*" in known


def download(headers: Mapping[str, str], own: tuple[tuple[str, str], ...], etag: str, size: int, read: Read) -> Answer:
    """The answer to a request with `headers`; `own` are those of the answer. Raises
    `RangeNotSatisfiable`."""
    if is_known(headers, etag):
        return Answer(None, 304, own)
    own = (*own, ("Accept-Ranges", "bytes"))
    wanted = headers.get("range", "")
    if headers.get("if-range", f'"{etag}"') != f'"{etag}"':
        wanted = ""
    match = _RANGE.fullmatch(wanted)
    if match is None:
        return Answer(Outgoing(read(0, size)), 200, (*own, ("Content-Length", str(size))))
    start, end = _bounds(match, size)
    if start >= end:
        raise RangeNotSatisfiable(size)
    told = (("Content-Range", f"bytes {start}-{end - 1}/{size}"), ("Content-Length", str(end - start)))
    return Answer(Outgoing(read(start, end)), 206, (*own, *told))


def _bounds(match: re.Match[str], size: int) -> tuple[int, int]:
    """Start and end (exclusive); start >= end for what cannot be satisfied."""
    first, last, suffix = match.groups()
    if suffix is not None:
        return max(0, size - int(suffix)), size
    return int(first), min(size, int(last) + 1) if last else size
