"""Connections without a network: the gateway's real sessions, and between them and a client a line that is slow,
stalls, and breaks."""

import itertools
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import trio

from nvserver.actors.timer import Timer
from nvserver.core.principal import Principal
from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.connection import Connection
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.outbox import Outbox
from nvserver.edge.realtime.recoveries import Recoveries
from nvserver.edge.realtime.registry import Registry
from nvserver.edge.realtime.services import RealtimeStatistics, Services
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.testing.sim_node import trio_ms
from nvserver.workspace.router import Router

_HOUR_MS = 3_600_000
_CLOSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class LineQuality:
    """`window_bytes` may be on their way to the client; the rest waits in its session's outbox. A line that stalls
    lets nothing through to the client for a while."""

    max_delay_seconds: float = 0.01
    window_bytes: int = 65_536
    stall_chance: float = 0.0
    """With each packet."""
    max_stall_seconds: float = 0.0


class LineCut(Exception):
    """Nothing gets through any more; connect again."""


class SimLine:
    """One connection: the `Transport` of its session on one side, what a client needs on the other. What is sent
    arrives in order, each piece after some time, until the line is cut; then what is on its way is lost."""

    def __init__(self, session: EngineSession, timer: Timer, chance: random.Random, quality: LineQuality) -> None:
        self._session = session
        self._timer = timer
        self._chance = chance
        self._quality = quality
        self._on_way: deque[bytes] = deque()
        self._on_way_bytes = 0
        self._arrived = trio.Event()
        self._next_arrival = 0.0
        self._is_cut = False
        self._is_closed = False

    # --- Transport -----------------------------------------------------------------------------------------------

    def flush_soon(self) -> None:
        self.flush_nowait()

    def flush_nowait(self) -> None:
        window = self._quality.window_bytes
        while not self._is_cut and self._on_way_bytes < window:
            packets = self._session.outbox.take_packets(window - self._on_way_bytes)
            if not packets:
                break
            self._on_way += packets
            self._on_way_bytes += sum(map(len, packets))
            self._arrived.set()

    def close(self, code: int, reason: str) -> None:  # noqa: ARG002 - clients of the simulation do not ask why
        self._is_closed = True
        self._arrived.set()
        self._timer.call_later(_CLOSE_SECONDS, lambda: self._session.closed(reason))

    # --- the client's end ----------------------------------------------------------------------------------------

    async def receive(self) -> str:
        """The next packet. Raises LineCut when there will be none."""
        while not self._on_way:
            if self._is_cut or self._is_closed:
                raise LineCut
            self._arrived = trio.Event()
            await self._arrived.wait()
        await trio.sleep(self._delay() + self._stall())
        if self._is_cut:
            raise LineCut
        packet = self._on_way.popleft()
        self._on_way_bytes -= len(packet)
        self.flush_nowait()
        return packet.decode()

    def send(self, *packets: str) -> None:
        """Have packets arrive at the server together."""
        now = trio.current_time()
        self._next_arrival = max(self._next_arrival, now + self._delay())
        self._timer.call_later(self._next_arrival - now, lambda: self._deliver(packets))

    def cut(self, *, is_noticed: bool) -> None:
        """Break; the server notices at once, or only by the silence."""
        if not self._is_cut:
            self._is_cut = True
            self._arrived.set()
            if is_noticed:
                self._timer.call_later(self._delay(), lambda: self._session.closed("cut"))

    def _deliver(self, packets: tuple[str, ...]) -> None:
        if not self._is_cut:
            for packet in packets:
                self._session.received(packet)

    def _stall(self) -> float:
        is_stalled = self._chance.random() < self._quality.stall_chance
        return self._chance.random() * self._quality.max_stall_seconds if is_stalled else 0.0

    def _delay(self) -> float:
        return self._chance.random() * self._quality.max_delay_seconds


@dataclass(frozen=True, slots=True)
class _Authenticated:
    principal: Principal
    expires_at: int


class _Verifier:
    """Every token is the id of a person."""

    async def verify(self, token: str) -> _Authenticated:
        await trio.lowlevel.checkpoint()
        return _Authenticated(Principal(token, token, None, "sign-in"), trio_ms() + _HOUR_MS)


class SimGateway:
    """Makes lines to the sessions of one node."""

    def __init__(
        self, router: Router, settings: RealtimeSettings, nursery: trio.Nursery, timer: Timer, chance: random.Random
    ) -> None:
        ids = itertools.count(1)
        self._settings = settings
        self._timer = timer
        self._chance = chance
        self._lines: list[SimLine] = []
        self._is_over = False
        self._services = Services(
            settings,
            router,
            _Verifier(),
            ClientIds([b"k" * 32]),
            Registry(),
            timer,
            trio_ms,
            lambda: str(next(ids)),
            nursery.start_soon,
            lambda _: None,
            RealtimeStatistics(),
        )

        self._recoveries = Recoveries(settings, timer, lambda: str(chance.getrandbits(64)))

    def connect(self, quality: LineQuality) -> SimLine:
        """A line to a new session. Raises LineCut when the node is no more."""
        if self._is_over:
            raise LineCut
        services = self._services
        session = EngineSession(services.new_id(), self._settings, self._timer, Outbox(self._settings.outbox_bytes))
        line = SimLine(session, self._timer, self._chance, quality)
        self._lines.append(line)
        session.open(line, Connection(session, services, self._recoveries))
        return line

    def crash(self) -> None:
        """The node is gone, and every line with it."""
        self._is_over = True
        for line in self._lines:
            line.cut(is_noticed=False)


@asynccontextmanager
async def sim_gateway(router: Router, settings: RealtimeSettings, chance: random.Random) -> AsyncIterator[SimGateway]:
    """The realtime edge of a node whose workspaces `router` finds. Leaving it is a crash."""
    async with trio.open_nursery() as nursery:
        timer = Timer()
        nursery.start_soon(timer.run)
        gateway = SimGateway(router, settings, nursery, timer, chance)
        try:
            yield gateway
        finally:
            gateway.crash()
            nursery.cancel_scope.cancel()
