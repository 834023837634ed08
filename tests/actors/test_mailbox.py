"""A bounded inbox: order, bounds, closing, cancellation."""

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import wait_all_tasks_blocked

from nvserver.actors.mailbox import Mailbox, MailboxClosed, MailboxFull


def mailbox(max_bytes: int = 100) -> Mailbox[str]:
    return Mailbox(max_bytes, len)


@given(st.lists(st.text(max_size=30), max_size=30))
def test_what_fits_is_taken_in_order_and_the_rest_refused(messages: list[str]) -> None:
    box = mailbox(60)
    kept: list[str] = []
    for message in messages:
        fits = not kept or sum(map(len, kept)) + len(message) <= 60
        try:
            box.put_nowait(message)
            assert fits
            kept.append(message)
        except MailboxFull:
            assert not fits
    assert box.drain() == kept
    assert len(box) == 0
    box.put_nowait("x" * 60)  # there is room again


async def test_the_reader_wakes_at_the_first_message_and_takes_all() -> None:
    box = mailbox()
    taken: list[list[str]] = []
    async with trio.open_nursery() as nursery:

        async def read() -> None:
            taken.append(await box.take_all())

        nursery.start_soon(read)
        await wait_all_tasks_blocked()
        box.put_nowait("a")
        box.put_nowait("b")
    assert taken == [["a", "b"]]


async def test_closing_gives_what_is_left_and_then_nothing() -> None:
    box = mailbox()
    box.put_nowait("last")
    box.close()
    with pytest.raises(MailboxClosed):
        box.put_nowait("late")
    assert await box.take_all() == ["last"]
    assert await box.take_all() == []


async def test_closing_wakes_a_waiting_reader() -> None:
    box = mailbox()
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(box.take_all)
            await wait_all_tasks_blocked()
            box.close()


async def test_a_cancelled_reader_loses_nothing() -> None:
    box = mailbox()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(box.take_all)
        await wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    box.put_nowait("kept")
    assert await box.take_all() == ["kept"]
