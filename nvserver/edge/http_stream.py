"""A connection as the HTTP server sees it: it ends where a request begins that is not for that server."""

from collections.abc import Callable
from typing import Final, TypeAlias

import trio

from nvserver.edge.request_head import HEAD_END, BadHead, RequestHead, parse_head
from nvserver.errors import HeadTooLarge, RequestTimeout

Chooser: TypeAlias = Callable[[RequestHead], bool]
"""Whether the request is for the HTTP server."""

_RECEIVE_BYTES: Final = 65_536
_LAST_REQUEST: Final = b"Connection: close\r\n\r\n"


class HttpStream(trio.abc.HalfCloseableStream):
    """Looks at every request head of the connection before the HTTP server gets it.

    At a request that is not for the server it pretends the end of the stream, and keeps the connection open when the
    server then closes it: the request is `handed_over`, and what was read behind it is `unread`. So an upgrade works
    on a connection that was used before. A body that tells its own end (chunked) makes its request the last one of
    the connection, so that bodies need not be parsed here.
    """

    def __init__(
        self, stream: trio.SocketStream, is_for_server: Chooser, *, max_head_bytes: int, head_seconds: float
    ) -> None:
        self._stream = stream
        self._is_for_server = is_for_server
        self._max_head_bytes = max_head_bytes
        self._head_seconds = head_seconds
        self.unread = b""
        self._body_left: int | None = 0
        self._next: RequestHead | None = None
        self.handed_over: RequestHead | None = None
        self.refused: BadHead | None = None
        """A head in the middle of the connection that was bad; the server saw the end of the stream instead."""

    @property
    def socket(self) -> trio.socket.SocketType:
        """The HTTP server reads the addresses of both ends from it."""
        return self._stream.socket

    async def next_head(self, *, is_first: bool = False) -> RequestHead | None:
        """The next request head, kept for the next `receive_some`; None at the end of the stream.

        The deadline runs from the head's first byte, with `is_first` from now. Raises BadHead."""
        data = self.unread
        with trio.CancelScope(deadline=self._head_deadline() if is_first or data else float("inf")) as deadline:
            while (end := data.find(HEAD_END)) < 0:
                if len(data) > self._max_head_bytes:
                    break
                more = await self._stream.receive_some(_RECEIVE_BYTES)
                if not more:
                    return None
                if not data and not is_first:
                    deadline.deadline = self._head_deadline()
                data += more
        if deadline.cancelled_caught:
            raise BadHead("The request head took too long", RequestTimeout)
        if not 0 <= end <= self._max_head_bytes:
            raise BadHead(HeadTooLarge.default_message, HeadTooLarge)
        end += len(HEAD_END)
        self.unread = data[end:]
        self._next = parse_head(data[:end])
        return self._next

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """Bytes of requests for the HTTP server; b"" where they end."""
        if self.handed_over is not None or self.refused is not None:
            return b""
        if self._body_left == 0:
            return await self._receive_head()
        data, self.unread = self.unread, b""
        if not data:
            data = await self._stream.receive_some(max_bytes or _RECEIVE_BYTES)
        if self._body_left is not None:
            data, self.unread = data[: self._body_left], data[self._body_left :]
            self._body_left -= len(data)
        return bytes(data)

    async def _receive_head(self) -> bytes:
        try:
            head = self._next or await self.next_head()
        except BadHead as error:
            self.refused = error
            return b""
        if head is None:
            return b""
        self._next = None
        if not self._is_for_server(head):
            self.handed_over = head
            return b""
        self._body_left = head.body_bytes
        return head.raw if head.body_bytes is not None else head.raw[:-2] + _LAST_REQUEST

    def _head_deadline(self) -> float:
        return trio.current_time() + self._head_seconds

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def send_eof(self) -> None:
        if self._is_servers_own:
            await self._stream.send_eof()

    async def aclose(self) -> None:
        if self._is_servers_own:
            await self._stream.aclose()
        else:
            await trio.lowlevel.checkpoint()

    @property
    def _is_servers_own(self) -> bool:
        return self.handed_over is None and self.refused is None
