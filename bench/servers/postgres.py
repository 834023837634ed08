"""A real PostgreSQL that keeps its promises: the tests' server with fsync on, on a core of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.core.processes import pinned
from tests.support.postgres import PostgresServer

OPTIONS = (
    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
    *("-c", "max_connections=200", "-c", "shared_buffers=256MB"),
)


class DurablePostgres(PostgresServer):
    """`pid` is the postmaster's, from which all others descend."""

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def durable_postgres(core: int) -> Iterator[DurablePostgres]:
    """A fresh server until the block is left."""
    with tempfile.TemporaryDirectory(prefix="notevault-bench-postgres-") as folder:
        server = DurablePostgres(Path(folder), OPTIONS)
        with pinned(core):
            server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
