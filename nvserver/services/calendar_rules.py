"""What rules of repetition and zones are taken (RFC 5545, IANA)."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from nvserver.errors import ValidationFailed
from nvserver.problems import Problem

MAX_RULE_CHARACTERS: Final = 500
_OFTEN: Final = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(SECOND|MINUTE|HOUR)=", re.IGNORECASE)
_PART: Final = re.compile(r"[A-Z-]+=[A-Z0-9,+:-]+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:INTERVAL|COUNT)=(?!0*[1-9]\d{0,3}(?:;|$))", re.IGNORECASE)


@lru_cache(256)
def zone_of(name: str) -> ZoneInfo:
    """Raises `ValidationFailed` for what is no zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationFailed.at(
            "timeZone", "is no zone of the IANA database, such as Europe/Berlin", Problem.NOT_A_ZONE
        ) from None


def check_rule(rule: str, *, is_all_day: bool) -> None:
    """Raises `ValidationFailed` for what is no RRULE, or one that happens more than once a day."""
    if len(rule) > MAX_RULE_CHARACTERS or not all(_PART.fullmatch(part) for part in rule.split(";")):
        raise ValidationFailed.at("rrule", "is no RRULE, such as FREQ=WEEKLY;BYDAY=MO,WE", Problem.NOT_A_RULE)
    if _OFTEN.search(rule):
        raise ValidationFailed.at("rrule", "an event happens at most once a day", Problem.TOO_OFTEN)
    if _NUMBER.search(rule):
        raise ValidationFailed.at("rrule", "INTERVAL and COUNT are from 1 to 9999", Problem.NOT_A_RULE)
    zone = None if is_all_day or not re.search(r"UNTIL=\d{8}T\d{6}Z", rule, re.IGNORECASE) else UTC
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1, tzinfo=zone))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise ValidationFailed.at("rrule", f"is no RRULE: {str(error)[:100]}", Problem.NOT_A_RULE) from None
