"""The processes of one test run share folders: what they install there they install one after the other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKS = Path(__file__).parent.parent.parent / ".cache" / "locks"


@contextmanager
def turn_at(folder: Path) -> Iterator[None]:
    """Waits until no other process is at it; the operating system ends the turn of one that dies."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    with (LOCKS / "-".join(folder.absolute().parts[1:])).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
