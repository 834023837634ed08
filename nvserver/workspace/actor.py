"""The one task that owns an open workspace: its state, its sequence of entries, and who is in it.

The walk of a change through here: `_submit` asks whether it is a resend, `decide`s, `apply`s, and hands the entry to
the commit queue; at the end of the turn that goes to the log writer, and what comes back durable is published and
answered.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
import trio

from nvserver import failpoints, story
from nvserver.actors.mailbox import Mailbox
from nvserver.core.changes import Author, Change, Entry, NoteEdited
from nvserver.core.chat import CHAT_COMMANDS, decide_chat, message_after, target_of
from nvserver.core.commands import ChatCommand, Command, EditNote
from nvserver.core.decisions import decide
from nvserver.core.model import ChatMessage
from nvserver.core.note import EditsMissing, FarBehind
from nvserver.core.ot import Text
from nvserver.core.requests import RequestForgotten
from nvserver.core.snapshot import take_image
from nvserver.core.workspace import Workspace
from nvserver.errors import Internal, NoteVaultError, PutAside, Unavailable, WorkspaceMoved
from nvserver.ports.oplog import IndexChange
from nvserver.workspace import lookback, merging, visiting
from nvserver.workspace import messages as m
from nvserver.workspace.attendance import Attendance
from nvserver.workspace.commit_queue import CommitQueue
from nvserver.workspace.envelope import Envelope
from nvserver.workspace.farewell import Farewell
from nvserver.workspace.indexing import index_change
from nvserver.workspace.log_writer import Written
from nvserver.workspace.notifying import Notifier
from nvserver.workspace.parts import ActorParts
from nvserver.workspace.queries import ANSWERS
from nvserver.workspace.reception import HANDLERS, Reception
from nvserver.workspace.recovery import load_workspace, text_at
from nvserver.workspace.router import OnReply

log = structlog.get_logger()

_MESSAGES_A_STEP: Final = 16


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
        self._is_touch_due = False
        self._is_lost = False
        self.epoch = 0
        self._commits: CommitQueue
        self._reception: Reception

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
        self._reception = Reception(self._workspace, self._attendance, self._commits, self._catch_up, parts.now_ms)
        log.info(
            "workspace opened",
            workspace=self._id,
            epoch=activation.epoch,
            seq=activation.head,
            node=parts.node_name,
        )

    def _on_lost(self, written: Written) -> None:
        log.warning("workspace lost", workspace=self._id, epoch=self.epoch, outcome=written.value)
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
                    untouched = [(rest.on_reply, WorkspaceMoved(is_untouched=True)) for rest in envelopes[place + 1 :]]
                    crashed = (envelope.on_reply, _answer_to_crash(envelope.message))
                    await self._commits.abandon([crashed, *untouched])
                    raise
                if place % _MESSAGES_A_STEP == _MESSAGES_A_STEP - 1:  # a crowd that comes at once holds nobody up
                    self._commits.flush()
                    await trio.lowlevel.checkpoint()
            self._snapshot_when_due()
            self._commits.flush()
        failpoints.hit("unload_begin", self._id)
        await self._commits.settle()
        failpoints.hit("unload_end", self._id)
        if self._workspace.seq > self._snapshot_seq and not self._is_lost:
            self._parts.snapshotter.request(take_image(self._workspace))
        log.info("workspace closed", workspace=self._id, epoch=self.epoch, seq=self._workspace.seq)

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
            seen = m.newest_seen(message)
            if seen > self._workspace.seq:
                await self._check_newest()
            elif type(message) is m.Submit and message.author.client_id is not None:
                self._attendance.has_read(message.author.client_id, seen)
            while True:
                try:
                    if type(message) is m.Submit:
                        if isinstance(message.command, CHAT_COMMANDS):
                            await self._submit_chat(message.author, message.command, on_reply, is_known_new)
                        else:
                            self._submit(message, on_reply, is_known_new)
                    elif isinstance(message, m.PutNote):
                        await self._put_note(message, on_reply)
                    elif (answer := ANSWERS.get(type(message))) is not None:
                        self._commits.add_reply(on_reply, answer(self._workspace, message))
                    else:
                        await HANDLERS[type(message)](self._reception, message, on_reply)
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
            refusal = await self._sure_refusal(error)
            if type(message) is m.Submit:
                self._tell("refused", message.author, code=refusal.code)
            self._commits.add_reply(on_reply, refusal)

    async def _check_newest(self) -> None:
        """Somebody has seen an entry that is not known here, or the node's lease has ended: another activation may have
        gone on, which an append would have told. Then what is in memory is old, and nobody is judged by it."""
        await self._commits.settle()
        if await lookback.is_overtaken(self._parts.oplog, self._workspace):
            self._commits.lose()
        if self._is_lost:
            raise WorkspaceMoved(is_untouched=True)

    async def _sure_refusal(self, error: NoteVaultError) -> NoteVaultError:
        """The reason, unless what it was judged by may be old."""
        if not self._parts.is_sure():
            try:
                await self._check_newest()
            except NoteVaultError as reason:
                return reason
        return error

    # --- changes -------------------------------------------------------------------------------------------------

    def _submit(self, message: m.Submit, on_reply: OnReply | None, is_known_new: bool) -> None:
        author, command = message.author, message.command
        if not is_known_new:
            first_seq = self._workspace.requests.first_result(author)
            if first_seq is not None:
                self._tell("answered as before", author, seq=first_seq)
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

    def _tell(self, step: str, author: Author, **fields: object) -> None:
        story.tell(step, self._id, author.client_id, author.client_seq, epoch=self.epoch, **fields)

    def _publish(self, entries: Sequence[Entry]) -> None:
        if entries:
            self._published_seq = entries[-1].seq
            for entry in entries:
                self._tell("durable", entry.author, seq=entry.seq)
        self._attendance.publish(entries)
        self._notifier.published(entries)

    def _apply(self, author: Author, changes: Sequence[Change]) -> tuple[tuple[Entry, ...], list[IndexChange]]:
        """The changes become the next entries. The client's number goes with the first of them."""
        workspace = self._workspace
        if any(type(change) is not NoteEdited for change in changes):
            self._queue_touched()  # everybody hears of everything in the order of the sequence
        at = self._parts.now_ms()
        entries = []
        index: list[IndexChange] = []
        for change in changes:
            entry = Entry(workspace.seq + 1, at, author, change)
            workspace.apply(entry)
            self._tell("accepted", author, seq=entry.seq)
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
        note = merging.note_to_put(workspace, message)
        base: Text | None = None
        if merging.is_merge(workspace, message, note):
            await self._commits.settle()
            base_seq = merging.base_seq_of(workspace, message)
            base = await text_at(self._parts.oplog, self._id, message.note_id, base_seq, self._parts.limits)
        edit = await merging.edit_of(self._parts, workspace, message, note, base)
        changes = merging.changes_of(workspace, message, note, edit)
        entries, index = self._apply(author, changes)
        put = m.NotePut(note.meta, str(note.text), base is not None)
        self._commits.add_entries(entries, index, on_reply, put)

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

    async def _catch_up(self, since: int | None, note_id: str | None) -> Sequence[Entry] | None:
        """The entries after `since`, of the note or of all, if they are few enough to send; None: send the state."""
        if not self._parts.is_sure():
            await self._check_newest()
        if since is None or not 0 <= since <= self._workspace.seq:
            return None
        await self._commits.settle()
        entries = await lookback.entries_since(
            self._parts.oplog, self._id, since, note_id, self._parts.settings.catch_up_entries
        )
        if entries and entries[-1].seq > self._workspace.seq:
            self._commits.lose()  # somebody else has written: what is here is old
            raise WorkspaceMoved(is_untouched=True)
        return entries

    # --- beside the turns ----------------------------------------------------------------------------------------

    def _touch(self, entry: Entry) -> None:
        """Note an edit for those who do not have the note open."""
        if not self._is_touch_due:
            self._is_touch_due = True
            self._parts.timer.call_about(self._parts.settings.excerpt_seconds, self._tell_touched)
        assert isinstance(entry.change, NoteEdited)
        self._touched.pop(entry.change.note_id, None)
        self._touched[entry.change.note_id] = entry

    def _tell_touched(self) -> None:
        self._is_touch_due = False
        self._queue_touched()
        self._commits.flush()

    def _queue_touched(self) -> None:
        """Have the touched notes told of, by their newest edits and in their order."""
        touched, self._touched = self._touched, {}
        missed = [entry for note_id, entry in touched.items() if self._attendance.is_anybody_without(note_id)]
        if not missed:
            return
        notes = [visiting.touched(self._workspace, entry) for entry in missed]
        self._commits.add_action(lambda: self._attendance.tell_touched(notes))

    def _snapshot_when_due(self) -> None:
        if self._workspace.seq - self._snapshot_seq >= self._parts.settings.snapshot_entries:
            image = take_image(self._workspace)
            self._snapshot_seq = image.seq
            self._commits.add_action(lambda: self._parts.snapshotter.request(image))


def _answer_to_crash(message: m.Message) -> NoteVaultError:
    """A numbered request may be sent again, as after any unknown outcome: at its second crash it is put aside."""
    is_numbered = isinstance(message, m.Submit) and message.author.client_seq is not None
    return WorkspaceMoved() if is_numbered else Internal()
