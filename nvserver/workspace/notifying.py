"""Notices on their way to people: stored with the entry that tells them, announced when it is durable."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias
from uuid import UUID, uuid5

from nvserver.core.changes import Entry
from nvserver.core.notices import Notice, notices_of
from nvserver.core.workspace import Workspace
from nvserver.ports.notifications import Notification
from nvserver.ports.oplog import NotificationIndexed

Notify: TypeAlias = Callable[[Sequence[Notification]], None]
"""Hears of durable notifications. Must not block or raise: who is not told now finds them in his list."""

_IDS: Final = UUID("6a1f3c58-5d0e-5c44-9a0b-0f2f6f3d7c11")
"""The name space of their ids: the same notice has the same id, whoever makes it again after a restart."""


class Notifier:
    """Of one workspace's actor. What is lost with the actor before it was durable is told by nobody."""

    def __init__(self, notify: Notify, watch_seconds: float) -> None:
        self._notify = notify
        self._watch_interval_ms = max(1, round(watch_seconds * 1000))
        self._waiting: dict[int, list[Notification]] = {}

    def index(self, workspace: Workspace, entry: Entry) -> Sequence[NotificationIndexed]:
        """What `entry`, just applied, adds to the index."""
        notices = notices_of(workspace, entry, self._watch_interval_ms)
        if not notices:
            return ()
        notifications = [_notification(workspace.id, entry, notice) for notice in notices]
        self._waiting[entry.seq] = notifications
        return [NotificationIndexed(one) for one in notifications]

    def published(self, entries: Sequence[Entry]) -> None:
        """These entries are durable."""
        if not self._waiting:
            return
        for entry in entries:
            if notifications := self._waiting.pop(entry.seq, None):
                self._notify(notifications)


def _notification(workspace_id: str, entry: Entry, notice: Notice) -> Notification:
    name = f"{workspace_id}/{notice.user_id}/{notice.kind}/{notice.topic}"
    return Notification(str(uuid5(_IDS, name)), notice.user_id, notice.kind, notice.data, entry.at)
