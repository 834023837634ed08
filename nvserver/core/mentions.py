"""Mentions of people: `@[name](userId)`, in chat, notes and comments alike.

The id says who is meant, because names change and repeat; the name is what clients show. A bare `@name` mentions
nobody.
"""

import re
from typing import Final

from nvserver.core.ot import Operation, Text

_ID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MENTION: Final = re.compile(rf"@\[[^\]\n]{{1,100}}\]\(({_ID})\)")
_MAX_CHARACTERS: Final = 2 + 100 + 2 + 36 + 1


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of those mentioned in `text`, each once, in order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def newly_mentioned(text: Text, op: Operation) -> tuple[str, ...]:
    """The ids of those whose mention `op` completed, by inserting its last character; `text` is what `op` made.

    So a mention that is typed, pasted or picked tells once, and editing beside it tells nobody."""
    found: list[str] = []
    place = 0
    for component in op:
        if isinstance(component, int):
            place += max(component, 0)
            continue
        end = place + len(component)
        if ")" in component:
            start = max(0, place - _MAX_CHARACTERS)
            around = text.slice(start, end)
            found += [match[1] for match in _MENTION.finditer(around) if start + match.end() > place]
        place = end
    return tuple(dict.fromkeys(found))
