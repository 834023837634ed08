"""Who is in a workspace and what they are told: sessions, presence, cursors, and the fan-out of what became durable."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import structlog
import trio
from msgspec.structs import replace

from nvserver.actors.timer import Timer
from nvserver.core.changes import Change, Entry, MemberRemoved, NoteDeleted, NoteEdited, WorkspaceDeleted
from nvserver.core.chat import CHAT_CHANGES
from nvserver.core.presence import Cursor, Presence, Status, person_color
from nvserver.core.rate_limit import TokenBucket
from nvserver.workspace.events import (
    ChangesCommitted,
    ChatChanged,
    ChatTyping,
    CursorsMoved,
    EditsCommitted,
    NotesTouched,
    NoteTouched,
    PresenceChanged,
    ProgressMade,
    ResyncNeeded,
    WorkspaceEvent,
)
from nvserver.workspace.session import Broadcast, Session
from nvserver.workspace.settings import WorkspaceSettings

log = structlog.get_logger()

REPLACED: Final = "the client has joined by another connection"
_TOUCHED_BUNCH: Final = 16
"""So many notes go into one event: who has one of them open needs an event of its own instead, of this size at most."""
_REPLACED_SECONDS: Final = 1.0
_REPLACED_BURST: Final = 20
"""So many sessions are told at once that another of their client took their place, then one a second, the others so
much later: two that both live would take turns as fast as they can."""


class Attendee:
    """A session in the workspace. `cursor_seq` is the seq that `cursor`'s selection belongs to, `since` the oldest seq
    that the client may still have processed last, `told` up to where it was told all at the last look at that."""

    __slots__ = ("cursor", "cursor_seq", "note_ids", "presence", "session", "since", "told")

    def __init__(self, session: Session, presence: Presence, since: int) -> None:
        self.session = session
        self.since = self.told = since
        self.presence = presence
        self.note_ids: set[str] = set()
        self.cursor: Cursor | None = None
        self.cursor_seq = 0


class Attendance:
    """Changed only in the actor's turn or by its timer; delivering never blocks.

    Arrivals, departures and cursors are gathered for a moment and told together; the newest of each wins."""

    def __init__(self, workspace_id: str, timer: Timer, now_ms: Callable[[], int], settings: WorkspaceSettings) -> None:
        self._workspace_id = workspace_id
        self._timer = timer
        self._now_ms = now_ms
        self._settings = settings
        self._attendees: dict[str, Attendee] = {}
        self._of_client: dict[str, Attendee] = {}
        self._watchers: dict[str, dict[str, Session]] = {}
        self._joins: dict[str, Presence] = {}
        self._leaves: dict[str, Presence] = {}
        self._updates: dict[str, Presence] = {}
        self._moved: dict[str, Cursor] = {}
        self._expected: dict[str, Presence] = {}
        self._is_presence_due = False
        self._are_cursors_due = False
        self._replacements = TokenBucket(1 / _REPLACED_SECONDS, _REPLACED_BURST)
        self._looked_at = float("-inf")

    def __len__(self) -> int:
        return len(self._attendees)

    def get(self, session: Session) -> Attendee | None:
        return self._attendees.get(session.id)

    @property
    def presence(self) -> tuple[Presence, ...]:
        return tuple(attendee.presence for attendee in self._attendees.values())

    @property
    def online(self) -> frozenset[str]:
        """The user ids of those here."""
        return frozenset(attendee.presence.user_id for attendee in self._attendees.values())

    # --- how far they have read ----------------------------------------------------------------------------------

    def has_read(self, client_id: str, seq: int) -> None:
        """The client has shown that it had processed everything up to there."""
        attendee = self._of_client.get(client_id)
        if attendee is not None and attendee.since < seq:
            attendee.since = seq

    def oldest_since(self, seq: int) -> int:
        """From where on those who are here may need entries, when all were told everything up to `seq`, and nothing
        else. Who says nothing has still read what was told `read_seconds` ago: else it would not be here any more."""
        now = trio.current_time()
        attendees = self._attendees.values()
        if now - self._looked_at >= self._settings.read_seconds:
            self._looked_at = now
            for attendee in attendees:
                attendee.since = max(attendee.since, attendee.told)
                attendee.told = seq
        return min((attendee.since for attendee in attendees), default=seq)

    # --- coming and going ----------------------------------------------------------------------------------------

    def join(self, session: Session, since: int) -> None:
        """Let the session in, whose client has processed everything up to `since`. Another session of the same client,
        mostly an older one that was cut off unnoticed, is let go."""
        if (other := self._other_of(session)) is not None:
            self.leave(other)
            if self._replacements.take(trio.current_time()) == 0:
                self._tell_replaced(other)
            else:
                self._timer.call_later(_REPLACED_SECONDS, lambda: self._tell_replaced(other))
        if session.id in self._attendees:
            return
        principal = session.principal
        presence = Presence(
            principal.user_id,
            principal.display_name,
            principal.avatar_url,
            person_color(principal.user_id),
            "online",
            session.client_id,
            None,
            self._now_ms(),
        )
        attendee = Attendee(session, presence, since)
        self._attendees[session.id] = self._of_client[session.client_id] = attendee
        self._joins[session.client_id] = presence
        self._leaves.pop(session.client_id, None)
        self._tell_presence_soon()

    def _other_of(self, session: Session) -> Session | None:
        """Another session of the same client that is here."""
        attendee = self._of_client.get(session.client_id)
        return None if attendee is None or attendee.session.id == session.id else attendee.session

    def _tell_replaced(self, session: Session) -> None:
        """If it lives after all, since the other one's join was only late, it joins again. It hears this before any
        answer that it is not here."""
        if session.id not in self._attendees:
            self._deliver(ResyncNeeded(self._workspace_id, REPLACED), [session])
            session.detached(self._workspace_id)

    def attach(self, session: Session, since: int, status: Status, note_ids: Sequence[str]) -> bool:
        """Let a session go on that was in the workspace before the activation changed. False when another one of its
        client is here: nobody can say which of both is the newer, so this one has to join again, if it lives."""
        if self._other_of(session) is not None:
            return False
        self.join(session, since)
        attendee = self._attendees[session.id]
        attendee.presence = replace(
            attendee.presence, status=status, note_id=note_ids[0] if note_ids else None, last_seen=self._now_ms()
        )
        self._joins[session.client_id] = attendee.presence
        for note_id in note_ids:
            attendee.note_ids.add(note_id)
            self._watchers.setdefault(note_id, {})[session.id] = session
        return True

    def expect(self, known: Sequence[Presence]) -> None:
        """These were here before the activation changed, as far as somebody here was told. Who has not come by the end
        of the time for that is told to have left."""
        if known and not self._expected:
            self._timer.call_later(self._settings.expect_seconds, self._miss)
        self._expected.update({presence.client_id: presence for presence in known})

    def _miss(self) -> None:
        here = {attendee.presence.client_id for attendee in self._attendees.values()}
        self._leaves.update({key: value for key, value in self._expected.items() if key not in here})
        self._expected.clear()
        self._tell_presence_soon()

    def leave(self, session: Session) -> None:
        """Let the session go; nothing if it is not here."""
        attendee = self._attendees.pop(session.id, None)
        if attendee is None:
            return
        del self._of_client[session.client_id]
        for note_id in attendee.note_ids:
            self._unwatch(session, note_id)
        self._moved.pop(session.client_id, None)
        self._updates.pop(session.client_id, None)
        if self._joins.pop(session.client_id, None) is None:
            self._leaves[session.client_id] = replace(attendee.presence, last_seen=self._now_ms())
            self._tell_presence_soon()

    def set_status(self, attendee: Attendee, status: Status) -> None:
        self._update_presence(attendee, replace(attendee.presence, status=status, last_seen=self._now_ms()))

    def watch(self, attendee: Attendee, note_id: str) -> None:
        """From now on the session gets the note's edits."""
        attendee.note_ids.add(note_id)
        self._watchers.setdefault(note_id, {})[attendee.session.id] = attendee.session
        self._update_presence(attendee, replace(attendee.presence, note_id=note_id, last_seen=self._now_ms()))

    def unwatch(self, attendee: Attendee, note_id: str) -> None:
        attendee.note_ids.discard(note_id)
        self._unwatch(attendee.session, note_id)
        if attendee.presence.note_id == note_id:
            self._update_presence(attendee, replace(attendee.presence, note_id=None, last_seen=self._now_ms()))

    def _unwatch(self, session: Session, note_id: str) -> None:
        watchers = self._watchers.get(note_id)
        if watchers is not None:
            watchers.pop(session.id, None)
            if not watchers:
                del self._watchers[note_id]

    # --- presence and cursors ------------------------------------------------------------------------------------

    def cursors_in(self, note_id: str) -> Iterable[Attendee]:
        """Those whose cursor is in the note."""
        return [a for a in self._attendees.values() if a.cursor is not None and a.cursor.note_id == note_id]

    def move_cursor(self, attendee: Attendee, cursor: Cursor, seq: int) -> None:
        attendee.cursor = cursor
        attendee.cursor_seq = seq
        self._moved[cursor.client_id] = cursor
        if not self._are_cursors_due:
            self._are_cursors_due = True
            self._timer.call_later(self._settings.cursor_seconds, self._tell_cursors)

    def _tell_cursors(self) -> None:
        self._are_cursors_due = False
        if self._moved:
            cursors = tuple(self._moved.values())
            self._moved.clear()
            self._to_all(CursorsMoved(self._workspace_id, cursors))

    def _update_presence(self, attendee: Attendee, presence: Presence) -> None:
        attendee.presence = presence
        if presence.client_id in self._joins:
            self._joins[presence.client_id] = presence
        else:
            self._updates[presence.client_id] = presence
        self._tell_presence_soon()

    def _tell_presence_soon(self) -> None:
        if not self._is_presence_due:
            self._is_presence_due = True
            self._timer.call_later(self._settings.presence_seconds, self._tell_presence)

    def _tell_presence(self) -> None:
        self._is_presence_due = False
        if not (self._joins or self._leaves or self._updates):
            return
        event = PresenceChanged(
            self._workspace_id,
            tuple(self._joins.values()),
            tuple(self._leaves.values()),
            tuple(self._updates.values()),
        )
        self._joins.clear()
        self._leaves.clear()
        self._updates.clear()
        self._to_all(event)

    # --- what became durable -------------------------------------------------------------------------------------

    def tell_typing(self, attendee: Attendee, *, is_typing: bool) -> None:
        """To all, at once: it is of no use later."""
        who = attendee.presence
        self._to_all(ChatTyping(self._workspace_id, who.user_id, who.user_name, who.client_id, is_typing))

    def tell_progress(self, progress: ProgressMade) -> None:
        """To all, at once."""
        self._to_all(progress)

    def publish(self, entries: Sequence[Entry]) -> None:
        """Tell durable entries, in order: each run of one note's edits as one event to those who have it open, each
        run of other changes as one event to all. Those who lost their membership hear of that and nothing after it."""
        for event in runs(self._workspace_id, entries):
            match event:
                case EditsCommitted(note_id=note_id):
                    if watchers := self._watchers.get(note_id):
                        self._deliver(event, watchers.values())
                case ChangesCommitted(entries=run):
                    self._to_all(event)
                    self._let_go(run)
                case _:
                    self._to_all(event)

    def is_anybody_without(self, note_id: str) -> bool:
        """Whether there are some who do not have the note open."""
        return len(self._watchers.get(note_id, ())) < len(self._attendees)

    def tell_touched(self, notes: Sequence[NoteTouched]) -> None:
        """To each those that it does not have open, in bunches: nearly all get the same, encoded once."""
        for start in range(0, len(notes), _TOUCHED_BUNCH):
            bunch = notes[start : start + _TOUCHED_BUNCH]
            note_ids = frozenset(note.note_id for note in bunch)
            receivers: dict[frozenset[str], list[Session]] = {}
            for attendee in self._attendees.values():
                receivers.setdefault(note_ids - attendee.note_ids, []).append(attendee.session)
            for unopened, sessions in receivers.items():
                if told := tuple(note for note in bunch if note.note_id in unopened):
                    self._deliver(NotesTouched(self._workspace_id, told), sessions)

    def dismiss_all(self, reason: str) -> None:
        """The actor stops: everybody is asked to join again."""
        self._to_all(ResyncNeeded(self._workspace_id, reason))
        for attendee in list(self._attendees.values()):
            attendee.session.detached(self._workspace_id)
        self.release_all()

    def release_all(self) -> None:
        """The actor stops, and somebody else takes care of those who are here."""
        self._attendees.clear()
        self._of_client.clear()
        self._watchers.clear()

    def _to_all(self, event: WorkspaceEvent) -> None:
        self._deliver(event, [attendee.session for attendee in self._attendees.values()])

    def _deliver(self, event: WorkspaceEvent, sessions: Iterable[Session]) -> None:
        """Into each outbox. A session that fails harms no other, and is let go."""
        broadcast = Broadcast(event)
        failed = []
        for session in sessions:
            try:
                session.deliver(broadcast)
            except Exception:
                log.exception("a session could not be told", session=session.id)
                failed.append(session)
        for session in failed:
            self.leave(session)
            session.detached(self._workspace_id)

    def _let_go(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            match entry.change:
                case MemberRemoved(user_id=user_id):
                    gone = [a for a in self._attendees.values() if a.presence.user_id == user_id]
                case WorkspaceDeleted():
                    gone = list(self._attendees.values())
                case NoteDeleted(note_id=note_id):
                    for attendee in self._attendees.values():
                        if note_id in attendee.note_ids:
                            self.unwatch(attendee, note_id)
                    continue
                case _:
                    continue
            for attendee in gone:
                self.leave(attendee.session)
                attendee.session.detached(self._workspace_id)


def runs(workspace_id: str, entries: Sequence[Entry]) -> Iterator[EditsCommitted | ChatChanged | ChangesCommitted]:
    """Durable entries as events, in order: neighbouring edits of one note together, each change of the chat alone,
    other neighbours together."""
    start = 0
    while start < len(entries):
        note_id = _edited_note(entries[start].change)
        end = start + 1
        if isinstance(entries[start].change, CHAT_CHANGES):
            yield ChatChanged(workspace_id, entries[start])
            start = end
            continue
        while end < len(entries) and _continues(entries[end].change, note_id):
            end += 1
        run = tuple(entries[start:end])
        if note_id is not None:
            yield EditsCommitted(workspace_id, note_id, run)
        else:
            yield ChangesCommitted(workspace_id, run)
        start = end


def _continues(change: Change, note_id: str | None) -> bool:
    return _edited_note(change) == note_id and not isinstance(change, CHAT_CHANGES)


def _edited_note(change: Change) -> str | None:
    return change.note_id if type(change) is NoteEdited else None
