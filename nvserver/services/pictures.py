"""Small pictures of large ones. Everything here decodes what strangers sent: call it in a thread."""

import io
import warnings
from typing import BinaryIO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from nvserver.errors import UnsupportedMediaType

FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")
THUMBNAIL_PIXELS: Final = 320
PREVIEW_PIXELS: Final = 1_600

_BROKEN: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
)


def picture_size(content: BinaryIO, max_pixels: int) -> tuple[int, int] | None:
    """Width and height by the header alone; None for what is no picture or has more than `max_pixels`."""
    content.seek(0)
    try:
        with warnings.catch_warnings(action="error"), Image.open(content, formats=FORMATS) as picture:
            width, height = picture.size
    except _BROKEN:
        return None
    return (width, height) if 0 < width * height <= max_pixels else None


def smaller(content: BinaryIO, pixels: int, max_pixels: int) -> bytes:
    """WebP with at most `pixels` at each side, turned as the camera was held, without its notes of place and time.
    Raises `UnsupportedMediaType` for what is no picture, broken or too large."""
    if picture_size(content, max_pixels) is None:
        raise UnsupportedMediaType("There is no preview of this file")
    content.seek(0)
    small = io.BytesIO()
    try:
        with warnings.catch_warnings(action="error"), Image.open(content, formats=FORMATS) as picture:
            picture.draft("RGB", (pixels, pixels))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((pixels, pixels))
            upright.convert("RGBA" if upright.mode in ("RGBA", "LA", "P", "PA") else "RGB").save(
                small, "WEBP", quality=80
            )
    except _BROKEN:
        raise UnsupportedMediaType("There is no preview of this file") from None
    return small.getvalue()
