"""The headers that every answer of the server carries, whoever made it."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final, TypeAlias

RawHeaders: TypeAlias = tuple[tuple[bytes, bytes], ...]
YEAR_SECONDS: Final = 31_536_000


def security_headers(pages: Iterable[str], origins: Iterable[str] = ()) -> RawHeaders:
    """`pages`: the HTML that is served; only the inline scripts in it may run. `origins`: servers besides this one that
    its pages may open sockets to, such as the other nodes."""
    sockets = "".join(f" ws{origin.removeprefix('http')}" for origin in origins)
    scripts = "".join(f" '{hash_source}'" for page in pages for hash_source in inline_script_hashes(page))
    policy = (
        f"default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; connect-src 'self'{sockets}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    return (
        (b"content-security-policy", policy.encode()),
        (b"strict-transport-security", f"max-age={YEAR_SECONDS}; includeSubDomains".encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    )


def inline_script_hashes(page: str) -> tuple[str, ...]:
    """`sha256-…` of every inline script in the page, as CSP level 3 wants it."""
    finder = _InlineScripts()
    finder.feed(page)
    finder.close()
    return tuple(f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}" for text in finder.scripts)


class _InlineScripts(HTMLParser):
    """Collects the text of scripts that stand in the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = tag == "script" and all(name != "src" for name, _ in attrs)
        if self._is_inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False
