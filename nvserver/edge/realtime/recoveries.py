"""Clients whose connection was lost and who may come back over another within a while, as if nothing had been.

Socket.IO calls it connection state recovery. Only who asks for it (`recovery` in `auth`) gets it: the numbers by which
a client tells what it has are a further argument of every event.
"""

from collections.abc import Callable, Sequence

from nvserver.actors.timer import Timer, TimerHandle
from nvserver.edge.realtime.client_session import ClientSession
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.edge.realtime.recall import Recall
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.ports.clock import NewId


class Recoveries:
    """All clients of the node that may be recovered, those too that are connected: the client notices a lost
    connection first. At most `max_recoveries` wait at a time; who is lost beyond that has left."""

    def __init__(self, settings: RealtimeSettings, timer: Timer, new_id: NewId) -> None:
        self._settings = settings
        self._timer = timer
        self._new_id = new_id
        self._sessions: dict[str, ClientSession] = {}
        self._waiting: dict[ClientSession, TimerHandle] = {}

    def new_recall(self) -> Recall | None:
        """For a client that asks for it; None when nobody is recovered here."""
        if self._settings.recovery_seconds == 0:
            return None
        return Recall(self._new_id(), self._settings.recovery_bytes)

    def add(self, session: ClientSession) -> None:
        """One with a recall."""
        assert session.recall is not None
        self._sessions[session.recall.secret] = session
        session.on_end = self._forgetting(session, session.recall.secret)

    def lost(self, session: ClientSession) -> None:
        """Its connection ended and nobody had closed it: it waits for another one, or ends."""
        session.detach()
        if session.recall is None or len(self._waiting) >= self._settings.max_recoveries:
            session.end()
        else:
            self._waiting[session] = self._timer.call_later(self._settings.recovery_seconds, session.end)

    def find(self, secret: str, user_id: str, number: str | None) -> tuple[ClientSession, Sequence[Outgoing]] | None:
        """The person's client of that name, and what it missed since the event of that number; it waits no longer.
        None when there is none or not all is there: then it has left."""
        session = self._sessions.get(secret)
        if session is None or session.recall is None or session.principal.user_id != user_id:
            return None
        missed = session.recall.since(number)
        if missed is None:
            session.give_up("the client came back and had missed too much")
            return None
        self._stop_waiting(session)
        return session, missed

    def end_all(self) -> None:
        """Nobody may come back: the node stops."""
        for session in list(self._waiting):
            session.end()

    def _stop_waiting(self, session: ClientSession) -> None:
        timer = self._waiting.pop(session, None)
        if timer is not None:
            timer.cancel()

    def _forgetting(self, session: ClientSession, secret: str) -> Callable[[], None]:
        def forget() -> None:
            self._stop_waiting(session)
            self._sessions.pop(secret, None)

        return forget
