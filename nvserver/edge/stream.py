"""Writing to many sockets at the price of few: whole frames, once per turn, without a task for each connection.

A connection queues frames and calls `flush_soon`. One `Flusher` for the node writes, once per turn of the event
loop, what all connections queued meanwhile, each with one non-blocking send. Only a socket that would block gets a
task, which waits for it under a deadline.
"""

import contextlib
import errno
import socket
import struct
from typing import Final, Protocol

import structlog
import trio

from nvserver.actors.boundary import contained
from nvserver.edge.readers import Readers

log = structlog.get_logger()

_RECEIVE_BYTES: Final = 65_536
_BATCH_BYTES: Final = 65_536
_STREAMS_A_STEP: Final = 256
_RESET: Final = struct.pack("ii", 1, 0)
_received: Final = memoryview(bytearray(_RECEIVE_BYTES))
"""Into here all read: `recv` would ask for 64 KiB of fresh memory each time and give all but a few bytes back."""


def _receive(sock: socket.socket) -> bytes:
    return bytes(_received[: sock.recv_into(_received)])


class FrameSource(Protocol):
    """Where a stream gets what it writes."""

    queued_bytes: int
    """Size of what waits."""

    def take(self, max_bytes: int) -> bytes:
        """The oldest whole frames, joined, at least one and about `max_bytes`; b"" when there are none."""
        ...


class StreamReader(Protocol):
    """Who reads a stream without a task of its own. May not block."""

    def readable(self) -> None:
        """There is something for `read_nowait`, or the end."""
        ...

    def closed(self, reason: str) -> None:
        """The stream was closed by either side; called once, after all else. Must not raise."""
        ...


