"""W1, one note with many people; W2, many notes with few; and the highest rate that each sustains."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bench.core.link import LinkClosed
from bench.core.results import Row, Value
from bench.core.typing import Load, Typed
from bench.servers.kinds import Kind, Running
from bench.workloads.bench import Bench

CHARACTERS = 1_000
DRIVER_LIMIT = 0.9
"""A driver that is busier than this has measured itself."""
_GROWTH = 1.8
_HIGHEST = 16
"""So many times the first rate nothing higher is tried: where what waits goes as one edit there is no end to it."""


def one_note(bench: Bench, kind: Kind) -> Iterator[Row]:
    """W1: 10 people type 200 edits a second into a note that 20, 100, 200 have open."""
    settings = bench.settings
    for clients in settings.receivers:
        load = _load(bench, notes=1, clients=clients, typists=min(10, clients), edits_per_second=200)
        yield Row("W1", kind.name, f"clients={clients}", measure(bench, kind, load))


def one_note_rate(bench: Bench, kind: Kind) -> Iterator[Row]:
    """W1's highest rate, in the middle of the numbers of clients."""
    receivers = bench.settings.receivers
    load = _load(bench, notes=1, clients=receivers[len(receivers) // 2], typists=10)
    yield Row("W1 highest rate", kind.name, "", highest_rate(bench, kind, load, 800))


def many_notes(bench: Bench, kind: Kind) -> Iterator[Row]:
    """W2: one of four people types in each of 100 notes, 1,000 edits a second in all. Each note is in a workspace of
    its own: the peers' documents have nothing to do with each other either."""
    notes = bench.settings.many_notes
    yield Row("W2", kind.name, f"notes={notes}", measure(bench, kind, _many_notes(bench)))


def many_notes_rate(bench: Bench, kind: Kind) -> Iterator[Row]:
    """W2's highest rate."""
    load = _many_notes(bench)
    yield Row("W2 highest rate", kind.name, "", highest_rate(bench, kind, load, 2 * load.edits_per_second))


def measure(
    bench: Bench, kind: Kind, load: Load, *, workspaces: int | None = None, characters: int = CHARACTERS
) -> Mapping[str, Value]:
    """A fresh server under that load."""
    with bench.server(kind) as server:
        notes = server.dialect.create_notes(server.port, workspaces or load.notes, load.notes, characters)
        with bench.typing(server, notes, load) as session:
            typed = session.run(load, server.program.pid, server.database_pids)
        return numbers(typed)


def highest_rate(bench: Bench, kind: Kind, load: Load, start: float) -> Mapping[str, Value]:
    """The highest rate at which everything arrives with p99 < 100 ms: up by factors until it fails, then between the
    last two until they are near enough. Every try has a fresh server; one that fails is tried again, for it may
    have been the machine."""
    settings = bench.settings
    load = replace(load, warmup_seconds=settings.probe_seconds / 2, seconds=settings.probe_seconds)
    is_driver_bound = False
    operations: dict[float, float] = {}

    def sustains(rate: float) -> bool:
        nonlocal is_driver_bound
        for _ in range(2):
            with bench.server(kind) as server:
                typed = _try(bench, server, replace(load, edits_per_second=rate))
            if typed is not None:
                operations[rate] = typed.operations / typed.seconds
                is_driver_bound = typed.driver_cpu / typed.seconds > DRIVER_LIMIT
                if typed.is_sustained and typed.edits >= 0.97 * rate * typed.seconds:
                    return True
        return False

    good, bad = _bracket(start, sustains)
    while good < bad and bad / good > settings.finest_rate and not (is_driver_bound and good > start):
        middle = (good * bad) ** 0.5
        if sustains(middle):
            good = middle
        else:
            bad = middle
    sent = operations.get(good)
    return {
        "edits_per_second": round(good),
        "operations_per_second": None if sent is None else round(sent),
        "is_driver_bound": is_driver_bound,
    }


def numbers(typed: Typed) -> dict[str, Value]:
    """What is told of a load."""
    others, author = typed.to_others, typed.to_author
    return {
        "server_us_per_edit": round(typed.server_micros_per_edit, 1),
        "server_us_per_delivery": round(typed.server_cpu / max(1, typed.deliveries) * 1e6, 2),
        "database_us_per_edit": round(typed.database_cpu / max(1, typed.edits) * 1e6, 1),
        "to_others_p50_ms": others.p50 if others else None,
        "to_others_p95_ms": others.p95 if others else None,
        "to_others_p99_ms": others.p99 if others else None,
        "to_author_p50_ms": author.p50 if author else None,
        "to_author_p95_ms": author.p95 if author else None,
        "to_author_p99_ms": author.p99 if author else None,
        "server_mb": round(typed.server_bytes / 1e6, 1),
        "server_cpu_share": round(typed.server_cpu / typed.seconds, 3),
        "driver_cpu_share": round(typed.driver_cpu / typed.seconds, 3),
        "edits": typed.edits,
        "deliveries": typed.deliveries,
        "is_complete": typed.is_complete,
    }


def _try(bench: Bench, server: Running, load: Load) -> Typed | None:
    """None when the server threw people out."""
    notes = server.dialect.create_notes(server.port, load.notes, load.notes, CHARACTERS)
    try:
        with bench.typing(server, notes, load) as session:
            return session.run(load, server.program.pid, server.database_pids)
    except LinkClosed:
        return None


def _bracket(start: float, sustains: Callable[[float], bool]) -> tuple[float, float]:
    """A rate that is sustained, and a higher one that is not, or the same when nothing higher is tried.
    `start / 64` counts as sustained."""
    rate = start
    if sustains(rate):
        while rate < _HIGHEST * start and sustains(min(rate * _GROWTH, _HIGHEST * start)):
            rate = min(rate * _GROWTH, _HIGHEST * start)
        return rate, rate if rate >= _HIGHEST * start else rate * _GROWTH
    while rate > start / 64 and not sustains(rate / _GROWTH):
        rate /= _GROWTH
    return rate / _GROWTH, rate


def _many_notes(bench: Bench) -> Load:
    notes = bench.settings.many_notes
    return _load(bench, notes=notes, clients=4, typists=1, edits_per_second=10 * notes)


def _load(bench: Bench, **of: float) -> Load:
    settings = bench.settings
    return replace(Load(**of), warmup_seconds=settings.warmup_seconds, seconds=settings.seconds)  # type: ignore[arg-type]
