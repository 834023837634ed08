"""The little that the shared SQL needs of a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = Sequence[Any]
"""One row of an answer: its columns in the order of the text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A text and the arguments of its `$1`, `$2`…"""

    sql: str
    arguments: tuple[object, ...] = ()


class Database(Protocol):
    """Runs statements. Both methods raise `Unavailable` when the database is away, full, locked or too slow."""

    async def read(self, statement: Statement) -> Sequence[Row]:
        """The rows of one statement that changes nothing."""
        ...

    async def write(self, *statements: Statement) -> Sequence[Sequence[Row]]:
        """Run the statements in one transaction; the rows of each. It is durable when this returns. When it raises
        `Unavailable` the outcome is unknown. There is no way to decide between two statements on purpose: a
        transaction that waits for our side would hold its locks while we are paused."""
        ...
