"""A plain HTTP/1.1 client for tests, on h11: one request a connection, or several on one."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import h11
import trio


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names in lower case. `cookies`: every `Set-Cookie`."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Sequence[str] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of an error."""
        return str(self.json["error"]["code"])


class Connection:
    """One connection to the server."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self._protocol = h11.Connection(h11.CLIENT)

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        if self._protocol.our_state is not h11.IDLE:
            self._protocol.start_next_cycle()
        all_headers = {"Host": "notes.test", "Content-Length": str(len(body)), **headers}
        request = h11.Request(method=method, target=path, headers=list(all_headers.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            await self.stream.send_all(self._protocol.send(event) or b"")
        return await self.reply()

    async def reply(self) -> Reply:
        """The answer to the request that was sent."""
        head: h11.Response | None = None
        body = bytearray()
        while True:
            event = self._protocol.next_event()
            if event is h11.NEED_DATA:
                self._protocol.receive_data(await self.stream.receive_some())
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                headers = {name.decode(): value.decode() for name, value in head.headers}
                cookies = [value.decode() for name, value in head.headers if name == b"set-cookie"]
                return Reply(head.status_code, headers, bytes(body), cookies)


@dataclass(frozen=True, slots=True)
class Client:
    """Calls a server as one person (or nobody: no token)."""

    port: int
    token: str | None = None
    user: Mapping[str, Any] = field(default_factory=dict)
    host: str = "127.0.0.1"

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        with trio.fail_after(60):
            stream = await trio.open_tcp_stream(self.host, self.port)
        async with stream:
            yield Connection(stream)

    async def __call__(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """`body` as bytes goes out as it is, anything else as JSON."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        raw = b""
        if body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        with trio.fail_after(60):
            async with self.connect() as connection:
                return await connection.request(method, path, sent, raw)

    async def get(self, path: str) -> Any:
        """The body of a good answer."""
        reply = await self("GET", path)
        assert reply.status == 200, reply.body
        return reply.json

    async def put(self, path: str, body: object) -> Any:
        """The body of a good answer."""
        reply = await self("PUT", path, body)
        assert reply.status == 200, reply.body
        return reply.json

    async def post(self, path: str, body: object) -> Any:
        """The body of a good answer."""
        reply = await self("POST", path, body)
        assert reply.status in (200, 201), reply.body
        return reply.json
