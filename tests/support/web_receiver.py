"""A plain HTTP server on loopback that keeps what it is sent."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import h11
import trio


@dataclass(frozen=True, slots=True)
class Received:
    """A request; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class WebReceiver:
    """`answers` are the statuses of the next answers, then 200; a redirect leads to itself."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.url = ""
        self._put, self._take = trio.open_memory_channel[Received](1000)

    async def received(self) -> Received:
        """The next request."""
        with trio.fail_after(20):
            return await self._take.receive()

    @property
    def waiting(self) -> int:
        """Requests that came and were not looked at."""
        return self._take.statistics().current_buffer_used

    async def serve(self, stream: trio.SocketStream) -> None:
        """One request of a connection."""
        connection, body = h11.Connection(h11.SERVER), bytearray()
        request: h11.Request | None = None
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await stream.receive_some())
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                break
        if request is None:
            return
        headers = {name.decode(): value.decode() for name, value in request.headers}
        self._put.send_nowait(Received(request.method.decode(), request.target.decode(), headers, bytes(body)))
        status = self.answers.pop(0) if self.answers else 200
        head = h11.Response(status_code=status, headers=[("Content-Length", "0"), ("Location", self.url)])
        await stream.send_all((connection.send(head) or b"") + (connection.send(h11.EndOfMessage()) or b""))


@asynccontextmanager
async def running_web_receiver() -> AsyncIterator[WebReceiver]:
    """Until the block is left."""
    receiver = WebReceiver()
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, receiver.serve, 0, host="127.0.0.1"))
        receiver.url = f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}/hook?x=1"
        yield receiver
        nursery.cancel_scope.cancel()
