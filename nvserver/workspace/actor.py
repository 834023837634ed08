"""The one task that owns an open workspace: its state, its sequence of entries, and who is in it.

The walk of a change through here: `_submit` asks whether it is a resend, `decide`s, `apply`s, and hands the entry to
the commit queue; at the end of the turn that goes to the log writer, and what comes back durable is published and
answered.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
import trio
from msgspec import UNSET
from msgspec.structs import replace

from nvserver import failpoints
from nvserver.actors.mailbox import Mailbox
from nvserver.core.changes import Author, Change, Entry, NoteEdited
from nvserver.core.chat import CHAT_COMMANDS, decide_chat, message_after, target_of
from nvserver.core.commands import ChatCommand, Command, EditNote, UpdateNote
from nvserver.core.decisions import decide
from nvserver.core.gate import find_note, require
from nvserver.core.model import ChatMessage
from nvserver.core.note import EditsMissing, FarBehind, Note
from nvserver.core.ot import Text, diff
from nvserver.core.requests import RequestForgotten
from nvserver.core.snapshot import take_image
from nvserver.core.workspace import Workspace
from nvserver.errors import Conflict, Internal, NoteVaultError, PutAside, Unavailable, ValidationFailed, WorkspaceMoved
from nvserver.ports.oplog import IndexChange
from nvserver.workspace import lookback, queries, visiting
from nvserver.workspace import messages as m
from nvserver.workspace.attendance import Attendance, Attendee
from nvserver.workspace.commit_queue import CommitQueue
from nvserver.workspace.envelope import Envelope
from nvserver.workspace.farewell import Farewell
from nvserver.workspace.indexing import index_change
from nvserver.workspace.log_writer import Written
from nvserver.workspace.notifying import Notifier
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.recovery import load_workspace, text_at
from nvserver.workspace.router import OnReply
from nvserver.workspace.session import Session

log = structlog.get_logger()


class WorkspaceActor:
    """One activation. `run` opens the workspace, calls `on_ready`, serves the mailbox, and returns when it is idle,
    closed or has lost the workspace to another activation; it raises when the handling of a message raised what is no
    NoteVaultError.
    """

    def __init__(self, workspace_id: str, parts: ActorParts, mailbox: Mailbox[Envelope]) -> None:
        self._id = workspace_id
        self._parts = parts
        self._mailbox = mailbox
        self._attendance = Attendance(workspace_id, parts.timer, parts.now_ms, parts.settings)
        self._workspace = Workspace(workspace_id, parts.limits)
        self._forgotten = lookback.ForgottenRequests(parts.oplog, workspace_id)
        self._notifier = Notifier(parts.notify, parts.settings.watch_seconds)
        self._snapshot_seq = 0
        self._published_seq = 0
        self._touched: dict[str, Entry] = {}
        self._is_lost = False
        self.epoch = 0
        self._commits: CommitQueue

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Raises `WorkspaceNotFound` and `Unavailable` when the workspace cannot be opened."""
        reason = "restarted"
        try:
            await self._activate()
            on_ready()
            await self._serve()
            reason = "closed"
        finally:
            self._mailbox.close()
            self._say_farewell(reason)

    def _say_farewell(self, reason: str) -> None:
        if self._parts.on_farewell is None:
            self._attendance.dismiss_all(reason)
        else:
            farewell = Farewell(self._published_seq, self._attendance.presence)
            self._attendance.release_all()
            self._parts.on_farewell(self._id, farewell)

    async def _activate(self) -> None:
        parts = self._parts
        activation = await parts.oplog.activate(self._id, parts.node_name)
        failpoints.hit("activate_before_load", self._id)
        self._workspace, self._snapshot_seq = await load_workspace(parts.oplog, self._id, activation.head, parts.limits)
        failpoints.hit("activate_after_load", self._id)
        self._published_seq = activation.head
        self.epoch = activation.epoch
        self._commits = CommitQueue(self._id, activation.epoch, parts.writer, self._publish, self._on_lost)
        log.info(
            "workspace opened",
            workspace=self._id,
            epoch=activation.epoch,
            seq=activation.head,
            node=parts.node_name,
        )

    def _on_lost(self, written: Written) -> None:
        log.warning("workspace lost", workspace=self._id, outcome=written.value)
        self._is_lost = True
        self._mailbox.close()

    # --- the loop ------------------------------------------------------------------------------------------------

    async def _serve(self) -> None:
        while envelopes := await self._next_envelopes():
            for place, envelope in enumerate(envelopes):
                try:
                    failpoints.hit("take_message", self._id)
                    await self._take(envelope)
                except Exception as error:
                    self._parts.quarantine.failed(self._id, envelope.message, error)
                    if envelope.on_reply is not None:
                        envelope.on_reply(Internal())
                    self._commits.abandon(rest.on_reply for rest in envelopes[place + 1 :])
                    raise
            self._snapshot_when_due()
            self._commits.flush()
        failpoints.hit("unload_begin", self._id)
        await self._commits.settle()
        failpoints.hit("unload_end", self._id)
        if self._workspace.seq > self._snapshot_seq and not self._is_lost:
            self._parts.snapshotter.request(take_image(self._workspace))
        log.info("workspace closed", workspace=self._id, seq=self._workspace.seq)

    async def _next_envelopes(self) -> Sequence[Envelope]:
        """The messages there are, waiting for the first; none when the actor shall end."""
        while not self._mailbox.is_closed and not self._attendance:
            with trio.move_on_after(self._parts.settings.idle_seconds):
                return await self._mailbox.take_all()
            # Closed in the same turn in which it was seen empty, so that no message can slip in between.
            if not len(self._mailbox) and self._commits.is_settled and not self._attendance:
                self._mailbox.close()
        return await self._mailbox.take_all()

    async def _take(self, envelope: Envelope) -> None:
        """Handle one message. What is missing in memory is read from the op log, then it is handled again."""
        message, on_reply = envelope.message, envelope.on_reply
        if self._parts.quarantine.is_poison(self._id, message):
            self._commits.add_reply(on_reply, PutAside())
            return
        is_known_new = False
        try:
            if m.newest_seen(message) > self._workspace.seq:
                await self._check_overtaken()
            while True:
                try:
                    if type(message) is m.Submit:
                        if isinstance(message.command, CHAT_COMMANDS):
                            await self._submit_chat(message.author, message.command, on_reply, is_known_new)
                        else:
                            self._submit(message, on_reply, is_known_new)
                    else:
                        await _HANDLERS[type(message)](self, message, on_reply)
                    return
                except EditsMissing as missing:
                    await self._commits.settle()
                    await lookback.load_edits(self._parts, self._workspace, missing)
                except FarBehind:
                    message = await self._brought_near(message)
                except RequestForgotten:
                    assert type(message) is m.Submit
                    if await self._answer_forgotten(message, on_reply):
                        return
                    is_known_new = True
        except NoteVaultError as error:
            self._commits.add_reply(on_reply, await self._sure_refusal(message, error))

    async def _check_overtaken(self) -> None:
        """Somebody has seen an entry that is not known here. He is wrong; or another activation has taken over, which
        an append would have told: then what is in memory is old, and nobody is judged by it."""
        await self._commits.settle()
        if await lookback.is_overtaken(self._parts.oplog, self._workspace):
            self._commits.lose()
            raise Unavailable("The workspace is being reopened; try again")

    # --- changes -------------------------------------------------------------------------------------------------

    def _submit(self, message: m.Submit, on_reply: OnReply | None, is_known_new: bool) -> None:
        author, command = message.author, message.command
        if not is_known_new:
            first_seq = self._workspace.requests.first_result(author)
            if first_seq is not None:
                self._commits.add_reply(on_reply, m.Accepted(first_seq, True, self._note_after(command)))
                return
        self._check_room()
        changes = decide(self._workspace, command, author)
        entries, index = self._apply(author, changes)
        accepted = m.Accepted(self._workspace.seq, False, self._note_after(command))
        self._commits.add_entries(entries, index, on_reply, accepted)

    async def _submit_chat(
        self, author: Author, command: ChatCommand, on_reply: OnReply | None, is_known_new: bool
    ) -> None:
        first_seq = None if is_known_new else self._workspace.requests.first_result(author)
        if first_seq is not None:
            message = await self._read_message(command.message_id)
            self._commits.add_reply(on_reply, m.Accepted(first_seq, True, message=message))
            return
        self._check_room()
        target = await self._read_message(target_of(command))
        entries, index = self._apply(author, decide_chat(self._workspace, command, author, target))
        message = message_after(self._id, entries[-1]) if entries else target
        self._commits.add_entries(entries, index, on_reply, m.Accepted(self._workspace.seq, message=message))

    async def _read_message(self, message_id: str | None) -> ChatMessage | None:
        """The chat message as all entries up to now left it: what was decided before is durable first."""
        if message_id is None:
            return None
        await self._commits.settle()
        return await self._parts.chat.message(message_id)

    def _publish(self, entries: Sequence[Entry]) -> None:
        if entries:
            self._published_seq = entries[-1].seq
        self._attendance.publish(entries)
        self._notifier.published(entries)

    def _apply(self, author: Author, changes: Sequence[Change]) -> tuple[tuple[Entry, ...], list[IndexChange]]:
        """The changes become the next entries. The client's number goes with the first of them."""
        workspace = self._workspace
        at = self._parts.now_ms()
        entries = []
        index: list[IndexChange] = []
        for change in changes:
            entry = Entry(workspace.seq + 1, at, author, change)
            workspace.apply(entry)
            entries.append(entry)
            if type(change) is NoteEdited:
                self._touch(entry)
            elif (indexed := index_change(workspace, entry)) is not None:
                index.append(indexed)
            index.extend(self._notifier.index(workspace, entry))
            author = Author(author.user_id)
        return tuple(entries), index

    def _note_after(self, command: Command) -> Any:
        """What is known of the note that a command is about; not worth making for an edit."""
        if type(command) is EditNote:
            return None
        note = self._workspace.notes.get(getattr(command, "note_id", ""))
        return note.meta if note is not None else None

    def _check_room(self) -> None:
        if not self._parts.writer.has_room:
            raise Unavailable("The store is behind; try again in a moment")

    async def _brought_near(self, message: m.Message) -> m.Message:
        """The same edit as if made on the newest text."""
        assert isinstance(message, m.Submit) and isinstance(message.command, EditNote)
        edit = await lookback.bring_near(self._workspace, message.command, message.author.client_id)
        return m.Submit(message.author, edit)

    async def _put_note(self, message: m.PutNote, on_reply: OnReply | None) -> None:
        self._check_room()
        workspace, author = self._workspace, message.author
        require(workspace, author.user_id, "notes:read")
        note = find_note(workspace, message.note_id)
        edit, is_merged = await self._edit_of_put(message, note)
        tags = note.meta.tags
        new_tags = tags if message.tags is UNSET else message.tags
        update = UpdateNote(
            message.note_id,
            message.title,
            message.position,
            message.size,
            message.color,
            message.collection_id,
            tuple(tag for tag in new_tags if tag not in tags),
            tuple(tag for tag in tags if tag not in new_tags),
        )
        changes = decide(workspace, update, author)
        if edit is not None:
            changes = decide(workspace, edit, author) + changes
        entries, index = self._apply(author, changes)
        self._commits.add_entries(entries, index, on_reply, m.NotePut(note.meta, str(note.text), is_merged))

    async def _edit_of_put(self, message: m.PutNote, note: Note) -> tuple[EditNote | None, bool]:
        """The operation that turns the text the caller knew into the one it sent, and whether others edited
        meanwhile."""
        if message.content is UNSET:
            return None, False
        base_seq = self._workspace.seq if message.base_seq is None else message.base_seq
        if not 0 <= base_seq <= self._workspace.seq:
            raise ValidationFailed.at("baseSeq", f"must be between 0 and {self._workspace.seq}, the newest seq")
        is_merged = bool(note.edits_after(base_seq))
        if is_merged:
            await self._commits.settle()
            base = await text_at(self._parts.oplog, self._id, message.note_id, base_seq, self._parts.limits)
        else:
            base = note.text
        op = await self._difference(base, message.content)
        if not op:
            return None, is_merged
        return await lookback.bring_near(self._workspace, EditNote(message.note_id, base_seq, op), None), is_merged

    async def _difference(self, base: Text, content: str) -> tuple[int | str, ...]:
        if max(len(base), len(content)) <= self._parts.settings.inline_diff_characters:
            return diff(str(base), content)
        return await self._parts.offload(diff, str(base), content)

    async def _answer_forgotten(self, message: m.Submit, on_reply: OnReply | None) -> bool:
        """Answer a resend of long ago from the log; False when the request was never accepted."""
        await self._commits.settle()
        first_seq = await self._forgotten.first_result(message.author)
        if first_seq is None:
            return False
        command = message.command
        shown = await self._read_message(command.message_id) if isinstance(command, CHAT_COMMANDS) else None
        self._commits.add_reply(on_reply, m.Accepted(first_seq, True, self._note_after(command), shown))
        return True

    async def _sure_refusal(self, message: m.Message, error: NoteVaultError) -> NoteVaultError:
        """The reason, unless it may be that what is here is old."""
        if self._parts.is_sure() and _base_of(message) <= self._workspace.seq:
            return error
        try:
            await self._check_still_newest()
        except NoteVaultError as reason:
            return reason
        return error

    async def _check_still_newest(self) -> None:
        """Somebody has seen more than there is here, or the node's lease has ended: another activation may have gone
        on meanwhile, and what is here be old."""
        await self._commits.settle()
        if not self._is_lost and await self._parts.oplog.read(self._id, self._workspace.seq, limit=1):
            self._on_lost(Written.FENCED)
        if self._is_lost:
            raise WorkspaceMoved(is_untouched=True)

    async def _catch_up(self, since: int | None, note_id: str | None) -> Sequence[Entry] | None:
        """The entries after `since`, of the note or of all, if they are few enough to send; None: send the state."""
        if not self._parts.is_sure() or (since is not None and since > self._workspace.seq):
            await self._check_still_newest()
        if since is None or not 0 <= since <= self._workspace.seq:
            return None
        await self._commits.settle()
        entries = await lookback.entries_since(
            self._parts.oplog, self._id, since, note_id, self._parts.settings.catch_up_entries
        )
        if entries and entries[-1].seq > self._workspace.seq:
            self._on_lost(Written.FENCED)  # somebody else has written: what is here is old
            raise WorkspaceMoved(is_untouched=True)
        return entries

    # --- sessions ------------------------------------------------------------------------------------------------

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
            may_be_here = [g for g in message.guests if visiting.may_be_here(workspace, g.session.principal.user_id)]
            if entries is not None:
                for guest in may_be_here:
                    attendance.attach(guest.session, guest.since, guest.status, guest.note_ids)
                attendance.expect(message.known)
            here = {guest.session.id for guest in may_be_here}
            refused = tuple(g.session.client_id for g in message.guests if g.session.id not in here)
            return replace(attached, presence=attendance.presence, refused=refused)

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
        visiting.place_cursor(self._workspace, self._attendance, attendee, message.move, self._parts.now_ms())
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

    # --- questions -----------------------------------------------------------------------------------------------

    async def _get_workspace(self, message: m.GetWorkspace, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.get_workspace(self._workspace, message))

    async def _get_note(self, message: m.GetNote, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.get_note(self._workspace, message))

    async def _list_notes(self, message: m.ListNotes, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.list_notes(self._workspace, message))

    async def _get_canvas(self, message: m.GetCanvas, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.get_canvas(self._workspace, message))

    async def _get_contents(self, message: m.GetContents, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.get_contents(self._workspace, message))

    async def _list_versions(self, message: m.ListVersions, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.list_versions(self._workspace, message))

    async def _list_threads(self, message: m.ListThreads, on_reply: OnReply | None) -> None:
        self._commits.add_reply(on_reply, queries.list_threads(self._workspace, message))

    async def _list_members(self, message: m.ListMembers, on_reply: OnReply | None) -> None:
        require(self._workspace, message.user_id, "workspace:read")
        members = tuple(self._workspace.members.values())
        self._commits.add_reply(on_reply, m.MemberList(members, self._attendance.online))

    async def _get_reach(self, _message: m.GetReach, on_reply: OnReply | None) -> None:
        since = self._attendance.oldest_since
        self._commits.add_reply(on_reply, self._workspace.seq if since is None else since)

    # --- beside the turns ----------------------------------------------------------------------------------------

    def _touch(self, entry: Entry) -> None:
        """Note an edit for those who do not have the note open."""
        if not self._touched:
            self._parts.timer.call_later(self._parts.settings.excerpt_seconds, self._tell_touched)
        assert isinstance(entry.change, NoteEdited)
        self._touched[entry.change.note_id] = entry

    def _tell_touched(self) -> None:
        touched, self._touched = self._touched, {}
        events = [visiting.touched(self._workspace, entry) for entry in touched.values()]

        def tell() -> None:
            for event in events:
                self._attendance.tell_unopened(event.note_id, event)

        self._commits.add_action(tell)
        self._commits.flush()

    def _snapshot_when_due(self) -> None:
        if self._workspace.seq - self._snapshot_seq >= self._parts.settings.snapshot_entries:
            image = take_image(self._workspace)
            self._snapshot_seq = image.seq
            self._commits.add_action(lambda: self._parts.snapshotter.request(image))


