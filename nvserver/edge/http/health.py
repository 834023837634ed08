"""Routes for those who run the server."""

import resource
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import structlog
import trio
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry

import nvserver
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import iso_time
from nvserver.edge.metrics import exposition
from nvserver.errors import Unavailable
from nvserver.ports.clock import NowMs

ReadinessCheck: TypeAlias = Callable[[], Awaitable[None]]
"""Raises when the node should get no requests."""

CHECK_SECONDS = 2.0
log = structlog.get_logger("nvserver.http")


class Memory(msgspec.Struct, frozen=True, rename="camel"):
    """In bytes."""

    rss: int


class HealthAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`uptime`: seconds."""

    status: Literal["ok"]
    timestamp: str
    uptime: float
    memory: Memory
    version: str


class ReadyAnswer(msgspec.Struct, frozen=True, rename="camel"):
    status: Literal["ready"]
    checks: Mapping[str, Literal["ok"]]


class HealthRoutes:
    """`/health`, `/ready`, `/metrics`."""

    def __init__(self, checks: Mapping[str, ReadinessCheck], registry: CollectorRegistry, now_ms: NowMs) -> None:
        self._checks = checks
        self._registry = registry
        self._now_ms = now_ms
        self._started_ms = now_ms()

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route("GET", "/health", self._health, "Whether the process lives", answer=HealthAnswer, is_public=True),
            Route(
                "GET", "/ready", self._ready, "Whether the node can take requests",
                answer=ReadyAnswer, is_public=True, errors=(Unavailable,),
            ),
            Route("GET", "/metrics", self._metrics, "Metrics for Prometheus (text format)", is_public=True),
        )  # fmt: skip

    async def _health(self, _call: Call[None, None]) -> HealthAnswer:
        now = self._now_ms()
        uptime = max(0, now - self._started_ms) / 1000
        return HealthAnswer("ok", iso_time(now), uptime, Memory(resident_bytes()), nvserver.__version__)

    async def _ready(self, _call: Call[None, None]) -> ReadyAnswer:
        if failed := await failed_checks(self._checks):
            raise Unavailable("The node is not ready", {"failed": failed})
        return ReadyAnswer("ready", dict.fromkeys(self._checks, "ok"))

    async def _metrics(self, _call: Call[None, None]) -> Answer:
        return Answer(exposition(self._registry), headers=(("Content-Type", CONTENT_TYPE_LATEST),))


async def failed_checks(checks: Mapping[str, ReadinessCheck]) -> list[str]:
    """The names of those that do not pass."""
    return [name for name, check in checks.items() if not await _passes(name, check)]


async def _passes(name: str, check: ReadinessCheck) -> bool:
    try:
        with trio.fail_after(CHECK_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, the node is not ready
        log.warning("not ready", check=name, error=repr(error))
        return False
    return True


def resident_bytes() -> int:
    """Of this process."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    except OSError:  # no Linux: the highest so far
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
