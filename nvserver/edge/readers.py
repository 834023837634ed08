"""Reading from many sockets at the price of few: one task and one epoll for all, none for each connection.

An idle connection costs its own state and nothing else. Measured: a task for each that waits in trio and reads costs
some 9 kB of memory, and two calls of `epoll_ctl` and a task switch for each message.
"""

import selectors
import socket
from typing import Any, Final, Protocol, cast

import structlog
import trio

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


class Readers:
    """One for the node. Run it before the first connection and until after the last."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._paused: set[ReadStream] = set()
        self._token: trio.lowlevel.TrioToken | None = None

    def add(self, sock: socket.socket, stream: ReadStream) -> None:
        """Tell the stream from now on when its socket is readable."""
        self._paused.discard(stream)
        self._selector.register(sock, selectors.EVENT_READ, stream)

    def pause(self, sock: socket.socket, stream: ReadStream) -> None:
        """Tell it nothing until it is added again."""
        self._selector.unregister(sock)
        self._paused.add(stream)

    def remove(self, sock: socket.socket, stream: ReadStream) -> None:
        """Before the socket is closed; `closed` follows."""
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
        try:
            while True:
                await trio.lowlevel.wait_readable(cast("Any", self._selector).fileno())
                for count, (key, _) in enumerate(self._selector.select(0), 1):
                    stream: ReadStream = key.data
                    if stream.is_open:  # one before it may have closed it
                        _read(stream)
                    if count % _STREAMS_A_STEP == 0:
                        await trio.lowlevel.checkpoint()
        finally:
            self._token = None
            for stream in [*self._paused, *[key.data for key in self._selector.get_map().values()]]:
                stream.close("the server stopped")
            self._selector.close()


def _read(stream: ReadStream) -> None:
    try:
        stream.readable()
    except Exception:
        log.exception("connection failed")
        stream.close("connection failed")
