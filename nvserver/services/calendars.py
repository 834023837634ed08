"""Reading calendars: what happens when, files of them, and secret addresses for calendar programs."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence

from nvserver.core.model import CalendarEvent
from nvserver.errors import EventNotFound, FeedNotFound, WorkspaceNotFound
from nvserver.ports.calendar import CalendarStore, Feed
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.services.icalendar_text import from_ics, to_ics
from nvserver.services.recurrence import Occurrence, occurrences

FEEDS = "/api/feeds/"
_SECRET_BYTES = 32


class CalendarService:
    """In the name of a person. What changes a calendar goes to its workspace."""

    def __init__(
        self,
        store: CalendarStore,
        workspaces: WorkspaceIndex,
        offload: Offload,
        now_ms: NowMs,
        new_id: NewId,
        public_url: str,
    ) -> None:
        self._store = store
        self._workspaces = workspaces
        self._offload = offload
        self._now_ms = now_ms
        self._new_id = new_id
        self._public_url = public_url

    async def event(self, user_id: str, workspace_id: str, event_id: str) -> CalendarEvent:
        """Raises `EventNotFound`."""
        event = await self._store.event(user_id, event_id)
        if event is None or event.workspace_id != workspace_id:
            raise EventNotFound
        return event

    async def events(self, user_id: str, workspace_id: str) -> Sequence[CalendarEvent]:
        """All. Raises `WorkspaceNotFound`."""
        if await self._workspaces.role_of(workspace_id, user_id) is None:
            raise WorkspaceNotFound
        return await self._store.events(user_id, workspace_id)

    async def occurrences(self, user_id: str, workspace_id: str, start: int, end: int) -> Sequence[Occurrence]:
        """What happens in that time. Raises `WorkspaceNotFound`."""
        return await self._offload(occurrences, await self.events(user_id, workspace_id), start, end)

    async def as_ics(self, user_id: str, workspace_id: str, name: str) -> bytes:
        """The whole calendar as a file. Raises `WorkspaceNotFound`."""
        return await self._offload(to_ics, name, await self.events(user_id, workspace_id))

    async def read_ics(self, user_id: str, workspace_id: str, content: bytes) -> list[CalendarEvent]:
        """The events of a file, as new ones of the workspace. Raises `ValidationFailed`."""
        return await self._offload(from_ics, content, workspace_id, user_id, self._now_ms(), self._ids())

    async def make_feed(self, user_id: str, workspace_id: str) -> str:
        """A new secret address; the one before is no longer good. Raises `WorkspaceNotFound`."""
        if await self._workspaces.role_of(workspace_id, user_id) is None:
            raise WorkspaceNotFound
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        await self._store.put_feed(Feed(_hash(secret), user_id, workspace_id, self._now_ms()))
        return f"{self._public_url}{FEEDS}{secret}/calendar.ics"

    async def drop_feed(self, user_id: str, workspace_id: str) -> None:
        """Raises `WorkspaceNotFound`, `FeedNotFound`."""
        if await self._workspaces.role_of(workspace_id, user_id) is None:
            raise WorkspaceNotFound
        if not await self._store.drop_feed(user_id, workspace_id):
            raise FeedNotFound

    async def feed(self, secret: str) -> Feed:
        """Raises `FeedNotFound`. Whether its person is still a member shows at reading."""
        feed = await self._store.feed(_hash(secret))
        if feed is None:
            raise FeedNotFound
        return feed

    def _ids(self) -> Iterator[str]:
        while True:
            yield self._new_id()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
