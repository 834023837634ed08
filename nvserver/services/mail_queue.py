"""The mails of this node on their way: nobody who causes one waits for it, so no answer tells by its time whether there
was one.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog
import trio

from nvserver.errors import Unavailable
from nvserver.ports.mail import Mail, Mailer

log = structlog.get_logger()

Draft: TypeAlias = Callable[[], Awaitable[Mail | None]]
"""Writes the mail when its turn has come, or finds that there is none to write."""

DRAFT_BYTES = 1024
"""What an unwritten mail counts for: an address and what writes it."""


@dataclass(frozen=True, slots=True)
class MailQueueSettings:
    """Section `[mail_queue]`."""

    max_waiting_bytes: int = field(default=4 * 1024 * 1024, metadata={"min": 4096})
    """What may wait to be sent; further mails are dropped, which the log tells."""
    tries: int = field(default=5, metadata={"min": 1, "max": 20})
    """How often a mail is tried before it is dropped."""
    retry_seconds: float = field(default=5.0, metadata={"min": 0.01, "max": 3600})
    """The pause after the first failure; each further one is twice as long."""


@dataclass(slots=True)
class _Waiting:
    what: Mail | Draft
    size_bytes: int


class MailQueue:
    """`post` never blocks. Overflow policy: the newest is dropped. What waits is lost with the process: whoever misses
    a mail asks for another."""

    def __init__(self, mailer: Mailer, settings: MailQueueSettings) -> None:
        self._mailer = mailer
        self._settings = settings
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._arrived = trio.Event()

    def post(self, what: Mail | Draft) -> None:
        """Send it when its turn comes."""
        size = len(what.to) + len(what.subject) + len(what.text) if isinstance(what, Mail) else DRAFT_BYTES
        if self._waiting_bytes + size > self._settings.max_waiting_bytes:
            log.error("mail dropped: too many are waiting")
            return
        self._waiting.append(_Waiting(what, size))
        self._waiting_bytes += size
        self._arrived.set()

    async def run(self) -> None:
        """Send until cancelled, in order."""
        while True:
            while self._waiting:
                await self._send(self._waiting[0].what)
                self._waiting_bytes -= self._waiting.popleft().size_bytes
            self._arrived = trio.Event()
            await self._arrived.wait()

    async def _send(self, what: Mail | Draft) -> None:
        mail = what if isinstance(what, Mail) else None
        pause = self._settings.retry_seconds
        for tries_left in reversed(range(self._settings.tries)):
            try:
                # Written once: whoever gets two of the same mail finds the same link in both.
                if mail is None and not isinstance(what, Mail):
                    mail = await what()
                if mail is not None:
                    await self._mailer.send(mail)
                return
            except Unavailable as error:
                log.warning("mail not sent", reason=error.message, tries_left=tries_left)
            except Exception as error:
                log.exception("mail dropped", reason=type(error).__name__)
                return
            if tries_left:
                await trio.sleep(pause)
                pause *= 2
