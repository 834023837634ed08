"""Notifications in memory."""

from collections.abc import Collection, Mapping, Sequence

import trio
from msgspec.structs import replace

from nvserver.core.notices import NoticeKind
from nvserver.ports.notifications import Channels, Notification, NotificationPage


class MemoryNotificationStore:
    """Fills the port `NotificationStore`. The index in memory puts most of them."""

    def __init__(self) -> None:
        self._notifications: dict[str, Notification] = {}
        self._mailed: set[str] = set()
        self._preferences: dict[str, dict[NoticeKind, Channels]] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._notifications = {key: one for key, one in self._notifications.items() if one.user_id != user_id}
        self._preferences.pop(user_id, None)

    def put(self, notification: Notification) -> None:
        """Keep it; one whose id is there already stays."""
        self._notifications.setdefault(notification.id, notification)

    async def add(self, notifications: Collection[Notification]) -> None:
        """See `NotificationStore.add`."""
        await trio.lowlevel.checkpoint()
        for notification in notifications:
            self.put(notification)

    async def notifications(
        self, user_id: str, *, is_unread_only: bool, before: tuple[int, str] | None, limit: int
    ) -> NotificationPage:
        """See `NotificationStore.notifications`."""
        await trio.lowlevel.checkpoint()
        mine = [one for one in self._of(user_id) if self._is_wanted(one)]
        mine.sort(key=_place, reverse=True)
        unread = [one for one in mine if one.read_at is None]
        listed = [one for one in (unread if is_unread_only else mine) if before is None or _place(one) < before]
        return NotificationPage(listed[:limit], len(unread))

    async def claim_unmailed(self, after: int, before: int, *, limit: int) -> Sequence[Notification]:
        """See `NotificationStore.claim_unmailed`."""
        await trio.lowlevel.checkpoint()
        waiting = [
            one
            for one in sorted(self._notifications.values(), key=_place)
            if one.read_at is None
            and one.id not in self._mailed
            and after < one.created_at <= before
            and self._preferences.get(one.user_id, {}).get(one.kind, Channels()).email
        ][:limit]
        self._mailed |= {one.id for one in waiting}
        return waiting

    async def mark_read(self, user_id: str, notification_id: str, at: int) -> bool:
        """See `NotificationStore.mark_read`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._of(user_id) if one.id == notification_id]
        for one in found:
            self._read(one, at)
        return bool(found)

    async def mark_all_read(self, user_id: str, at: int) -> None:
        """See `NotificationStore.mark_all_read`."""
        await trio.lowlevel.checkpoint()
        for one in self._of(user_id):
            self._read(one, at)

    async def delete(self, user_id: str, notification_id: str) -> bool:
        """See `NotificationStore.delete`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._of(user_id) if one.id == notification_id]
        for one in found:
            del self._notifications[one.id]
        return bool(found)

    async def preferences(self, user_id: str) -> Mapping[NoticeKind, Channels]:
        """See `NotificationStore.preferences`."""
        await trio.lowlevel.checkpoint()
        return dict(self._preferences.get(user_id, {}))

    async def set_preferences(self, user_id: str, preferences: Mapping[NoticeKind, Channels]) -> None:
        """See `NotificationStore.set_preferences`."""
        await trio.lowlevel.checkpoint()
        self._preferences.setdefault(user_id, {}).update(preferences)

    def _of(self, user_id: str) -> list[Notification]:
        return [one for one in self._notifications.values() if one.user_id == user_id]

    def _is_wanted(self, one: Notification) -> bool:
        return self._preferences.get(one.user_id, {}).get(one.kind, Channels()).in_app

    def _read(self, one: Notification, at: int) -> None:
        if one.read_at is None:
            self._notifications[one.id] = replace(one, read_at=at)


def _place(notification: Notification) -> tuple[int, str]:
    return notification.created_at, notification.id
