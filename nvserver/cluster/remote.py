"""The member's end of a link: calls go out, replies and events come back in the order in which the owner made them."""

from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog
import trio

from nvserver.cluster.frames import (
    ENCODER,
    EVENTS,
    REPLIES,
    Call,
    Detached,
    Enter,
    Failure,
    Gone,
    Heard,
    Item,
    Order,
    Part,
    Reply,
    Told,
    error_of,
)
from nvserver.cluster.links import Line
from nvserver.errors import Internal, NoteVaultError, Unavailable, WorkspaceMoved
from nvserver.workspace.events import WorkspaceEvent
from nvserver.workspace.messages import Attach, Join, Message
from nvserver.workspace.router import OnReply, raise_error
from nvserver.workspace.session import Session

log = structlog.get_logger()


class Attending(Protocol):
    """Who stands for a workspace on this node. Plain calls that must not block or raise."""

    def told(self, link: "RemoteLink", event: WorkspaceEvent, session_ids: tuple[str, ...]) -> None: ...

    def let_go(self, link: "RemoteLink", session_id: str) -> None: ...

    def lost(self, link: "RemoteLink") -> None: ...


class RemoteLink:
    """The way to all workspaces that one other node has."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._calls: dict[int, OnReply] = {}
        self._parts: dict[int, bytearray] = {}
        self._number = 0
        self.attending: dict[str, Attending] = {}

    @property
    def peer_id(self) -> str:
        return self._line.peer_id

    @property
    def is_alive(self) -> bool:
        return not self._line.is_broken

    def call_nowait(self, workspace_id: str, message: Message, on_reply: OnReply | None) -> None:
        """As `WorkspaceRef.call_nowait`, for the workspace."""
        if self._line.is_broken:
            _answer(on_reply, WorkspaceMoved(is_untouched=True))
            return
        if not self._line.has_room:
            _answer(on_reply, Unavailable("The way to the workspace's node is full; try again in a moment"))
            return
        match message:
            case Join(session=session):
                self._enter(session)
            case Attach(guests=guests):
                for guest in guests:
                    self._enter(guest.session)
        body = ENCODER.encode(message)
        number = 0
        if on_reply is not None:
            self._number = number = self._number + 1
            self._calls[number] = on_reply
        self._line.push(Call(number, workspace_id, msgspec.Raw(body)), len(body), is_owed=False)

    async def order(self, workspace_id: str, node: str) -> None:
        """Have the owner hand the workspace over. Raises what it answers; the caller sets the deadline."""
        answered = trio.Event()
        replies: list[object] = []

        def on_reply(reply: object) -> None:
            replies.append(reply)
            answered.set()

        self._number += 1
        self._calls[self._number] = on_reply
        self._line.push(Order(self._number, workspace_id, node))
        await answered.wait()
        raise_error(replies[0])

    def _enter(self, session: Session) -> None:
        self._line.push(Enter(session.id, session.client_id, session.principal))

    # --- Hearer --------------------------------------------------------------------------------------------------

    def take(self, item: Item) -> None:
        match item:
            case Told(workspace_id, raw, session_ids):
                member = self.attending.get(workspace_id)
                if member is not None:
                    member.told(self, EVENTS.decode(raw), session_ids)
            case Reply(number, raw):
                self._reply(number, lambda: REPLIES.decode(raw))
            case Part(number, body, is_last):
                self._parts.setdefault(number, bytearray()).extend(body)
                if is_last:
                    whole = self._parts.pop(number)
                    self._reply(number, lambda: REPLIES.decode(whole))
            case Failure(number):
                failed = item
                self._reply(number, lambda: error_of(failed))
            case Detached(workspace_id, session_id):
                member = self.attending.get(workspace_id)
                if member is not None:
                    member.let_go(self, session_id)
            case Gone(workspace_id):
                self._line.push(Heard(workspace_id))
                member = self.attending.get(workspace_id)
                if member is not None:
                    member.lost(self)

    def _reply(self, number: int, decode: Callable[[], object]) -> None:
        on_reply = self._calls.pop(number, None)
        if on_reply is None:
            return
        try:
            reply = decode()
        except msgspec.MsgspecError:  # of a node of another version
            log.exception("a reply cannot be read", peer=self.peer_id)
            reply = Internal()
        on_reply(reply)

    def before_flush(self) -> None:
        """Nothing is gathered here."""

    def broken(self) -> None:
        calls, self._calls = self._calls, {}
        self._parts.clear()
        for on_reply in calls.values():
            on_reply(WorkspaceMoved())
        for member in list(self.attending.values()):
            member.lost(self)
        self.attending.clear()


def _answer(on_reply: OnReply | None, error: NoteVaultError) -> None:
    if on_reply is not None:
        on_reply(error)
