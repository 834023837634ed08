"""How everything outside `workspace/` reaches a workspace's actor, wherever it lives."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import trio

from nvserver.errors import NoteVaultError, Unavailable
from nvserver.workspace.messages import Message

OnReply: TypeAlias = Callable[[Any], None]
"""Called once, from the event loop, with the reply or a `NoteVaultError`. Must not block or raise."""


class WorkspaceRef(Protocol):
    """A way to one activation of a workspace's actor."""

    @property
    def is_alive(self) -> bool:
        """False once the actor has stopped: ask the router for a new one."""
        ...

    def call_nowait(self, message: Message, on_reply: OnReply | None = None) -> None:
        """Put the message into the mailbox. A full mailbox or a stopped actor is answered `Unavailable`, through
        `on_reply`."""
        ...


class Router(Protocol):
    """Finds, and activates where needed, the one actor of a workspace."""

    async def find(self, workspace_id: str) -> WorkspaceRef:
        """Raises `WorkspaceNotFound`, `Unavailable` (quarantined, store down, deadline passed)."""
        ...

    async def call(self, workspace_id: str, message: Message) -> Any:
        """Find, send, wait for the reply; raises it if it is an error. Not cut off by a caller that leaves: once in
        the mailbox the message is the actor's."""
        ...


def raise_error(reply: object) -> None:
    """Raise the reply if it is an error."""
    if isinstance(reply, NoteVaultError):
        raise reply


async def ask(ref: WorkspaceRef, message: Message, seconds: float) -> Any:
    """Send, wait for the reply, raise it if it is an error. Raises `Unavailable` when none comes in time."""
    replies: list[object] = []
    answered = trio.Event()

    def on_reply(reply: object) -> None:
        replies.append(reply)
        answered.set()

    ref.call_nowait(message, on_reply)
    with trio.move_on_after(seconds):
        await answered.wait()
    if not replies:
        raise Unavailable("No answer in time; what became of the request is unknown")
    raise_error(replies[0])
    return replies[0]
