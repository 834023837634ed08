"""Mails that leave the server."""

from typing import Literal, Protocol, TypeAlias

import msgspec

MailKind: TypeAlias = Literal[
    "verify-email", "new-email", "reset-password", "safety", "account-deleted", "invitation", "digest"
]


class Mail(msgspec.Struct, frozen=True):
    """A plain text to one person. Of it the `kind` alone is ever logged: the subject may name a workspace, and `text`
    may hold a secret link."""

    kind: MailKind
    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """The way out. A use case does not wait for it: it posts to `services.mail_queue.MailQueue`."""

    async def send(self, mail: Mail) -> None:
        """Hand the mail to a server that takes it over. Raises `MailRefused` when it will never take it, `Unavailable`
        when it may later; then it may have taken it all the same."""
        ...
