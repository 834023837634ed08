"""Calendar events on the wire."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.calendar import MAX_EXCEPTIONS, MAX_REMINDER_MINUTES, MAX_REMINDERS
from nvserver.core.model import CalendarEvent
from nvserver.edge.http.wire import A_LINE, END, ONE_LINE, PageQuery, iso_time, optional_iso_time
from nvserver.errors import ValidationFailed
from nvserver.problems import Problem
from nvserver.services.calendar_rules import zone_of
from nvserver.services.icalendar_text import milliseconds_of

EventTitle: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=ONE_LINE, description=A_LINE, extra={"problem": Problem.EMPTY})
]
When: TypeAlias = Annotated[str, Meta(min_length=10, max_length=40)]
Zone: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=rf"^[A-Za-z0-9_+/-]+{END}",
        description="a time zone such as Europe/Rome",
        extra={"problem": Problem.NOT_A_ZONE},
    ),
]
Description: TypeAlias = Annotated[
    str,
    Meta(
        max_length=4000,
        pattern=rf"^[^\x00]*{END}",
        description="text without NUL",
        extra={"problem": Problem.BAD_CHARACTERS},
    ),
]
Location: TypeAlias = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=rf"^[^\x00-\x1f\x7f]*{END}",
        description="one line of text",
        extra={"problem": Problem.BAD_CHARACTERS},
    ),
]
RRule: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]
Exceptions: TypeAlias = Annotated[tuple[When, ...], Meta(max_length=MAX_EXCEPTIONS)]
Minutes: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_REMINDER_MINUTES)]
Reminders: TypeAlias = Annotated[tuple[Minutes, ...], Meta(max_length=MAX_REMINDERS)]
NoteId: TypeAlias = Annotated[str, Meta(max_length=64)]
EARLIEST, LATEST = 1900, 2200


class EventsQuery(PageQuery, frozen=True, rename="camel"):
    """`from` and `to` (times, or days): what happens then, each occurrence of a series for itself; at most 400 days.
    Without them the events as they were made, a series once."""

    start: When | None = msgspec.field(default=None, name="from")
    end: When | None = msgspec.field(default=None, name="to")


class NewEventBody(msgspec.Struct, frozen=True, rename="camel"):
    """`start` and `end` (exclusive): times with an offset or in `timeZone`; of an all-day event days as 2026-01-31.
    Without `end` it lasts an hour, or a day. `rrule`: RFC 5545, by the clocks of `timeZone`. `reminders`: minutes."""

    title: EventTitle
    start: When
    end: When | None = None
    all_day: bool = False
    time_zone: Zone = "UTC"
    description: Description = ""
    location: Location = ""
    rrule: RRule | None = None
    exdates: Exceptions = ()
    rdates: Exceptions = ()
    reminders: Reminders = ()
    note_id: NoteId | None = None


class EventBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay."""

    title: EventTitle | UnsetType = UNSET
    start: When | UnsetType = UNSET
    end: When | UnsetType = UNSET
    all_day: bool | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    rrule: RRule | UnsetType | None = UNSET
    exdates: Exceptions | UnsetType = UNSET
    rdates: Exceptions | UnsetType = UNSET
    reminders: Reminders | UnsetType = UNSET
    note_id: NoteId | UnsetType | None = UNSET


class OccurrenceQuery(msgspec.Struct, frozen=True):
    """`occurrence`: the start of the one that is to go; the rest of the series stays."""

    occurrence: When | None = None


class EventItem(msgspec.Struct, frozen=True, rename="camel"):
    """Times are UTC, of all-day events days; `end` is exclusive. `recurrenceId`: the occurrence of the series `uid`
    whose place it takes. In lists with `from` and `to`, `start` and `end` are those of the occurrence."""

    id: str
    workspace_id: str
    uid: str
    title: str
    start: str
    end: str
    all_day: bool
    time_zone: str
    description: str
    location: str
    rrule: str | None
    exdates: tuple[str, ...]
    rdates: tuple[str, ...]
    recurrence_id: str | None
    reminders: tuple[int, ...]
    note_id: str | None
    author_id: str
    created_at: str
    updated_at: str


class EventAnswer(msgspec.Struct, frozen=True):
    event: EventItem


class EventList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[EventItem, ...]
    next_cursor: str | None


class ImportAnswer(msgspec.Struct, frozen=True):
    """How many events came."""

    imported: int


class FeedAnswer(msgspec.Struct, frozen=True):
    """Whoever has the address reads the calendar."""

    url: str


def event_item(event: CalendarEvent, start: int | None = None, end: int | None = None) -> EventItem:
    """The event, or the occurrence of it from `start` to `end`."""

    def shown(at: int) -> str:
        return iso_time(at)[:10] if event.is_all_day else iso_time(at)

    return EventItem(
        event.id,
        event.workspace_id,
        event.uid,
        event.title,
        shown(event.start if start is None else start),
        shown(event.end if end is None else end),
        event.is_all_day,
        event.zone,
        event.description,
        event.location,
        event.rule,
        tuple(shown(one) for one in event.excluded),
        tuple(shown(one) for one in event.added),
        None if event.recurrence_id is None else shown(event.recurrence_id),
        event.reminders,
        event.note_id,
        event.author_id,
        iso_time(event.created_at),
        optional_iso_time(event.updated_at) or "",
    )


def moment(path: str, text: str, zone: str, *, is_all_day: bool) -> int:
    """Milliseconds since 1970 UTC. A time without an offset is by the clocks of `zone`. Raises `ValidationFailed`."""
    try:
        if is_all_day:
            value: date | datetime = date.fromisoformat(text)
        elif len(text) == 10:
            raise ValueError("a day")
        else:
            value = datetime.fromisoformat(text)
            value = value.replace(tzinfo=zone_of(zone)) if value.tzinfo is None else value.astimezone(UTC)
        if not EARLIEST <= value.year <= LATEST:
            raise ValueError
    except (ValueError, OverflowError):
        form = "a day as 2026-01-31" if is_all_day else "a time as 2026-01-31T12:00:00Z"
        raise ValidationFailed.at(
            path, f"must be {form}", Problem.NOT_A_DATE if is_all_day else Problem.NOT_A_TIME
        ) from None
    return milliseconds_of(value)


def any_moment(path: str, text: str) -> int:
    """A time, or the midnight in UTC at which a day begins."""
    return moment(path, text, "UTC", is_all_day=len(text) == 10)


def usual_length(*, is_all_day: bool) -> int:
    """Of an event whose end is not told, in milliseconds."""
    return int(timedelta(days=1 if is_all_day else 0, hours=0 if is_all_day else 1).total_seconds()) * 1000
