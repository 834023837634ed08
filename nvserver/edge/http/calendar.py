"""Routes of calendars. Every write is a message to the workspace's actor."""

from typing import Any

from msgspec import UNSET, UnsetType

from nvserver.core.changes import Author
from nvserver.core.commands import AddEvents, Command, DeleteEvent, UpdateEvent
from nvserver.core.file_names import content_disposition
from nvserver.core.model import CalendarEvent
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.downloads import POLICY
from nvserver.edge.http.event_shapes import (
    EventAnswer,
    EventBody,
    EventList,
    EventsQuery,
    FeedAnswer,
    ImportAnswer,
    NewEventBody,
    OccurrenceQuery,
    any_moment,
    event_item,
    moment,
    usual_length,
)
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.errors import (
    EventNotFound,
    FeedNotFound,
    Forbidden,
    PayloadTooLarge,
    RequestTimeout,
    UnsupportedMediaType,
    ValidationFailed,
    WorkspaceNotFound,
)
from nvserver.ports.clock import NewId, NowMs
from nvserver.problems import Problem
from nvserver.services.calendar_rules import check_rule, zone_of
from nvserver.services.calendars import CalendarService
from nvserver.services.recurrence import MAX_RANGE_MS
from nvserver.workspace.messages import GetWorkspace, Submit, WorkspaceView
from nvserver.workspace.router import Router

CALENDAR = "text/calendar"
MAX_ICS_BYTES = 4 * 1024 * 1024


