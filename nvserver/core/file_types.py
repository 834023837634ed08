"""What a file is, by its first bytes: a name and what the sender says of it may lie."""

from typing import Final

HEAD_BYTES: Final = 4_096

RASTER_IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What browsers may show in place: nothing in them can run."""

_MAGIC: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftyp", "video/mp4"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
)

_OFFICE: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "epub": "application/epub+zip",
}

_TEXTS: Final = {"md": "text/markdown", "markdown": "text/markdown", "csv": "text/csv", "json": "application/json"}
"""Kinds of plain text that a name may choose between. HTML, SVG and scripts are plain text here."""


PREVIEWED_TEXTS: Final = frozenset({"text/plain", *_TEXTS.values()})


def sniff(head: bytes, name: str) -> str:
    """The media type of a file that starts with `head` (its first 4,096 bytes)."""
    extension = name.rpartition(".")[2].lower()
    for offset, magic, mime_type in _MAGIC:
        if head.startswith(magic, offset):
            return _OFFICE.get(extension, mime_type) if mime_type == "application/zip" else mime_type
    if b"\x00" in head or not _is_utf8(head):
        return "application/octet-stream"
    return _TEXTS.get(extension, "text/plain")


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(head) >= HEAD_BYTES - 3
    return True
