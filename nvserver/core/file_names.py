"""Names of files: as they came, but for what could fool a person or a file system; and in a header."""

import re
from typing import Final
from urllib.parse import quote

MAX_NAME_BYTES: Final = 200

_UNSAFE: Final = re.compile(
    '[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff"*:<>?|]+'
)
_DEVICE: Final = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(raw: str) -> str:
    """The last part of the path that `raw` may be, without signs that steer or hide, at most 200 bytes of UTF-8, its
    extension kept. Never empty, never a name that means something to a file system."""
    name = _UNSAFE.sub("", re.split(r"[/\\]", raw)[-1]).strip(" .")
    if _DEVICE.match(name):
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    room = MAX_NAME_BYTES - len(f"{dot}{extension}".encode())
    return (stem.encode()[:room].decode(errors="ignore").rstrip(" .") + dot + extension) or "file"


def content_disposition(name: str, *, is_inline: bool) -> str:
    """The header (RFC 6266): the name in ASCII for old programs, and as it is."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    kind = "inline" if is_inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
