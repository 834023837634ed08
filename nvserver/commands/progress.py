"""How far a long command is: one line on a terminal that is written over, nothing elsewhere."""

import sys
import time
from typing import Final, Self

_WIDTH: Final = 24
_EVERY_SECONDS: Final = 0.1


class Progress:
    """Told what is being done and how far it is; cleared away at the end."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")

    def __call__(self, name: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._is_shown or (now < self._next and done < total):
            return
        self._next = now + _EVERY_SECONDS
        filled = _WIDTH * done // total if total else _WIDTH
        bar = "█" * filled + "·" * (_WIDTH - filled)
        sys.stderr.write(f"\r\x1b[K{bar} {name}: {done:,} of {total:,}")
        sys.stderr.flush()
