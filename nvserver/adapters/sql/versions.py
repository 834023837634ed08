"""The texts of named versions: one text for both databases."""

from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes

_PUT: Final = """
    INSERT INTO note_versions (id, note_id, content) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING"""

_GET: Final = "SELECT content FROM note_versions WHERE id = $1"

_DROP: Final = "DELETE FROM note_versions WHERE id = $1"


class SqlVersionTexts:
    """Fills the port `VersionTexts`. Texts are kept as bytes: PostgreSQL's own text cannot hold every character."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, version_id: str, note_id: str, content: str) -> None:
        """See `VersionTexts.put`."""
        await self._database.write(Statement(_PUT, (id_bytes(version_id), id_bytes(note_id), content.encode())))

    async def get(self, version_id: str) -> str | None:
        """See `VersionTexts.get`."""
        rows = await self._database.read(Statement(_GET, (id_bytes(version_id),)))
        return bytes(rows[0][0]).decode() if rows else None

    async def drop(self, version_id: str) -> None:
        """See `VersionTexts.drop`."""
        await self._database.write(Statement(_DROP, (id_bytes(version_id),)))
