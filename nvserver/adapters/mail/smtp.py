"""Mail by SMTP (RFC 5321), with the standard library's client in a thread."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

import trio

from nvserver.adapters.mail.settings import MailSettings
from nvserver.errors import MailRefused, Unavailable
from nvserver.ports.mail import Mail

_PORTS = {"smtp": 25, "smtps": 465}
_FIRST_FINAL_CODE = 500
"""Answers from here on are for good (RFC 5321, 4.2.1)."""


class SmtpMailer:
    """Fills the port `Mailer`. One connection a mail, one mail at a time."""

    def __init__(self, settings: MailSettings) -> None:
        """Raises ValueError without `smtp_url`."""
        if settings.smtp_url is None:
            raise ValueError("there is no mail server in the settings")
        self._url = urlsplit(settings.smtp_url)
        self._settings = settings
        self._limiter = trio.CapacityLimiter(1)

    async def send(self, mail: Mail) -> None:
        """See `Mailer.send`. Whoever gives up waiting leaves the thread to its own deadline."""
        await trio.to_thread.run_sync(self._send, mail, limiter=self._limiter, abandon_on_cancel=True)

    def _send(self, mail: Mail) -> None:
        try:
            with self._connected() as server:
                server.send_message(self._message(mail))
        except smtplib.SMTPRecipientsRefused as error:
            raise _told(max(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _told(error.smtp_code) from error
        except ValueError as error:  # what cannot stand in a header
            raise MailRefused from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("The mail server does not answer") from error

    def _connected(self) -> smtplib.SMTP:
        url, seconds = self._url, self._settings.deadline_seconds
        host, port = url.hostname or "localhost", url.port or _PORTS[url.scheme]
        context = ssl.create_default_context()
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=seconds)
        try:
            self._prepare(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _prepare(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """Encrypt where that can be done, and sign in where the settings say as whom."""
        is_encrypted = isinstance(server, smtplib.SMTP_SSL)
        server.ehlo_or_helo_if_needed()
        if not is_encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            is_encrypted = True
        if self._url.username:
            if not is_encrypted:
                raise Unavailable("The mail server offers no encryption: the password was not sent")
            server.login(*_credentials(self._url))

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = mail.to
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=parseaddr(self._settings.sender)[1].rpartition("@")[2] or None)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message


def _credentials(url: SplitResult) -> tuple[str, str]:
    return unquote(url.username or ""), unquote(url.password or "")


def _told(code: int) -> MailRefused | Unavailable:
    return MailRefused() if code >= _FIRST_FINAL_CODE else Unavailable("The mail server asks to try later")
