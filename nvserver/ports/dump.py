"""A whole store as rows: how a backup leaves one database and enters another."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, TypeAlias

import msgspec

Value: TypeAlias = None | int | float | str | bytes
"""What a column holds, alike from every database; truths are 0 and 1."""

Rows: TypeAlias = Sequence[Sequence[Value]]


class Table(msgspec.Struct, frozen=True):
    """A table with what cannot be derived from others; `rows` is how many it has."""

    name: str
    columns: tuple[str, ...]
    rows: int


class StoreDump(Protocol):
    """All of a store as it was at one moment, read while others write. Every method raises `Unavailable`."""

    async def schema(self) -> int:
        """The number of the newest migration."""
        ...

    async def tables(self) -> Sequence[Table]:
        """In the order in which they were made: what one refers to comes before it."""
        ...

    def rows(self, table: Table) -> AsyncIterator[Rows]:
        """The rows of a table, in pages of at most a few hundred."""
        ...


class StoreLoad(Protocol):
    """Fills an empty store in one transaction."""

    async def schema(self) -> int:
        """The number of the newest migration."""
        ...

    async def has_people(self) -> bool:
        """Whether somebody has an account here: then it is not empty."""
        ...

    async def clear(self, table: Table) -> None:
        """Drop the few rows that a new store has by itself. Raises `ValueError` for a table that is not here or lacks
        one of the columns."""
        ...

    async def add(self, table: Table, rows: Rows) -> None:
        """Put rows in."""
        ...
