"""Notifications on SQL: one text for both databases. Most are written with the op log, see `index_rows.py`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text, optional_id_bytes
from nvserver.core.notices import NoticeData, NoticeKind
from nvserver.ports.notifications import Channels, Notification, NotificationPage

NotificationRow: TypeAlias = tuple[bytes, bytes, bytes | None, str, bytes, int, int | None]
"""The columns in the order of `NOTIFICATION_COLUMNS`."""

NOTIFICATION_COLUMNS: Final = "id, user_id, workspace_id, kind, data, created_at, read_at"

_DATA: Final = msgspec.json.Decoder(NoticeData)

_ADD: Final = f"""
    INSERT INTO notifications ({NOTIFICATION_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO NOTHING"""

_IS_WANTED: Final = "kind NOT IN (SELECT kind FROM notification_preferences WHERE user_id = $1 AND NOT in_app)"

_PAGE: Final = f"""
    SELECT {NOTIFICATION_COLUMNS} FROM notifications
    WHERE user_id = $1 AND (created_at, id) < ($2, $3) AND {_IS_WANTED}
    ORDER BY created_at DESC, id DESC LIMIT $4"""

_UNREAD_PAGE: Final = f"""
    SELECT {NOTIFICATION_COLUMNS} FROM notifications
    WHERE user_id = $1 AND read_at IS NULL AND (created_at, id) < ($2, $3) AND {_IS_WANTED}
    ORDER BY created_at DESC, id DESC LIMIT $4"""

_COUNT: Final = f"SELECT count(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL AND {_IS_WANTED}"

_MARK_READ: Final = """
    UPDATE notifications SET read_at = coalesce(read_at, $3::bigint) WHERE id = $1 AND user_id = $2 RETURNING id"""

_MARK_ALL_READ: Final = "UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL"

# The row is asked again whether it was mailed: of two nodes that claim at once, the second finds it was.
_CLAIM_UNMAILED: Final = f"""
    UPDATE notifications SET is_mailed = true
    WHERE NOT is_mailed AND id IN (
        SELECT n.id FROM notifications n JOIN notification_preferences p ON p.user_id = n.user_id AND p.kind = n.kind
        WHERE n.read_at IS NULL AND NOT n.is_mailed AND n.created_at > $1 AND n.created_at <= $2 AND p.email
        ORDER BY n.created_at, n.id LIMIT $3)
    RETURNING {NOTIFICATION_COLUMNS}"""

_DELETE: Final = "DELETE FROM notifications WHERE id = $1 AND user_id = $2 RETURNING id"

_PREFERENCES: Final = "SELECT kind, in_app, email FROM notification_preferences WHERE user_id = $1"

_SET_PREFERENCE: Final = """
    INSERT INTO notification_preferences (user_id, kind, in_app, email) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, kind) DO UPDATE SET in_app = excluded.in_app, email = excluded.email"""

_NEWEST: Final = (2**62, b"\xff" * 16)


class SqlNotificationStore:
    """Fills the port `NotificationStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, notifications: Collection[Notification]) -> None:
        """See `NotificationStore.add`."""
        if notifications:
            await self._database.write(*(Statement(_ADD, notification_row(one)) for one in notifications))

    async def notifications(
        self, user_id: str, *, is_unread_only: bool, before: tuple[int, str] | None, limit: int
    ) -> NotificationPage:
        """See `NotificationStore.notifications`."""
        user = id_bytes(user_id)
        place = _NEWEST if before is None else (before[0], id_bytes(before[1]))
        rows = await self._database.read(Statement(_UNREAD_PAGE if is_unread_only else _PAGE, (user, *place, limit)))
        ((unread_count,),) = await self._database.read(Statement(_COUNT, (user,)))
        return NotificationPage([_notification(row) for row in rows], unread_count)

    async def claim_unmailed(self, after: int, before: int, *, limit: int) -> Sequence[Notification]:
        """See `NotificationStore.claim_unmailed`."""
        (rows,) = await self._database.write(Statement(_CLAIM_UNMAILED, (after, before, limit)))
        return sorted((_notification(row) for row in rows), key=lambda one: (one.created_at, one.id))

    async def mark_read(self, user_id: str, notification_id: str, at: int) -> bool:
        """See `NotificationStore.mark_read`."""
        (rows,) = await self._database.write(Statement(_MARK_READ, (id_bytes(notification_id), id_bytes(user_id), at)))
        return bool(rows)

    async def mark_all_read(self, user_id: str, at: int) -> None:
        """See `NotificationStore.mark_all_read`."""
        await self._database.write(Statement(_MARK_ALL_READ, (id_bytes(user_id), at)))

    async def delete(self, user_id: str, notification_id: str) -> bool:
        """See `NotificationStore.delete`."""
        (rows,) = await self._database.write(Statement(_DELETE, (id_bytes(notification_id), id_bytes(user_id))))
        return bool(rows)

    async def preferences(self, user_id: str) -> Mapping[NoticeKind, Channels]:
        """See `NotificationStore.preferences`."""
        rows = await self._database.read(Statement(_PREFERENCES, (id_bytes(user_id),)))
        return {kind: Channels(bool(in_app), bool(email)) for kind, in_app, email in rows}

    async def set_preferences(self, user_id: str, preferences: Mapping[NoticeKind, Channels]) -> None:
        """See `NotificationStore.set_preferences`."""
        user = id_bytes(user_id)
        if preferences:
            await self._database.write(
                *(
                    Statement(_SET_PREFERENCE, (user, kind, channels.in_app, channels.email))
                    for kind, channels in preferences.items()
                )
            )


def notification_row(notification: Notification) -> NotificationRow:
    """The row that stores the notification."""
    return (
        id_bytes(notification.id),
        id_bytes(notification.user_id),
        optional_id_bytes(notification.data.workspace_id),
        notification.kind,
        msgspec.json.encode(notification.data),
        notification.created_at,
        notification.read_at,
    )


def _notification(row: Row) -> Notification:
    notification_id, user_id, _, kind, data, created_at, read_at = row
    return Notification(id_text(notification_id), id_text(user_id), kind, _DATA.decode(data), created_at, read_at)
