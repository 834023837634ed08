"""What processes cost: CPU seconds and memory of whole process trees, from /proc; and on which cores they run."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core runs what. With two cores the database shares the driver's: it waits for the disk most of the time."""

    server: int
    driver: int
    database: int

    @classmethod
    def of_machine(cls) -> "Cores":
        """The cores this process may use, one each as far as there are."""
        usable = sorted(os.sched_getaffinity(0))
        return cls(usable[0], usable[1 % len(usable)], usable[2 % len(usable)] if len(usable) > 2 else usable[-1])


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Processes started meanwhile run on that core alone, and so do their children."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def tree_of(roots: Collection[int]) -> list[int]:
    """The process ids of `roots` that live, and of all that descend from them."""
    children: dict[int, list[int]] = defaultdict(list)
    living: set[int] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat_fields(int(entry.name))):
            living.add(int(entry.name))
            children[int(fields[1])].append(int(entry.name))
    found: list[int] = []
    waiting = [pid for pid in roots if pid in living]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def cpu_seconds(pids: Collection[int]) -> float:
    """User and system time of these processes and of their children that ended and were waited for."""
    ticks = 0
    for pid in pids:
        if fields := _stat_fields(pid):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS_PER_SECOND


def resident_bytes(pids: Collection[int]) -> int:
    """Memory of these processes; what they share is divided among those that share it."""
    return sum(_proportional_bytes(pid) for pid in pids)


def _stat_fields(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on; None when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def _proportional_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
