"""W4: opening a 100 kB note that has 10,000 edits behind it, on a warm server and on one that has just started."""

import time
from collections.abc import Iterator

from bench.core.results import Row, Value
from bench.core.typing import Load
from bench.servers.kinds import Kind, Running
from bench.workloads.bench import Bench, opener

CHARACTERS = 100_000
WARM_OPENINGS = 20


def opening(bench: Bench, kind: Kind) -> Iterator[Row]:
    """From connecting to having the text; the median of several when warm. A server that keeps nothing has no cold."""
    history = bench.settings.history
    load = Load(notes=1, clients=40, typists=40)  # many, for each waits for its acknowledgement
    values: dict[str, Value] = {}
    with bench.server(kind) as server:
        notes = server.dialect.create_notes(server.port, 1, 1, CHARACTERS - history)
        with bench.typing(server, notes, load) as session:
            session.fill(history)
        if server.dialect.count_edits(server.port, notes[0]) is None:
            return
        warm = sorted(_open(server, notes[0]) for _ in range(WARM_OPENINGS))
        values["warm_ms"], values["kb_received"] = warm[len(warm) // 2]
        if kind.is_durable:
            if not kind.is_ours:
                time.sleep(bench.settings.stored_seconds)
            server.program.stop()
            server.program.start()
            values["cold_ms"], _ = _open(server, notes[0])
            values["edits_after_restart"] = server.dialect.count_edits(server.port, notes[0])
    yield Row("W4", kind.name, "", values)


def _open(server: Running, note) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Milliseconds, and thousands of bytes received."""
    open_note = opener(server)
    began = time.perf_counter()
    link = open_note(note).link
    took = time.perf_counter() - began
    link.close()
    return round(took * 1e3, 2), round(link.received_bytes / 1e3, 1)
