"""The workspace index: one text for both databases."""

from collections.abc import Sequence
from typing import Final

import msgspec

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.core.model import WorkspaceInfo
from nvserver.core.permissions import Role
from nvserver.ports.oplog import OwnedWorkspace, WorkspaceListing

_INFO: Final = msgspec.json.Decoder(WorkspaceInfo)

_WORKSPACE_OF_NOTE: Final = "SELECT workspace_id FROM note_index WHERE note_id = $1"

_ROLE_OF: Final = "SELECT role FROM members WHERE workspace_id = $1 AND user_id = $2"

_INFO_OF: Final = "SELECT info FROM workspaces WHERE id = $1"

_FIRST_WORKSPACES: Final = """
    SELECT w.info, m.role, l.head
    FROM members m JOIN workspaces w ON w.id = m.workspace_id JOIN logs l ON l.workspace_id = m.workspace_id
    WHERE m.user_id = $1 ORDER BY w.created_at DESC, w.id DESC LIMIT $2"""

_NEXT_WORKSPACES: Final = """
    SELECT w.info, m.role, l.head
    FROM members m JOIN workspaces w ON w.id = m.workspace_id JOIN logs l ON l.workspace_id = m.workspace_id
    WHERE m.user_id = $1 AND (w.created_at, w.id) < ($3, $4) ORDER BY w.created_at DESC, w.id DESC LIMIT $2"""

_OWNED: Final = """
    SELECT w.info, (SELECT COUNT(*) FROM members o WHERE o.workspace_id = m.workspace_id AND o.user_id <> m.user_id)
    FROM members m JOIN workspaces w ON w.id = m.workspace_id
    WHERE m.user_id = $1 AND m.role = 'owner' ORDER BY w.created_at, w.id"""


class SqlWorkspaceIndex:
    """Fills the port `WorkspaceIndex`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def workspace_of_note(self, note_id: str) -> str | None:
        """See `WorkspaceIndex.workspace_of_note`."""
        rows = await self._database.read(Statement(_WORKSPACE_OF_NOTE, (id_bytes(note_id),)))
        return id_text(rows[0][0]) if rows else None

    async def workspaces_of(
        self, user_id: str, *, after: tuple[int, str] | None, limit: int
    ) -> Sequence[WorkspaceListing]:
        """See `WorkspaceIndex.workspaces_of`."""
        user = id_bytes(user_id)
        if after is None:
            statement = Statement(_FIRST_WORKSPACES, (user, limit))
        else:
            statement = Statement(_NEXT_WORKSPACES, (user, limit, after[0], id_bytes(after[1])))
        rows = await self._database.read(statement)
        return [WorkspaceListing(_INFO.decode(info), role, head) for info, role, head in rows]

    async def owned_by(self, user_id: str) -> Sequence[OwnedWorkspace]:
        """See `WorkspaceIndex.owned_by`."""
        rows = await self._database.read(Statement(_OWNED, (id_bytes(user_id),)))
        return [OwnedWorkspace(_INFO.decode(info), others) for info, others in rows]

    async def role_of(self, workspace_id: str, user_id: str) -> Role | None:
        """See `WorkspaceIndex.role_of`."""
        rows = await self._database.read(Statement(_ROLE_OF, (id_bytes(workspace_id), id_bytes(user_id))))
        return rows[0][0] if rows else None

    async def info(self, workspace_id: str) -> WorkspaceInfo | None:
        """See `WorkspaceIndex.info`."""
        rows = await self._database.read(Statement(_INFO_OF, (id_bytes(workspace_id),)))
        return _INFO.decode(rows[0][0]) if rows else None
