"""The sessions of this node that are in one workspace, and what each has seen of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import structlog

from nvserver.core.changes import Entry
from nvserver.core.presence import Status
from nvserver.core.principal import Principal
from nvserver.workspace import messages as m
from nvserver.workspace.attendance import REPLACED, runs
from nvserver.workspace.events import (
    ChangesCommitted,
    ChatChanged,
    EditsCommitted,
    NotesTouched,
    NoteTouched,
    ResyncNeeded,
    WorkspaceEvent,
)
from nvserver.workspace.session import Broadcast, Session

log = structlog.get_logger()


class Seat:
    """Stands for a session before whichever actor has the workspace. Fills the protocol `Session`.

    `since`: what its join showed, None before that; `notes`: the notes it has open, and what opening each showed;
    `has_left`: by its own wish. One that joins again gets another seat."""

    __slots__ = ("_seats", "deliver", "has_left", "notes", "session", "since", "status")

    def __init__(self, seats: "Seats", session: Session) -> None:
        self._seats = seats
        self.session = session
        self.deliver: Callable[[Broadcast[WorkspaceEvent]], None] = session.deliver
        self.since: int | None = None
        self.has_left = False
        self.status: Status = "online"
        self.notes: dict[str, int] = {}

    @property
    def id(self) -> str:
        return self.session.id

    @property
    def client_id(self) -> str:
        return self.session.client_id

    @property
    def principal(self) -> Principal:
        return self.session.principal

    def leave(self) -> None:
        """Nothing more is delivered: an owner that hears of it later may still tell something, and not all."""
        self.has_left = True
        self.deliver = _drop
        self._seats.remove(self)

    def detached(self, workspace_id: str) -> None:
        self._seats.remove(self)
        if not self.has_left:  # else it knows, or has come back since
            self.session.detached(workspace_id)


class Seats:
    """`seen` is up to where the sessions were told everything, whatever each of them was shown later than that."""

    def __init__(self, workspace_id: str) -> None:
        self._workspace_id = workspace_id
        self._seats: dict[str, Seat] = {}
        self.seen = 0

    def __len__(self) -> int:
        return len(self._seats)

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._seats.values()))

    def get(self, session_id: str) -> Seat | None:
        return self._seats.get(session_id)

    def has(self, session: Session) -> bool:
        """Whether it is a seat that is taken."""
        return self._seats.get(session.id) is session

    def take(self, session: Session) -> Seat:
        """The session's seat, a new one if it has none."""
        seat = self._seats.get(session.id)
        if seat is None:
            seat = self._seats[session.id] = Seat(self, session)
        return seat

    def let_in(self, seat: Seat) -> Seat:
        """The seat of the session that was let in: this one, unless it has another one by now."""
        return self._seats.setdefault(seat.id, seat)

    def remove(self, seat: Seat) -> None:
        if self._seats.get(seat.id) is seat:
            del self._seats[seat.id]

    def deliver(self, event: WorkspaceEvent, session_ids: Iterable[str]) -> None:
        """Hand an event of the owner's to those it is for."""
        match event:
            case EditsCommitted(entries=entries) | ChangesCommitted(entries=entries):
                self.seen = max(self.seen, entries[-1].seq)
            case ChatChanged(entry=entry):
                self.seen = max(self.seen, entry.seq)
        broadcast = Broadcast(event)
        for session_id in session_ids:
            seat = self._seats.get(session_id)
            if seat is not None and seat.since is not None:  # else it is for the seat that the session had before
                _deliver(seat, broadcast)

    def as_guests(self) -> tuple[m.Guest, ...]:
        """Those whose join was answered, as the next activation has to know them."""
        return tuple(
            m.Guest(seat, max(seat.since, self.seen), seat.status, tuple(reversed(seat.notes)))
            for seat in self._seats.values()
            if seat.since is not None
        )

    def catch_up(self, attached: m.Attached, guests: Sequence[m.Guest]) -> None:
        """Tell everybody what happened while there was no owner. Each is told what comes after what it has seen.
        `guests` are those that were to be attached."""
        seats = [seat for seat in self if seat.since is not None]
        if attached.entries is None:
            self.dismiss("too much was missed while the workspace moved")
            return
        shared: dict[int, Sequence[EditsCommitted | ChatChanged | ChangesCommitted]] = {}
        touched = {note.seq: note for note in attached.touched}
        for seat in seats:
            assert seat.since is not None
            since = max(seat.since, self.seen)
            if since not in shared:
                missed = [entry for entry in attached.entries if entry.seq > since]
                shared[since] = list(runs(self._workspace_id, missed))
            for event in shared[since]:
                if (mine := _part_for(seat, event, touched)) is not None:
                    _deliver(seat, Broadcast(mine))
        self.seen = max(self.seen, attached.seq)
        for place in attached.refused:
            guests[place].session.detached(self._workspace_id)
        for place in attached.replaced:
            replaced = guests[place].session
            replaced.deliver(Broadcast(ResyncNeeded(self._workspace_id, REPLACED)))
            replaced.detached(self._workspace_id)

    def tell(self, event: WorkspaceEvent) -> None:
        """All who are in."""
        broadcast = Broadcast(event)
        for seat in self:
            if seat.since is not None:
                _deliver(seat, broadcast)

    def dismiss(self, reason: str) -> None:
        """All are asked to join again."""
        self.tell(ResyncNeeded(self._workspace_id, reason))
        for seat in self:
            if seat.since is not None:
                seat.detached(self._workspace_id)


def _part_for(seat: Seat, event: WorkspaceEvent, touched: Mapping[int, NoteTouched]) -> WorkspaceEvent | None:
    """What of the event the session is to be told: the edits of a note that it has open, of another only that there
    were some, in the place of the newest. `touched`: by the seq of that."""
    if not isinstance(event, EditsCommitted):
        return event
    opened_at = seat.notes.get(event.note_id)
    if opened_at is None:
        note = touched.get(event.entries[-1].seq)
        return None if note is None else NotesTouched(event.workspace_id, (note,))
    entries: tuple[Entry, ...] = tuple(entry for entry in event.entries if entry.seq > opened_at)
    return EditsCommitted(event.workspace_id, event.note_id, entries) if entries else None


def _drop(_broadcast: Broadcast[WorkspaceEvent]) -> None:
    """For nobody."""


def _deliver(seat: Seat, broadcast: Broadcast[WorkspaceEvent]) -> None:
    """A session that fails harms no other."""
    try:
        seat.deliver(broadcast)
    except Exception:
        log.exception("a session could not be told", session=seat.id)
