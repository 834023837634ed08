"""The nodes of a proof: real `nvserver serve` processes, each with lines of its own to Redis that can be cut."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import trio

from nvserver.testing.fault_proxy import FaultProxy, fault_proxy

_READY = b"NoteVault on "


class Node:
    """One process; `start` after a `kill` is a new life at the same address."""

    def __init__(self, name: str, settings: Mapping[str, str], folder: Path, line: FaultProxy) -> None:
        self.name = name
        self.line = line
        self.url = ""
        self.log = folder / f"{name}.log"
        self._data = folder / name
        self._environment = {**os.environ, **settings, "NV_NODE_NAME": name}
        self._port = "0"
        self._process: trio.Process | None = None

    async def start(self) -> None:
        """Returns when it is ready."""
        command = [sys.executable, "-m", "nvserver", "serve", "--port", self._port, "--data-dir", str(self._data)]
        with self.log.open("ab") as log:
            self._process = await trio.lowlevel.open_process(
                command, env=self._environment, stdout=subprocess.PIPE, stderr=log
            )
        assert self._process.stdout is not None
        told = b""
        with trio.fail_after(60):
            while _READY not in told or not told.endswith(b"\n"):
                data = await self._process.stdout.receive_some()
                if not data:
                    raise RuntimeError(f"{self.name} did not start; see {self.log}")
                told += data
        self.url = told.decode().strip().rsplit(" ", 1)[1]
        self._port = str(urlsplit(self.url).port)

    async def kill(self) -> None:
        """`kill -9`."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM: it drains."""
        await self._end(signal.SIGTERM)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    async def move(self, workspace_id: str, receiver: str) -> bool:
        """`nvserver admin move`, by its name: whether it was done."""
        command = [sys.executable, "-m", "nvserver", "admin", "move", workspace_id, receiver]
        ended = await trio.run_process(
            command, env=self._environment, check=False, capture_stdout=True, capture_stderr=True
        )
        return ended.returncode == 0

    async def verify(self, *histories: Path) -> tuple[int, str]:
        """`nvserver verify` with what the writers were told: its exit code and what it printed."""
        command = [sys.executable, "-m", "nvserver", "verify", "--acks", *map(str, histories)]
        ended = await trio.run_process(command, env=self._environment, check=False, capture_stdout=True)
        return ended.returncode, ended.stdout.decode()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    async def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(number)
            await process.wait()


@asynccontextmanager
async def running_nodes(count: int, settings: Mapping[str, str], folder: Path, seed: int) -> AsyncIterator[list[Node]]:
    """So many nodes; killed when the block is left. `settings` has `NV_REDIS_URL`, which each reaches by a proxy."""
    redis = urlsplit(settings["NV_REDIS_URL"])
    async with AsyncExitStack() as stack:
        nodes = []
        for number in range(count):
            line = await stack.enter_async_context(
                fault_proxy(redis.hostname or "127.0.0.1", redis.port or 6379, seed + number)
            )
            who, at, _ = redis.netloc.rpartition("@")
            address = redis._replace(netloc=f"{who}{at}127.0.0.1:{line.port}").geturl()
            node = Node(f"node-{number + 1}", {**settings, "NV_REDIS_URL": address}, folder, line)
            stack.push_async_callback(node.kill)
            nodes.append(node)
        for node in nodes:
            await node.start()
        yield nodes
