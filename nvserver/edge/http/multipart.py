"""Forms with files (`multipart/form-data`), read as they arrive: no part is ever whole in memory."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final, TypeAlias

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from nvserver.errors import PayloadTooLarge, UnsupportedMediaType, ValidationFailed
from nvserver.problems import Problem

_SLICE_BYTES: Final = 65_536
_MAX_BUFFER_BYTES: Final = 4 * _SLICE_BYTES

FormEvent: TypeAlias = Field | File | Data
"""A part's head, or a piece of the part whose head came last."""


async def form_events(
    content_type: str, chunks: AsyncIterator[bytes], *, max_parts: int
) -> AsyncGenerator[FormEvent, None]:
    """What the form holds, in order. Raises `UnsupportedMediaType`, `PayloadTooLarge`, `ValidationFailed`."""
    mimetype, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if mimetype != "multipart/form-data" or not boundary:
        raise UnsupportedMediaType("Send multipart/form-data")
    decoder = MultipartDecoder(boundary.encode(), _MAX_BUFFER_BYTES, max_parts=max_parts)
    try:
        async for chunk in chunks:
            for start in range(0, len(chunk), _SLICE_BYTES):
                decoder.receive_data(chunk[start : start + _SLICE_BYTES])
                while not isinstance(event := decoder.next_event(), NeedData):
                    if isinstance(event, FormEvent):
                        yield event
        decoder.receive_data(None)
        if isinstance(decoder.next_event(), Epilogue):
            return
    except RequestEntityTooLarge:
        raise PayloadTooLarge("The form has too many parts, or one with too long a head") from None
    except (ValueError, UnicodeError):
        pass
    raise ValidationFailed.at("", "the form is not whole", Problem.MALFORMED)
