"""Notifications on the wire, by REST and realtime alike."""

import msgspec

from nvserver.core.notices import NoticeData, NoticeKind
from nvserver.edge.http.wire import iso_time
from nvserver.services.notifications import WordedNotification


class NotificationItem(msgspec.Struct, frozen=True, rename="camel"):
    """`data` holds ids and names for programs, `title` and `body` are for people."""

    id: str
    kind: NoticeKind
    title: str
    body: str
    data: NoticeData
    action_url: str | None
    is_read: bool = msgspec.field(name="read")
    read_at: str | None
    created_at: str


def notification_item(worded: WordedNotification) -> NotificationItem:
    """The notification with ISO times."""
    one, words = worded.notification, worded.words
    return NotificationItem(
        one.id,
        one.kind,
        words.title,
        words.body,
        one.data,
        words.action_url,
        one.read_at is not None,
        None if one.read_at is None else iso_time(one.read_at),
        iso_time(one.created_at),
    )
