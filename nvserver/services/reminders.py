"""Reminds people of what is in their calendars: a task that asks the store what is due. Every node has one; what one
has told the others find told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID, uuid5

import structlog
import trio

from nvserver.core.notices import NoticeData
from nvserver.errors import Unavailable
from nvserver.ports.calendar import CalendarStore, DueEvent
from nvserver.ports.clock import NowMs
from nvserver.ports.notifications import Notification, NotificationStore
from nvserver.ports.offload import Offload
from nvserver.services.icalendar_text import DAY_MS
from nvserver.services.recurrence import Reminder, reminders

log = structlog.get_logger()

Notify: TypeAlias = Callable[[Sequence[Notification]], None]

_IDS: Final = UUID("0f6d7d2e-5b0c-5d0f-8d33-7b1f0a9f4c55")
"""The name space of their ids: the same reminder has the same id, whoever tells it again after a crash."""
_AHEAD_MS: Final = 31 * DAY_MS
_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """Section `[reminders]`."""

    poll_seconds: float = field(default=5.0, metadata={"min": 0.1, "max": 60.0})
    """How often it is looked for reminders that are due."""
    late_seconds: float = field(default=86_400.0, metadata={"min": 0.0})
    """Reminders that could not be told for longer than this, because no node ran, are left out."""


class ReminderService:
    """Notifications first, then the schedule: a crash in between tells nobody twice, because their ids are the same."""

    def __init__(
        self,
        calendar: CalendarStore,
        notifications: NotificationStore,
        notify: Notify,
        offload: Offload,
        settings: ReminderSettings,
        now_ms: NowMs,
    ) -> None:
        self._calendar = calendar
        self._notifications = notifications
        self._notify = notify
        self._offload = offload
        self._settings = settings
        self._now_ms = now_ms

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.tell_due()
            except Unavailable as error:
                log.warning("reminders put off", error=error.message)
            except Exception:
                log.exception("reminders failed")
            await trio.sleep(self._settings.poll_seconds)

    async def tell_due(self) -> None:
        """Everything that is due by now."""
        now = self._now_ms()
        while dues := await self._calendar.due(now, limit=_PAGE):
            for due in dues:
                await self._tell(due, now)
            if len(dues) < _PAGE:
                return

    async def _tell(self, due: DueEvent, now: int) -> None:
        event = due.event
        after = event.updated_at if due.due_at == 0 else due.due_at - 1
        after = max(after, now - int(self._settings.late_seconds * 1000))
        is_repeated = event.rule is not None or bool(event.added)
        upto = now + _AHEAD_MS if is_repeated else max(now, event.start)
        series = await self._calendar.series(event.workspace_id, event.uid)
        found: list[Reminder] = []
        try:
            found = await self._offload(reminders, series, event, after, upto)
        except Exception:  # a rule that a library stumbles over: it alone stays silent
            log.exception("an event's reminders cannot be told", event=event.id)
        told = [await self._notices(due, one) for one in found if one.at <= now]
        notices = [notice for some in told for notice in some]
        await self._notifications.add(notices)
        later = next((one.at for one in found if one.at > now), upto if is_repeated else None)
        if await self._calendar.set_due(due, later) and notices:
            self._notify(notices)

    async def _notices(self, due: DueEvent, reminder: Reminder) -> list[Notification]:
        event = due.event
        data = NoticeData(
            workspace_id=event.workspace_id,
            workspace_name=due.workspace_name,
            note_id=event.note_id,
            event_id=event.id,
            occurrence=reminder.start,
            text=event.title,
        )
        name = f"{event.id}/{reminder.start}/{reminder.minutes}"
        return [
            Notification(str(uuid5(_IDS, f"{name}/{user_id}")), user_id, "calendar.reminder", data, reminder.at)
            for user_id in await self._calendar.members(event.workspace_id)
        ]
