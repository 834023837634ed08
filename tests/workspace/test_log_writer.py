"""Group commit on a simulated clock: what is batched, when, and how an unknown outcome is found out."""

from collections.abc import Callable, Sequence

import pytest
import trio
from trio.testing import MockClock

from nvserver.core.changes import LoggedEntry
from nvserver.errors import Unavailable
from nvserver.ports.oplog import Append, AppendOutcome
from nvserver.workspace.log_writer import LogWriter, LogWriterSettings, Written


class ScriptedLog:
    """Keeps what it is given; each call of `append` follows the next step of the script, then all goes well."""

    def __init__(self, *script: Callable[["ScriptedLog", Sequence[Append]], object], seconds: float = 0.0) -> None:
        self.script = list(script)
        self.seconds = seconds
        self.batches: list[tuple[float, list[tuple[str, list[int]]]]] = []
        self.stored: dict[str, list[LoggedEntry]] = {}

    async def append(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        entries = [(append.workspace_id, [entry.seq for entry in append.entries]) for append in batch]
        self.batches.append((trio.current_time(), entries))
        await trio.sleep_until(trio.current_time() + self.seconds)
        if self.script:
            self.script.pop(0)(self, batch)
        return [self.store(append) for append in batch]

    def store(self, append: Append) -> AppendOutcome:
        stored = self.stored.setdefault(append.workspace_id, [])
        if append.entries[0].seq != len(stored) + 1:
            return AppendOutcome.FENCED
        stored.extend(append.entries)
        return AppendOutcome.DURABLE

    async def read(
        self, workspace_id: str, after: int, upto: int | None = None, *, limit: int = 10_000
    ) -> Sequence[LoggedEntry]:
        return self.stored.get(workspace_id, [])[after:upto][:limit]


def refuse(log: ScriptedLog, batch: Sequence[Append]) -> None:
    raise Unavailable("refused")


def forget(log: ScriptedLog, batch: Sequence[Append]) -> None:
    for append in batch:
        log.store(append)
    raise Unavailable("answer lost")


def usurp(log: ScriptedLog, batch: Sequence[Append]) -> None:
    """Another activation stores something else at these places, and the answer is lost."""
    for append in batch:
        others = [LoggedEntry(e.seq, e.at, "other", None, None, None, None, b"{}") for e in append.entries]
        log.store(Append(append.workspace_id, 2, tuple(others)))
    raise Unavailable("answer lost")


def choke(log: ScriptedLog, batch: Sequence[Append]) -> None:
    log.script.insert(0, choke)
    if any(append.workspace_id == "poison" for append in batch):
        raise ValueError("an id that is none")


class Running:
    def __init__(self, log: ScriptedLog, settings: LogWriterSettings) -> None:
        self.writer = LogWriter(log, settings)  # type: ignore[arg-type]
        self.told: list[tuple[str, int, Written]] = []

    def submit(self, workspace_id: str, *seqs: int) -> None:
        entries = tuple(LoggedEntry(seq, 0, "user", None, None, None, None, b"body") for seq in seqs)
        last = seqs[-1]
        self.writer.submit(
            Append(workspace_id, 1, entries), lambda written: self.told.append((workspace_id, last, written))
        )


async def run(
    log: ScriptedLog, use: Callable[[Running], None], settings: LogWriterSettings | None = None
) -> list[tuple[str, int, Written]]:
    running = Running(log, settings or LogWriterSettings())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(running.writer.run)
        use(running)
        with trio.fail_after(1000):
            await running.writer.flush()
        nursery.cancel_scope.cancel()
    assert running.writer.pending_bytes == 0
    return running.told


async def test_what_arrives_during_a_commit_goes_into_the_next(autojump_clock: MockClock) -> None:
    log = ScriptedLog(seconds=1.0)
    running = Running(log, LogWriterSettings())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(running.writer.run)
        running.submit("a", 1)
        await trio.sleep_until(trio.current_time() + 0.5)
        running.submit("a", 2, 3)
        running.submit("b", 1)
        running.submit("a", 4)
        await running.writer.flush()
        nursery.cancel_scope.cancel()
    assert [entries for _, entries in log.batches] == [[("a", [1])], [("a", [2, 3, 4]), ("b", [1])]]
    durable = Written.DURABLE
    assert running.told == [("a", 1, durable), ("a", 3, durable), ("a", 4, durable), ("b", 1, durable)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ((), Written.DURABLE),
        ((refuse,), Written.DURABLE),
        ((refuse, refuse, refuse), Written.DURABLE),
        ((forget,), Written.DURABLE),
        ((refuse, forget, refuse), Written.DURABLE),
        ((usurp,), Written.FENCED),
        ((refuse,) * 100, Written.LOST),
    ],
)
async def test_an_unknown_outcome_is_found_out(
    script: tuple[Callable[[ScriptedLog, Sequence[Append]], object], ...], expected: Written, autojump_clock: MockClock
) -> None:
    log = ScriptedLog(*script)
    told = await run(log, lambda running: running.submit("a", 1, 2))
    assert told == [("a", 2, expected)]
    if expected is Written.DURABLE:
        assert [entry.seq for entry in log.stored["a"]] == [1, 2]


async def test_a_fenced_workspace_fails_alone(autojump_clock: MockClock) -> None:
    def use(running: Running) -> None:
        running.submit("a", 1)
        running.submit("late", 7)
        running.submit("b", 1)

    told = await run(ScriptedLog(), use)
    assert {w: o for w, _, o in told} == {"a": Written.DURABLE, "late": Written.FENCED, "b": Written.DURABLE}


async def test_an_append_that_no_store_can_take_fails_alone(autojump_clock: MockClock) -> None:
    def use(running: Running) -> None:
        running.submit("a", 1)
        running.submit("poison", 1)
        running.submit("b", 1)

    told = await run(ScriptedLog(choke), use)
    assert {w: o for w, _, o in told} == {"a": Written.DURABLE, "poison": Written.LOST, "b": Written.DURABLE}


async def test_a_full_queue_says_so(autojump_clock: MockClock) -> None:
    log = ScriptedLog(refuse, seconds=0.1)
    running = Running(log, LogWriterSettings(max_pending_bytes=1_000))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(running.writer.run)
        seq = 0
        while running.writer.has_room:
            seq += 1
            running.submit("a", seq)
        assert 2 < seq < 10
        await running.writer.flush()
        assert running.writer.has_room
        nursery.cancel_scope.cancel()
