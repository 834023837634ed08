"""Mails that stay in memory."""

import trio

from nvserver.ports.mail import Mail


class MemoryMailer:
    """Fills the port `Mailer`."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        """Everything, oldest first."""
        self._arrived = trio.Event()

    async def send(self, mail: Mail) -> None:
        """See `Mailer.send`."""
        await trio.lowlevel.checkpoint()
        self.sent.append(mail)
        self._arrived.set()
        self._arrived = trio.Event()

    async def wait_sent(self, count: int) -> Mail:
        """Wait until so many were sent; the last of them."""
        while len(self.sent) < count:
            await self._arrived.wait()
        return self.sent[count - 1]
