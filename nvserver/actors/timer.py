"""Calls at a later time, all of a node in one task: cheaper than a sleeping task each."""

import heapq
import itertools
import math
from collections.abc import Callable
from typing import Final

import structlog
import trio

log = structlog.get_logger()

_GRAINS_A_SECOND: Final = 16


class TimerHandle:
    """A call to come. `cancel()` any number of times."""

    __slots__ = ("_callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self._callback = None

    def fire(self) -> None:
        """Call, unless cancelled."""
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()


class Timer:
    """A heap of calls. Callbacks must not block; what one raises is logged and ends that call alone. Bounded by its
    users: each keeps at most one or two pending."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, TimerHandle]] = []
        self._count = itertools.count()
        self._sooner = trio.Event()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        """Call `callback` from the event loop in `seconds`."""
        return self._call_at(trio.current_time() + seconds, callback)

    def call_about(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        """As `call_later`, but up to a sixteenth of a second later, with others of its kind: to wake up costs more than
        most calls. What is due within a second comes in time."""
        if seconds < 1:
            return self.call_later(seconds, callback)
        grains = math.ceil((trio.current_time() + seconds) * _GRAINS_A_SECOND)
        return self._call_at(grains / _GRAINS_A_SECOND, callback)

    def _call_at(self, at: float, callback: Callable[[], None]) -> TimerHandle:
        handle = TimerHandle(callback)
        if not self._heap or at < self._heap[0][0]:
            self._sooner.set()
        heapq.heappush(self._heap, (at, next(self._count), handle))
        return handle

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            self._sooner = trio.Event()
            next_at = self._heap[0][0] if self._heap else trio.current_time() + 3600
            with trio.move_on_at(next_at):
                await self._sooner.wait()
            now = trio.current_time()
            while self._heap and self._heap[0][0] <= now:
                try:
                    heapq.heappop(self._heap)[2].fire()
                except Exception:
                    log.exception("a timed call failed")
