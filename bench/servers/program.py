"""A server program as a process on its core: started, waited for, killed; its memory and CPU are those of its tree."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.core.link import wait_for_port
from bench.core.processes import pinned

START_SECONDS = 90
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. It tells `… PORT` in its first line that ends in a number and begins with `ready`."""

    words: Sequence[str]
    ready: str
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()


class Program:
    """A running command. `told` holds the lines before the ready one; `port` may differ after each start."""

    def __init__(self, command: Command, core: int, log: Path) -> None:
        self.port = 0
        self.told: dict[str, str] = {}
        self._command = command
        self._core = core
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Returns when it accepts connections."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NV_")}
        with pinned(self._core), self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command.words,
                cwd=self._command.folder,
                env={**inherited, **self._command.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.port = self._read_port()
        wait_for_port(self.port)

    def kill(self) -> None:
        """`kill -9`; nothing if it does not run."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def stop(self) -> None:
        """SIGTERM, and `kill -9` for one that does not care."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._reap()

    def _read_port(self) -> int:
        assert self._process is not None and self._process.stdout is not None
        gives_up_at = time.monotonic() + START_SECONDS
        while select.select([self._process.stdout], [], [], max(0.0, gives_up_at - time.monotonic()))[0]:
            line = self._process.stdout.readline()
            if not line:
                break
            if line.startswith(self._command.ready):
                return int(line.strip().rpartition(":")[2].rpartition(" ")[2])
            name, _, value = line.strip().partition(" ")
            self.told[name] = value
        self.kill()
        raise RuntimeError(f"{self._command.words} did not start:\n{self._log.read_text()[-4000:]}")

    def _reap(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        process, self._process = self._process, None
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            process.stdout.close()
