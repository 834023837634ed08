"""The owner's end of a link: the sessions of another node, as this node's actors see them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

import msgspec
import structlog

from nvserver.actors.timer import Timer
from nvserver.cluster.frames import (
    ENCODER,
    Call,
    Detached,
    Enter,
    Gone,
    Heard,
    Item,
    Order,
    Part,
    Reply,
    Told,
    failure,
    message_decoder,
)
from nvserver.cluster.links import Line
from nvserver.core.principal import Principal
from nvserver.errors import Internal, NoteVaultError, Unavailable, ValidationFailed, WorkspaceMoved
from nvserver.workspace.events import WorkspaceEvent
from nvserver.workspace.messages import Attach, Attached, Join, Joined, Leave, Message
from nvserver.workspace.router import OnReply, WorkspaceRef
from nvserver.workspace.session import Broadcast

log = structlog.get_logger()

_LEAVE_AGAIN_SECONDS: Final = 1.0


class StartSoon(Protocol):
    """As a nursery's."""

    def __call__(self, function: Callable[..., Awaitable[Any]], /, *args: Any) -> None: ...


class Owners(Protocol):
    """What a host needs of its node."""

    async def find_here(self, workspace_id: str) -> WorkspaceRef:
        """The workspace's actor on this node, taken over if nobody has it. Raises `WorkspaceMoved` when another node
        has."""
        ...

    async def hand_over(self, workspace_id: str, node: str) -> None: ...


class RemoteSession:
    """A session of the other node, which knows it as `name`. Fills the protocol `Session`."""

    __slots__ = ("_host", "client_id", "id", "name", "principal", "workspaces")

    def __init__(self, host: "HostLink", name: str, client_id: str, principal: Principal) -> None:
        self._host = host
        self.name = name
        self.id = f"{host.link_id}/{name}"
        self.client_id = client_id
        self.principal = principal
        self.workspaces: set[str] = set()

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        self._host.tell(broadcast, self.name)

    def detached(self, workspace_id: str) -> None:
        self._host.detached(self, workspace_id)


class _Door:
    """The way to one workspace's actor: what comes before it is found is held, in order."""

    def __init__(self) -> None:
        self.ref: WorkspaceRef | None = None
        self.held: list[tuple[Message, OnReply]] = []


