"""Mail by SMTP, or into the log."""

from nvserver.adapters.mail.logged import LoggingMailer
from nvserver.adapters.mail.settings import MailSettings
from nvserver.adapters.mail.smtp import SmtpMailer
from nvserver.ports.mail import Mailer

__all__ = ["LoggingMailer", "MailSettings", "SmtpMailer", "open_mailer"]


def open_mailer(settings: MailSettings) -> Mailer:
    """The mailer that the settings name."""
    return LoggingMailer() if settings.smtp_url is None else SmtpMailer(settings)
