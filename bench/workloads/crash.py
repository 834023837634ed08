"""W5: 200 edits are acknowledged, the server is killed (`kill -9`) at once and started again. How many are lost?"""

from collections.abc import Iterator

from bench.core.results import Row
from bench.core.typing import Load
from bench.servers.kinds import Kind
from bench.workloads.bench import Bench

EDITS = 200


def crash(bench: Bench, kind: Kind) -> Iterator[Row]:
    """Ten typists, as fast as they are acknowledged. A relay has lost everything, since it never held any text. Yjs's
    clients would bring what they have themselves when they come back: this counts what the server has."""
    with bench.server(kind) as server:
        notes = server.dialect.create_notes(server.port, 1, 1, 1_000)
        with bench.typing(server, notes, Load(notes=1, clients=10, typists=10)) as session:
            session.fill(EDITS)
            server.program.kill()
            acknowledged = session.acknowledged
        server.program.start()
        kept = server.dialect.count_edits(server.port, notes[0]) or 0
    yield Row("W5", kind.name, "", {"acknowledged": acknowledged, "lost": acknowledged - kept})
