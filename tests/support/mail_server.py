"""A real SMTP server on loopback that keeps what it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import trio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """`answers` are given to the next mails, then `250 OK`; each that is taken comes out of `received`."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.url = ""
        self._token = trio.lowlevel.current_trio_token()
        self._taken: trio.MemorySendChannel[EmailMessage]
        self._taken, self._received = trio.open_memory_channel[EmailMessage](100)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Called in the server's thread."""
        if self.answers:
            answer = self.answers.pop(0)
            if not answer.startswith("250"):
                return answer
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        assert envelope.rcpt_tos == [str(message["To"])]
        self._token.run_sync_soon(self._taken.send_nowait, message)
        return "250 OK"

    async def received(self) -> EmailMessage:
        """The next mail."""
        with trio.fail_after(20):
            return await self._received.receive()

    @property
    def waiting(self) -> int:
        """Mails that were taken and not looked at."""
        return self._received.statistics().current_buffer_used


@asynccontextmanager
async def running_mail_server() -> AsyncIterator[MailServer]:
    """Until the block is left."""
    mails = MailServer()
    loop = asyncio.SelectorEventLoop()  # made here: trio-asyncio's policy makes none beside a running trio
    controller = OnAnyPort(mails, hostname="127.0.0.1", port=0, ready_timeout=20, loop=loop)
    await trio.to_thread.run_sync(controller.start)
    try:
        mails.url = f"smtp://127.0.0.1:{controller.port}"
        yield mails
    finally:
        with trio.CancelScope(shield=True):
            await trio.to_thread.run_sync(controller.stop)


class OnAnyPort(Controller):
    """Port 0 is a free one, which `port` tells once it runs."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
