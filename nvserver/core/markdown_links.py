"""The links of a Markdown text: found, and led elsewhere. Code stays as it is.

Understood are `[text](target)`, `![text](target "title")`, `[text](<target>)`, the wiki links `[[target#part|text]]`
and `![[target|width]]`, and HTML's `<img src="target">`.
"""

import re
from collections.abc import Callable
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

Resolve: TypeAlias = Callable[[str], str | None]
"""From a link's target, decoded and without its `#part`, to the new target; None: it stays."""

_CODE: Final = re.compile(r"(^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)|`[^`\n]+`)", re.M | re.S)
_LINK: Final = re.compile(
    r"(?P<wiki>!?)\[\[(?P<name>[^\[\]|#\n]+)(?P<part>#[^\[\]|\n]*)?(?:\|(?P<alias>[^\[\]\n]*))?\]\]"
    r"|(?P<head>\]\()(?P<open><?)(?P<target>[^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*|(?<=<)[^<>\n]+)(?P<close>>?)"
    r"(?P<title>\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)"
    r"|(?P<img><img\s[^>]*?src=)(?P<quote>[\"'])(?P<src>[^\"'\n]+)(?P=quote)"
)


def relinked(text: str, resolve: Resolve) -> str:
    """The text with its links led to where `resolve` says."""
    parts = []
    place = 0
    for code in _CODE.finditer(text):
        parts += [_LINK.sub(lambda link: _relinked(link, resolve), text[place : code.start()]), code.group()]
        place = code.end()
    parts.append(_LINK.sub(lambda link: _relinked(link, resolve), text[place:]))
    return "".join(parts)


def _relinked(link: re.Match[str], resolve: Resolve) -> str:
    if link["name"] is not None:
        name = link["name"].strip()
        target = resolve(name)
        if target is None:
            return link.group()
        alias = link["alias"] or ""
        shown = name.rpartition("/")[2] if not alias or (link["wiki"] and alias.isdigit()) else alias
        mark = link["wiki"] if target.startswith("/api/files/") else ""
        return f"{mark}[{shown}]({target}{quote(link['part'] or '', safe='#')})"
    raw = link["target"] or link["src"]
    path, mark, part = raw.partition("#")
    target = resolve(unquote(path)) if path else None
    if target is None:
        return link.group()
    if link["img"] is not None:
        return f"{link['img']}{link['quote']}{target}{link['quote']}"
    return f"{link['head']}{target}{mark}{part}{link['title'] or ''})"
