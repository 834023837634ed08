"""An op log that is slow, fails, and forgets to answer, as a seeded generator decides."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import trio

from nvserver.errors import Unavailable
from nvserver.ports.oplog import Append, AppendOutcome, OpLog


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Chances between 0 and 1, each call on its own; `max_delay_seconds` is the longest answer time."""

    fail: float = 0.0
    """Nothing is done, the caller is told `Unavailable`."""
    forget: float = 0.0
    """It is done, and the caller is told `Unavailable`."""
    max_delay_seconds: float = 0.0


@dataclass(slots=True)
class FaultCounts:
    """What was really injected: a run that injected nothing proved nothing."""

    failed: int = 0
    forgotten: int = 0
    fenced: int = field(default=0)


class CutOpLog:
    """What one node has of a store that all have: nothing while `is_cut`."""

    def __init__(self, oplog: OpLog) -> None:
        self.is_cut = False
        self._oplog = oplog

    async def answers(self) -> None:
        """Returns when the store does. Raises `Unavailable`."""
        await trio.lowlevel.checkpoint()
        if self.is_cut:
            raise Unavailable("injected: the store is out of reach")

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._oplog, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            await self.answers()
            return await method(*args, **kwargs)

        return call


class FaultyOpLog:
    """Wraps any op log; what it lets through is that one's behaviour."""

    def __init__(self, oplog: OpLog, rates: FaultRates, chance: random.Random) -> None:
        self._oplog = oplog
        self._rates = rates
        self._chance = chance
        self.counts = FaultCounts()

    async def append(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        """See `OpLog.append`."""
        await self._delay()
        if self._chance.random() < self._rates.fail:
            self.counts.failed += 1
            raise Unavailable("injected: refused")
        outcomes = await self._oplog.append(batch)
        self.counts.fenced += sum(outcome is AppendOutcome.FENCED for outcome in outcomes)
        await self._delay()
        if self._chance.random() < self._rates.forget:
            self.counts.forgotten += 1
            raise Unavailable("injected: answer lost")
        return outcomes

    def __getattr__(self, name: str) -> Any:
        """Every other method: delayed and failed alike, never forgotten (they change nothing that is counted)."""
        method = getattr(self._oplog, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            await self._delay()
            if self._chance.random() < self._rates.fail:
                self.counts.failed += 1
                raise Unavailable("injected: refused")
            return await method(*args, **kwargs)

        return call

    async def _delay(self) -> None:
        await trio.sleep(self._chance.random() * self._rates.max_delay_seconds)
