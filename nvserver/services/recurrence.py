"""When repeating events happen (RFC 5545), by the clocks of their zones. Call it in a thread: rules take time."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import recurring_ical_events
from msgspec.structs import replace

from nvserver.core.model import CalendarEvent
from nvserver.services.calendar_rules import zone_of
from nvserver.services.icalendar_text import DAY_MS, calendar_of, milliseconds_of

MAX_RANGE_MS: Final = 400 * DAY_MS
_STEPS: Final = {"DAILY": 1, "WEEKLY": 7}
_FREQUENCY: Final = re.compile(r"FREQ=(DAILY|WEEKLY)\b", re.IGNORECASE)
_INTERVAL: Final = re.compile(r"INTERVAL=(\d+)", re.IGNORECASE)


class Occurrence(msgspec.Struct, frozen=True):
    """One time that an event happens; `start` and `end` as those of the event."""

    event: CalendarEvent
    start: int
    end: int


class Reminder(msgspec.Struct, frozen=True):
    """Of the occurrence at `start`, so many minutes before it, at `at`."""

    at: int
    start: int
    minutes: int


def occurrences(events: Sequence[CalendarEvent], start: int, end: int) -> list[Occurrence]:
    """What happens in the time from `start` to `end`, in order. `events` hold whole series: what takes the place of an
    occurrence comes instead of it."""
    by_key = {(event.uid, event.recurrence_id): event for event in events}
    near = [event if event.rule is None else _nearer(event, start) for event in events]
    found = []
    span = [datetime.fromtimestamp(at / 1000, UTC) for at in (start, end)]
    for component in recurring_ical_events.of(calendar_of(near)).between(*span):
        replaced, uid = component.get("recurrence-id"), str(component["uid"])
        event = by_key.get((uid, None if replaced is None else milliseconds_of(replaced.dt))) or by_key[uid, None]
        first, last = (milliseconds_of(component[name].dt) for name in ("dtstart", "dtend"))
        found.append(Occurrence(event, first, last))
    return sorted(found, key=lambda one: (one.start, one.event.id))


def _nearer(event: CalendarEvent, start: int) -> CalendarEvent:
    """The same series, begun later: a daily one of twenty years ago would be walked through day by day."""
    rule = event.rule or ""
    frequency = _FREQUENCY.search(rule)
    if frequency is None or "COUNT=" in rule.upper() or "BYSETPOS=" in rule.upper():
        return event
    interval = _INTERVAL.search(rule)
    step_days = _STEPS[frequency[1].upper()] * (int(interval[1]) if interval else 1)
    length = event.end - event.start
    steps = (start - length - event.start) // (step_days * DAY_MS) - 3
    if steps <= 0:
        return event
    zone = zone_of("UTC" if event.is_all_day else event.zone)
    first = datetime.fromtimestamp(event.start // 1000, zone) + timedelta(days=steps * step_days)
    later = int(first.timestamp()) * 1000
    return replace(event, start=later, end=later + length)


def reminders(series: Sequence[CalendarEvent], event: CalendarEvent, after: int, upto: int) -> list[Reminder]:
    """The reminders of `event` with `after < at <= upto`, in order; `series` are all events with its uid."""
    longest = max(event.reminders, default=0) * 60_000
    found = [
        Reminder(at, one.start, minutes)
        for one in occurrences(series, after, upto + longest + DAY_MS)
        if one.event.id == event.id
        for minutes in event.reminders
        if after < (at := one.start - minutes * 60_000) <= upto
    ]
    return sorted(found, key=lambda one: (one.at, one.start))
