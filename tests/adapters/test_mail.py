"""Mails reach a real SMTP server, and failures are told apart."""

import pytest
import structlog.testing
import trio

from nvserver.adapters.mail import LoggingMailer, MailSettings, SmtpMailer, open_mailer
from nvserver.errors import MailRefused, Unavailable
from nvserver.ports.mail import Mail
from tests.support.mail_server import running_mail_server
from tests.support.ports import free_port

MAIL = Mail("digest", "zoë+x@notes.test", "Grüße \U0001f680", "Zoë,\n\nhttps://notes.test/#token=abc\n.\nend\n")
PLAIN = Mail("digest", "ada@notes.test", "Hello", "Text\n")


def mailer(url: str) -> SmtpMailer:
    return SmtpMailer(MailSettings(smtp_url=url, sender="Notes <notes@notes.test>", deadline_seconds=20))


async def test_a_mail_arrives_as_it_was_written() -> None:
    async with running_mail_server() as server:
        mail = Mail("digest", "ada@notes.test", MAIL.subject, MAIL.text)
        await mailer(server.url).send(mail)
        got = await server.received()
    assert (got["From"], got["To"], got["Subject"]) == ("Notes <notes@notes.test>", "ada@notes.test", mail.subject)
    assert got.get_content().replace("\r\n", "\n") == mail.text
    assert got["Message-ID"].endswith("@notes.test>")
    assert got["Auto-Submitted"] == "auto-generated"


async def test_a_subject_cannot_bring_in_headers() -> None:
    async with running_mail_server() as server:
        await mailer(server.url).send(Mail("digest", "ada@notes.test", "a\r\nBcc: eve@notes.test", "x"))
        got = await server.received()
    assert got["Subject"] == "a Bcc: eve@notes.test"
    assert got["Bcc"] is None


async def test_what_is_refused_for_good_is_told_apart_from_what_may_be_taken_later() -> None:
    async with running_mail_server() as server:
        server.answers = ["554 no", "451 later"]
        with pytest.raises(MailRefused):
            await mailer(server.url).send(PLAIN)
        with pytest.raises(Unavailable):
            await mailer(server.url).send(PLAIN)
        with pytest.raises(MailRefused):
            await mailer(server.url).send(Mail("digest", "ada@notes.test\r\nBcc: x@y.z", "s", "t"))
        assert server.waiting == 0
    with pytest.raises(Unavailable):
        await mailer(f"smtp://127.0.0.1:{free_port()}").send(PLAIN)


async def test_a_password_is_not_sent_in_the_clear() -> None:
    async with running_mail_server() as server:
        with pytest.raises(Unavailable, match="encryption"):
            await mailer(server.url.replace("//", "//user:secret@")).send(PLAIN)
        assert server.waiting == 0


async def test_without_a_server_the_log_tells_of_a_mail_and_not_what_is_in_it() -> None:
    with structlog.testing.capture_logs() as lines:
        await LoggingMailer().send(MAIL)
    assert len(lines) == 1
    assert lines[0]["kind"] == MAIL.kind
    for part in (MAIL.subject, MAIL.to, "token=abc"):  # a subject may name a workspace
        assert part not in str(lines)
    assert isinstance(open_mailer(MailSettings()), LoggingMailer)
    await trio.lowlevel.checkpoint()
