"""What a proof measures: how long each edit waited for its acknowledgement, and what was being broken meanwhile."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import trio

_BARS = " ▁▂▃▄▅▆▇█"
_FULL_MILLISECONDS = 5_000
_LINE_SECONDS = 60
_LONG_SECONDS = 3.0
_MARKS = {"kill": "k", "pause": "p", "cut off": "c", "move": "m", "drain": "d"}


@dataclass(frozen=True, slots=True)
class Wait:
    """Of one edit through the node at `url`: from when to when, in seconds of the run."""

    url: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done to the node at `url`, and from when to when."""

    kind: str
    node: str
    url: str
    began: float
    ended: float

    def overlap_seconds(self, wait: Wait) -> float:
        """How much of the wait it lasted."""
        return max(0.0, min(self.ended, wait.ended) - max(self.began, wait.began))


@dataclass(slots=True)
class Timings:
    """All of a run that began at `began` on trio's clock."""

    began: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    slowest_by_second: dict[int, float] = field(default_factory=dict)
    count_by_second: Counter[int] = field(default_factory=Counter)
    long_waits: list[Wait] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def now(self) -> float:
        """Seconds of the run."""
        return trio.current_time() - self.began

    def add(self, url: str, sent_at: float) -> None:
        """An edit was sent then, and is acknowledged now."""
        wait = Wait(url, sent_at - self.began, self.now)
        milliseconds, second = wait.seconds * 1_000, int(wait.ended)
        self.milliseconds.append(milliseconds)
        self.count_by_second[second] += 1
        self.slowest_by_second[second] = max(self.slowest_by_second.get(second, 0.0), milliseconds)
        if wait.seconds >= _LONG_SECONDS:
            self.long_waits.append(wait)

    def percentiles(self, shares: Sequence[int]) -> Iterator[str]:
        """In words."""
        times = sorted(self.milliseconds)
        for share in shares:
            yield f"p{share}: {times[min(len(times) - 1, len(times) * share // 100)]:.1f} ms"

    def curve(self) -> Iterator[str]:
        """The slowest of each second, a line a minute, and under it what was begun then."""
        begun = {int(fault.began): _MARKS[fault.kind] for fault in self.faults}
        end = max(self.slowest_by_second, default=-1) + 1
        for start in range(0, end, _LINE_SECONDS):
            seconds = range(start, min(end, start + _LINE_SECONDS))
            yield "".join(self._bar(second) for second in seconds)
            if begun:
                yield "".join(begun.get(second, " ") for second in seconds).rstrip()

    def _bar(self, second: int) -> str:
        slowest = self.slowest_by_second.get(second, _FULL_MILLISECONDS)
        return _BARS[min(8, 1 + int(slowest / _FULL_MILLISECONDS * 7))]

    def longest_waits(self, count: int) -> Iterator[str]:
        """Rows of a table: when, how long, through which node, and what the proof broke meanwhile, the writer's own
        node first: nothing can be acknowledged through a node that hangs."""
        for wait in sorted(self.long_waits, key=lambda wait: -wait.seconds)[:count]:
            during = [(fault.overlap_seconds(wait), fault) for fault in self.faults]
            told = [
                f"{fault.kind} {fault.node} {seconds:.1f} s"
                for seconds, fault in sorted(during, key=lambda item: (item[1].url != wait.url, item[1].began))
                if seconds > 0
            ]
            yield f"| {wait.ended:.0f} s | {wait.seconds:.1f} s | {wait.url} | {', '.join(told) or '—'} |"
