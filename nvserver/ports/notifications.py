"""Where notifications stand, each until its receiver deletes it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import msgspec

from nvserver.core.notices import NoticeData, NoticeKind


class Notification(msgspec.Struct, frozen=True):
    """A notice that is kept for one person. Times are milliseconds since 1970 UTC."""

    id: str
    user_id: str
    kind: NoticeKind
    data: NoticeData
    created_at: int
    read_at: int | None = None


class NotificationPage(msgspec.Struct, frozen=True):
    """`unread_count` is of all, not of this page."""

    items: Sequence[Notification]
    unread_count: int


class Channels(msgspec.Struct, frozen=True):
    """Where a person wants to be told of a kind."""

    in_app: bool = True
    email: bool = False


class NotificationStore(Protocol):
    """Everything is durable when a call returns. Every method raises `Unavailable` as those of `OpLog` do.

    A kind whose `in_app` is off is neither listed nor counted; what came meanwhile shows when it is on again."""

    async def add(self, notifications: Collection[Notification]) -> None:
        """Keep them; one whose id is there already is left as it is."""
        ...

    async def notifications(
        self, user_id: str, *, is_unread_only: bool, before: tuple[int, str] | None, limit: int
    ) -> NotificationPage:
        """The person's, newest first by `(created_at, id)`, those that come after `before` in that order."""
        ...

    async def claim_unmailed(self, after: int, before: int, *, limit: int) -> Sequence[Notification]:
        """Unread ones of `after < created_at <= before` whose receivers want mail of their kind, the oldest first; each
        is given out once."""
        ...

    async def mark_read(self, user_id: str, notification_id: str, at: int) -> bool:
        """Answers whether the person has it. One that was read before stays as it was."""
        ...

    async def mark_all_read(self, user_id: str, at: int) -> None:
        """Those of the person that are unread."""
        ...

    async def delete(self, user_id: str, notification_id: str) -> bool:
        """Answers whether the person had it."""
        ...

    async def preferences(self, user_id: str) -> Mapping[NoticeKind, Channels]:
        """Of the kinds for which the person ever said anything."""
        ...

    async def set_preferences(self, user_id: str, preferences: Mapping[NoticeKind, Channels]) -> None:
        """For the kinds given; others stay."""
        ...