def _base_of(message: m.Message) -> int:
    """What its sender has seen."""
    match message:
        case m.Submit(command=EditNote(base_seq=base_seq)) | m.PutNote(base_seq=int() as base_seq):
            return base_seq
        case _:
            return 0


_Handler = Callable[[WorkspaceActor, Any, OnReply | None], Awaitable[None]]
_HANDLERS: dict[type, _Handler] = {
    m.PutNote: WorkspaceActor._put_note,
    m.Join: WorkspaceActor._join,
    m.Attach: WorkspaceActor._attach,
    m.Leave: WorkspaceActor._leave,
    m.OpenNote: WorkspaceActor._open_note,
    m.CloseNote: WorkspaceActor._close_note,
    m.MoveCursor: WorkspaceActor._move_cursor,
    m.SetStatus: WorkspaceActor._set_status,
    m.SetTyping: WorkspaceActor._set_typing,
    m.TellProgress: WorkspaceActor._tell_progress,
    m.GetWorkspace: WorkspaceActor._get_workspace,
    m.GetNote: WorkspaceActor._get_note,
    m.ListNotes: WorkspaceActor._list_notes,
    m.GetCanvas: WorkspaceActor._get_canvas,
    m.GetContents: WorkspaceActor._get_contents,
    m.ListThreads: WorkspaceActor._list_threads,
    m.ListVersions: WorkspaceActor._list_versions,
    m.ListMembers: WorkspaceActor._list_members,
    m.GetReach: WorkspaceActor._get_reach,
}
