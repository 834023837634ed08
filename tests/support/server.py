"""A real `nvserver serve` in a process of its own: started on a free port, killed, started again on the same data."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 30
_READY = "NoteVault on "

CHEAP: Mapping[str, str] = {
    "NV_RATE_LIMITS": "off",
    "NV_PASSWORDS__MEMORY_KIB": "8",
    "NV_PASSWORDS__PASSES": "1",
}
"""No rate limits, and passwords that cost next to nothing."""


class ServerProcess:
    """The server of one data folder. `port` is chosen at the first start and kept; `log_text` outlives every end."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str] = CHEAP) -> None:
        """`settings`: `NV_…` variables; those of the tests' own environment do not reach the server."""
        self.data_dir = data_dir
        self.port = 0
        self.host = "127.0.0.1"
        self.kills = 0
        self.module: Sequence[str] = ("nvserver",)
        """The module that is run, and arguments that it takes before those of `nvserver`."""
        self.prefix: Sequence[str] = ()
        """A command that runs the server, such as one that enters a network namespace."""
        self._log_path = data_dir.with_suffix(".log")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NV_")}
        self._environment = {**inherited, **settings}
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "notevault.sqlite3"

    @property
    def log_text(self) -> str:
        """What all the server's lives have logged."""
        return self._log_path.read_text("utf-8", "replace") if self._log_path.exists() else ""

    def start(self) -> None:
        """Returns when the server has told that it is ready."""
        assert self._process is None, "it runs already"
        command = [
            *self.prefix,
            sys.executable,
            "-m",
            *self.module,
            "serve",
            "--host",
            self.host,
            "--port",
            str(self.port),
            "--data-dir",
            str(self.data_dir),
        ]
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        readable, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        line = self._process.stdout.readline() if readable else "(nothing)"
        if not line.startswith(_READY):
            self.kill()
            raise RuntimeError(f"the server did not start; it told {line!r} and logged:\n{self.log_text}")
        self.port = int(line.rsplit(":", 1)[1])

    def kill(self) -> None:
        """`kill -9`; nothing if it does not run."""
        if self._process is not None:
            self.kills += 1
            self._process.kill()
            self._reap()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._reap()

    def _reap(self) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        assert process.stdout is not None
        try:
            return process.wait(STOP_SECONDS)
        finally:
            process.kill()
            process.stdout.close()


@contextmanager
def running_server(data_dir: Path, settings: Mapping[str, str] = CHEAP) -> Iterator[ServerProcess]:
    """A server until the block is left; then it is killed if it still runs."""
    server = ServerProcess(data_dir, settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()
