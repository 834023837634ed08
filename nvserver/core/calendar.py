"""What may become of a calendar's events: whoever may make notes adds events (`notes:create`) and changes them
(`notes:update`); they are deleted as notes are (`notes:delete`, or one's own). Rules come checked for their form."""

from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import replace

from nvserver.core import commands as c
from nvserver.core.changes import Author, Change, EventCreated, EventDeleted, EventUpdated
from nvserver.core.gate import check_length, require
from nvserver.core.model import CalendarEvent
from nvserver.core.workspace import Workspace
from nvserver.errors import Conflict, EventNotFound, PayloadTooLarge, ValidationFailed
from nvserver.problems import Problem

MAX_EXCEPTIONS: Final = 1_000
MAX_REMINDERS: Final = 10
MAX_REMINDER_MINUTES: Final = 60 * 24 * 28
_FIELDS: Final = tuple(name for name in c.UpdateEvent.__struct_fields__ if name != "event_id")


def _add_events(workspace: Workspace, command: c.AddEvents, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:create")
    if len(workspace.events) + len(command.events) > workspace.limits.max_events:
        raise PayloadTooLarge(f"A calendar holds at most {workspace.limits.max_events} events")
    ids = {event.id for event in command.events}
    if len(ids) < len(command.events) or not ids.isdisjoint(workspace.events):
        raise Conflict("An event with this id exists already")
    for event in command.events:
        _check(workspace, event)
    return tuple(EventCreated(event) for event in command.events)


def _update_event(workspace: Workspace, command: c.UpdateEvent, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    event = _find(workspace, command.event_id)
    fields = {name: value for name in _FIELDS if (value := getattr(command, name)) is not UNSET}
    changed = replace(event, **fields)
    if changed == event:
        return ()
    _check(workspace, changed)
    return (EventUpdated(changed),)


def _delete_event(workspace: Workspace, command: c.DeleteEvent, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    event = _find(workspace, command.event_id)
    require(workspace, author.user_id, "notes:delete", is_own=event.author_id == author.user_id)
    replacing = [
        one
        for one in workspace.events.values()
        if one.uid == event.uid and one.recurrence_id is not None and event.recurrence_id is None
    ]
    if command.occurrence is None:
        return tuple(EventDeleted(one.id) for one in (event, *replacing))
    if event.rule is None and command.occurrence not in event.added:
        raise ValidationFailed.at("occurrence", "this event does not repeat", Problem.DOES_NOT_REPEAT)
    changed = replace(event, excluded=(*event.excluded, command.occurrence))
    _check(workspace, changed)
    gone = tuple(EventDeleted(one.id) for one in replacing if one.recurrence_id == command.occurrence)
    return (EventUpdated(changed), *gone)


def _find(workspace: Workspace, event_id: str) -> CalendarEvent:
    event = workspace.events.get(event_id)
    if event is None:
        raise EventNotFound
    return event


def _check(workspace: Workspace, event: CalendarEvent) -> None:
    limits = workspace.limits
    check_length("title", event.title, limits.max_title_characters, is_empty_allowed=False)
    check_length("description", event.description, limits.max_message_characters)
    check_length("location", event.location, limits.max_title_characters)
    if event.end < event.start or (event.is_all_day and event.end == event.start):
        raise ValidationFailed.at("end", "must not be before the start", Problem.END_BEFORE_START)
    if max(len(event.excluded), len(event.added)) > MAX_EXCEPTIONS:
        raise ValidationFailed.at(
            "exdates", f"at most {MAX_EXCEPTIONS} exceptions of a rule", Problem.TOO_MANY, MAX_EXCEPTIONS
        )
    if len(event.reminders) > MAX_REMINDERS or any(not 0 <= one <= MAX_REMINDER_MINUTES for one in event.reminders):
        raise ValidationFailed.at(
            "reminders", f"at most {MAX_REMINDERS}, each of at most four weeks", Problem.TOO_MANY, MAX_REMINDERS
        )
    if event.note_id is not None:
        note = workspace.notes.get(event.note_id)
        if note is None:
            raise ValidationFailed.at("noteId", "no such note in this workspace", Problem.NOT_HERE)


DECIDE: Final[dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]]] = {
    c.AddEvents: _add_events,
    c.UpdateEvent: _update_event,
    c.DeleteEvent: _delete_event,
}
