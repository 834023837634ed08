"""Characters of which no two are alike, so that a lost or doubled one is seen at once; most need two UTF-16 units."""

import random
from collections.abc import Iterator

from nvserver.core.ot import Operation

_RANGES = (
    range(0x1F300, 0x1F650),  # emoji
    range(0x20000, 0x2A6E0),  # CJK extension B, outside the basic plane
    range(0x30000, 0x3134B),  # CJK extension G
    range(0x4E00, 0xA000),  # CJK
    range(0xE000, 0xF900),  # private use
)
_REST = (range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))  # private use planes


def unlike_characters() -> Iterator[str]:
    """About 210,000 characters, each once: at first two of those outside the basic plane, then one of those inside."""
    outside = (chr(code) for block in _RANGES[:3] for code in block)
    inside = (chr(code) for block in _RANGES[3:] for code in block)
    for first, second, third in zip(outside, outside, inside, strict=False):
        yield from (first, second, third)
    yield from (chr(code) for block in _REST for code in block)


class Typist:
    """Types unlike characters at places of chance, and deletes some; remembers which."""

    def __init__(self, chance: random.Random, characters: Iterator[str], delete_share: float = 0.35) -> None:
        self.typed: set[str] = set()
        self.deleted: set[str] = set()
        self._chance = chance
        self._characters = characters
        self._delete_share = delete_share

    def next_edit(self, text: str) -> Operation:
        """An edit of `text`."""
        place = self._chance.randint(0, len(text))
        skip = (place,) if place else ()
        if place < len(text) and self._chance.random() < self._delete_share:
            count = self._chance.randint(1, min(3, len(text) - place))
            self.deleted.update(text[place : place + count])
            return (*skip, -count)
        inserted = "".join(next(self._characters) for _ in range(self._chance.randint(1, 3)))
        self.typed.update(inserted)
        return (*skip, inserted)
