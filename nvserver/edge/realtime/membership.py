"""A connection's place in one workspace."""

from collections.abc import Callable
from typing import Final

import trio

from nvserver.actors.timer import Timer
from nvserver.errors import NoteVaultError, Unavailable
from nvserver.workspace.messages import Leave, Message, MoveCursor
from nvserver.workspace.router import OnReply, WorkspaceRef
from nvserver.workspace.session import Session

_MESSAGE_BYTES: Final = 256
_LEAVE_AGAIN_SECONDS: Final = 1.0


class Membership:
    """Messages go to the workspace's actor in the order in which they came; those that come before it is found are
    held, at most `max_held_bytes` of them.

    `is_joined`: the actor has let the session in, so that its events may be passed on. `joins_waiting` are the joins
    that it has yet to answer; `cursors` is made with the first move."""

    __slots__ = (
        "_held",
        "_held_bytes",
        "_is_abandoned",
        "_max_held_bytes",
        "cursors",
        "is_joined",
        "joins_waiting",
        "ref",
        "workspace_id",
    )

    def __init__(self, workspace_id: str, max_held_bytes: int) -> None:
        self.workspace_id = workspace_id
        self.ref: WorkspaceRef | None = None
        self.is_joined = False
        self.joins_waiting = 0
        self.cursors: CursorPace | None = None
        self._max_held_bytes = max_held_bytes
        self._held: list[tuple[Message, OnReply | None]] = []
        self._held_bytes = 0
        self._is_abandoned = False

    @property
    def is_dead(self) -> bool:
        """The actor is known to have stopped."""
        return self.ref is not None and not self.ref.is_alive

    def send(self, message: Message, on_reply: OnReply | None, size: int) -> None:
        """`size` is about how many bytes the message came in."""
        if self.ref is not None:
            self.ref.call_nowait(message, on_reply)
            return
        if self._is_abandoned:
            return
        if self._held_bytes >= self._max_held_bytes:
            if on_reply is not None:
                on_reply(Unavailable("The workspace is being opened; too much waits for it already"))
            return
        self._held_bytes += size + _MESSAGE_BYTES
        self._held.append((message, on_reply))

    def found(self, ref: WorkspaceRef) -> None:
        """The actor: it gets what was held."""
        self.ref = ref
        for message, on_reply in self._take_held():
            ref.call_nowait(message, on_reply)

    def failed(self, error: NoteVaultError) -> None:
        """There is no actor: what was held is answered with the reason."""
        for _, on_reply in self._take_held():
            if on_reply is not None:
                on_reply(error)

    def abandon(self) -> None:
        """The client is gone: nothing that waits is sent any more."""
        self._is_abandoned = True
        self._take_held()
        if self.cursors is not None:
            self.cursors.stop()

    def _take_held(self) -> list[tuple[Message, OnReply | None]]:
        held, self._held, self._held_bytes = self._held, [], 0
        return held


def depart(ref: WorkspaceRef, session: Session, timer: Timer) -> None:
    """Have a session that is gone forgotten, however full the actor's mailbox is now."""

    def on_reply(reply: object) -> None:
        if isinstance(reply, Unavailable) and ref.is_alive:
            timer.call_later(_LEAVE_AGAIN_SECONDS, lambda: depart(ref, session, timer))

    ref.call_nowait(Leave(session), on_reply)


class CursorPace:
    """Lets at most so many moves a second through; of those in between the newest follows when its time has come."""

    __slots__ = ("_interval", "_is_waiting", "_newest", "_next_at", "_send", "_timer")

    def __init__(self, per_second: float, timer: Timer, send: Callable[[MoveCursor], None]) -> None:
        self._interval = 1 / per_second
        self._timer = timer
        self._send = send
        self._next_at = float("-inf")
        self._newest: MoveCursor | None = None
        self._is_waiting = False

    def move(self, message: MoveCursor) -> None:
        now = trio.current_time()
        if self._is_waiting:
            self._newest = message
        elif now >= self._next_at:
            self._next_at = now + self._interval
            self._send(message)
        else:
            self._newest, self._is_waiting = message, True
            self._timer.call_later(self._next_at - now, self._catch_up)

    def stop(self) -> None:
        """Nothing follows."""
        self._newest = None

    def _catch_up(self) -> None:
        self._is_waiting = False
        if self._newest is not None:
            newest, self._newest = self._newest, None
            self._next_at = trio.current_time() + self._interval
            self._send(newest)
