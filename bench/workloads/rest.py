"""REST: one note by id, the token checked, keep-alive, 300 requests a second."""

import gc
import select
import socket
import time
from collections.abc import Iterator

from bench.clients.notevault import NoteVault
from bench.core.latency import Latency
from bench.core.processes import cpu_seconds, tree_of
from bench.core.results import Row, Value
from bench.core.ticker import Ticker
from bench.servers.kinds import Kind, Running
from bench.workloads.bench import Bench

RATE = 300
CONNECTIONS = 16
CHARACTERS = 1_000
WARMUP_SECONDS = 1.0


def rest(bench: Bench, kind: Kind) -> Iterator[Row]:
    """Open loop: requests are due in a steady beat, each on the next connection; latency counts from then."""
    with bench.server(kind) as server:
        request = _request(server)
        yield Row("REST", kind.name, "", _run(server, request, bench.settings.rest_seconds))


def _request(server: Running) -> bytes:
    if server.kind.is_ours:
        dialect = server.dialect
        assert isinstance(dialect, NoteVault)
        note = dialect.create_notes(server.port, 1, 1, CHARACTERS)[0].note
        token = dialect.token(server.port)
    else:
        note, token = server.program.told["note"], server.program.told["token"]
    return (
        f"GET /api/notes/{note} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()


class _Connection:
    """One keep-alive connection; requests that are due while one is under way wait."""

    def __init__(self, port: int, request: bytes) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.latencies: list[tuple[float, float]] = []
        self._request = request
        self._due: list[float] = []
        self._answer = b""

    def ask(self, due: float) -> None:
        self._due.append(due)
        if len(self._due) == 1:
            self.sock.sendall(self._request)

    def on_readable(self) -> None:
        self._answer += self.sock.recv(65_536)
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
        lower = head.lower()
        start = lower.index(b"content-length:") + 15
        end = lower.find(b"\r\n", start)
        if len(body) < int(lower[start : end if end >= 0 else None]):
            return
        self._answer = b""
        due = self._due.pop(0)
        self.latencies.append((due, time.perf_counter() - due))
        if self._due:
            self.sock.sendall(self._request)


def _run(server: Running, request: bytes, seconds: float) -> dict[str, Value]:
    connections = [_Connection(server.port, request) for _ in range(CONNECTIONS)]
    ticker = Ticker(1 / RATE)
    epoll = select.epoll()
    by_fd = {connection.sock.fileno(): connection.on_readable for connection in connections}
    by_fd[ticker.fd] = ticker.take
    for fd in by_fd:
        epoll.register(fd, select.EPOLLIN)
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    counts_from, ends_at, due, asked = start + WARMUP_SECONDS, start + WARMUP_SECONDS + seconds, start, 0
    pids, database = tree_of([server.program.pid]), tree_of(server.database_pids)
    before: tuple[float, float, float] | None = None
    while (now := time.perf_counter()) < ends_at:
        if before is None and now >= counts_from:
            before = cpu_seconds(pids), cpu_seconds(database), time.process_time()
        while due <= now:
            connections[asked % CONNECTIONS].ask(due)
            asked += 1
            due += 1 / RATE
        for fd, _ in epoll.poll(0.1):
            by_fd[fd]()
    after = cpu_seconds(pids), cpu_seconds(database), time.process_time()
    gc.enable()
    epoll.close()
    ticker.close()
    assert before is not None
    measured = [took for connection in connections for at, took in connection.latencies if at >= counts_from]
    for connection in connections:
        connection.sock.close()
    server_cpu, database_cpu, driver_cpu = (b - a for a, b in zip(before, after, strict=True))
    latency = Latency.of(measured)
    return {
        "server_us_per_request": round(server_cpu / max(1, len(measured)) * 1e6, 1),
        "database_us_per_request": round(database_cpu / max(1, len(measured)) * 1e6, 1),
        "p50_ms": latency.p50 if latency else None,
        "p99_ms": latency.p99 if latency else None,
        "requests": len(measured),
        "driver_cpu_share": round(driver_cpu / seconds, 3),
    }
