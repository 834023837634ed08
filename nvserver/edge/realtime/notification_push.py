"""Tells notifications to the open connections of their receivers, just after they became durable."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import structlog
import trio

from nvserver.edge.http.notification_shapes import notification_item
from nvserver.errors import NoteVaultError
from nvserver.ports.notifications import Notification
from nvserver.services.notifications import NotificationService

log = structlog.get_logger()

TellUser: TypeAlias = Callable[[str, str, object], None]
"""User id, event, payload."""

MAX_WAITING: Final = 1_000
"""Batches of one entry each. A notification takes less than two KiB; beyond this they are not pushed: people find them
in their list."""


class NotificationPush:
    """`notify` may be called by anyone at any time, `run` does the telling. Whatever goes wrong costs a push, never the
    notification."""

    def __init__(self, service: NotificationService) -> None:
        self._service = service
        self._send, self._receive = trio.open_memory_channel[Sequence[Notification]](MAX_WAITING)

    def notify(self, notifications: Sequence[Notification]) -> None:
        """See `workspace.notifying.Notify`."""
        try:
            self._send.send_nowait(notifications)
        except trio.WouldBlock:
            log.warning("notifications are not pushed", reason="too many wait", count=len(notifications))

    async def run(self, tell_user: TellUser) -> None:
        """Until cancelled."""
        async for notifications in self._receive:
            try:
                wanted = await self._service.in_words(await self._service.wanted(notifications))
            except NoteVaultError as error:
                log.warning("notifications are not pushed", reason=error.code, count=len(notifications))
                continue
            for worded in wanted:
                tell_user(worded.notification.user_id, "notification", notification_item(worded))
