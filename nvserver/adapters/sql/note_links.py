"""Links to notes on SQL: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.note_links import NoteLink

_COLUMNS: Final = "id, workspace_id, note_id, access, creator_id, created_at, expires_at, password_hash"

# Holds the note's row: of two that add the last one the second finds none left.
_ONE_AT_A_TIME: Final = "UPDATE note_index SET workspace_id = workspace_id WHERE note_id = $1"

_DROP_EXPIRED: Final = "DELETE FROM note_links WHERE note_id = $1 AND expires_at <= $2"

_ADD: Final = f"""
    INSERT INTO note_links ({_COLUMNS}, hash)
    SELECT $1::bytea, $2::bytea, $3::bytea, $4::text, $5::bytea, $6::bigint, $7::bigint, $8::text, $9::bytea
    WHERE (SELECT COUNT(*) FROM note_links WHERE note_id = $3) < $10 RETURNING id"""

_OF_NOTE: Final = f"""
    SELECT {_COLUMNS} FROM note_links
    WHERE note_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at, id"""

_WITH_TOKEN: Final = f"""
    SELECT {_COLUMNS} FROM note_links WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)"""

_REMOVE: Final = "DELETE FROM note_links WHERE note_id = $1 AND id = $2 RETURNING id"


class SqlNoteLinks:
    """Fills the port `NoteLinkStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, link: NoteLink, token_hash: bytes, *, most: int) -> bool:
        """See `NoteLinkStore.add`."""
        note = id_bytes(link.note_id)
        row = (
            id_bytes(link.id),
            id_bytes(link.workspace_id),
            note,
            link.access,
            id_bytes(link.creator_id),
            link.created_at,
            link.expires_at,
            link.password_hash,
            token_hash,
            most,
        )
        *_, rows = await self._database.write(
            Statement(_ONE_AT_A_TIME, (note,)),
            Statement(_DROP_EXPIRED, (note, link.created_at)),
            Statement(_ADD, row),
        )
        return bool(rows)

    async def of_note(self, note_id: str, at: int) -> Sequence[NoteLink]:
        """See `NoteLinkStore.of_note`."""
        return [_link(row) for row in await self._database.read(Statement(_OF_NOTE, (id_bytes(note_id), at)))]

    async def with_token(self, token_hash: bytes, at: int) -> NoteLink | None:
        """See `NoteLinkStore.with_token`."""
        rows = await self._database.read(Statement(_WITH_TOKEN, (token_hash, at)))
        return _link(rows[0]) if rows else None

    async def remove(self, note_id: str, link_id: str) -> bool:
        """See `NoteLinkStore.remove`."""
        (rows,) = await self._database.write(Statement(_REMOVE, (id_bytes(note_id), id_bytes(link_id))))
        return bool(rows)


def _link(row: Row) -> NoteLink:
    link_id, workspace_id, note_id, access, creator_id, *rest = row
    return NoteLink(id_text(link_id), id_text(workspace_id), id_text(note_id), access, id_text(creator_id), *rest)
