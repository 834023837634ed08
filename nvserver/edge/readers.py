"""Reading from many sockets at the price of few: one task and one epoll for all, none for each connection.

An idle connection costs its own state and nothing else. Measured: a task for each that waits in trio and reads costs
some 9 kB of memory, and two calls of `epoll_ctl` and a task switch for each message.
"""

import selectors
import socket
from collections.abc import Iterable
from typing import Any, Final, Protocol, cast

import structlog
import trio

from nvserver.edge.pace import Pace

log = structlog.get_logger()

_STREAMS_A_STEP: Final = 256


class ReadStream(Protocol):
    """A connection. None of these may block; what `readable` raises ends it alone."""

    is_open: bool
    is_in_rounds: bool
    """Whether it is read in rounds (`pace.py`), else as soon as something comes."""

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
    is_in_rounds = False

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


class _Epoll:
    """Streams by their sockets, and which of them have something to read."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self.add = self._selector.register
        self.remove = self._selector.unregister
        self.close = self._selector.close

    @property
    def fd(self) -> int:
        return int(cast("Any", self._selector).fileno())

    @property
    def streams(self) -> list[ReadStream]:
        return [key.data for key in self._selector.get_map().values() if key.data is not None]

    def ready(self) -> list[ReadStream | None]:
        return [key.data for key, _ in self._selector.select(0)]


class Readers:
    """One for the node. Run it before the first connection and until after the last.

    A second epoll holds the streams that are read in rounds. Unless the node rests it is one of the first one's
    descriptors, the one without a stream."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._prompt, self._in_rounds = _Epoll(), _Epoll()
        self._rest_ends_at: float | None = None
        self._paused: set[ReadStream] = set()
        self._again: dict[ReadStream, None] = {}
        self._bell = _Bell()
        self._is_waiting = False
        self._token: trio.lowlevel.TrioToken | None = None
        self.add(self._bell.near, self._bell)
        self._prompt.add(self._in_rounds.fd, selectors.EVENT_READ)

    def add(self, sock: socket.socket, stream: ReadStream) -> None:
        """Tell the stream from now on when its socket is readable."""
        self._paused.discard(stream)
        self._epoll_of(stream).add(sock, selectors.EVENT_READ, stream)

    def pause(self, sock: socket.socket, stream: ReadStream) -> None:
        """Tell it nothing until it is added again."""
        self._epoll_of(stream).remove(sock)
        self._paused.add(stream)

    def read_again(self, stream: ReadStream) -> None:
        """Tell the stream once more, soon, whether or not something has come to it."""
        self._again[stream] = None
        if self._is_waiting:
            self._bell.ring()

    def remove(self, sock: socket.socket, stream: ReadStream) -> None:
        """Before the socket is closed; `closed` follows."""
        self._again.pop(stream, None)
        if stream in self._paused:
            self._paused.discard(stream)
        else:
            self._epoll_of(stream).remove(sock)
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
        try:
            while True:
                await self._wait()
                again, self._again = self._again, {}
                ready = self._prompt.ready()
                await _read_all([*again, *[stream for stream in ready if stream not in again]])
                if None in ready or (self._rest_ends_at is not None and trio.current_time() >= self._rest_ends_at):
                    await self._read_round()
        finally:
            self._token = None
            for stream in [*self._paused, *self._prompt.streams, *self._in_rounds.streams]:
                stream.close("the server stopped")
            self._in_rounds.close()
            self._prompt.close()

    def _epoll_of(self, stream: ReadStream) -> _Epoll:
        return self._in_rounds if stream.is_in_rounds else self._prompt

    async def _wait(self) -> None:
        """Until there is something to read, or the rest is over."""
        if self._again:
            await trio.lowlevel.checkpoint()
            return
        self._is_waiting = True
        try:
            if self._rest_ends_at is None:
                await trio.lowlevel.wait_readable(self._prompt.fd)
            else:
                with trio.move_on_at(self._rest_ends_at):
                    await trio.lowlevel.wait_readable(self._prompt.fd)
        finally:
            self._is_waiting = False

    async def _read_round(self) -> None:
        """Under load a rest follows each round; one in which nothing came ends that."""
        streams, now = self._in_rounds.ready(), trio.current_time()
        rest = self._pace.begin(now) if streams else 0.0
        if rest and self._rest_ends_at is None:
            self._prompt.remove(self._in_rounds.fd)
        elif not rest and self._rest_ends_at is not None:
            self._prompt.add(self._in_rounds.fd, selectors.EVENT_READ)
        self._rest_ends_at = now + rest if rest else None
        await _read_all(streams)


async def _read_all(streams: Iterable[ReadStream | None]) -> None:
    for count, stream in enumerate(streams, 1):
        if stream is not None and stream.is_open:  # one before it may have closed it
            _read(stream)
        if count % _STREAMS_A_STEP == 0:
            await trio.lowlevel.checkpoint()


def _read(stream: ReadStream) -> None:
    try:
        stream.readable()
    except Exception:
        log.exception("connection failed")
        stream.close("connection failed")
