"""Calendars without opening their workspaces, when to remind of what, and who may read them by a secret address. Events
are as new as the op log: both commit together."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from nvserver.core.model import CalendarEvent


class DueEvent(msgspec.Struct, frozen=True):
    """An event that may have a reminder since `due_at` (milliseconds since 1970 UTC; 0: it was just changed)."""

    event: CalendarEvent
    due_at: int
    workspace_name: str


class Feed(msgspec.Struct, frozen=True):
    """The right to read a calendar as a person does. `hash`: SHA-256 of the secret."""

    hash: bytes
    user_id: str
    workspace_id: str
    created_at: int


class CalendarStore(Protocol):
    """Every method raises `Unavailable` when the store cannot answer."""

    async def event(self, user_id: str, event_id: str) -> CalendarEvent | None:
        """The event, if there is one that the person may read: membership is asked within the same query."""
        ...

    async def events(self, user_id: str, workspace_id: str) -> Sequence[CalendarEvent]:
        """All of the calendar, in any order; none for others than members."""
        ...

    async def series(self, workspace_id: str, uid: str) -> Sequence[CalendarEvent]:
        """The events with this uid, whoever asks."""
        ...

    async def due(self, now: int, *, limit: int) -> Sequence[DueEvent]:
        """Those with `due_at <= now`, the longest due first."""
        ...

    async def set_due(self, due: DueEvent, due_at: int | None) -> bool:
        """Look at the event again then (None: never). False, and nothing changed, when it is no longer as it was
        found."""
        ...

    async def members(self, workspace_id: str) -> Sequence[str]:
        """The user ids of the workspace's members."""
        ...

    async def put_feed(self, feed: Feed) -> None:
        """Keep the feed instead of the one that this person had of this workspace."""
        ...

    async def drop_feed(self, user_id: str, workspace_id: str) -> bool:
        """Whether there was one to delete."""
        ...

    async def feed(self, secret_hash: bytes) -> Feed | None: ...
