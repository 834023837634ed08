"""Mails go out in order, through failures, and never hold up whoever posts them."""

import trio

from nvserver.errors import MailRefused, Unavailable
from nvserver.ports.mail import Mail
from nvserver.services.mail_queue import DRAFT_BYTES, MailQueue, MailQueueSettings


class Letterbox:
    """A mailer that fails as told and keeps the rest."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.tried = 0
        self.sent: list[Mail] = []
        self.gate = trio.Event()
        self.gate.set()
        self._changed = trio.Condition()

    async def send(self, mail: Mail) -> None:
        await self.gate.wait()
        async with self._changed:
            self.tried += 1
            self._changed.notify_all()
        if self.failures:
            raise self.failures.pop(0)
        async with self._changed:
            self.sent.append(mail)
            self._changed.notify_all()

    async def wait_sent(self, count: int) -> None:
        with trio.fail_after(20):
            async with self._changed:
                while len(self.sent) < count:
                    await self._changed.wait()


def mail(number: int) -> Mail:
    return Mail("digest", "ada@notes.test", str(number), "x" * 1000)


async def test_mails_go_out_in_order_and_drafts_are_written_once(
    nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    box, written = Letterbox(Unavailable(), Unavailable()), 0
    queue = MailQueue(box, MailQueueSettings())
    nursery.start_soon(queue.run)

    async def draft() -> Mail:
        nonlocal written
        written += 1
        return mail(1)

    async def nothing() -> None:
        return None

    queue.post(draft)
    queue.post(nothing)
    queue.post(mail(2))
    await box.wait_sent(2)
    assert box.sent == [mail(1), mail(2)]
    assert (box.tried, written) == (4, 1)


async def test_what_is_refused_or_fails_too_often_is_dropped_and_the_next_goes_out(
    nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    box = Letterbox(MailRefused(), *(Unavailable() for _ in range(3)), ValueError("a fault of ours"))
    queue = MailQueue(box, MailQueueSettings(tries=3))
    nursery.start_soon(queue.run)
    for number in range(5):
        queue.post(mail(number))
    await box.wait_sent(2)
    assert box.sent == [mail(3), mail(4)]


async def test_more_than_may_wait_is_dropped_and_there_is_room_again(nursery: trio.Nursery) -> None:
    box = Letterbox()
    box.gate = trio.Event()
    queue = MailQueue(box, MailQueueSettings(max_waiting_bytes=3 * 1100))
    nursery.start_soon(queue.run)
    for number in range(10):
        queue.post(mail(number))
    assert DRAFT_BYTES <= 1100
    box.gate.set()
    await box.wait_sent(3)
    assert [one.subject for one in box.sent] == ["0", "1", "2"]
    await trio.testing.wait_all_tasks_blocked()
    queue.post(mail(11))
    await box.wait_sent(4)
