"""Several node processes behind one port: started, watched, started again, stopped together.

The kernel spreads connections over all sockets that are bound to the port with SO_REUSEPORT; each process has its own.
The parent keeps one that never listens, so that the port stays taken while a process is away.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

import structlog
import trio

from nvserver import service_manager
from nvserver.config import ServerSettings
from nvserver.edge.front import bind_shared, open_listeners
from nvserver.errors import OperatorError

log = structlog.get_logger()

SHARERS = "NV_WORKER"
"""Set for a process that shares its port with others: how many they are."""
OWN_PORT = "NV_WORKER_PORT"
"""Set for one that listens on a port of its own too."""
SQLITE_IS_ALONE = (
    "SQLite serves one node process: for several set database.url (NV_DATABASE_URL) to a PostgreSQL and redis.url"
    " (NV_REDIS_URL) to a Redis"
)
_READY = b"NoteVault on "
_LONGEST_REST_SECONDS = 10.0
_FAILED_START = (2, 3)
"""Exit codes of a process that cannot be started as it is set."""


class Workers:
    """`command` starts one process, told its number by the environment; `node_name` is what their names begin with,
    `first_port` where the first is reached by itself (0: none is)."""

    def __init__(
        self, command: Sequence[str], count: int, host: str, port: int, node_name: str, first_port: int = 0
    ) -> None:
        self._command = command
        self._count = count
        self._host = host
        self._node_name = node_name
        self._first_port = first_port
        self._processes: dict[int, trio.Process] = {}
        self._ready: set[int] = set()
        self._stopping = trio.Event()
        self._all_ended = trio.Event()
        self._exit_code = 0
        try:
            self._reserved = bind_shared(host, port)
        except OSError as error:
            reason = error.strerror or error
            raise OperatorError(f"cannot listen on {host} port {port}: {reason}; choose another with --port") from error
        self.port: int = self._reserved[0].getsockname()[1]

    async def run(self) -> int:
        """Until SIGTERM or SIGINT has drained all; a second one ends them at once. The exit code."""
        try:
            async with trio.open_nursery() as nursery:
                await nursery.start(self._listen_to_signals)
                nursery.start_soon(service_manager.feed_watchdog)
                async with trio.open_nursery() as starting:
                    for number in range(self._count):
                        starting.start_soon(nursery.start, self._keep, number)
                if not self._stopping.is_set():
                    host = f"[{self._host}]" if ":" in self._host else self._host
                    print(f"NoteVault on http://{host}:{self.port}", flush=True)  # noqa: T201 - the one promised line
                    service_manager.tell("READY=1")
                await self._all_ended.wait()
                nursery.cancel_scope.cancel()
        finally:
            for sock in self._reserved:
                sock.close()
        return self._exit_code

    async def _listen_to_signals(self, task_status: trio.TaskStatus[None]) -> None:
        with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
            task_status.started()
            async for _ in signals:
                self._stop(signal.SIGKILL if self._stopping.is_set() else signal.SIGTERM)

    def _stop(self, number: signal.Signals) -> None:
        self._stopping.set()
        service_manager.tell("STOPPING=1")
        if not self._processes:
            self._all_ended.set()
        for process in self._processes.values():
            process.send_signal(number)

    async def _keep(self, number: int, task_status: trio.TaskStatus[None]) -> None:
        """One process after the other, at a growing distance while they fail."""
        rest_seconds = 0.1
        is_first = True
        while not self._stopping.is_set():
            began = trio.current_time()
            environment: dict[str, str] = {
                **service_manager.without_manager(os.environ),
                SHARERS: str(self._count),
                "NV_NODE_NAME": f"{self._node_name}-{number}",
            }
            if self._first_port:
                environment[OWN_PORT] = str(self._first_port + number)
            process = await trio.lowlevel.open_process(
                [*self._command, "--port", str(self.port), "--workers", "1"],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            self._processes[number] = process
            if await self._is_ready(process):
                self._ready.add(number)
                log.info("worker ready", number=number, process=process.pid)
                self._tell_status()
            if is_first:
                is_first = False
                task_status.started()
            code = await process.wait()
            del self._processes[number]
            self._ready.discard(number)
            self._tell_status()
            if self._stopping.is_set():
                self._exit_code = max(self._exit_code, code)
                if not self._processes:
                    self._all_ended.set()
                return
            log.error("worker ended", number=number, process=process.pid, exit_code=code)
            if code in _FAILED_START and rest_seconds == 0.1 and trio.current_time() - began < 30:
                self._exit_code = code
                self._stop(signal.SIGTERM)
                return
            rest_seconds = 0.2 if trio.current_time() - began > 60 else min(_LONGEST_REST_SECONDS, 2 * rest_seconds)
            await trio.sleep(rest_seconds)

    def _tell_status(self) -> None:
        service_manager.tell(f"STATUS={len(self._ready)} of {self._count} workers are ready")

    async def _is_ready(self, process: trio.Process) -> bool:
        """Waits until it has told so; False when it has ended."""
        assert process.stdout is not None
        told = b""
        while _READY not in told:
            data = await process.stdout.receive_some()
            if not data:
                return False
            told += data
        return True


def listen(settings: ServerSettings) -> Sequence[socket.socket]:
    """The sockets of this process: its port, which it may share with other workers, and its own if it is one of them.
    Raises `OperatorError`."""
    host, port = settings.host, settings.port
    sharers = int(os.environ.get(SHARERS, "1"))
    try:
        shared = open_listeners(host, port, sharers=sharers, has_affinity=settings.worker_affinity)
        port = int(os.environ.get(OWN_PORT, "0"))
        return [*shared, *(open_listeners(host, port) if port else ())]
    except OSError as error:
        reason = error.strerror or error
        raise OperatorError(f"cannot listen on {host} port {port}: {reason}; choose another with --port") from error


async def wait_parent_ended() -> None:
    """In a worker: returns when its parent is gone, however it ended; its standard input is a pipe that only the parent
    holds. Elsewhere: never."""
    if SHARERS not in os.environ:
        await trio.sleep_forever()
    async with trio.lowlevel.FdStream(os.dup(sys.stdin.fileno())) as line:
        while await line.receive_some():
            pass
    log.warning("the parent of this worker is gone")


def command_of_this_process() -> Sequence[str]:
    """What started this process, to start others alike."""
    return [sys.executable, "-m", "nvserver", *sys.argv[1:]]


def own_name(name: str | None) -> str:
    """The name that the workers' begin with."""
    return name or f"{socket.gethostname()}-{os.getpid()}"
