"""A real server whose lives can be given failpoints."""

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.faults.sizes import PATIENCE_SECONDS
from tests.faults.stores import RealStore
from tests.support.server import CHEAP, ServerProcess

BRISK: Mapping[str, str] = {
    **CHEAP,
    "NV_LOG__FORMAT": "json",
    "NV_WORKSPACE__SNAPSHOT_ENTRIES": "25",
    "NV_TOKENS__ACCESS_SECONDS": "3600",
}
"""Snapshots are so frequent that every run sees some, and tokens outlive it."""
IMPATIENT: Mapping[str, str] = {
    **BRISK,
    "NV_LOG_WRITER__RETRY_SECONDS": "0.02",
    "NV_LOG_WRITER__GIVE_UP_SECONDS": "0.5",
}
"""A store that does not answer is soon asked again, and soon given up for now."""


class FaultyServer(ServerProcess):
    """A server whose next life can be given failpoints."""

    def start(self, failpoints: str = "") -> None:
        self._environment["NV_FAILPOINTS"] = failpoints
        super().start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def wait_killed(self) -> None:
        """Returns when a failpoint has killed it."""
        assert self._process is not None
        code = self._process.wait(PATIENCE_SECONDS)
        assert code == -signal.SIGKILL, f"the server ended with {code}:\n{self.log_text[-4000:]}"
        self.kill()

    def events(self, name: str) -> list[dict[str, object]]:
        """The log's lines of that event, of all lives."""
        lines = (json.loads(line) for line in self.log_text.splitlines() if name in line and line.startswith("{"))
        return [line for line in lines if line.get("event") == name]


@contextmanager
def faulty_server(store: RealStore, settings: Mapping[str, str] = BRISK) -> Iterator[FaultyServer]:
    """Not started yet; killed when the block is left."""
    server = FaultyServer(store.data_dir, {**settings, **store.variables})
    try:
        yield server
    finally:
        server.kill()
