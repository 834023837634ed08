"""How cost and latency grow: clients per note, notes, history, size of a note, workspaces."""

from collections.abc import Iterator
from dataclasses import replace

from bench.core.results import Row
from bench.core.typing import Load
from bench.servers.kinds import Kind
from bench.workloads.bench import Bench
from bench.workloads.typing import measure, numbers

RATE = 100.0
_FILLERS = 40
"""People who make the history: each waits for the acknowledgement of an edit before the next."""


def growth(bench: Bench, kind: Kind) -> Iterator[Row]:
    """All axes, 100 edits a second in all at each point."""
    settings = bench.settings

    def load(notes: int, clients: int, typists: int) -> Load:
        return Load(notes, clients, typists, RATE, settings.warmup_seconds, settings.growth_seconds)

    for clients in settings.growth_clients:
        values = measure(bench, kind, load(1, clients, min(10, clients - 1)))
        yield Row("Growth: clients per note", kind.name, str(clients), values)
    for notes in settings.growth_notes:
        values = measure(bench, kind, load(notes, 4, 1), workspaces=1)
        yield Row("Growth: notes in a workspace", kind.name, str(notes), values)
    for characters in settings.growth_characters:
        values = measure(bench, kind, load(1, 10, 5), characters=characters)
        yield Row("Growth: characters of the note", kind.name, str(characters), values)
    for workspaces in settings.growth_workspaces:
        values = measure(bench, kind, load(workspaces, 2, 1))
        yield Row("Growth: workspaces", kind.name, str(workspaces), values)
    yield from _history(bench, kind, load(1, 10, 5))


def _history(bench: Bench, kind: Kind, load: Load) -> Iterator[Row]:
    """One server, whose note gets older from point to point; new connections at each, for tokens end."""
    made = 0
    with bench.server(kind) as server:
        notes = server.dialect.create_notes(server.port, 1, 1, 1_000)
        for edits in bench.settings.growth_history:
            while made < edits:
                # Whoever fills stays below the life of a token.
                step = min(50_000, edits - made)
                with bench.typing(server, notes, replace(load, clients=_FILLERS, typists=_FILLERS)) as session:
                    session.fill(step)
                made += step
            with bench.typing(server, notes, load) as session:
                typed = session.run(load, server.program.pid, server.database_pids)
            made += round(RATE * (load.warmup_seconds + load.seconds))
            yield Row("Growth: edits of history", kind.name, str(edits), numbers(typed))
