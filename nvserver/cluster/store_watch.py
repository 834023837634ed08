"""Whether the store answers this very node. One that alone is cut off from it must not keep what it has: its lease runs
in the directory, so nobody would take it from it."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog
import trio

from nvserver.errors import NoteVaultError

log = structlog.get_logger()

CheckStore: TypeAlias = Callable[[], Awaitable[object]]
"""Returns when the store has answered; raises when it has not."""

_CHECKS: Final = 3
"""A lease; a store that was silent for two leases is lost."""


class StoreWatch:
    """`step_back` is called when the store is lost, `come_back` when it answers again."""

    def __init__(
        self,
        check: CheckStore,
        lease_seconds: float,
        step_back: Callable[[], Awaitable[None]],
        come_back: Callable[[], None],
    ) -> None:
        self._check = check
        self._lease_seconds = lease_seconds
        self._step_back = step_back
        self._come_back = come_back

    async def run(self) -> None:
        """Until cancelled."""
        answered_at = trio.current_time()
        is_lost = False
        while True:
            asked_at = trio.current_time()
            if await self._answers():
                answered_at = asked_at
                if is_lost:
                    log.warning("store is back")
                    is_lost = False
                    self._come_back()
            elif not is_lost and trio.current_time() - answered_at >= 2 * self._lease_seconds:
                log.warning("store is lost", silent_seconds=round(trio.current_time() - answered_at, 1))
                is_lost = True
                await self._step_back()
            await trio.sleep(self._lease_seconds / _CHECKS)

    async def _answers(self) -> bool:
        with trio.move_on_after(self._lease_seconds):
            try:
                await self._check()
            except NoteVaultError:
                return False
            return True
        return False