class CalendarRoutes:
    """`/api/workspaces/{workspaceId}/events`, `…/calendar.ics`, `…/calendar/feed` and `/api/feeds`."""

    def __init__(self, calendars: CalendarService, router: Router, now_ms: NowMs, new_id: NewId) -> None:
        self._calendars = calendars
        self._router = router
        self._now_ms = now_ms
        self._new_id = new_id

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        workspace = "/api/workspaces/{workspaceId}"
        base, one, feed = f"{workspace}/events", f"{workspace}/events/{{eventId}}", f"{workspace}/calendar/feed"
        errors = (WorkspaceNotFound, Forbidden)
        return (
            Route(
                "GET", base, self._list, "The calendar's events, or what happens in a time (workspace:read)",
                query=EventsQuery, answer=EventList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", base, self._create, "Put an event into the calendar (notes:create)",
                body=NewEventBody, answer=EventAnswer, status=201, errors=(*errors, PayloadTooLarge),
            ),
            Route(
                "POST", f"{base}/import", self._import, "Put the events of an iCalendar file into it (notes:create)",
                takes=CALENDAR, answer=ImportAnswer, status=201, max_body_bytes=MAX_ICS_BYTES,
                errors=(*errors, PayloadTooLarge, UnsupportedMediaType, ValidationFailed, RequestTimeout),
            ),
            Route(
                "GET", one, self._get, "An event (workspace:read)",
                answer=EventAnswer, errors=(WorkspaceNotFound, EventNotFound),
            ),
            Route(
                "PUT", one, self._update, "Change an event (notes:update)",
                body=EventBody, answer=EventAnswer, errors=(*errors, EventNotFound),
            ),
            Route(
                "DELETE", one, self._delete, "Delete an event, or one occurrence of it (notes:delete)",
                query=OccurrenceQuery, status=204, errors=(*errors, EventNotFound),
            ),
            Route(
                "GET", f"{workspace}/calendar.ics", self._export, "The calendar as an iCalendar file (workspace:read)",
                gives=CALENDAR, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", feed, self._make_feed,
                "A secret address of the calendar for calendar programs; an older one ends (workspace:read)",
                answer=FeedAnswer, status=201, errors=(WorkspaceNotFound,), has_secret_answer=True,
            ),
            Route(
                "DELETE", feed, self._drop_feed, "End the secret address (workspace:read)",
                status=204, errors=(WorkspaceNotFound, FeedNotFound),
            ),
            Route(
                "GET", "/api/feeds/{secret}/calendar.ics", self._feed, "The calendar at a secret address",
                gives=CALENDAR, is_public=True, errors=(FeedNotFound,),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, EventsQuery]) -> EventList:
        workspace_id, query = _workspace(call), call.query
        if query.start is None and query.end is None:
            events = await self._calendars.events(call.user_id, workspace_id)
            page, next_cursor = page_of(events, lambda event: (event.start, event.id), query)
            return EventList(tuple(event_item(event) for event in page), next_cursor)
        if query.start is None or query.end is None:
            raise ValidationFailed.at(
                "to" if query.end is None else "from", "is required with the other", Problem.REQUIRED
            )
        start, end = any_moment("from", query.start), any_moment("to", query.end)
        if not start < end <= start + MAX_RANGE_MS:
            raise ValidationFailed.at("to", "must be after `from`, at most 400 days", Problem.OUT_OF_RANGE)
        found = await self._calendars.occurrences(call.user_id, workspace_id, start, end)
        some, next_cursor = page_of(found, lambda one: (one.start, one.event.id), query)
        return EventList(tuple(event_item(one.event, one.start, one.end) for one in some), next_cursor)

    async def _create(self, call: Call[NewEventBody, None]) -> EventAnswer:
        workspace_id, body, now = _workspace(call), call.body, self._now_ms()
        zone, is_all_day, event_id = "UTC" if body.all_day else body.time_zone, body.all_day, self._new_id()
        zone_of(zone)
        if body.rrule is not None:
            check_rule(body.rrule, is_all_day=is_all_day)
        start = moment("start", body.start, zone, is_all_day=is_all_day)
        event = CalendarEvent(
            event_id,
            workspace_id,
            f"{event_id}@notevault",
            body.title.strip(),
            start,
            start + usual_length(is_all_day=is_all_day)
            if body.end is None
            else moment("end", body.end, zone, is_all_day=is_all_day),
            call.user_id,
            now,
            now,
            is_all_day,
            zone,
            body.description,
            body.location,
            body.rrule,
            tuple(moment("exdates", one, zone, is_all_day=is_all_day) for one in body.exdates),
            tuple(moment("rdates", one, zone, is_all_day=is_all_day) for one in body.rdates),
            None,
            body.reminders,
            body.note_id,
        )
        await self._submit(call, AddEvents((event,)))
        return EventAnswer(event_item(event))

    async def _get(self, call: Call[None, None]) -> EventAnswer:
        return EventAnswer(event_item(await self._known(call)))

    async def _update(self, call: Call[EventBody, None]) -> EventAnswer:
        body, workspace_id, event_id = call.body, _workspace(call), _event(call)
        # Whether there is such an event is told only to members, and times are read as the event is.
        known = await self._known(call)
        is_all_day = known.is_all_day if body.all_day is UNSET else body.all_day
        zone = "UTC" if is_all_day else known.zone if body.time_zone is UNSET else body.time_zone
        zone_of(zone)
        if body.all_day is not UNSET and body.all_day != known.is_all_day and UNSET in (body.start, body.end):
            raise ValidationFailed.at("start", "is required with `end` when `allDay` changes", Problem.REQUIRED)
        if isinstance(body.rrule, str):
            check_rule(body.rrule, is_all_day=is_all_day)

        def at(path: str, text: str | UnsetType) -> int | UnsetType:
            return UNSET if text is UNSET else moment(path, text, zone, is_all_day=is_all_day)

        def all_at(path: str, texts: tuple[str, ...] | UnsetType) -> tuple[int, ...] | UnsetType:
            return UNSET if texts is UNSET else tuple(moment(path, text, zone, is_all_day=is_all_day) for text in texts)

        command = UpdateEvent(
            event_id,
            body.title if body.title is UNSET else body.title.strip(),
            at("start", body.start),
            at("end", body.end),
            body.all_day,
            zone,
            body.description,
            body.location,
            body.rrule,
            all_at("exdates", body.exdates),
            all_at("rdates", body.rdates),
            body.reminders,
            body.note_id,
        )
        await self._submit(call, command)
        return EventAnswer(event_item(await self._calendars.event(call.user_id, workspace_id, event_id)))

    async def _delete(self, call: Call[None, OccurrenceQuery]) -> None:
        occurrence = None
        known = await self._known(call)
        if call.query.occurrence is not None:
            occurrence = moment("occurrence", call.query.occurrence, known.zone, is_all_day=known.is_all_day)
        await self._submit(call, DeleteEvent(known.id, occurrence))

    async def _known(self, call: Call[Any, Any]) -> CalendarEvent:
        await self._view(call.user_id, _workspace(call))
        return await self._calendars.event(call.user_id, _workspace(call), _event(call))

    async def _import(self, call: Call[None, None]) -> ImportAnswer:
        workspace_id = _workspace(call)
        await self._view(call.user_id, workspace_id)
        if call.upload.content_type.partition(";")[0].strip().lower() != CALENDAR:
            raise UnsupportedMediaType("Send text/calendar")
        content = b"".join([chunk async for chunk in call.upload.chunks])
        events = await self._calendars.read_ics(call.user_id, workspace_id, content)
        if not events:
            raise ValidationFailed.at("", "there is no event in this file", Problem.NOTHING_TO_IMPORT)
        await self._submit(call, AddEvents(tuple(events)))
        return ImportAnswer(len(events))

    async def _export(self, call: Call[None, None]) -> Answer:
        return await self._ics(call.user_id, _workspace(call))

    async def _make_feed(self, call: Call[None, None]) -> FeedAnswer:
        return FeedAnswer(await self._calendars.make_feed(call.user_id, _workspace(call)))

    async def _drop_feed(self, call: Call[None, None]) -> None:
        await self._calendars.drop_feed(call.user_id, _workspace(call))

    async def _feed(self, call: Call[None, None]) -> Answer:
        feed = await self._calendars.feed(call.params["secret"])
        try:
            return await self._ics(feed.user_id, feed.workspace_id)
        except WorkspaceNotFound:
            raise FeedNotFound from None

    async def _ics(self, user_id: str, workspace_id: str) -> Answer:
        view = await self._view(user_id, workspace_id)
        content = await self._calendars.as_ics(user_id, workspace_id, view.workspace.name)
        headers = (
            ("Content-Type", f"{CALENDAR}; charset=utf-8"),
            ("Content-Disposition", content_disposition("calendar.ics", is_inline=False)),
            ("Content-Security-Policy", POLICY),
        )
        return Answer(content, 200, headers)

    async def _view(self, user_id: str, workspace_id: str) -> WorkspaceView:
        view: WorkspaceView = await self._router.call(workspace_id, GetWorkspace(user_id))
        return view

    async def _submit(self, call: Call[Any, Any], command: Command) -> None:
        await self._router.call(_workspace(call), Submit(Author(call.user_id), command))


def _workspace(call: Call[Any, Any]) -> str:
    return call.id_param("workspaceId", WorkspaceNotFound)


def _event(call: Call[Any, Any]) -> str:
    return call.id_param("eventId", EventNotFound)
