"""Many sockets read in one task: what one does harms no other, and each hears of its end once."""

import itertools
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing

from nvserver.edge.pace import Pace
from nvserver.edge.readers import Readers
from nvserver.edge.stream import BufferedStream, Flusher

PATIENCE_SECONDS = 20


class Frames:
    """A source of one frame, as large as it is told."""

    def __init__(self, size: int = 0) -> None:
        self.queued_bytes = size

    def take(self, max_bytes: int) -> bytes:
        size, self.queued_bytes = self.queued_bytes, 0
        return b"f" * size


_far_ends: list[socket.socket] = []


@pytest.fixture(autouse=True)
def _far_ends_closed() -> Iterator[None]:
    yield
    while _far_ends:
        _far_ends.pop().close()


class Heard:
    """Reads its stream and keeps what it hears."""

    def __init__(self, source: Frames, flusher: Flusher) -> None:
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.far.setblocking(False)
        _far_ends.append(self.far)
        self.stream = BufferedStream(self.near, source, flusher)
        self.data = b""
        self.ends: list[str] = []
        self.fails_at = b"\0"
        self.calls = 0

    def readable(self) -> None:
        self.calls += 1
        data = self.stream.read_nowait()
        if data is None:
            return
        if not data:
            self.stream.close("the peer left")
            return
        self.data += data
        if self.fails_at in self.data:
            raise RuntimeError("on purpose")

    def closed(self, reason: str) -> None:
        self.ends.append(reason)


async def until(condition: object) -> None:
    assert callable(condition)
    with trio.fail_after(PATIENCE_SECONDS):
        while not condition():
            await trio.lowlevel.checkpoint()


@asynccontextmanager
async def running(readers: Readers, flusher: Flusher) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(flusher.run)
        nursery.start_soon(readers.run)
        await trio.testing.wait_all_tasks_blocked()
        yield
        nursery.cancel_scope.cancel()


async def test_each_gets_what_comes_to_it_and_hears_of_its_end_once() -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(5)
    heard = [Heard(Frames(), flusher) for _ in range(600)]
    async with running(readers, flusher):
        for number, one in enumerate(heard):
            one.stream.read_by(readers, one)
            one.far.send(b"%d" % number)
        await until(lambda: all(one.data for one in heard))
        assert [one.data for one in heard] == [b"%d" % number for number in range(600)]
        for one in heard[:300]:
            one.far.close()
        await until(lambda: all(one.ends for one in heard[:300]))
        for one in heard[300:]:
            one.stream.close("ours")
            one.stream.close("again")
        await until(lambda: all(one.ends for one in heard))
    assert [one.ends for one in heard] == [["the peer left"]] * 300 + [["ours"]] * 300


async def test_one_that_fails_ends_alone() -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(5)
    bad, good = Heard(Frames(), flusher), Heard(Frames(), flusher)
    bad.fails_at = b"x"
    async with running(readers, flusher):
        for one in (bad, good):
            one.stream.read_by(readers, one)
            one.far.send(b"x")
        await until(lambda: bad.ends and good.data)
        good.far.send(b"y")
        await until(lambda: good.data == b"xy")
        assert (bad.ends, good.ends) == (["connection failed"], [])
        assert bad.near.fileno() < 0


async def test_a_paused_one_is_read_again_when_all_is_written() -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(PATIENCE_SECONDS)
    slow = Heard(Frames(4_000_000), flusher)
    async with running(readers, flusher):
        slow.stream.read_by(readers, slow)
        slow.stream.flush_soon()
        slow.stream.pause_until_flushed()
        slow.far.send(b"later")
        for _ in range(50):
            await trio.lowlevel.checkpoint()
        assert slow.data == b""
        received = 0
        with trio.fail_after(PATIENCE_SECONDS):
            while received < 4_000_000:
                await trio.lowlevel.wait_readable(slow.far)
                received += len(slow.far.recv(1_000_000))
        await until(lambda: slow.data == b"later")


@pytest.mark.parametrize("resumed_by", ["its owner", "what it writes"])
async def test_one_that_waits_is_told_nothing_until_it_is_resumed(resumed_by: str) -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(5)
    one = Heard(Frames(), flusher)
    async with running(readers, flusher):
        one.stream.read_by(readers, one)
        one.stream.pause()
        one.stream.pause()
        one.far.send(b"1")
        await trio.testing.wait_all_tasks_blocked(0.05)
        assert one.calls == 0
        if resumed_by == "its owner":
            one.stream.resume()
            one.stream.resume()
        else:
            one.stream.source.queued_bytes = 1
            one.stream.flush_soon()
        await until(lambda: one.data == b"1")
        one.far.send(b"2")
        await until(lambda: one.data == b"12")
        one.stream.pause()
        one.stream.close("ours")
        one.stream.resume()
        await until(lambda: one.ends)
    assert one.ends == ["ours"]


