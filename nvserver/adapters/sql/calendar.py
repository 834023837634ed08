"""Calendars on SQL: one text for both databases. Events are written with the op log, see `index_rows.py`."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from nvserver.adapters.sql.database import Database, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.core.model import CalendarEvent, WorkspaceInfo
from nvserver.ports.calendar import DueEvent, Feed

EventRow: TypeAlias = tuple[bytes, bytes, int | None, bytes]
"""id, workspace id, due_at, info (JSON)."""

REPLACE_EVENT: Final = """
    ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, info = excluded.info
    WHERE calendar_events.workspace_id = excluded.workspace_id"""

_INFO: Final = msgspec.json.Decoder(CalendarEvent)
_WORKSPACE: Final = msgspec.json.Decoder(WorkspaceInfo)

_EVENT: Final = """
    SELECT e.info FROM calendar_events e JOIN members m ON m.workspace_id = e.workspace_id
    WHERE e.id = $1 AND m.user_id = $2"""

_EVENTS: Final = """
    SELECT e.info FROM members m JOIN calendar_events e ON e.workspace_id = m.workspace_id
    WHERE m.workspace_id = $1 AND m.user_id = $2"""

_SERIES: Final = "SELECT info FROM calendar_events WHERE workspace_id = $1"

_DUE: Final = """
    SELECT e.info, e.due_at, w.info FROM calendar_events e JOIN workspaces w ON w.id = e.workspace_id
    WHERE e.due_at <= $1 ORDER BY e.due_at, e.id LIMIT $2"""

_SET_DUE: Final = """
    UPDATE calendar_events SET due_at = $4::bigint WHERE id = $1 AND due_at = $2 AND info = $3 RETURNING id"""

_MEMBERS: Final = "SELECT user_id FROM members WHERE workspace_id = $1"

_DROP_FEED: Final = "DELETE FROM calendar_feeds WHERE user_id = $1 AND workspace_id = $2 RETURNING hash"

_PUT_FEED: Final = "INSERT INTO calendar_feeds (hash, user_id, workspace_id, created_at) VALUES ($1, $2, $3, $4)"

_FEED: Final = "SELECT hash, user_id, workspace_id, created_at FROM calendar_feeds WHERE hash = $1"


class SqlCalendar:
    """Fills the port `CalendarStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def event(self, user_id: str, event_id: str) -> CalendarEvent | None:
        """See `CalendarStore.event`."""
        rows = await self._database.read(Statement(_EVENT, (id_bytes(event_id), id_bytes(user_id))))
        return _INFO.decode(rows[0][0]) if rows else None

    async def events(self, user_id: str, workspace_id: str) -> Sequence[CalendarEvent]:
        """See `CalendarStore.events`."""
        rows = await self._database.read(Statement(_EVENTS, (id_bytes(workspace_id), id_bytes(user_id))))
        return [_INFO.decode(row[0]) for row in rows]

    async def series(self, workspace_id: str, uid: str) -> Sequence[CalendarEvent]:
        """See `CalendarStore.series`."""
        rows = await self._database.read(Statement(_SERIES, (id_bytes(workspace_id),)))
        return [event for row in rows if (event := _INFO.decode(row[0])).uid == uid]

    async def due(self, now: int, *, limit: int) -> Sequence[DueEvent]:
        """See `CalendarStore.due`."""
        rows = await self._database.read(Statement(_DUE, (now, limit)))
        return [DueEvent(_INFO.decode(event), due_at, _WORKSPACE.decode(info).name) for event, due_at, info in rows]

    async def set_due(self, due: DueEvent, due_at: int | None) -> bool:
        """See `CalendarStore.set_due`."""
        arguments = (id_bytes(due.event.id), due.due_at, msgspec.json.encode(due.event), due_at)
        (rows,) = await self._database.write(Statement(_SET_DUE, arguments))
        return bool(rows)

    async def members(self, workspace_id: str) -> Sequence[str]:
        """See `CalendarStore.members`."""
        rows = await self._database.read(Statement(_MEMBERS, (id_bytes(workspace_id),)))
        return [id_text(row[0]) for row in rows]

    async def put_feed(self, feed: Feed) -> None:
        """See `CalendarStore.put_feed`."""
        user, workspace = id_bytes(feed.user_id), id_bytes(feed.workspace_id)
        await self._database.write(
            Statement(_DROP_FEED, (user, workspace)),
            Statement(_PUT_FEED, (feed.hash, user, workspace, feed.created_at)),
        )

    async def drop_feed(self, user_id: str, workspace_id: str) -> bool:
        """See `CalendarStore.drop_feed`."""
        (rows,) = await self._database.write(Statement(_DROP_FEED, (id_bytes(user_id), id_bytes(workspace_id))))
        return bool(rows)

    async def feed(self, secret_hash: bytes) -> Feed | None:
        """See `CalendarStore.feed`."""
        rows = await self._database.read(Statement(_FEED, (secret_hash,)))
        if not rows:
            return None
        hashed, user, workspace, created_at = rows[0]
        return Feed(bytes(hashed), id_text(user), id_text(workspace), created_at)


def event_row(event: CalendarEvent) -> EventRow:
    """The row that stores the event; its reminders are looked for at once."""
    due_at = 0 if event.reminders else None
    return id_bytes(event.id), id_bytes(event.workspace_id), due_at, msgspec.json.encode(event)
