"""How often a node looks for what its clients sent: the busier it is, the more each look takes in at once.

To wake up, to commit and to write to a hundred people costs nearly the same for one edit as for ten. So the node works
in rounds: what one look finds goes through the actors into one commit, and comes out of it as one event a note, written
once to each. A round that cost CPU is followed by a rest in proportion to it, up to a bound that nobody perceives. The
first edit after a rest is taken at once: who is alone, or few, waits for nothing.
"""

import time
from collections.abc import Callable

import trio


class Pace:
    """When the next round may begin. The CPU of the whole process counts, whatever it was spent on."""

    def __init__(
        self, rest_factor: float, longest_seconds: float, cpu_seconds: Callable[[], float] = time.process_time
    ) -> None:
        """After a round that took `c` seconds of CPU the next begins `rest_factor * c` after it at the soonest, at most
        `longest_seconds`; 0 for no rest at all."""
        self._rest_factor = rest_factor
        self._longest_seconds = longest_seconds
        self._cpu_seconds = cpu_seconds
        self._spent_before = cpu_seconds()
        self._next_at = float("-inf")

    async def wait(self) -> bool:
        """Until the next round may begin; whether it had to be waited for."""
        if trio.current_time() >= self._next_at:
            return False
        await trio.sleep_until(self._next_at)
        return True

    def begin(self) -> None:
        """A round begins. What the one before cost, to the last byte it wrote, tells how long this one is to be."""
        spent = self._cpu_seconds()
        rest = min(self._rest_factor * (spent - self._spent_before), self._longest_seconds)
        self._spent_before = spent
        self._next_at = trio.current_time() + rest