class HostLink:
    """One node's sessions here, and its calls. What is held for workspaces that are being opened is bounded by what the
    member sends unanswered."""

    def __init__(
        self,
        line: Line,
        owners: Owners,
        timer: Timer,
        start_soon: StartSoon,
        on_broken: Callable[["HostLink", None], object],
    ) -> None:
        self._line = line
        self.link_id = line.end.link_id
        self._on_broken = on_broken
        self._owners = owners
        self._timer = timer
        self._start_soon = start_soon
        self._sessions: dict[str, RemoteSession] = {}
        self._doors: dict[str, _Door] = {}
        self._ended: set[str] = set()
        """The workspaces that ended here, until the member has heard of it. What it asks of them is handed back."""
        self._messages = message_decoder(self._session)
        self._broadcast: Broadcast[WorkspaceEvent] | None = None
        self._receivers: list[str] = []

    # --- what goes out -------------------------------------------------------------------------------------------

    def tell(self, broadcast: Broadcast[WorkspaceEvent], session_name: str) -> None:
        """Neighbouring receivers of one event are gathered: it crosses once."""
        if broadcast is not self._broadcast:
            self.before_flush()
            self._broadcast = broadcast
            self._line.flush_soon()
        self._receivers.append(session_name)

    def before_flush(self) -> None:
        broadcast, self._broadcast = self._broadcast, None
        if broadcast is None:
            return
        if broadcast.for_nodes is None:
            broadcast.for_nodes = ENCODER.encode(broadcast.event)
        receivers, self._receivers = tuple(self._receivers), []
        body = broadcast.for_nodes
        told = Told(broadcast.event.workspace_id, msgspec.Raw(body), receivers)
        self._line.push(told, len(body) + 20 * len(receivers))

    def detached(self, session: RemoteSession, workspace_id: str) -> None:
        self._push(Detached(workspace_id, session.name))
        self._forget(session, workspace_id)

    def farewell(self, workspace_id: str) -> None:
        """The actor has ended. What waits at a door that is not open waits for the next one."""
        door = self._doors.get(workspace_id)
        if door is not None and door.ref is not None:
            self._close(workspace_id)

    def _close(self, workspace_id: str) -> None:
        """The sessions are the member's to attach to the next activation."""
        del self._doors[workspace_id]
        self._ended.add(workspace_id)
        self._push(Gone(workspace_id))
        for session in [one for one in self._sessions.values() if workspace_id in one.workspaces]:
            self._forget(session, workspace_id)

    def _push(self, item: Item, size_bytes: int = 0) -> None:
        self.before_flush()
        self._line.push(item, size_bytes)

    def _reply(self, number: int, reply: object) -> None:
        if isinstance(reply, NoteVaultError):
            self._push(failure(number, reply))
        else:
            if not self._line.has_room:
                self._push(failure(number, Unavailable("The way from the workspace's node is full; try again")))
                return
            self.before_flush()
            body = ENCODER.encode(reply)
            part_bytes = self._line.frame_bytes
            if len(body) <= part_bytes:
                self._line.push(Reply(number, msgspec.Raw(body)), len(body), is_owed=False)
                return
            for start in range(0, len(body), part_bytes):
                end = start + part_bytes
                self._line.push(Part(number, body[start:end], end >= len(body)), part_bytes, is_owed=False)

    # --- what comes in -------------------------------------------------------------------------------------------

    def take(self, item: Item) -> None:
        match item:
            case Enter(session_id, client_id, principal):
                session = self._sessions.get(session_id)
                if session is None:
                    self._sessions[session_id] = RemoteSession(self, session_id, client_id, principal)
                else:
                    session.principal = principal
            case Call(number, workspace_id, raw):
                self._call(number, workspace_id, raw)
            case Heard(workspace_id):
                self._ended.discard(workspace_id)
            case Order(number, workspace_id, node):
                self._start_soon(self._obey, number, workspace_id, node)

    def _session(self, session_id: str) -> RemoteSession:
        session = self._sessions.get(session_id)
        if session is None:
            raise ValueError("the session is not here")
        return session

    def _call(self, number: int, workspace_id: str, raw: msgspec.Raw) -> None:
        def answer(reply: object) -> None:
            if number:
                self._reply(number, reply)

        on_reply: OnReply = answer
        try:
            message = self._messages.decode(raw)
        except msgspec.ValidationError as error:
            # A session that is not here was let go, or forgotten when the workspace ended here: its member knows.
            is_session = "session" in str(error)
            on_reply(WorkspaceMoved(is_untouched=True) if is_session else ValidationFailed(str(error)))
            return
        entering = [one for one in _entering(message) if workspace_id not in one.workspaces]
        if workspace_id in self._ended:
            for session in entering:
                self._forget(session, workspace_id)
            on_reply(WorkspaceMoved(is_untouched=True))
            return
        for session in entering:
            session.workspaces.add(workspace_id)
        if entering:
            on_reply = self._forgetting_the_refused(entering, workspace_id, on_reply)
        elif isinstance(message, Leave) and isinstance(message.session, RemoteSession):
            self._forget(message.session, workspace_id)
            on_reply = self._insisting(message.session, workspace_id, on_reply)
        self._pass_on(workspace_id, message, on_reply)

    def _forgetting_the_refused(
        self, sessions: Sequence[RemoteSession], workspace_id: str, on_reply: OnReply
    ) -> OnReply:
        def on_entered(reply: object) -> None:
            match reply:
                case NoteVaultError() | Attached(entries=None):
                    refused = sessions
                case Attached(refused=not_let_in, replaced=replaced):
                    refused = [sessions[place] for place in (*not_let_in, *replaced)]
                case Joined() if not self._line.has_room:  # nobody will hear that it is in
                    refused = sessions
                case _:
                    refused = ()
            for session in refused:
                self._forget(session, workspace_id)
            if isinstance(reply, Joined):
                self._leave(workspace_id, refused)
            on_reply(reply)

        return on_entered

    def _insisting(self, session: RemoteSession, workspace_id: str, on_reply: OnReply) -> OnReply:
        def on_left(reply: object) -> None:
            if isinstance(reply, Unavailable):  # the mailbox is full, and the session is not known here any more
                self._leave(workspace_id, [session])
                reply = None
            on_reply(reply)

        return on_left

    def _pass_on(self, workspace_id: str, message: Message, on_reply: OnReply) -> None:
        door = self._doors.get(workspace_id)
        if door is None:
            door = self._doors[workspace_id] = _Door()
            self._start_soon(self._open, workspace_id, door)
        if door.ref is None:
            door.held.append((message, on_reply))
        else:
            door.ref.call_nowait(message, on_reply)

    async def _open(self, workspace_id: str, door: _Door) -> None:
        error: NoteVaultError
        try:
            door.ref = await self._owners.find_here(workspace_id)
        except NoteVaultError as reason:
            error = reason
        except Exception:
            log.exception("workspace could not be found", workspace=workspace_id)
            error = Internal()
        if self._line.is_broken:
            return  # the member sends it again, by a new link
        held, door.held = door.held, []
        if door.ref is None and self._doors.get(workspace_id) is door:
            if isinstance(error, WorkspaceMoved):
                self._close(workspace_id)
            else:
                del self._doors[workspace_id]
        for message, on_reply in held:
            if door.ref is None:
                on_reply(error)
            else:
                door.ref.call_nowait(message, on_reply)

    async def _obey(self, number: int, workspace_id: str, node: str) -> None:
        try:
            await self._owners.hand_over(workspace_id, node)
        except NoteVaultError as error:
            self._reply(number, error)
        else:
            self._reply(number, None)

    def _forget(self, session: RemoteSession, workspace_id: str) -> None:
        session.workspaces.discard(workspace_id)
        if not session.workspaces and self._sessions.get(session.name) is session:
            del self._sessions[session.name]

    def broken(self) -> None:
        """The other node is gone, or will come by a new link: its sessions leave."""
        self._on_broken(self, None)
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            for workspace_id in session.workspaces:
                self._leave(workspace_id, [session])
        self._doors.clear()

    def _leave(self, workspace_id: str, sessions: Sequence[RemoteSession]) -> None:
        door = self._doors.get(workspace_id)
        if door is not None and door.ref is not None:
            for session in sessions:
                self._depart(door.ref, workspace_id, session)

    def _depart(self, ref: WorkspaceRef, workspace_id: str, session: RemoteSession) -> None:
        def on_reply(reply: object) -> None:
            if isinstance(reply, Unavailable) and ref.is_alive:
                self._timer.call_later(_LEAVE_AGAIN_SECONDS, lambda: self._depart(ref, workspace_id, session))

        namesake = self._sessions.get(session.name)
        if namesake is None or workspace_id not in namesake.workspaces:  # else it has joined again
            ref.call_nowait(Leave(session), on_reply)


def _entering(message: Message) -> Sequence[RemoteSession]:
    """The sessions that the message brings into the workspace."""
    match message:
        case Join(session=session):
            sessions = [session]
        case Attach(guests=guests):
            sessions = [guest.session for guest in guests]
        case _:
            sessions = []
    return [session for session in sessions if isinstance(session, RemoteSession)]