class BufferedStream:
    """A socket that is written by the node's flusher and read by a task (`receive_some`) or, after `read_by`, when the
    node's readers tell.

    What it holds unsent is at most one batch; everything else waits in `source`, which bounds it.
    """

    __slots__ = (
        "_flusher",
        "_is_paused",
        "_is_waiting",
        "_prefix",
        "_reader",
        "_readers",
        "_sock",
        "_unsent",
        "_when_flushed",
        "batches",
        "close_reason",
        "is_in_rounds",
        "is_open",
        "source",
    )

    def __init__(self, sock: socket.socket, source: FrameSource, flusher: "Flusher", prefix: bytes = b"") -> None:
        """`sock` is non-blocking and from now on the stream's own; `prefix` was read from it already."""
        self._sock = sock
        self.source = source
        self._flusher = flusher
        self._prefix = prefix
        self._unsent: bytes | memoryview = b""
        self.batches = 0
        """How many batches were begun: tells the flusher that the peer reads."""
        self._is_waiting = False
        self._when_flushed: trio.Event | None = None
        self._reader: StreamReader | None = None
        self._readers: Readers | None = None
        self._is_paused = False
        self.is_in_rounds = False
        self.is_open = True
        self.close_reason: str | None = None
        """Why this side closed it; None when the peer did."""

    async def receive_some(self) -> bytes:
        """What has arrived; b"" when the peer will send no more, or the stream was closed by either side."""
        if self._prefix:
            data, self._prefix = self._prefix, b""
            await trio.lowlevel.checkpoint()
            return data
        while True:
            try:
                await trio.lowlevel.wait_readable(self._sock)
                return _receive(self._sock)
            except BlockingIOError:
                continue
            except (OSError, trio.ClosedResourceError):
                return b""

    def read_by(self, readers: Readers, reader: StreamReader) -> None:
        """From now on `reader` is told when there is something to read, and of the end."""
        self._reader, self._readers = reader, readers
        if self.is_open:
            readers.add(self._sock, self)
        else:
            readers.tell_closed(self)

    @property
    def has_prefix(self) -> bool:
        """Whether something was read before that nobody has taken."""
        return bool(self._prefix)

    def read_nowait(self) -> bytes | None:
        """What has arrived; None when nothing has, b"" when the peer will send no more."""
        if self._prefix:
            data, self._prefix = self._prefix, b""
            return data
        try:
            return _receive(self._sock)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def pause(self) -> None:
        """Read nothing more until `resume`, or until what is queued by then is written."""
        if self.is_open and not self._is_paused and self._readers is not None:
            self._is_paused = True
            self._readers.pause(self._sock, self)

    def pause_until_flushed(self) -> None:
        """Read nothing more until everything queued is written, and then again."""
        if self._is_waiting:
            self.pause()
        else:
            self.read_again()

    def resume(self) -> None:
        """After a pause: the reader is told once more, whether or not something has come."""
        if self._is_paused and self.is_open and self._readers is not None:
            self._is_paused = False
            self._readers.add(self._sock, self)
            self._readers.read_again(self)

    def read_in_rounds(self, is_in_rounds: bool) -> None:
        """Whether it is read in rounds from now on, together with others, or as soon as something comes."""
        if is_in_rounds == self.is_in_rounds or not self.is_open or self._readers is None:
            return
        if self._is_paused:
            self.is_in_rounds = is_in_rounds
            return
        self._readers.pause(self._sock, self)
        self.is_in_rounds = is_in_rounds
        self._readers.add(self._sock, self)

    def read_again(self) -> None:
        """Tell the reader once more, soon, whether or not something has come."""
        if self.is_open and self._readers is not None:
            self._readers.read_again(self)

    def flush_soon(self) -> None:
        """Have what is in the source written at the end of this turn."""
        if not self._is_waiting:
            self._is_waiting = True
            self._flusher.add(self)

    def flush_nowait(self) -> bool:
        """Write what the socket takes. False when it would block."""
        while self.is_open:
            data = self._unsent
            if not data:
                data = self.source.take(_BATCH_BYTES)
                if not data:
                    return True
                self.batches += 1
            try:
                sent = self._sock.send(data)
            except BlockingIOError:
                self._unsent = data
                return False
            except OSError as error:
                self.close("peer is gone" if error.errno in (errno.EPIPE, errno.ECONNRESET) else "write failed")
                return True
            if sent < len(data):
                self._unsent = memoryview(data)[sent:]
                continue
            self._unsent = b""
            if not self.source.queued_bytes:
                return True
        return True

    async def wait_flushed(self) -> None:
        """Until everything queued is written, or the stream is closed."""
        if self._is_waiting and self.is_open:
            self._when_flushed = self._when_flushed or trio.Event()
            await self._when_flushed.wait()
        else:
            await trio.lowlevel.checkpoint()

    def send_eof(self) -> None:
        """Tell the peer that no more will come."""
        if self.is_open:
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_WR)

    def abort(self, reason: str) -> None:
        """Close with a reset, for a peer that does not read: in good order the kernel would keep for minutes what it
        has yet to take, megabytes a connection, and no limit of ours would count that."""
        if self.is_open:
            with contextlib.suppress(OSError):
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.close(reason)

    def close(self, reason: str) -> None:
        """Close the socket at once; the reader gets the end of the stream. What was not written is lost."""
        if self.is_open:
            self.is_open = False
            self.close_reason = reason
            self._unsent = b""
            if self._readers is not None:
                self._readers.remove(self._sock, self)
            trio.lowlevel.notify_closing(self._sock)
            self._sock.close()
            self._tell_flushed()

    # --- for the readers -----------------------------------------------------------------------------------------

    def readable(self) -> None:
        """Something has come."""
        if self._reader is not None:
            self._reader.readable()

    def closed(self) -> None:
        """The reader may let go."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.closed(self.close_reason or "")

    # --- for the flusher -----------------------------------------------------------------------------------------

    def flushed(self) -> None:
        """All is written: the next `flush_soon` asks the flusher again."""
        self._is_waiting = False
        if self._is_paused:
            self.resume()
        if self._when_flushed is not None:
            self._tell_flushed()

    async def wait_writable(self) -> None:
        """Until the socket takes something or is closed."""
        try:
            await trio.lowlevel.wait_writable(self._sock)
        except trio.ClosedResourceError:
            return

    def _tell_flushed(self) -> None:
        if self._when_flushed is not None:
            self._when_flushed.set()
            self._when_flushed = None


class Flusher:
    """One for the node. Run it before the first connection and until after the last."""

    def __init__(self, write_timeout_seconds: float) -> None:
        """`write_timeout_seconds`: how long a peer may take for one batch of 64 KiB before its connection is closed."""
        self._write_timeout_seconds = write_timeout_seconds
        self._dirty: list[BufferedStream] = []
        self._wake = trio.Event()

    def add(self, stream: BufferedStream) -> None:
        """Called by a stream that became dirty."""
        if not self._dirty:
            self._wake.set()
        self._dirty.append(stream)

    async def run(self) -> None:
        """Serve until cancelled."""
        async with trio.open_nursery() as nursery:
            while True:
                await self._wake.wait()
                dirty, self._dirty, self._wake = self._dirty, [], trio.Event()
                for count, stream in enumerate(dirty, 1):
                    if self._flush(stream):
                        stream.flushed()
                    else:
                        nursery.start_soon(contained, self._push, stream)
                    if count % _STREAMS_A_STEP == 0:
                        await trio.lowlevel.checkpoint()

    def _flush(self, stream: BufferedStream) -> bool:
        """Write what the socket takes; whether there is nothing left to wait for."""
        try:
            return stream.flush_nowait()
        except Exception:
            log.exception("a connection could not be written")
            stream.close("write failed")
            return True

    async def _push(self, stream: BufferedStream) -> None:
        """Write to a socket that would block, as it takes it."""
        with trio.CancelScope() as scope:
            batches = -1
            while not self._flush(stream):
                if batches != stream.batches:
                    batches = stream.batches
                    scope.deadline = trio.current_time() + self._write_timeout_seconds
                await stream.wait_writable()
        if scope.cancelled_caught:
            stream.abort("peer reads too slowly")
        stream.flushed()
