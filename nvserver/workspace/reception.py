"""What sessions ask of an actor, and what is asked about them: who comes in, who looks at what, who is here.

Whoever comes in is told everything from a certain entry on, so that happens among what is published (`add_action`).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from nvserver.core.changes import Entry
from nvserver.core.gate import find_note, require
from nvserver.core.workspace import Workspace
from nvserver.errors import Conflict
from nvserver.ports.clock import NowMs
from nvserver.workspace import messages as m
from nvserver.workspace import visiting
from nvserver.workspace.attendance import Attendance, Attendee
from nvserver.workspace.commit_queue import CommitQueue
from nvserver.workspace.router import OnReply
from nvserver.workspace.session import Session

CatchUp: TypeAlias = Callable[[int | None, str | None], Awaitable[Sequence[Entry] | None]]
"""The entries after a seq, of a note or of all, if they are few enough to send; None: send the state."""


class Reception:
    """A part of the actor: runs in its turns. `catch_up` may wait."""

    def __init__(
        self, workspace: Workspace, attendance: Attendance, commits: CommitQueue, catch_up: CatchUp, now_ms: NowMs
    ) -> None:
        self._workspace = workspace
        self._attendance = attendance
        self._commits = commits
        self._catch_up = catch_up
        self._now_ms = now_ms

    async def _join(self, message: m.Join, on_reply: OnReply | None) -> None:
        session = message.session
        user_id = session.principal.user_id
        require(self._workspace, user_id, "workspace:read")
        catch_up = await self._catch_up(message.since, None)
        joined = visiting.welcome(self._workspace, user_id, catch_up)
        since = joined.seq
        if message.since is not None:
            if catch_up is None:
                joined = replace(joined, resync="what was missed can no longer be sent: take the state as it is")
            else:
                since = message.since

        def enter() -> object:
            self._attendance.join(session, since)
            return replace(joined, presence=self._attendance.presence)

        self._commits.add_action(enter, on_reply)

    async def _attach(self, message: m.Attach, on_reply: OnReply | None) -> None:
        entries = await self._catch_up(message.since, None)
        workspace, attendance = self._workspace, self._attendance
        attached = visiting.attached(workspace, entries)  # now: entries of this turn are told after it

        def enter() -> object:
            if entries is None:
                return attached
            refused, replaced = [], []
            for place, guest in enumerate(message.guests):
                if not visiting.may_be_here(workspace, guest.session.principal.user_id):
                    refused.append(place)
                elif not attendance.attach(guest.session, guest.since, guest.status, guest.note_ids):
                    replaced.append(place)
            attendance.expect(message.known)
            presence = attendance.presence
            return replace(attached, presence=presence, refused=tuple(refused), replaced=tuple(replaced))

        self._commits.add_action(enter, on_reply)

    async def _leave(self, message: m.Leave, on_reply: OnReply | None) -> None:
        self._commits.add_action(lambda: self._attendance.leave(message.session), on_reply)

    async def _open_note(self, message: m.OpenNote, on_reply: OnReply | None) -> None:
        session, note_id = message.session, message.note_id
        user_id = session.principal.user_id
        require(self._workspace, user_id, "notes:read")
        find_note(self._workspace, note_id)
        catch_up = await self._catch_up(message.since, note_id)
        opened = visiting.open_note(self._workspace, self._attendance, user_id, note_id, catch_up)

        def watch() -> object:
            attendee = self._attendance.get(session)
            if attendee is None:
                return Conflict("Join the workspace first")
            self._attendance.watch(attendee, note_id)
            return opened

        self._commits.add_action(watch, on_reply)

    async def _close_note(self, message: m.CloseNote, on_reply: OnReply | None) -> None:
        def unwatch() -> None:
            attendee = self._attendance.get(message.session)
            if attendee is not None:
                self._attendance.unwatch(attendee, message.note_id)

        self._commits.add_action(unwatch, on_reply)

    async def _move_cursor(self, message: m.MoveCursor, on_reply: OnReply | None) -> None:
        attendee = self._here(message.session)
        visiting.place_cursor(self._workspace, self._attendance, attendee, message.move, self._now_ms())
        self._commits.add_reply(on_reply, None)

    async def _set_status(self, message: m.SetStatus, on_reply: OnReply | None) -> None:
        def set_status() -> object:
            attendee = self._attendance.get(message.session)
            if attendee is None:
                return Conflict("Join the workspace first")
            self._attendance.set_status(attendee, message.status)
            return None

        self._commits.add_action(set_status, on_reply)

    async def _set_typing(self, message: m.SetTyping, on_reply: OnReply | None) -> None:
        attendee = self._here(message.session)
        require(self._workspace, attendee.presence.user_id, "notes:create")
        self._attendance.tell_typing(attendee, is_typing=message.is_typing)
        self._commits.add_reply(on_reply, None)

    async def _tell_progress(self, message: m.TellProgress, on_reply: OnReply | None) -> None:
        require(self._workspace, message.progress.user_id, "workspace:read")
        self._attendance.tell_progress(message.progress)
        self._commits.add_reply(on_reply, None)

    def _here(self, session: Session) -> Attendee:
        attendee = self._attendance.get(session)
        if attendee is None:
            raise Conflict("Join the workspace first")
        return attendee

    async def _list_members(self, message: m.ListMembers, on_reply: OnReply | None) -> None:
        require(self._workspace, message.user_id, "workspace:read")
        members = tuple(self._workspace.members.values())
        self._commits.add_reply(on_reply, m.MemberList(members, self._attendance.online))

    async def _get_reach(self, _message: m.GetReach, on_reply: OnReply | None) -> None:
        seq = self._workspace.seq
        self._commits.add_action(lambda: self._attendance.oldest_since(seq), on_reply)


HANDLERS: Final[dict[type, Callable[[Reception, Any, OnReply | None], Awaitable[None]]]] = {
    m.Join: Reception._join,
    m.Attach: Reception._attach,
    m.Leave: Reception._leave,
    m.OpenNote: Reception._open_note,
    m.CloseNote: Reception._close_note,
    m.MoveCursor: Reception._move_cursor,
    m.SetStatus: Reception._set_status,
    m.SetTyping: Reception._set_typing,
    m.TellProgress: Reception._tell_progress,
    m.ListMembers: Reception._list_members,
    m.GetReach: Reception._get_reach,
}
