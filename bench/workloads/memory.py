"""W3: memory of an idle joined connection, and of an open 10 kB note."""

import select
import time
from collections.abc import Iterator, Sequence

from bench.clients.dialect import Dialect, NoteRef
from bench.core.link import Link
from bench.core.processes import resident_bytes, tree_of
from bench.core.results import Row
from bench.servers.kinds import Kind, Running
from bench.workloads.bench import Bench, opener

CONNECTIONS_PER_NOTE = 100
CHARACTERS = 10_000
SETTLE_SECONDS = 2.0


def memory(bench: Bench, kind: Kind) -> Iterator[Row]:
    """Two fresh servers: many connections to few notes, of which the first tenth is not counted; then one connection
    to each of many notes, and as many again: what those take more is the cost of a note, for the first ones also fill
    the server's caches."""
    connections, notes = bench.settings.idle_connections, bench.settings.open_notes
    with bench.server(kind) as server:
        few = max(1, connections // CONNECTIONS_PER_NOTE)
        refs = server.dialect.create_notes(server.port, few, few, 100)
        idlers = _Idlers(server)
        empty = idlers.settled_bytes()
        first = connections // 10
        idlers.open([refs[number % few] for number in range(first)])
        warm = idlers.settled_bytes()
        idlers.open([refs[number % few] for number in range(first, connections)])
        full = idlers.settled_bytes()
        per_connection = (full - warm) / (connections - first)
        idlers.close()
    with bench.server(kind) as server:
        idlers = _Idlers(server)
        settled = []
        for _ in range(2):
            idlers.open(server.dialect.create_notes(server.port, max(1, notes // 20), notes, CHARACTERS))
            settled.append(idlers.settled_bytes())
        per_note = (settled[1] - settled[0]) / notes - per_connection
        idlers.close()
    values = {
        "connections": connections,
        "kb_per_connection": round(per_connection / 1e3, 2),
        "kb_per_10_kb_note": round(per_note / 1e3, 2),
        "empty_server_mb": round(empty / 1e6, 1),
        "full_server_mb": round(full / 1e6, 1),
    }
    yield Row("W3", kind.name, "", values)


class _Idlers:
    """Connections that only answer the server's pings. One that is closed fails the measurement (LinkClosed)."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._dialect: Dialect = server.dialect
        self._epoll = select.epoll()
        self._links: dict[int, Link] = {}

    def open(self, notes: Sequence[NoteRef]) -> None:
        """One connection to each."""
        open_note = opener(self._server)
        for number, note in enumerate(notes):
            link = open_note(note).link
            link.go_live()
            self._links[link.sock.fileno()] = link
            self._epoll.register(link.sock, select.EPOLLIN)
            if number % 50 == 0:
                self._serve(0)

    def settled_bytes(self) -> int:
        """The server's memory, when nothing has been asked of it for a moment."""
        self._serve(SETTLE_SECONDS)
        return resident_bytes(tree_of([self._server.program.pid]))

    def close(self) -> None:
        for link in self._links.values():
            link.close()
        self._epoll.close()

    def _serve(self, seconds: float) -> None:
        ends_at = time.monotonic() + seconds
        while True:
            left = max(0.0, ends_at - time.monotonic())
            for fd, _ in self._epoll.poll(left):
                link = self._links[fd]
                if self._dialect.ping in link.read_bytes():
                    self._dialect.answer_ping(link)
            if not left:
                return
