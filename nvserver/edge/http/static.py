"""The browser client: every built file in memory, found by its exact path, with its compressed twins."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOREVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"
ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""By preference: what the build compressed, and how it named it."""
FALLBACK: Final = "200.html"

mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file and its forms by content encoding (`identity` is always there)."""

    content_type: str
    cache_control: str
    etag: str
    forms: Mapping[str, bytes]

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.content_type.startswith("text/html")


class StaticFiles:
    """Files by path. A path that is no file is a page of the client, which routes by itself."""

    def __init__(self, files: Mapping[str, StaticFile]) -> None:
        self._files = files

    @property
    def pages(self) -> tuple[str, ...]:
        """The text of every HTML file."""
        return tuple(file.forms["identity"].decode() for file in self._files.values() if file.is_page)

    def find(self, path: str, *, is_navigation: bool) -> StaticFile | None:
        """The file at a URL path; `/login` is `login.html`; for a browser going to a page, and for
        the root, the client's frame."""
        name = path.removeprefix("/")
        found = self._files.get(name) or self._files.get(f"{name}.html")
        if found is None and (is_navigation or name == "") and not name.startswith("_app/"):
            found = self._files.get("index.html" if name == "" else FALLBACK) or self._files.get(FALLBACK)
        return found


def load_static_files(directory: Path) -> StaticFiles:
    """Read all of the built client; an absent directory is an empty client."""
    compressed = tuple(ENCODINGS.values())
    paths = [path for path in sorted(directory.rglob("*")) if path.is_file() and not path.name.endswith(compressed)]
    return StaticFiles({path.relative_to(directory).as_posix(): _load(path, directory) for path in paths})


def _load(path: Path, directory: Path) -> StaticFile:
    body = path.read_bytes()
    forms = {"identity": body}
    for encoding, suffix in ENCODINGS.items():
        twin = path.with_name(path.name + suffix)
        if twin.exists():
            forms[encoding] = twin.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind in ("application/javascript", "application/json")
    is_immutable = path.is_relative_to(directory / "_app" / "immutable")
    return StaticFile(
        content_type=f"{kind}; charset=utf-8" if is_text else kind,
        cache_control=FOREVER if is_immutable else ASK_FIRST,
        etag=hashlib.blake2b(body, digest_size=12).hexdigest(),
        forms=forms,
    )
