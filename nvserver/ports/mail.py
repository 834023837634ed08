"""Mails that leave the server."""

from typing import Protocol

import msgspec


class Mail(msgspec.Struct, frozen=True):
    """A plain text to one person. `text` may hold a secret link: it is never logged."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """The way out. A use case does not wait for it: it posts to `services.mail_queue.MailQueue`."""

    async def send(self, mail: Mail) -> None:
        """Hand the mail to a server that takes it over. Raises `MailRefused` when it will never take it, `Unavailable`
        when it may later; then it may have taken it all the same."""
        ...
