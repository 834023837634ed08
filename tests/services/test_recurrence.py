"""When repeating events happen: right over daylight saving, with exceptions, from far away."""

import itertools
import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from nvserver.core.model import CalendarEvent
from nvserver.errors import ValidationFailed
from nvserver.services.calendar_rules import check_rule, zone_of
from nvserver.services.icalendar_text import from_ics, to_ics
from nvserver.services.recurrence import occurrences, reminders

BERLIN = ZoneInfo("Europe/Berlin")
DAY_MS = 86_400_000


def ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def event(start: datetime, **more: object) -> CalendarEvent:
    at = ms(start)
    zone = getattr(start.tzinfo, "key", "UTC")
    made = CalendarEvent("e", "w", "uid", "Standup", at, at + 3_600_000, "ada", 0, 0, zone=zone)
    return replace(made, **more)


def starts(events: list[CalendarEvent], first: datetime, last: datetime, zone: ZoneInfo = BERLIN) -> list[str]:
    found = occurrences(events, ms(first), ms(last))
    return [datetime.fromtimestamp(one.start / 1000, zone).strftime("%m-%d %H:%M") for one in found]


def test_nine_o_clock_stays_nine_o_clock_over_daylight_saving() -> None:
    weekly = event(datetime(2026, 3, 23, 9, tzinfo=BERLIN), rule="FREQ=WEEKLY")
    spring = starts([weekly], datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 10, tzinfo=UTC))
    assert spring == ["03-23 09:00", "03-30 09:00", "04-06 09:00"]
    span = ms(datetime(2026, 3, 20, tzinfo=UTC)), ms(datetime(2026, 4, 10, tzinfo=UTC))
    utc = [one.start for one in occurrences([weekly], *span)]
    assert [b - a for a, b in itertools.pairwise(utc)] == [7 * DAY_MS - 3_600_000, 7 * DAY_MS]
    autumn = starts([weekly], datetime(2026, 10, 18, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    assert autumn == ["10-19 09:00", "10-26 09:00", "11-02 09:00"]


def test_an_hour_that_there_is_not_and_one_that_is_twice() -> None:
    daily = event(datetime(2026, 3, 27, 2, 30, tzinfo=BERLIN), rule="FREQ=DAILY")
    spring = occurrences([daily], ms(datetime(2026, 3, 27, tzinfo=UTC)), ms(datetime(2026, 3, 31, tzinfo=UTC)))
    assert [one.start for one in spring] == [
        ms(datetime(2026, 3, 27, 1, 30, tzinfo=UTC)),
        ms(datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        ms(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 02:30 by the old clock is 03:30 by the new one
        ms(datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
    ]
    autumn = starts([daily], datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC))
    assert autumn == ["10-25 02:30", "10-26 02:30"]


def test_all_day_events_are_days_wherever_one_is() -> None:
    midnight = ms(datetime(2026, 3, 28, tzinfo=UTC))
    days = replace(
        event(datetime(2026, 3, 28, tzinfo=UTC)), is_all_day=True, end=midnight + DAY_MS, rule="FREQ=DAILY;COUNT=3"
    )
    found = occurrences([days], midnight - 5 * DAY_MS, midnight + 9 * DAY_MS)
    assert [(one.start - midnight) // DAY_MS for one in found] == [0, 1, 2]
    assert all(one.end - one.start == DAY_MS for one in found)


def test_exceptions_and_moved_occurrences() -> None:
    first = datetime(2026, 3, 2, 9, tzinfo=BERLIN)
    excluded = ms(datetime(2026, 3, 9, 9, tzinfo=BERLIN))
    added = ms(datetime(2026, 3, 11, 9, tzinfo=BERLIN))
    weekly = event(first, rule="FREQ=WEEKLY;COUNT=4", excluded=(excluded,), added=(added,))
    moved = event(
        datetime(2026, 3, 17, 15, tzinfo=BERLIN), id="moved", recurrence_id=ms(datetime(2026, 3, 16, 9, tzinfo=BERLIN))
    )
    shown = starts([weekly, moved], datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert shown == ["03-02 09:00", "03-11 09:00", "03-17 15:00", "03-23 09:00"]
    ids = [one.event.id for one in occurrences([weekly, moved], ms(first), ms(first) + 30 * DAY_MS)]
    assert ids == ["e", "e", "moved", "e"]


def test_a_series_begun_long_ago_is_the_same_from_near(rng: random.Random) -> None:
    checked = 0
    for _ in range(60):
        days = rng.choice(["", ";BYDAY=MO", ";BYDAY=TU,TH", ";BYDAY=SU"])
        step = rng.choice([1, 2, 3])
        daily = rng.random() < 0.4
        rule = f"FREQ=DAILY;INTERVAL={step}" if daily else f"FREQ=WEEKLY;INTERVAL={step}{days}"
        first = datetime(2020, 1, 1, 8, tzinfo=BERLIN) + timedelta(days=rng.randrange(400))
        series = event(first, rule=rule)
        whole = replace(series, rule=f"{rule};COUNT=2500")  # one with a count is walked through from its start
        since = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(200))
        near, far = (starts([one], since, since + timedelta(days=40)) for one in (series, whole))
        assert near == far, (rule, first)
        checked += len(near)
    assert checked > 300


@pytest.mark.parametrize(
    "rule",
    ["x", "FREQ=FOO", "FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2", "FREQ=DAILY;INTERVAL=0",
     "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=99999", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;FOO=BAR", "FREQ=DAILY;UNTIL=x",
     "", ";", "FREQ=DAILY\nX:y", "FREQ=DAILY;" * 60, "INTERVAL=2"],
)  # fmt: skip
def test_rules_that_are_none_are_refused(rule: str) -> None:
    with pytest.raises(ValidationFailed):
        check_rule(rule, is_all_day=False)


def test_zones_that_are_none_are_refused() -> None:
    for name in ("Mars/Olympus", "../../etc/passwd", "", "/etc/passwd", "Europe"):
        with pytest.raises(ValidationFailed):
            zone_of(name)


def test_reminders_come_before_each_occurrence() -> None:
    weekly = event(datetime(2026, 3, 23, 9, tzinfo=BERLIN), rule="FREQ=WEEKLY;COUNT=3", reminders=(10, 60))
    since = ms(datetime(2026, 3, 23, 7, 30, tzinfo=UTC))
    found = reminders([weekly], weekly, since, since + 10 * DAY_MS)
    told = [datetime.fromtimestamp(one.at / 1000, BERLIN).strftime("%d %H:%M") for one in found]
    assert told == ["23 08:50", "30 08:00", "30 08:50"]


def same(a: CalendarEvent, b: CalendarEvent) -> bool:
    return replace(a, id="", created_at=0, updated_at=0, author_id="") == replace(
        b, id="", created_at=0, updated_at=0, author_id=""
    )


def test_what_is_written_is_read_again(rng: random.Random) -> None:
    zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
    events = []
    for number in range(60):
        zone = ZoneInfo(rng.choice(zones))
        start = datetime(2026, 1, 1, 12, tzinfo=zone) + timedelta(
            days=rng.randrange(300), minutes=rng.randrange(0, 600, 5)
        )
        made = event(
            start,
            uid=f"uid-{number}",
            title=rng.choice(["Plain", 'Zoë; \\ , "x"', "\U0001f680" * 50]),
            description=rng.choice(["", "Two\nlines; and, \\ more"]),
            location=rng.choice(["", "Room 5, 2nd floor"]),
            rule=rng.choice([None, "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;COUNT=5"]),
            reminders=rng.choice([(), (0,), (10, 1440)]),
        )
        if made.rule is not None and rng.random() < 0.5:
            made = replace(made, excluded=(made.start + DAY_MS,), added=(made.start + 3 * DAY_MS,))
        if rng.random() < 0.3:
            midnight = ms(datetime.combine(date(2026, 1, 1), datetime.min.time(), UTC)) + rng.randrange(300) * DAY_MS
            made = replace(
                made,
                is_all_day=True,
                start=midnight,
                end=midnight + DAY_MS * rng.randint(1, 3),
                zone="UTC",
                excluded=(),
                added=(),
            )
        events.append(made)
    ids = (str(number) for number in itertools.count())
    again = from_ics(to_ics("W", events), "w", "ada", 0, ids)
    assert len(again) == len(events)
    for before, after in zip(events, again, strict=True):
        assert same(before, after), (before, after)


OUTLOOK = b"""BEGIN:VCALENDAR\r
METHOD:PUBLISH\r
PRODID:Microsoft Exchange Server 2010\r
VERSION:2.0\r
BEGIN:VTIMEZONE\r
TZID:W. Europe Standard Time\r
BEGIN:STANDARD\r
DTSTART:16010101T030000\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r
END:STANDARD\r
BEGIN:DAYLIGHT\r
DTSTART:16010101T020000\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r
END:DAYLIGHT\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:040000008200E00074C5B7101A82E008\r
SUMMARY;LANGUAGE=de-DE:Besprechung\r
DTSTART;TZID=W. Europe Standard Time:20260323T090000\r
DTEND;TZID=W. Europe Standard Time:20260323T093000\r
RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO\r
DTSTAMP:20260301T120000Z\r
BEGIN:VALARM\r
DESCRIPTION:REMINDER\r
TRIGGER;RELATED=START:-PT15M\r
ACTION:DISPLAY\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:040000008200E00074C5B7101A82E008\r
SUMMARY:Besprechung (verschoben)\r
RECURRENCE-ID;TZID=W. Europe Standard Time:20260330T090000\r
DTSTART;TZID=W. Europe Standard Time:20260331T140000\r
DTEND;TZID=W. Europe Standard Time:20260331T143000\r
DTSTAMP:20260301T120000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_calendar_of_another_program_is_right_over_daylight_saving() -> None:
    ids = (str(number) for number in itertools.count())
    events = from_ics(OUTLOOK, "w", "ada", 0, ids)
    assert [one.zone for one in events] == ["Europe/Berlin"] * 2
    assert events[0].reminders == (15,)
    shown = starts(events, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
    assert shown == ["03-23 09:00", "03-31 14:00", "04-06 09:00"]
    again = from_ics(to_ics("W", events), "w", "ada", 0, ids)
    assert all(same(a, b) for a, b in zip(events, again, strict=True))


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"BEGIN:VCALENDAR", b"\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT",
     b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:99999999T999999Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     b"BEGIN:VCALENDAR\r\n" * 500],
)  # fmt: skip
def test_files_that_are_no_calendars_are_refused_or_empty(content: bytes) -> None:
    ids = (str(number) for number in itertools.count())
    with suppress(ValidationFailed):
        assert from_ics(content, "w", "ada", 0, ids) == []
