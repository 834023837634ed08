"""A workspace as this node knows it, wherever its actor lives: the `WorkspaceRef` of a node among others.

It outlives activations. When the actor is lost (it moved, its node died, the link broke), the member looks for the next
one, attaches its sessions there, tells them what they missed, and sends again what was not answered. Clients notice a
pause.

From one owner to the next all goes in order: the former one answers its last call; the next one is told who is here;
what it answers is what was missed; then it gets the calls that waited, in the order in which they were made. Whatever
an owner says outside of this is too late and not heard: it comes again, in its place, from the log.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final, Protocol

import structlog
import trio
from msgspec.structs import replace

from nvserver import story
from nvserver.cluster.guests import Seat, Seats
from nvserver.cluster.host import StartSoon
from nvserver.cluster.member_call import OF_SESSION, MemberCall
from nvserver.cluster.remote import RemoteLink
from nvserver.core.presence import Presence
from nvserver.errors import Internal, NoteVaultError, Unavailable, WorkspaceMoved
from nvserver.workspace import messages as m
from nvserver.workspace.events import OwnerMoved, PresenceChanged, WorkspaceEvent
from nvserver.workspace.farewell import Farewell
from nvserver.workspace.router import OnReply, WorkspaceRef

log = structlog.get_logger()

_PAUSE_SECONDS: Final = 0.1
_RESTLESS_SECONDS: Final = 0.02
_LEAVE_AGAIN_SECONDS: Final = 1.0


class Target(Protocol):
    """Where the actor is. `link` is None on this node; `node_id` and `url` are of the node that has it."""

    @property
    def link(self) -> RemoteLink | None: ...

    @property
    def node_id(self) -> str: ...

    @property
    def url(self) -> str | None: ...

    @property
    def ref(self) -> WorkspaceRef: ...


class Resolve(Protocol):
    """Finds, or makes, the workspace's owner."""

    async def __call__(self, workspace_id: str) -> Target: ...


