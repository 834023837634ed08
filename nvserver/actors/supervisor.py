"""One-for-one supervision of child tasks: a crash restarts that child, too many crashes give it up, siblings never
notice."""

from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import dataclass
from enum import Enum
from functools import partial

import structlog
import trio

from nvserver.core.supervision import RestartCounter, RestartIntensity

log = structlog.get_logger()


class RestartType(Enum):
    """When a child that ended is started again."""

    PERMANENT = "permanent"
    """Always."""
    TRANSIENT = "transient"
    """Only when it crashed."""
    TEMPORARY = "temporary"
    """Never."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """How to run a child. `run` returns when it is done and raises when it crashed; every call is a fresh start.

    `on_crash(error, will_restart)` is told each crash; it must not raise."""

    name: str
    run: Callable[[], Awaitable[None]]
    restart: RestartType
    intensity: RestartIntensity
    on_crash: Callable[[Exception, bool], None]


class Supervisor:
    """Runs children in a nursery given to it. What a child raises never reaches that nursery, except a cancellation
    of it.

    A child that is given up simply ends, after `on_crash(error, False)`: its owner decides what that means.

    Children run in the context variables of whoever made the supervisor, not of whoever had one started: a child would
    hold the request that first asked for it, and log under its id, for as long as it lives."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._context = copy_context()

    def start(self, spec: ChildSpec) -> None:
        """Start the child; it runs from the next scheduler turn on."""
        self._context.run(partial(self._nursery.start_soon, self._supervise, spec, name=spec.name))

    async def _supervise(self, spec: ChildSpec) -> None:
        counter = RestartCounter(spec.intensity)
        while True:
            error: Exception | None = RuntimeError("the child was cancelled by a scope of its own")
            with trio.CancelScope() as boundary:
                try:
                    await spec.run()
                    error = None
                except Exception as caught:  # noqa: BLE001 - a supervisor is the boundary for whatever its children raise
                    error = caught
                finally:
                    # A stray Cancelled of a scope that a child mismanaged ends here, not in the shared nursery.
                    boundary.cancel()
            if error is None:
                if spec.restart is not RestartType.PERMANENT:
                    return
                continue
            will_restart = spec.restart is not RestartType.TEMPORARY and counter.may_restart(trio.current_time())
            log.error("child crashed", child=spec.name, will_restart=will_restart, exc_info=error)
            spec.on_crash(error, will_restart)
            if not will_restart:
                return
