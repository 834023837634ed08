"""Numbered SQL files that bring a store from one schema to the next, and what a store says it has.

A file is `NNNN_name.sql` in the adapter's package `migrations`. A published file never changes: the store keeps its
checksum and a differing one is refused. Statements end with `;` at the end of a line: they are run one by one.
"""

import hashlib
import importlib.resources
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nvserver.adapters.sql.database import Database, Statement
from nvserver.errors import OperatorError


class StoreRefused(OperatorError):
    """The store cannot be used as it is; the message says in a sentence what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. `checksum` is the hex SHA-256 of the file."""

    version: int
    name: str
    sql: str
    checksum: str

    @property
    def statements(self) -> Sequence[str]:
        """Its statements, one by one; none for a text of comments only."""
        return [part for part in self.sql.split(";\n") if _says_something(part)]


def _says_something(part: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("--") for line in part.splitlines())


def load_migrations(package: str) -> tuple[Migration, ...]:
    """The migrations beside `package`, in order. Their numbers have no gap."""
    folder = importlib.resources.files(package) / "migrations"
    found = []
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name):
        number, _, name = file.name.removesuffix(".sql").partition("_")
        sql = file.read_text("utf-8")
        found.append(Migration(int(number), name, sql, hashlib.sha256(sql.encode()).hexdigest()))
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations of {package} are not numbered 1, 2, 3…")
    return tuple(found)


def pending(known: Sequence[Migration], applied: Mapping[int, str]) -> Sequence[Migration]:
    """Those of `known` that are not in `applied` (version → checksum). Raises `StoreRefused` for a store of a newer
    program or of other migrations than ours."""
    newer = max(applied, default=0)
    if newer > len(known):
        raise StoreRefused(
            f"the store has schema {newer}, this program knows {len(known)}: start the newer NoteVault that made it"
        )
    for migration in known:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise StoreRefused(
                f"the store was migrated by another text of migration {migration.version:04}_{migration.name}: "
                "it belongs to another program; name the right database"
            )
    return [migration for migration in known if migration.version not in applied]


def check_cluster(found: str, expected: str | None) -> None:
    """Raise `StoreRefused` when the store belongs to another cluster than the one `expected` (None: any)."""
    if expected is not None and found != expected:
        raise StoreRefused(f"the store belongs to cluster {found}, not to {expected}: name the right database")


async def cluster_id_of(database: Database) -> str:
    """The id that was drawn when the store was made."""
    rows = await database.read(Statement("SELECT value FROM meta WHERE key = 'cluster_id'"))
    return str(rows[0][0])
