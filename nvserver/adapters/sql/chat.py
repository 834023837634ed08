"""Chat messages on SQL: one text for both databases. Written with the op log, see `index_rows.py`."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text, optional_id_bytes, optional_id_text
from nvserver.core.model import ChatMessage, Reaction

MessageRow: TypeAlias = tuple[bytes, bytes, int, bytes, str, bytes | None, int, int | None, int | None, bytes]
"""The columns in the order of `MESSAGE_COLUMNS`."""

MESSAGE_COLUMNS: Final = (
    "id, workspace_id, seq, user_id, text, reply_to_id, created_at, edited_at, deleted_at, reactions"
)
REPLACE_MESSAGE: Final = """
    ON CONFLICT (id) DO UPDATE SET text = excluded.text, edited_at = excluded.edited_at,
        deleted_at = excluded.deleted_at, reactions = excluded.reactions
    WHERE chat_messages.workspace_id = excluded.workspace_id"""

_NO_LIMIT: Final = 2**63 - 1
_REACTIONS: Final = msgspec.json.Decoder(tuple[Reaction, ...])

_MESSAGE: Final = f"SELECT {MESSAGE_COLUMNS} FROM chat_messages WHERE id = $1"

_MESSAGES: Final = f"""
    SELECT {MESSAGE_COLUMNS} FROM chat_messages WHERE workspace_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"""

_REPLIES: Final = f"""
    SELECT {MESSAGE_COLUMNS} FROM chat_messages
    WHERE workspace_id = $1 AND seq < $2 AND reply_to_id = $4 ORDER BY seq DESC LIMIT $3"""


class SqlChatStore:
    """Fills the port `ChatStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def message(self, message_id: str) -> ChatMessage | None:
        """See `ChatStore.message`."""
        rows = await self._database.read(Statement(_MESSAGE, (id_bytes(message_id),)))
        return _message(rows[0]) if rows else None

    async def messages(
        self, workspace_id: str, *, before: int | None = None, reply_to_id: str | None = None, limit: int
    ) -> Sequence[ChatMessage]:
        """See `ChatStore.messages`."""
        bounds = (id_bytes(workspace_id), _NO_LIMIT if before is None else before, limit)
        if reply_to_id is None:
            statement = Statement(_MESSAGES, bounds)
        else:
            statement = Statement(_REPLIES, (*bounds, id_bytes(reply_to_id)))
        return [_message(row) for row in await self._database.read(statement)]


def message_row(message: ChatMessage) -> MessageRow:
    """The row that stores the message."""
    return (
        id_bytes(message.id),
        id_bytes(message.workspace_id),
        message.seq,
        id_bytes(message.user_id),
        message.text,
        optional_id_bytes(message.reply_to_id),
        message.created_at,
        message.edited_at,
        message.deleted_at,
        msgspec.json.encode(message.reactions),
    )


def _message(row: Row) -> ChatMessage:
    message_id, workspace_id, seq, user_id, text, reply_to_id, created_at, edited_at, deleted_at, reactions = row
    return ChatMessage(
        id_text(message_id),
        id_text(workspace_id),
        seq,
        id_text(user_id),
        text,
        optional_id_text(reply_to_id),
        created_at,
        edited_at,
        deleted_at,
        _REACTIONS.decode(reactions),
    )
