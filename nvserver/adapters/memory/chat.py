"""The chat in memory."""

from collections.abc import Sequence

import trio

from nvserver.core.model import ChatMessage


class MemoryChatStore:
    """Fills the port `ChatStore`. The index in memory puts the messages."""

    def __init__(self) -> None:
        self._messages: dict[str, ChatMessage] = {}

    def put(self, message: ChatMessage) -> None:
        """Made or replaced; a message stays in its workspace."""
        known = self._messages.get(message.id)
        if known is None or known.workspace_id == message.workspace_id:
            self._messages[message.id] = message

    async def message(self, message_id: str) -> ChatMessage | None:
        """See `ChatStore.message`."""
        await trio.lowlevel.checkpoint()
        return self._messages.get(message_id)

    async def messages(
        self, workspace_id: str, *, before: int | None = None, reply_to_id: str | None = None, limit: int
    ) -> Sequence[ChatMessage]:
        """See `ChatStore.messages`."""
        await trio.lowlevel.checkpoint()
        found = [
            message
            for message in self._messages.values()
            if message.workspace_id == workspace_id
            and (before is None or message.seq < before)
            and (reply_to_id is None or message.reply_to_id == reply_to_id)
        ]
        return sorted(found, key=lambda message: message.seq, reverse=True)[:limit]
