"""Opaque cursors of lists: the sort key of the last item seen, so that a page follows it whatever was inserted since.

They are not signed: whoever makes one up can only choose where in his own list to go on.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from nvserver.edge.http.wire import PageQuery
from nvserver.errors import ValidationFailed
from nvserver.problems import Problem

K = TypeVar("K")
T = TypeVar("T")


def encode_cursor(key: object | None) -> str | None:
    """The cursor behind the item with this sort key; None for the last page."""
    if key is None:
        return None
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, kind: type[K]) -> K | None:
    """The inverse. Raises `ValidationFailed` for what is no cursor of this list."""
    if cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError):
        raise ValidationFailed.at("cursor", "is not a cursor of this list", Problem.MALFORMED) from None


def page_of(items: Iterable[T], key: Callable[[T], tuple[float, str]], query: PageQuery) -> tuple[list[T], str | None]:
    """One page of items that are all at hand, in the order of `key`, and the cursor behind it."""
    after = decode_cursor(query.cursor, tuple[float, str])
    rest = sorted((item for item in items if after is None or key(item) > after), key=key)
    page = rest[: query.limit]
    return page, encode_cursor(key(page[-1]) if len(rest) > len(page) else None)
