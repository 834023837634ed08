"""How mails leave."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Section `[mail]`."""

    smtp_url: str | None = field(default=None, repr=False, metadata={"schemes": ("smtp", "smtps")})
    """`smtp://…` or `smtps://USER:PASSWORD@HOST:PORT`; by default a line in the log tells that there was a mail. With
    `smtp` the connection is encrypted where the server can, and a password is never sent over one that is not."""
    sender: str = "NoteVault <notevault@localhost>"
    """Who mails come from."""
    deadline_seconds: float = field(default=15.0, metadata={"min": 0.1, "max": 300})
    """How long the mail server may take to answer each step."""
