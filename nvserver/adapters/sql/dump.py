"""What the backups of both databases share: which tables are dumped, and the texts that read and fill them."""

from collections.abc import Iterable, Sequence
from typing import Final

from nvserver.ports.dump import Table

PAGE_ROWS: Final = 250

_DERIVED: Final = ("search_", "sqlite_", "schema_migrations")
"""Starts of the names of tables that a store makes anew: the search index follows the log."""


def is_dumped(table: str) -> bool:
    """Whether the table holds what nothing else tells."""
    return not table.startswith(_DERIVED)


def select_text(table: str, columns: Sequence[str]) -> str:
    """Reads all rows. The names come from the database itself."""
    return f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(table)}"


def count_text(table: str) -> str:
    """Counts the rows."""
    return f"SELECT count(*) FROM {_quoted(table)}"


def insert_text(table: Table) -> str:
    """Puts one row in (SQLite's placeholders)."""
    places = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {_quoted(table.name)} ({', '.join(map(_quoted, table.columns))}) VALUES ({places})"


def delete_text(table: str) -> str:
    """Drops all rows."""
    return f"DELETE FROM {_quoted(table)}"


def check_columns(table: Table, existing: Iterable[str]) -> None:
    """Raises `ValueError` for a table that does not exist here or lacks a column."""
    if missing := sorted(set(table.columns) - set(existing)):
        raise ValueError(f"the store has no {table.name}.{missing[0]}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
