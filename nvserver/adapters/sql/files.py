"""Files on SQL: one text for both databases. Written with the op log, see `index_rows.py`."""

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

import msgspec

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.core.model import FileInfo

FileRow: TypeAlias = tuple[bytes, bytes, int, bytes]
"""id, workspace id, created_at, info (JSON)."""

_INFO: Final = msgspec.json.Decoder(FileInfo)

_FILE: Final = """
    SELECT f.info FROM files f JOIN members m ON m.workspace_id = f.workspace_id
    WHERE f.id = $1 AND m.user_id = $2"""

_FIRST_FILES: Final = """
    SELECT f.info FROM members m JOIN files f ON f.workspace_id = m.workspace_id
    WHERE m.workspace_id = $1 AND m.user_id = $2 ORDER BY f.created_at DESC, f.id DESC LIMIT $3"""

_NEXT_FILES: Final = """
    SELECT f.info FROM members m JOIN files f ON f.workspace_id = m.workspace_id
    WHERE m.workspace_id = $1 AND m.user_id = $2 AND (f.created_at, f.id) < ($4, $5)
    ORDER BY f.created_at DESC, f.id DESC LIMIT $3"""

_HOME: Final = "SELECT workspace_id FROM files WHERE id = $1"


class SqlFileIndex:
    """Fills the port `FileIndex`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def file(self, user_id: str, file_id: str) -> FileInfo | None:
        """See `FileIndex.file`."""
        rows = await self._database.read(Statement(_FILE, (id_bytes(file_id), id_bytes(user_id))))
        return _INFO.decode(rows[0][0]) if rows else None

    async def files(
        self, user_id: str, workspace_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> Sequence[FileInfo]:
        """See `FileIndex.files`."""
        arguments = (id_bytes(workspace_id), id_bytes(user_id), limit)
        if after is None:
            statement = Statement(_FIRST_FILES, arguments)
        else:
            statement = Statement(_NEXT_FILES, (*arguments, after[0], id_bytes(after[1])))
        return [_INFO.decode(row[0]) for row in await self._database.read(statement)]

    async def home_of(self, file_id: str) -> str | None:
        """See `FileIndex.home_of`."""
        rows = await self._database.read(Statement(_HOME, (id_bytes(file_id),)))
        return id_text(rows[0][0]) if rows else None

    async def existing(self, file_ids: Collection[str]) -> frozenset[str]:
        """See `FileIndex.existing`."""
        if not file_ids:
            return frozenset()
        places = ", ".join(f"${number}" for number in range(1, len(file_ids) + 1))
        sql = f"SELECT id FROM files WHERE id IN ({places})"
        rows = await self._database.read(Statement(sql, tuple(id_bytes(file_id) for file_id in file_ids)))
        return frozenset(id_text(row[0]) for row in rows)


def file_row(file: FileInfo) -> FileRow:
    """The row that stores the file."""
    return id_bytes(file.id), id_bytes(file.workspace_id), file.created_at, msgspec.json.encode(file)
