"""Mails that a server sends, for tests that wait without an event loop."""

import asyncio
import queue
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.mail_server import OnAnyPort

DEADLINE_SECONDS = 30


class Mails:
    """What came and was not looked at, by who it is for."""

    def __init__(self) -> None:
        self.url = ""
        self._came: queue.Queue[EmailMessage] = queue.Queue()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Called in the server's thread."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._came.put(message)
        return "250 OK"

    def link(self, email: str, page: str) -> str:
        """Path and token of the next link to `page` that is sent to `email`. Other mails are passed over."""
        while True:
            mail = self._came.get(timeout=DEADLINE_SECONDS)
            found = re.search(rf"/{page}#token=\S+", mail.get_content())
            if str(mail["To"]) == email and found:
                return found.group()


@contextmanager
def running_mails() -> Iterator[Mails]:
    """Until the block is left."""
    mails = Mails()
    controller = OnAnyPort(
        mails, hostname="127.0.0.1", port=0, ready_timeout=DEADLINE_SECONDS, loop=asyncio.SelectorEventLoop()
    )
    controller.start()
    try:
        mails.url = f"smtp://127.0.0.1:{controller.port}"
        yield mails
    finally:
        controller.stop()
