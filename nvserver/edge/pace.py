"""How often a node reads what its clients write: the busier it is, the more each look takes in at once.

To wake up, to commit and to write to a hundred people costs nearly the same for one edit as for ten. So those who
write are read in rounds: what one look finds goes through the actors into one commit, and comes out of it as one event
a note, written once to each. A round that cost CPU is followed by a rest in proportion to it, up to a bound that nobody
perceives. Time in which nobody wrote is credit: as long as that pays for the rounds there is no rest. So who is alone,
or few, waits for nothing; nor does who asks.
"""

import time
from collections.abc import Callable


class Pace:
    """How long a rest is. The CPU of the whole process counts, whatever it was spent on."""

    def __init__(
        self,
        rest_factor: float,
        longest_seconds: float,
        credit_seconds: float,
        cpu_seconds: Callable[[], float] = time.process_time,
    ) -> None:
        """After a round that took `c` seconds of CPU the next begins `rest_factor * c` after it at the soonest, at most
        `longest_seconds`; 0 for no rest at all. Of time that is quiet longer than that, the share `1 / rest_factor` is
        credit, up to `credit_seconds` of CPU."""
        self._rest_factor = rest_factor
        self._longest_seconds = longest_seconds
        self._most_credit = self._credit = credit_seconds
        self._cpu_seconds = cpu_seconds
        self._spent_before = cpu_seconds()
        self._rested_at: float | None = None

    def begin(self, now: float) -> float:
        """A round begins: how many seconds later the next one may. What the one before cost, to the last byte it
        wrote, tells. `now`: seconds on a clock that never goes back."""
        spent = self._cpu_seconds()
        cost, self._spent_before = spent - self._spent_before, spent
        if self._rest_factor and self._rested_at is not None:
            quiet = max(0.0, now - self._rested_at)
            self._credit = min(self._credit + quiet / self._rest_factor, self._most_credit)
        if cost <= self._credit:
            self._credit -= cost
            rest = 0.0
        else:
            rest = min(self._rest_factor * cost, self._longest_seconds)
        self._rested_at = now + rest
        return rest
