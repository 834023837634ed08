"""Reading from many sockets at the price of few: one task and one epoll for all, none for each connection.

An idle connection costs its own state and nothing else. Measured: a task for each that waits in trio and reads costs
some 9 kB of memory, and two calls of `epoll_ctl` and a task switch for each message.
"""

import selectors
import socket
from typing import Any, Final, Protocol, cast

import structlog
import trio

from nvserver.edge.pace import Pace

log = structlog.get_logger()

_STREAMS_A_STEP: Final = 256


class ReadStream(Protocol):
    """A connection. None of these may block; what `readable` raises ends it alone."""

    is_open: bool

    def readable(self) -> None:
        """Something has come, or the end."""
        ...

    def close(self, reason: str) -> None: ...

    def closed(self) -> None:
        """It was closed, from wherever; called once, in a turn of its own. Must not raise."""
        ...


class _Bell:
    """Wakes the readers up when nothing has come: a stream among the others that they can write to themselves."""

    is_open = True

    def __init__(self) -> None:
        self.near, self._far = socket.socketpair()
        self._is_ringing = False
        for end in (self.near, self._far):
            end.setblocking(False)

    def ring(self) -> None:
        if not self._is_ringing:
            self._is_ringing = True
            self._far.send(b"!")

    def readable(self) -> None:
        self._is_ringing = False
        self.near.recv(1)

    def close(self, _reason: str) -> None:
        self.near.close()
        self._far.close()

    def closed(self) -> None:
        pass


class Readers:
    """One for the node. Run it before the first connection and until after the last."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._selector = selectors.DefaultSelector()
        self._paused: set[ReadStream] = set()
        self._again: dict[ReadStream, None] = {}
        self._bell = _Bell()
        self._is_waiting = False
        self._token: trio.lowlevel.TrioToken | None = None
        self.add(self._bell.near, self._bell)

    def add(self, sock: socket.socket, stream: ReadStream) -> None:
        """Tell the stream from now on when its socket is readable."""
        self._paused.discard(stream)
        self._selector.register(sock, selectors.EVENT_READ, stream)

    def pause(self, sock: socket.socket, stream: ReadStream) -> None:
        """Tell it nothing until it is added again."""
        self._selector.unregister(sock)
        self._paused.add(stream)

    def read_again(self, stream: ReadStream) -> None:
        """Tell the stream in the next round, whether or not something has come to it."""
        self._again[stream] = None
        if self._is_waiting:
            self._bell.ring()

    def remove(self, sock: socket.socket, stream: ReadStream) -> None:
        """Before the socket is closed; `closed` follows."""
        self._again.pop(stream, None)
        if stream in self._paused:
            self._paused.discard(stream)
        else:
            self._selector.unregister(sock)
        self.tell_closed(stream)

    def tell_closed(self, stream: ReadStream) -> None:
        """Call `closed` in a turn of its own."""
        if self._token is None:
            stream.closed()
        else:
            self._token.run_sync_soon(stream.closed)

    async def run(self) -> None:
        """Serve until cancelled; then what is still open is closed."""
        self._token = trio.lowlevel.current_trio_token()
        has_rested = False
        try:
            while True:
                if not has_rested:
                    await self._wait()
                has_rested = await self._pace.wait()
                await self._read_round()
        finally:
            self._token = None
            for stream in [*self._paused, *[key.data for key in self._selector.get_map().values()]]:
                stream.close("the server stopped")
            self._selector.close()

    async def _wait(self) -> None:
        """Until there is something to read."""
        if self._again:
            await trio.lowlevel.checkpoint()
            return
        self._is_waiting = True
        try:
            await trio.lowlevel.wait_readable(cast("Any", self._selector).fileno())
        finally:
            self._is_waiting = False

    async def _read_round(self) -> None:
        again, self._again = self._again, {}
        streams = [*again, *[key.data for key, _ in self._selector.select(0) if key.data not in again]]
        if streams:
            self._pace.begin()
        for count, stream in enumerate(streams, 1):
            if stream.is_open:  # one before it may have closed it
                _read(stream)
            if count % _STREAMS_A_STEP == 0:
                await trio.lowlevel.checkpoint()


def _read(stream: ReadStream) -> None:
    try:
        stream.readable()
    except Exception:
        log.exception("connection failed")
        stream.close("connection failed")
