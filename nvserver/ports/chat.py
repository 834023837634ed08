"""Where a workspace's chat is read. It is written with the entries of the op log, as their index."""

from collections.abc import Sequence
from typing import Protocol

from nvserver.core.model import ChatMessage


class ChatStore(Protocol):
    """As new as the op log: both commit together. Every method raises `Unavailable` as those of `OpLog` do."""

    async def message(self, message_id: str) -> ChatMessage | None:
        """The message, also one that was taken away; None for one that nobody posted."""
        ...

    async def messages(
        self, workspace_id: str, *, before: int | None = None, reply_to_id: str | None = None, limit: int
    ) -> Sequence[ChatMessage]:
        """The messages with `seq < before`, newest first; with `reply_to_id` only the replies to that one."""
        ...
