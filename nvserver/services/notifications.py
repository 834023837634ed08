"""What people have been told: listing, reading and deleting it, and by which channels they want to hear of what."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from nvserver.core.notices import KINDS, NoticeKind
from nvserver.errors import NotificationNotFound
from nvserver.ports.accounts import AccountStore
from nvserver.ports.clock import NowMs
from nvserver.ports.notifications import Channels, Notification, NotificationStore
from nvserver.services.notice_texts import Worded, worded


class WordedNotification(msgspec.Struct, frozen=True):
    """A notification and how it is told."""

    notification: Notification
    words: Worded


class WordedPage(msgspec.Struct, frozen=True):
    """`unread_count` is of all, not of this page."""

    items: Sequence[WordedNotification]
    unread_count: int


class NotificationService:
    """Names are looked up when something is told, so that they are as people call themselves now."""

    def __init__(self, store: NotificationStore, accounts: AccountStore, now_ms: NowMs) -> None:
        self._store = store
        self._accounts = accounts
        self._now_ms = now_ms
        self._announce: Callable[[Sequence[Notification]], None] = lambda _: None

    async def page(
        self, user_id: str, *, is_unread_only: bool, before: tuple[int, str] | None, limit: int
    ) -> WordedPage:
        """See `NotificationStore.notifications`."""
        page = await self._store.notifications(user_id, is_unread_only=is_unread_only, before=before, limit=limit)
        return WordedPage(await self.in_words(page.items), page.unread_count)

    async def in_words(self, notifications: Sequence[Notification]) -> Sequence[WordedNotification]:
        """In the same order."""
        actors = frozenset(one.data.actor_id for one in notifications if one.data.actor_id is not None)
        names = {account.id: account.display_name for account in await self._accounts.accounts(actors)}
        return [
            WordedNotification(one, worded(one.kind, one.data, names.get(one.data.actor_id or "")))
            for one in notifications
        ]

    async def wanted(self, notifications: Sequence[Notification]) -> Sequence[Notification]:
        """Those whose kind their receiver has not switched off."""
        users = {one.user_id for one in notifications}
        channels = {user_id: await self.preferences(user_id) for user_id in users}
        return [one for one in notifications if channels[one.user_id][one.kind].in_app]

    async def tell(self, notifications: Sequence[Notification]) -> None:
        """Keep them, and announce them to who is there."""
        await self._store.add(notifications)
        self._announce(notifications)

    def announce_to(self, announce: Callable[[Sequence[Notification]], None]) -> None:
        """Who hears of what `tell` keeps."""
        self._announce = announce

    async def mark_read(self, user_id: str, notification_id: str) -> None:
        """Raises `NotificationNotFound`."""
        if not await self._store.mark_read(user_id, notification_id, self._now_ms()):
            raise NotificationNotFound

    async def mark_all_read(self, user_id: str) -> None:
        """All of the person's."""
        await self._store.mark_all_read(user_id, self._now_ms())

    async def delete(self, user_id: str, notification_id: str) -> None:
        """Raises `NotificationNotFound`."""
        if not await self._store.delete(user_id, notification_id):
            raise NotificationNotFound

    async def preferences(self, user_id: str) -> Mapping[NoticeKind, Channels]:
        """Of every kind."""
        said = await self._store.preferences(user_id)
        return {kind: said.get(kind, Channels()) for kind in KINDS}

    async def set_preferences(
        self, user_id: str, preferences: Mapping[NoticeKind, Channels]
    ) -> Mapping[NoticeKind, Channels]:
        """Of every kind, after it."""
        await self._store.set_preferences(user_id, preferences)
        return await self.preferences(user_id)
