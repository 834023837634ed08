"""Mails people what they have not read, as one mail a while, of the kinds they want mail of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
import trio

from nvserver.errors import Unavailable
from nvserver.ports.accounts import Account, AccountStore
from nvserver.ports.clock import NowMs
from nvserver.ports.mail import Mail
from nvserver.ports.notifications import Notification, NotificationStore
from nvserver.services.mail_queue import MailQueue
from nvserver.services.notifications import NotificationService

log = structlog.get_logger()

_PAGE: Final = 500
_LINES: Final = 30

TEXT: Final = """Hello {name},

this happened at NoteVault:

{lines}

Which of this you want to hear of by mail, you choose in your settings: {settings}
"""


@dataclass(frozen=True, slots=True)
class MailDigestSettings:
    """Section `[mail_digest]`."""

    pause_seconds: float = field(default=900.0, metadata={"min": 1.0})
    """A person gets one mail in this time at most."""
    unread_seconds: float = field(default=300.0, metadata={"min": 0.0})
    """How long a notification stays unread before it is mailed."""
    forget_seconds: float = field(default=259_200.0, metadata={"min": 60.0})
    """Older ones are not mailed any more."""


class MailDigest:
    """Every node has one; a notification is given out once. Only proved addresses get mail."""

    def __init__(
        self,
        store: NotificationStore,
        accounts: AccountStore,
        service: NotificationService,
        mails: MailQueue,
        settings: MailDigestSettings,
        now_ms: NowMs,
        public_url: str,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._service = service
        self._mails = mails
        self._settings = settings
        self._now_ms = now_ms
        self._public_url = public_url.rstrip("/")

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await trio.sleep(self._settings.pause_seconds)
            try:
                await self.send_due()
            except Unavailable as error:
                log.warning("mail digest put off", error=error.message)

    async def send_due(self) -> None:
        """One mail to everybody for whom something waits."""
        now, settings = self._now_ms(), self._settings
        after, before = now - int(settings.forget_seconds * 1000), now - int(settings.unread_seconds * 1000)
        waiting: dict[str, list[Notification]] = {}
        while claimed := await self._store.claim_unmailed(after, before, limit=_PAGE):
            for one in claimed:
                waiting.setdefault(one.user_id, []).append(one)
            if len(claimed) < _PAGE:
                break
        for account in await self._accounts.accounts(frozenset(waiting)):
            if account.email_verified and account.suspended_at is None:
                self._mails.post(await self._mail(account, waiting[account.id]))

    async def _mail(self, account: Account, notifications: Sequence[Notification]) -> Mail:
        lines = []
        for one in await self._service.in_words(notifications[:_LINES]):
            place = f"\n  {self._public_url}{one.words.action_url}" if one.words.action_url is not None else ""
            lines.append(f"* {one.words.title}{place}")
        if len(notifications) > _LINES:
            lines.append(f"* and {len(notifications) - _LINES} more")
        subject = lines[0].partition("\n")[0][2:] if len(notifications) == 1 else f"{len(notifications)} notifications"
        text = TEXT.format(name=account.display_name, lines="\n".join(lines), settings=f"{self._public_url}/settings")
        return Mail("digest", account.email, " ".join(f"NoteVault: {subject}".split())[:200], text)
