"""What is put aside, as tables: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.quarantine import PoisonMessage, Quarantined

_PUT: Final = """
    INSERT INTO quarantines (workspace_id, since, node, reason, crashes) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (workspace_id) DO NOTHING"""

_ALL: Final = "SELECT workspace_id, since, node, reason, crashes FROM quarantines ORDER BY workspace_id"

_RELEASE: Final = "DELETE FROM quarantines WHERE workspace_id = $1 RETURNING workspace_id"

_KEEP: Final = """
    INSERT INTO poison_messages (workspace_id, digest, at, kind, error, body) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (workspace_id, digest) DO UPDATE SET at = excluded.at, error = excluded.error"""

_TRIM: Final = """
    DELETE FROM poison_messages WHERE workspace_id = $1 AND digest NOT IN (
        SELECT digest FROM poison_messages WHERE workspace_id = $1 ORDER BY at DESC, digest LIMIT $2)"""

_POISON: Final = """
    SELECT digest, at, kind, error, body FROM poison_messages WHERE workspace_id = $1
    ORDER BY at DESC, digest LIMIT $2"""


class SqlQuarantineStore:
    """Fills the port `QuarantineStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, quarantined: Quarantined) -> None:
        """See `QuarantineStore.put`."""
        one = quarantined
        arguments = (id_bytes(one.workspace_id), one.since, one.node, one.reason, one.crashes)
        await self._database.write(Statement(_PUT, arguments))

    async def all(self) -> Sequence[Quarantined]:
        """See `QuarantineStore.all`."""
        rows = await self._database.read(Statement(_ALL))
        return [Quarantined(id_text(workspace), *rest) for workspace, *rest in rows]

    async def release(self, workspace_id: str) -> bool:
        """See `QuarantineStore.release`."""
        (rows,) = await self._database.write(Statement(_RELEASE, (id_bytes(workspace_id),)))
        return bool(rows)

    async def keep(self, poison: PoisonMessage, *, newest: int) -> None:
        """See `QuarantineStore.keep`."""
        workspace = id_bytes(poison.workspace_id)
        arguments = (workspace, poison.digest, poison.at, poison.kind, poison.error, poison.body)
        await self._database.write(Statement(_KEEP, arguments), Statement(_TRIM, (workspace, newest)))

    async def poison(self, workspace_id: str, *, limit: int) -> Sequence[PoisonMessage]:
        """See `QuarantineStore.poison`."""
        rows = await self._database.read(Statement(_POISON, (id_bytes(workspace_id), limit)))
        return [PoisonMessage(workspace_id, *row) for row in rows]
