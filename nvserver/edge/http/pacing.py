"""Bodies that are read as they arrive: never faster than they are used, never slower than is fair."""

from collections.abc import AsyncIterator
from typing import Any, Final

import trio
from quart import Request
from quart_trio.asgi import TrioASGIHTTPConnection
from quart_trio.wrappers import TrioRequest
from quart_trio.wrappers.request import TrioBody

from nvserver.errors import PayloadTooLarge, RequestTimeout

ROOM_BYTES: Final = 131_072
"""What a body may hold that nobody has read yet; beyond it the sender has to wait."""


class BoundedBody(TrioBody):
    """Quart's own takes in whatever comes, so that a quick sender would fill the memory."""

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        super().__init__(expected_content_length, max_content_length)
        self._room = trio.Event()
        self._is_wanted = True

    def append(self, data: bytes) -> None:
        """Keep what came, as long as somebody may read it."""
        if self._is_wanted:
            super().append(data)

    def discard(self) -> None:
        """Nobody will read it any more: what is there goes, and nothing more is kept or waited for."""
        self._is_wanted = False
        self._data.clear()
        self._room.set()

    async def __anext__(self) -> bytes:
        data = await super().__anext__()
        self._room.set()
        return data

    async def wait_room(self) -> None:
        """Until what came before was read, as far as it takes."""
        while len(self._data) >= ROOM_BYTES:
            self._room = trio.Event()
            await self._room.wait()


class BoundedRequest(TrioRequest):
    """With such a body."""

    body_class = BoundedBody


class BoundedConnection(TrioASGIHTTPConnection):
    """Waits for room in the body before it takes more of it from the server."""

    async def handle_messages(  # type: ignore[override]
        self, nursery: trio.Nursery, request: Request, receive: Any
    ) -> None:
        """Until the caller leaves."""
        body = request.body
        assert isinstance(body, BoundedBody)
        while (message := await receive())["type"] != "http.disconnect":
            if message["type"] == "http.request":
                await body.wait_room()
                body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    body.set_complete()
        nursery.cancel_scope.cancel()

    async def handle_request(  # type: ignore[override]
        self, nursery: trio.Nursery, request: Request, send: Any
    ) -> None:
        """With the answer the body is over: a caller who still sends is read, so that the answer can reach him."""
        body = request.body
        assert isinstance(body, BoundedBody)

        async def answer(message: Any) -> None:
            body.discard()
            await send(message)

        await super().handle_request(nursery, request, answer)


class Paced:
    """A body with a limit to its size and a least speed: after `grace_seconds` it must on the whole have come at
    `bytes_per_second`."""

    def __init__(
        self, chunks: AsyncIterator[bytes], max_bytes: int, grace_seconds: float, bytes_per_second: float
    ) -> None:
        self._chunks = chunks
        self._max_bytes = max_bytes
        self._deadline = trio.current_time() + grace_seconds
        self._bytes_per_second = bytes_per_second
        self._received = 0

    def __aiter__(self) -> "Paced":
        return self

    async def __anext__(self) -> bytes:
        chunk: bytes | None = None
        with trio.move_on_at(self._deadline + self._received / self._bytes_per_second):
            chunk = await anext(self._chunks)
        if chunk is None:
            raise RequestTimeout
        self._received += len(chunk)
        if self._received > self._max_bytes:
            raise PayloadTooLarge
        return chunk
