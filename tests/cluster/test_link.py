"""A link carries everything in order, and no more than a window is on its way, whatever its length and direction."""

import random
from collections import deque

import msgspec

from nvserver.cluster.frames import ENCODER, FRAMES, Item, LinkFrame, Part
from nvserver.cluster.link import LinkEnd

FRAME_BYTES = 1_000
LONGEST = 5 * FRAME_BYTES


class Way:
    """One direction: what is on its way, and how much of it at most."""

    def __init__(self) -> None:
        self.datagrams: deque[bytes] = deque()
        self.most_bytes = 0

    def send_all(self, end: LinkEnd) -> None:
        for frame in end.next_frames():
            datagram = ENCODER.encode(frame)
            end.sent(len(datagram))
            self.datagrams.append(datagram)
            self.most_bytes = max(self.most_bytes, sum(map(len, self.datagrams)))

    def take_one(self, end: LinkEnd) -> tuple[Item, ...]:
        datagram = self.datagrams.popleft()
        frame = FRAMES.decode(datagram)
        assert isinstance(frame, LinkFrame)
        items = end.take(frame, len(datagram), 0.0)
        assert items is not None
        return items


def an_end(number: int) -> LinkEnd:
    names = ("a", "b") if number == 0 else ("b", "a")
    return LinkEnd(*names, "l", is_opener=number == 0, now=0.0, frame_bytes=FRAME_BYTES)


def test_both_directions_carry_all_in_order(rng: random.Random) -> None:
    for _ in range(50):
        ends = (an_end(0), an_end(1))
        ways = (Way(), Way())
        pushed: tuple[list[int], list[int]] = ([], [])
        taken: tuple[list[int], list[int]] = ([], [])
        to_push = 300
        while to_push or ways[0].datagrams or ways[1].datagrams:
            side = rng.randrange(2)
            if to_push and rng.random() < 0.7:
                body = b"x" * rng.choice((10, 100, LONGEST))
                ends[side].push(Part(to_push, body, True), len(body))
                pushed[side].append(to_push)
                to_push -= 1
            elif ways[side].datagrams:
                items = ways[side].take_one(ends[1 - side])
                taken[1 - side].extend(item.number for item in items if isinstance(item, Part))
            for way, end in zip(ways, ends, strict=True):
                way.send_all(end)
        assert taken == (pushed[1], pushed[0]), "nothing may wait for ever"
        for end, way in zip(ends, ways, strict=True):
            assert end.pending_bytes == end.owed_bytes == 0
            assert way.most_bytes < 4 * FRAME_BYTES + LONGEST + 300 * 60, "one frame beyond the window, and empty ones"


def test_what_is_not_taken_waits_here(rng: random.Random) -> None:
    end, way = an_end(0), Way()
    for number in range(100):
        end.push(Part(number, b"x" * FRAME_BYTES, True), FRAME_BYTES, is_owed=number % 2 == 0)
        way.send_all(end)
    assert len(way.datagrams) < 5
    assert end.pending_bytes > 90 * FRAME_BYTES
    assert abs(end.owed_bytes - end.pending_bytes / 2) < 2 * FRAME_BYTES


def test_a_lost_frame_is_noticed() -> None:
    one, other, way = an_end(0), an_end(1), Way()
    for number in range(3):
        one.push(Part(number, b"", True))
        way.send_all(one)
    assert way.take_one(other)
    way.datagrams.popleft()
    datagram = way.datagrams.popleft()
    assert other.take(msgspec.convert(FRAMES.decode(datagram), LinkFrame), len(datagram), 0.0) is None
