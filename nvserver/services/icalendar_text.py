"""Events as iCalendar (RFC 5545) and back. Everything here reads what strangers sent: call it in a thread."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from nvserver.core.calendar import MAX_REMINDER_MINUTES
from nvserver.core.model import CalendarEvent
from nvserver.errors import ValidationFailed
from nvserver.problems import Problem
from nvserver.services.calendar_rules import check_rule, zone_of

DAY_MS: Final = 86_400_000
_PRODUCT: Final = "-//NoteVault//NoteVault//EN"


def to_ics(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """A calendar of that name."""
    calendar = calendar_of(events)
    calendar.add("x-wr-calname", name)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def calendar_of(events: Iterable[CalendarEvent]) -> icalendar.Calendar:
    """The events as the libraries know them."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(_component(event))
    return calendar


def from_ics(content: bytes, workspace_id: str, user_id: str, now: int, new_ids: Iterator[str]) -> list[CalendarEvent]:
    """The events of a calendar file. Raises `ValidationFailed`, with the number of the event, for what is none."""
    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ValidationFailed.at("", f"this is no calendar: {str(error)[:200]}", Problem.UNREADABLE) from None
    components = [one for calendar in calendars for one in calendar.walk("VEVENT")]
    events = []
    for number, component in enumerate(components, start=1):
        try:
            events.append(_event(component, next(new_ids), workspace_id, user_id, now))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValidationFailed.at(
                f"events.{number}", f"cannot be read: {str(error)[:200]}", Problem.UNREADABLE
            ) from None
    return events


# --- out -----------------------------------------------------------------------------------------------------------


def _component(event: CalendarEvent) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", event.uid)
    component.add("summary", event.title)
    component.add("dtstamp", _utc(event.updated_at))
    component.add("created", _utc(event.created_at))
    component.add("last-modified", _utc(event.updated_at))
    component.add("dtstart", moment(event, event.start))
    component.add("dtend", moment(event, event.end))
    if event.description:
        component.add("description", event.description)
    if event.location:
        component.add("location", event.location)
    if event.rule is not None:
        component.add("rrule", icalendar.vRecur.from_ical(event.rule))
    for name, moments in (("exdate", event.excluded), ("rdate", event.added)):
        if moments:
            component.add(name, [moment(event, one) for one in moments])
    if event.recurrence_id is not None:
        component.add("recurrence-id", moment(event, event.recurrence_id))
    for minutes in event.reminders:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", timedelta(minutes=-minutes))
        component.add_component(alarm)
    return component


def moment(event: CalendarEvent, milliseconds: int) -> date | datetime:
    """A time of the event in its own zone, or its day."""
    at = _utc(milliseconds)
    return at.date() if event.is_all_day else at.astimezone(zone_of(event.zone))


def _utc(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


# --- in ------------------------------------------------------------------------------------------------------------


def _event(component: Any, event_id: str, workspace_id: str, user_id: str, now: int) -> CalendarEvent:
    start = component["dtstart"].dt
    is_all_day = not isinstance(start, datetime)
    end = _end(component, start, is_all_day=is_all_day)
    zone = "UTC" if is_all_day else _zone_name(component["dtstart"])
    rules = component.get("rrule")
    rule = rules[0] if isinstance(rules, list) else rules
    text = rule.to_ical().decode() if rule is not None else None
    if text is not None:
        check_rule(text, is_all_day=is_all_day)
    recurrence = component.get("recurrence-id")
    return CalendarEvent(
        event_id,
        workspace_id,
        _line(component.get("uid") or event_id)[:255],
        _line(component.get("summary") or "Untitled")[:200] or "Untitled",
        milliseconds_of(start),
        max(milliseconds_of(end), milliseconds_of(start) + (DAY_MS if is_all_day else 0)),
        user_id,
        now,
        now,
        is_all_day,
        zone,
        str(component.get("description") or "").replace("\x00", "")[:4000],
        _line(component.get("location") or "")[:200],
        text,
        tuple(_moments(component.get("exdate"))),
        tuple(_moments(component.get("rdate"))),
        None if recurrence is None else milliseconds_of(recurrence.dt),
        _reminders(component),
    )


def _line(text: object) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in str(text)).split())


def _end(component: Any, start: date | datetime, *, is_all_day: bool) -> date | datetime:
    if "dtend" in component:
        end: date | datetime = component["dtend"].dt
        return end
    if "duration" in component:
        return start + component["duration"].dt  # type: ignore[no-any-return]
    return start + timedelta(days=1) if is_all_day else start


def _zone_name(start: Any) -> str:
    """The zone by the name that the library found, by that of Windows, or by the end of a longer name. What is not
    known is kept as UTC: right for the first time, not for repetitions over daylight saving."""
    told = str(start.params.get("TZID", "")).strip('"')
    known = getattr(start.dt.tzinfo, "key", None)
    for name in (known, WINDOWS_TO_OLSON.get(told), told, "/".join(told.split("/")[-2:])):
        if name in available_zones():
            return str(name)
    return "UTC"


@cache
def available_zones() -> frozenset[str]:
    """Those of the IANA database."""
    return frozenset(available_timezones())


def milliseconds_of(value: date | datetime) -> int:
    """A time without a zone counts as UTC, a day as its midnight there."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return int(value.timestamp()) * 1000


def _moments(value: Any) -> Iterator[int]:
    for one in value if isinstance(value, list) else [value] if value is not None else []:
        for moment_of in one.dts:
            dt = moment_of.dt
            yield milliseconds_of(dt[0] if isinstance(dt, tuple) else dt)


def _reminders(component: Any) -> tuple[int, ...]:
    minutes: list[int] = []
    for alarm in component.walk("VALARM"):
        trigger = alarm.get("trigger")
        if trigger is None or not isinstance(trigger.dt, timedelta) or trigger.params.get("related") == "END":
            continue
        before = int(-trigger.dt.total_seconds() // 60)
        if 0 <= before <= MAX_REMINDER_MINUTES:
            minutes.append(before)
    return tuple(dict.fromkeys(minutes))[:10]
