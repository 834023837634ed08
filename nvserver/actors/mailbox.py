"""A bounded inbox for one reader."""

from collections.abc import Callable
from typing import Generic, TypeVar

import trio

M = TypeVar("M")


class MailboxFull(Exception):
    """The message was not taken: the mailbox holds as many bytes as it may. The sender tells its caller."""


class MailboxClosed(Exception):
    """The message was not taken: the actor has stopped."""


class Mailbox(Generic[M]):
    """Bounded in bytes, as `size_of` counts them. Overflow policy: refuse the new message.

    Many may put, without blocking; one task takes.
    """

    def __init__(self, max_bytes: int, size_of: Callable[[M], int]) -> None:
        self._max_bytes = max_bytes
        self._size_of = size_of
        self._messages: list[M] = []
        self._bytes = 0
        self._reader: trio.lowlevel.Task | None = None
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def size_bytes(self) -> int:
        """What the messages in it count for."""
        return self._bytes

    def put_nowait(self, message: M) -> None:
        """Raises `MailboxFull` or `MailboxClosed`."""
        if self.is_closed:
            raise MailboxClosed
        size = self._size_of(message)
        if self._bytes + size > self._max_bytes and self._messages:
            raise MailboxFull
        self._messages.append(message)
        self._bytes += size
        self._wake()

    async def take_all(self) -> list[M]:
        """Wait until there is a message, then take all there are, in order. Empty once closed and drained.

        Waits without a deadline: an actor without work is idle until somebody writes to it or closes it."""
        while not self._messages and not self.is_closed:
            self._reader = trio.lowlevel.current_task()

            def abort(_: trio.lowlevel.RaiseCancelT) -> trio.lowlevel.Abort:
                self._reader = None
                return trio.lowlevel.Abort.SUCCEEDED

            await trio.lowlevel.wait_task_rescheduled(abort)
        return self.drain()

    def drain(self) -> list[M]:
        """What is there now, without waiting."""
        messages, self._messages, self._bytes = self._messages, [], 0
        return messages

    def close(self) -> None:
        """Take no further messages; the reader gets what is left, then an empty list."""
        self.is_closed = True
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None:
            trio.lowlevel.reschedule(self._reader)
            self._reader = None
