"""Time and fresh ids, handed in so that a test decides both."""

from collections.abc import Callable
from typing import TypeAlias

NowMs: TypeAlias = Callable[[], int]
"""The wall clock: milliseconds since 1970 UTC. It may jump; nothing that must be in order is ordered by it."""

Seconds: TypeAlias = Callable[[], float]
"""A monotonic clock, in seconds since any moment."""

NewId: TypeAlias = Callable[[], str]
"""A UUID string that nobody had before and nobody can guess."""