@pytest.mark.parametrize("is_paused", [False, True])
async def test_who_is_open_when_it_stops_is_closed_and_told(is_paused: bool) -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(5)
    one = Heard(Frames(4_000_000), flusher)
    async with running(readers, flusher):
        one.stream.read_by(readers, one)
        if is_paused:
            one.stream.flush_soon()
            one.stream.pause_until_flushed()
    assert one.ends == ["the server stopped"]
    assert one.near.fileno() < 0


async def test_one_that_was_closed_before_it_could_be_read_is_told() -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(5)
    one = Heard(Frames(), flusher)
    async with running(readers, flusher):
        one.stream.close("early")
        one.stream.read_by(readers, one)
        await until(lambda: one.ends)
    assert one.ends == ["early"]


async def test_one_that_asks_for_it_is_told_again_though_nothing_has_come() -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(5)
    one, other = Heard(Frames(), flusher), Heard(Frames(), flusher)
    async with running(readers, flusher):
        for heard in (one, other):
            heard.stream.read_by(readers, heard)
        for calls in range(1, 4):
            one.stream.read_again()
            one.stream.read_again()
            await trio.testing.wait_all_tasks_blocked(0.01)
            assert (one.calls, other.calls) == (calls, 0)
        one.stream.read_again()
        one.stream.close("gone")
        await until(lambda: one.ends)
    assert one.calls == 3


def resting(seconds: float) -> Pace:
    """Rests so long after every round."""
    cpu = itertools.count()
    return Pace(seconds, seconds, 0, lambda: next(cpu))


async def test_what_writers_send_while_the_node_rests_is_read_in_one_round_and_others_are_read_at_once() -> None:
    readers, flusher = Readers(resting(0.3)), Flusher(5)
    writers, other = [Heard(Frames(), flusher) for _ in range(2)], Heard(Frames(), flusher)
    async with running(readers, flusher):
        for one in (*writers, other):
            one.stream.read_by(readers, one)
        for one in writers:
            one.stream.read_in_rounds(True)
        writers[0].far.send(b"1")
        await until(lambda: writers[0].data == b"1")
        began = trio.current_time()
        for part in (b"2", b"3", b"4"):
            for one in (*writers, other):
                one.far.send(part)
            await until(lambda part=part: other.data[-1:] == part)  # type: ignore[misc]
            assert [one.data for one in writers] == [b"1", b""] or trio.current_time() - began >= 0.25
        await until(lambda: writers[1].data)
        assert [one.data for one in writers] == [b"1234", b"234"]
        assert [one.calls for one in writers] == [2, 1]
        assert trio.current_time() - began > 0.25


async def test_after_a_round_in_which_nothing_came_the_next_begins_at_once() -> None:
    readers, flusher = Readers(resting(0.05)), Flusher(5)
    one = Heard(Frames(), flusher)
    async with running(readers, flusher):
        one.stream.read_by(readers, one)
        one.stream.read_in_rounds(True)
        for part in (b"1", b"2", b"3"):
            one.far.send(part)
            await until(lambda part=part: one.data[-1:] == part)  # type: ignore[misc]
            await trio.testing.wait_all_tasks_blocked(0.1)
    assert (one.data, one.ends) == (b"123", ["the server stopped"])


async def test_a_stream_goes_over_to_rounds_and_back_also_while_it_is_paused() -> None:
    readers, flusher = Readers(Pace(0, 0, 0)), Flusher(PATIENCE_SECONDS)
    one = Heard(Frames(4_000_000), flusher)
    async with running(readers, flusher):
        one.stream.read_in_rounds(True)
        one.stream.read_by(readers, one)
        for is_in_rounds in (True, True, False, True):
            one.stream.read_in_rounds(is_in_rounds)
        one.far.send(b"1")
        await until(lambda: one.data == b"1")
        one.stream.flush_soon()
        one.stream.pause_until_flushed()
        one.stream.read_in_rounds(False)
        one.far.send(b"2")
        received = 0
        with trio.fail_after(PATIENCE_SECONDS):
            while received < 4_000_000:
                await trio.lowlevel.wait_readable(one.far)
                received += len(one.far.recv(1_000_000))
        await until(lambda: one.data == b"12")
        one.stream.read_in_rounds(True)
        one.stream.close("ours")
        one.stream.read_in_rounds(False)
        await until(lambda: one.ends)
    assert one.ends == ["ours"]
