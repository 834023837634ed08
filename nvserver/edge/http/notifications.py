"""Routes of one's notifications, and of watching notes."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from nvserver.core.changes import Author
from nvserver.core.commands import WatchNote
from nvserver.core.notices import NoticeKind
from nvserver.edge.http.cursors import decode_cursor, encode_cursor
from nvserver.edge.http.notification_shapes import NotificationItem, notification_item
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Milliseconds, PageQuery
from nvserver.errors import NoteNotFound, NotificationNotFound
from nvserver.ports.notifications import Channels
from nvserver.services.notifications import NotificationService
from nvserver.workspace.messages import IsWatched, Submit, Watched
from nvserver.workspace.note_homes import NoteHomes

Id: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\s\S])", description="a UUID in lower case")
]


class NotificationsQuery(PageQuery, frozen=True, rename="camel"):
    unread: bool = False


class NotificationList(msgspec.Struct, frozen=True, rename="camel"):
    """`unreadCount` is of all, not of this page."""

    items: tuple[NotificationItem, ...]
    next_cursor: str | None
    unread_count: int


class ChannelsItem(msgspec.Struct, frozen=True, rename="camel"):
    """Where one wants to be told of a kind. A kind that is off in the app is neither listed nor counted."""

    in_app: bool
    email: bool


class PreferencesBody(msgspec.Struct, frozen=True):
    """Kinds left out stay."""

    preferences: dict[NoticeKind, ChannelsItem]


class PreferencesAnswer(msgspec.Struct, frozen=True):
    """Of every kind."""

    preferences: dict[NoticeKind, ChannelsItem]


class WatchAnswer(msgspec.Struct, frozen=True):
    watching: bool


class NotificationRoutes:
    """`/api/notifications` and `/api/notes/{noteId}/watch`."""

    def __init__(self, service: NotificationService, homes: NoteHomes) -> None:
        self._service = service
        self._homes = homes

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base, watch = "/api/notifications", "/api/notes/{noteId}/watch"
        one = f"{base}/{{notificationId}}"
        return (
            Route(
                "GET", base, self._list, "One's notifications, newest first",
                query=NotificationsQuery, answer=NotificationList,
            ),
            Route("PUT", f"{base}/read-all", self._read_all, "Mark all as read", status=204),
            Route(
                "GET", f"{base}/preferences", self._preferences, "By which channels one wants to hear of what",
                answer=PreferencesAnswer,
            ),
            Route(
                "PUT", f"{base}/preferences", self._set_preferences, "Choose the channels of kinds",
                body=PreferencesBody, answer=PreferencesAnswer,
            ),
            Route("PUT", f"{one}/read", self._read, "Mark as read", status=204, errors=(NotificationNotFound,)),
            Route("DELETE", one, self._delete, "Delete a notification", status=204, errors=(NotificationNotFound,)),
            Route(
                "GET", watch, self._watching, "Whether one is told of the note's changes (notes:read)",
                answer=WatchAnswer, errors=(NoteNotFound,),
            ),
            Route(
                "PUT", watch, self._watch, "Be told of the note's changes (notes:read)",
                answer=WatchAnswer, errors=(NoteNotFound,),
            ),
            Route(
                "DELETE", watch, self._unwatch, "Be told of them no longer (notes:read)",
                answer=WatchAnswer, errors=(NoteNotFound,),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, NotificationsQuery]) -> NotificationList:
        query = call.query
        page = await self._service.page(
            call.user_id,
            is_unread_only=query.unread,
            before=decode_cursor(query.cursor, tuple[Milliseconds, Id]),
            limit=query.limit + 1,
        )
        items = page.items[: query.limit]
        last = items[-1].notification if len(page.items) > len(items) else None
        next_cursor = encode_cursor((last.created_at, last.id) if last else None)
        return NotificationList(tuple(notification_item(one) for one in items), next_cursor, page.unread_count)

    async def _read(self, call: Call[None, None]) -> None:
        await self._service.mark_read(call.user_id, call.id_param("notificationId", NotificationNotFound))

    async def _read_all(self, call: Call[None, None]) -> None:
        await self._service.mark_all_read(call.user_id)

    async def _delete(self, call: Call[None, None]) -> None:
        await self._service.delete(call.user_id, call.id_param("notificationId", NotificationNotFound))

    async def _preferences(self, call: Call[None, None]) -> PreferencesAnswer:
        said = await self._service.preferences(call.user_id)
        return PreferencesAnswer({kind: ChannelsItem(one.in_app, one.email) for kind, one in said.items()})

    async def _set_preferences(self, call: Call[PreferencesBody, None]) -> PreferencesAnswer:
        wanted = {kind: Channels(one.in_app, one.email) for kind, one in call.body.preferences.items()}
        said = await self._service.set_preferences(call.user_id, wanted)
        return PreferencesAnswer({kind: ChannelsItem(one.in_app, one.email) for kind, one in said.items()})

    async def _watching(self, call: Call[None, None]) -> WatchAnswer:
        note_id = call.id_param("noteId", NoteNotFound)
        watched: Watched = await self._homes.ask(note_id, IsWatched(call.user_id, note_id))
        return WatchAnswer(watched.is_on)

    async def _watch(self, call: Call[None, None]) -> WatchAnswer:
        return await self._set_watching(call, is_on=True)

    async def _unwatch(self, call: Call[None, None]) -> WatchAnswer:
        return await self._set_watching(call, is_on=False)

    async def _set_watching(self, call: Call[None, None], *, is_on: bool) -> WatchAnswer:
        note_id = call.id_param("noteId", NoteNotFound)
        await self._homes.ask(note_id, Submit(Author(call.user_id), WatchNote(note_id, is_on)))
        return WatchAnswer(is_on)
