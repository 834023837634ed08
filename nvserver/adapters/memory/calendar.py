"""Calendars in memory. The workspace index writes the events, see `index.py`."""

from collections.abc import Callable, Mapping, Sequence

import trio

from nvserver.core.model import CalendarEvent, Member, WorkspaceInfo
from nvserver.ports.calendar import DueEvent, Feed


class MemoryCalendar:
    """Fills the port `CalendarStore`."""

    def __init__(self, members_of: Callable[[str], Sequence[Member]], infos: Mapping[str, WorkspaceInfo]) -> None:
        self._members_of = members_of
        self._infos = infos
        self._events: dict[str, CalendarEvent] = {}
        self._due: dict[str, int] = {}
        self._feeds: dict[tuple[str, str], Feed] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._feeds = {key: one for key, one in self._feeds.items() if one.user_id != user_id}

    def put(self, event: CalendarEvent) -> None:
        """Made or replaced; an event stays in its workspace."""
        known = self._events.get(event.id)
        if known is not None and known.workspace_id != event.workspace_id:
            return
        self._events[event.id] = event
        self._due.pop(event.id, None)
        if event.reminders:
            self._due[event.id] = 0

    def drop(self, event_id: str) -> None:
        """Forget it."""
        self._events.pop(event_id, None)
        self._due.pop(event_id, None)

    def drop_workspace(self, workspace_id: str) -> None:
        """Forget all of a workspace."""
        for event in [event for event in self._events.values() if event.workspace_id == workspace_id]:
            self.drop(event.id)

    async def event(self, user_id: str, event_id: str) -> CalendarEvent | None:
        """See `CalendarStore.event`."""
        await trio.lowlevel.checkpoint()
        event = self._events.get(event_id)
        return event if event is not None and self._is_member(user_id, event.workspace_id) else None

    async def events(self, user_id: str, workspace_id: str) -> Sequence[CalendarEvent]:
        """See `CalendarStore.events`."""
        await trio.lowlevel.checkpoint()
        if not self._is_member(user_id, workspace_id):
            return []
        return [event for event in self._events.values() if event.workspace_id == workspace_id]

    async def series(self, workspace_id: str, uid: str) -> Sequence[CalendarEvent]:
        """See `CalendarStore.series`."""
        await trio.lowlevel.checkpoint()
        return [event for event in self._events.values() if (event.workspace_id, event.uid) == (workspace_id, uid)]

    async def due(self, now: int, *, limit: int) -> Sequence[DueEvent]:
        """See `CalendarStore.due`."""
        await trio.lowlevel.checkpoint()
        found = sorted((due_at, event_id) for event_id, due_at in self._due.items() if due_at <= now)[:limit]
        events = [(self._events[event_id], due_at) for due_at, event_id in found]
        return [DueEvent(event, due_at, self._infos[event.workspace_id].name) for event, due_at in events]

    async def set_due(self, due: DueEvent, due_at: int | None) -> bool:
        """See `CalendarStore.set_due`."""
        await trio.lowlevel.checkpoint()
        event_id = due.event.id
        if self._events.get(event_id) != due.event or self._due.get(event_id) != due.due_at:
            return False
        del self._due[event_id]
        if due_at is not None:
            self._due[event_id] = due_at
        return True

    async def members(self, workspace_id: str) -> Sequence[str]:
        """See `CalendarStore.members`."""
        await trio.lowlevel.checkpoint()
        return [member.user_id for member in self._members_of(workspace_id)]

    async def put_feed(self, feed: Feed) -> None:
        """See `CalendarStore.put_feed`."""
        await trio.lowlevel.checkpoint()
        self._feeds[feed.user_id, feed.workspace_id] = feed

    async def drop_feed(self, user_id: str, workspace_id: str) -> bool:
        """See `CalendarStore.drop_feed`."""
        await trio.lowlevel.checkpoint()
        return self._feeds.pop((user_id, workspace_id), None) is not None

    async def feed(self, secret_hash: bytes) -> Feed | None:
        """See `CalendarStore.feed`."""
        await trio.lowlevel.checkpoint()
        return next((feed for feed in self._feeds.values() if feed.hash == secret_hash), None)

    def _is_member(self, user_id: str, workspace_id: str) -> bool:
        return any(member.user_id == user_id for member in self._members_of(workspace_id))
