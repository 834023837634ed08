"""A TCP proxy that spoils the line between a client and a server: slow, thin, torn to pieces, held, silent, cut.

Everything by chance follows from its seed. `counts` says what was really done: a run that injected nothing proved
nothing.
"""

import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import trio

PIECE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Toxics:
    """How every piece is treated, in both directions. The zeros leave the line as it is."""

    latency_seconds: float = 0.0
    """Each piece comes that much later."""
    jitter_seconds: float = 0.0
    """And up to that much later by chance."""
    bytes_per_second: float = 0.0
    slice_bytes: int = 0
    """Pieces of at most this size, sent one by one."""


CLEAN = Toxics()


class Rule(Protocol):
    """Watches one connection; made anew for each."""

    def sees_request(self, piece: bytes) -> "Verdict":
        """A piece on its way to the server."""
        ...

    def sees_answer(self, piece: bytes) -> "Verdict":
        """A piece on its way to the client."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a piece: the first `passed` bytes of it go on (None: all); then, with `is_cut`, both ends are
    reset. `name` is what is counted."""

    passed: int | None = None
    is_cut: bool = False
    name: str = ""


PASS = Verdict()
SWALLOW = Verdict(0, name="swallowed")


class FaultProxy:
    """`port` is where clients go. Change `toxics` and the switches at any time; they hold from the next piece on."""

    def __init__(self, port: int, target: tuple[str, int], seed: int) -> None:
        self.port = port
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.toxics = CLEAN
        self.make_rule: Callable[[], Rule | None] = lambda: None
        self.is_refusing = False
        """New connections are reset at once."""
        self._target = target
        self._chance = random.Random(seed)  # noqa: S311 - chance of a test
        self._open = trio.Event()
        self._open.set()
        self._swallows_requests = self._swallows_answers = False
        self._lines: set[_Line] = set()

    @property
    def connections(self) -> int:
        """How many there are now."""
        return len(self._lines)

    def hold(self) -> None:
        """Pass nothing on until `release`; nothing gets lost."""
        self._open = trio.Event()
        self.counts["held"] += 1

    def release(self) -> None:
        """What was held goes on, in order."""
        self._open.set()

    def swallow(self, is_on: bool, *, answers: bool | None = None) -> None:
        """Take everything and pass nothing on, as a peer that vanished: neither end is told. `answers`: what comes from
        the server, if that is treated otherwise than what goes to it."""
        self._swallows_requests = is_on
        self._swallows_answers = is_on if answers is None else answers

    def reset_all(self) -> None:
        """Reset every connection, both ends."""
        for line in list(self._lines):
            self.counts["reset"] += 1
            line.reset()

    async def serve(self, client: trio.SocketStream) -> None:
        """One connection, until either end closes it or it is cut."""
        if self.is_refusing:
            self.counts["refused"] += 1
            _reset(client)
            return
        try:
            server = await trio.open_tcp_stream(*self._target)
        except OSError:
            _reset(client)
            return
        rule = self.make_rule()
        line = _Line(client, server)
        self._lines.add(line)
        try:
            async with client, server, trio.open_nursery() as nursery:
                line.scope = nursery.cancel_scope
                sees_request = rule.sees_request if rule is not None else _pass
                sees_answer = rule.sees_answer if rule is not None else _pass
                nursery.start_soon(self._forward, line, client, server, sees_request, lambda: self._swallows_requests)
                nursery.start_soon(self._forward, line, server, client, sees_answer, lambda: self._swallows_answers)
        finally:
            self._lines.discard(line)

    async def _forward(
        self,
        line: "_Line",
        source: trio.SocketStream,
        sink: trio.SocketStream,
        sees: Callable[[bytes], Verdict],
        swallows: Callable[[], bool],
    ) -> None:
        try:
            async for received in source:
                await self._open.wait()
                piece = bytes(received)
                verdict = SWALLOW if swallows() else sees(piece)
                if verdict.name:
                    self.counts[verdict.name] += 1
                await self._send(sink, piece if verdict.passed is None else piece[: verdict.passed])
                if verdict.is_cut:
                    line.reset()
            await sink.send_eof()
        except (trio.BrokenResourceError, trio.ClosedResourceError, OSError):
            line.reset()

    async def _send(self, sink: trio.SocketStream, piece: bytes) -> None:
        toxics = self.toxics
        size = toxics.slice_bytes or max(len(piece), 1)
        for start in range(0, len(piece), size):
            part = piece[start : start + size]
            delay = toxics.latency_seconds + self._chance.random() * toxics.jitter_seconds
            if toxics.bytes_per_second:
                delay += len(part) / toxics.bytes_per_second
            if delay:
                self.counts["delayed"] += 1
                await trio.sleep(delay)
            if toxics.slice_bytes:
                self.counts["sliced"] += 1
            await sink.send_all(part)


class _Line:
    """Both ends of one connection."""

    def __init__(self, client: trio.SocketStream, server: trio.SocketStream) -> None:
        self.scope: trio.CancelScope | None = None
        self._client = client
        self._server = server

    def reset(self) -> None:
        """RST to both; what they had not read is lost."""
        _reset(self._client)
        _reset(self._server)
        if self.scope is not None:
            self.scope.cancel()


def _pass(_piece: bytes) -> Verdict:
    return PASS


def _reset(stream: trio.SocketStream) -> None:
    try:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except (OSError, trio.ClosedResourceError):
        return
    stream.socket.close()


class CutAfterBytes:
    """Cuts the line when so many bytes of the client have gone through."""

    def __init__(self, count: int) -> None:
        self._left = count

    def sees_request(self, piece: bytes) -> Verdict:
        if len(piece) < self._left:
            self._left -= len(piece)
            return PASS
        return Verdict(self._left, is_cut=True, name="cut")

    def sees_answer(self, _piece: bytes) -> Verdict:
        return PASS


class CutAtPattern:
    """Cuts the line when a piece of the client holds the pattern; that piece goes through."""

    def __init__(self, pattern: bytes) -> None:
        self._pattern = pattern

    def sees_request(self, piece: bytes) -> Verdict:
        return Verdict(None, is_cut=True, name="cut") if self._pattern in piece else PASS

    def sees_answer(self, _piece: bytes) -> Verdict:
        return PASS


@asynccontextmanager
async def fault_proxy(host: str, port: int, seed: int, *, at: str = "127.0.0.1") -> AsyncIterator[FaultProxy]:
    """A proxy to `host:port` on a free port of the address `at`, until the block is left."""
    (listener,) = await trio.open_tcp_listeners(0, host=at)
    proxy = FaultProxy(listener.socket.getsockname()[1], (host, port), seed)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, proxy.serve, [listener])
        yield proxy
        nursery.cancel_scope.cancel()