class Member:
    """Overflow policy: what waits for an owner is bounded by `max_bytes`; beyond it calls are refused. When the search
    for one fails, what waits is answered with the reason."""

    def __init__(
        self,
        workspace_id: str,
        resolve: Resolve,
        start_soon: StartSoon,
        max_bytes: int,
    ) -> None:
        self._id = workspace_id
        self._resolve = resolve
        self._start_soon = start_soon
        self._max_bytes = max_bytes
        self.seats = Seats(workspace_id)
        self._known: dict[str, Presence] = {}
        self._target: Target | None = None
        self._attaching: Target | None = None
        self._is_open = False
        self._held: list[MemberCall] = []
        self._held_bytes = 0
        self._calls = 0
        self._unanswered = 0
        self._is_seeking = False
        self._former_node: str | None = None
        self.settled = trio.Event()
        """Set when the first owner was found, or is not to be had (`error`)."""
        self.error: NoteVaultError | None = None
        self.used_at = trio.current_time()

    @property
    def is_alive(self) -> bool:
        return self.error is None

    @property
    def is_idle(self) -> bool:
        """Nobody is here and nothing waits."""
        return not len(self.seats) and not self._held and not self._unanswered and not self._is_seeking

    @property
    def owner_id(self) -> str | None:
        """The node that has the workspace, as far as is known."""
        return None if self._target is None else self._target.node_id

    # --- WorkspaceRef --------------------------------------------------------------------------------------------

    def call_nowait(self, message: m.Message, on_reply: OnReply | None = None) -> None:
        self.used_at = trio.current_time()
        if isinstance(message, OF_SESSION):
            seat = (
                self.seats.take(message.session) if isinstance(message, m.Join) else self.seats.get(message.session.id)
            )
            if seat is None:
                MemberCall(message, on_reply, 0).fail_as_not_here()
                return
            message = replace(message, session=seat)
            if isinstance(message, m.Leave):
                seat.leave()  # at once: a new join may come before the answer
        self._calls += 1
        call = MemberCall(message, on_reply, self._calls)
        if self.error is not None:
            call.fail(self.error)
        else:
            self._pass_on(call)

    def _pass_on(self, call: MemberCall) -> None:
        if self._is_open and self._target is not None:
            self._send(self._target, call)
        else:
            self._hold(call)

    def _send(self, target: Target, call: MemberCall) -> None:
        if not call.is_awaited:
            target.ref.call_nowait(call.message, None)
        else:
            self._unanswered += 1
            if isinstance(call.message, m.Submit) and target.link is not None:
                author = call.message.author
                story.tell("passed on", self._id, author.client_id, author.client_seq, to=target.node_id)
            target.ref.call_nowait(call.message, partial(self._answered, target, call))

    def _hold(self, call: MemberCall) -> None:
        if isinstance(call.message, m.MoveCursor):
            return  # of no use later
        if self.error is not None:
            call.fail(self.error)
            return
        if self._held_bytes >= self._max_bytes and not isinstance(call.message, m.Leave):
            error = Unavailable("The workspace is being moved; too much waits for it already")
            self._note(call.message, error)  # who is not let in has no seat to leave: what waits stays bounded
            call.fail(error)
            return
        self._held.append(call)
        self._held_bytes += call.size
        self._seek_soon()

    def _answered(self, target: Target, call: MemberCall, reply: object) -> None:
        self._unanswered -= 1
        if isinstance(reply, WorkspaceMoved) and self._has_left(call.message):
            call.fail_as_not_here()
        elif isinstance(reply, WorkspaceMoved):
            if target.link is not None and not target.link.is_alive:
                self._lose(target)  # else it has to tell yet what it has done, and then says itself that it is gone
            if reply.is_untouched or call.may_be_repeated:
                self._hold(call)
            else:
                call.answer(Unavailable("The workspace moved meanwhile; what became of the request is unknown"))
        elif isinstance(call.message, m.Leave) and isinstance(reply, Unavailable):
            call.answer(None)
            self._start_soon(self._leave_again, call)
        else:
            self._note(call.message, reply)
            call.answer(reply)
            if isinstance(call.message, m.Join) and isinstance(reply, m.Joined) and target.url is not None:
                self.seats.deliver(OwnerMoved(self._id, target.url), [call.message.session.id])
        self._attach()

    async def _leave_again(self, call: MemberCall) -> None:
        """The owner had no room to hear that the session has left."""
        await trio.sleep(_LEAVE_AGAIN_SECONDS)
        assert isinstance(call.message, m.Leave)
        if self._is_open and self._target is not None and self.seats.get(call.message.session.id) is None:
            self._send(self._target, MemberCall(call.message, None, call.number))

    def _has_left(self, message: m.Message) -> bool:
        """Whether the session that asks has left, or was let go, meanwhile: no owner knows it any more."""
        if isinstance(message, m.Join):
            return isinstance(message.session, Seat) and message.session.has_left
        return isinstance(message, OF_SESSION) and not self.seats.has(message.session)

    def _note(self, message: m.Message, reply: object) -> None:
        """Remember what the sessions have been shown."""
        match message, reply:
            case m.Join(session=Seat() as seat), m.Joined(seq=seq, presence=presence):
                if not seat.has_left:
                    self.seats.let_in(seat).since = seq
                self._known.update({one.client_id: one for one in presence})
            case m.Join(session=Seat(since=None) as seat), NoteVaultError():
                self.seats.remove(seat)
            case m.OpenNote(session=Seat() as seat, note_id=note_id), m.NoteOpened(seq=seq):
                seat.notes[note_id] = seq
            case m.CloseNote(session=Seat() as seat, note_id=note_id), _:
                seat.notes.pop(note_id, None)
            case m.SetStatus(session=Seat() as seat, status=status), None:
                seat.status = status

    # --- Attending: what the owner says --------------------------------------------------------------------------

    def told(self, link: RemoteLink, event: WorkspaceEvent, session_ids: tuple[str, ...]) -> None:
        if not self._is_open or self._target is None or self._target.link is not link:
            return
        if isinstance(event, PresenceChanged):
            for presence in (*event.joins, *event.updates):
                self._known[presence.client_id] = presence
            for presence in event.leaves:
                self._known.pop(presence.client_id, None)
        self.seats.deliver(event, session_ids)

    def let_go(self, link: RemoteLink, session_id: str) -> None:
        seat = self.seats.get(session_id)
        if seat is None or seat.since is None:
            return  # it has left by itself, and may be coming back
        if self._is_open and self._target is not None and self._target.link is link:
            seat.detached(self._id)

    def lost(self, link: RemoteLink) -> None:
        if self._target is not None and self._target.link is link:
            self._lose(self._target)

    def lost_here(self, farewell: Farewell) -> None:
        """The actor on this node has ended."""
        if self._target is None or self._target.link is not None:
            return
        if self._is_open:  # else its sessions were never told by it
            self.seats.seen = max(self.seats.seen, farewell.seq)
            self._known = {presence.client_id: presence for presence in farewell.presence}
        self._lose(self._target)

    # --- from one owner to the next ------------------------------------------------------------------------------

    def _lose(self, target: Target) -> None:
        if self._target is not target:
            return
        self._target = self._attaching = None
        self._is_open = False
        self._former_node = target.node_id
        if target.link is not None and target.link.attending.get(self._id) is self:
            del target.link.attending[self._id]
        if len(self.seats) or self._held:
            self._seek_soon()

    def retire(self) -> None:
        """Nobody uses it any more."""
        if self._target is not None:
            self._lose(self._target)

    def seek(self) -> None:
        """Look for the owner now, though nobody has asked anything yet."""
        self._seek_soon()

    def _seek_soon(self) -> None:
        if not self._is_seeking and self._target is None and self.error is None:
            self._is_seeking = True
            self._start_soon(self._seek)

    async def _seek(self) -> None:
        try:
            if self._former_node is not None:
                await trio.sleep(_RESTLESS_SECONDS)
            while True:
                error: NoteVaultError
                try:
                    target = await self._resolve(self._id)
                except NoteVaultError as reason:
                    error = reason
                except Exception:
                    log.exception("workspace could not be found", workspace=self._id)
                    error = Internal()
                else:
                    self._is_seeking = False
                    self._settle(target)
                    return
                self._fail_held(error)
                if not isinstance(error, Unavailable) or not len(self.seats):
                    self.error = error
                    self.seats.dismiss("the workspace is not to be had")
                    return
                await trio.sleep(_PAUSE_SECONDS)
        finally:
            self._is_seeking = False
            self.settled.set()

    def _settle(self, target: Target) -> None:
        self._target = target
        if target.link is not None:
            target.link.attending[self._id] = self
        self._attach()

    def _attach(self) -> None:
        """Tell the owner who is here, once the one before it has nothing more to answer: a call that it answers now may
        have let somebody in. How long it may take is bounded by the silence after which its link is broken."""
        target = self._target
        if target is None or target is self._attaching or self._is_open or self._unanswered:
            return
        guests = self.seats.as_guests()
        if not guests:
            self._open()
            return
        self._attaching = target
        attach = m.Attach(guests, min(guest.since for guest in guests), tuple(self._known.values()))
        target.ref.call_nowait(attach, partial(self._attached, target, guests))

    def _attached(self, target: Target, guests: Sequence[m.Guest], reply: object) -> None:
        if self._attaching is not target:
            return  # of an owner that is lost already
        if isinstance(reply, WorkspaceMoved):
            self._lose(target)
            return
        if isinstance(reply, Unavailable):
            log.info("sessions not attached yet", workspace=self._id, node=target.node_id, reply=reply.message)
            self._fail_held(reply)
            self._start_soon(self._attach_again, target)
            return
        if isinstance(reply, m.Attached):
            log.info(
                "sessions attached", workspace=self._id, node=target.node_id, sessions=len(self.seats), seq=reply.seq
            )
            self.seats.catch_up(reply, guests)
            self._meet(reply.presence)
            if target.node_id != self._former_node:
                self.seats.tell(OwnerMoved(self._id, target.url))
        else:
            log.warning("sessions not attached", workspace=self._id, reply=repr(reply))
            self.seats.dismiss("the workspace has moved")
        self._open()

    def _meet(self, here: Sequence[Presence]) -> None:
        """Tell of those who came, or changed, before the owner knew who is here on this node."""
        joins = tuple(one for one in here if one.client_id not in self._known)
        updates = tuple(one for one in here if _has_changed(self._known.get(one.client_id), one))
        if joins or updates:
            self._known.update({one.client_id: one for one in (*joins, *updates)})
            self.seats.tell(PresenceChanged(self._id, joins, (), updates))

    async def _attach_again(self, target: Target) -> None:
        """The owner could not, for the moment."""
        await trio.sleep(_PAUSE_SECONDS)
        if self._attaching is target:
            self._attaching = None
            self._attach()

    def _open(self) -> None:
        """From now on the owner gets what is asked; first what waits."""
        assert self._target is not None
        self._attaching = None
        self._is_open = True
        held, self._held, self._held_bytes = self._held, [], 0
        for call in sorted(held, key=lambda call: call.number):
            if self._has_left(call.message) and not isinstance(call.message, m.Leave):
                call.fail_as_not_here()
            else:
                self._pass_on(call)  # who leaves may have been told to the owner as one who is here

    def _fail_held(self, error: NoteVaultError) -> None:
        held, self._held, self._held_bytes = self._held, [], 0
        for call in held:
            self._note(call.message, error)
            call.fail(error)


def _has_changed(known: Presence | None, now: Presence) -> bool:
    return known is not None and (known.status, known.note_id) != (now.status, now.note_id)
