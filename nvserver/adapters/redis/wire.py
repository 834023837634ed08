"""One connection to Redis, by trio, for the bus."""

import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import trio

from nvserver.adapters.redis.resp import Replies, Reply, ReplyError, command

_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Redis is and how it is entered."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    is_tls: bool = False


class Wire:
    """Commands out, replies in, in order. Every failure is an OSError, a trio error or a `ReplyError`."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self._replies = Replies()
        self._waiting: deque[Reply] = deque()

    @classmethod
    async def connect(cls, address: Address) -> "Wire":
        """The caller sets the deadline."""
        stream: trio.abc.Stream = await trio.open_tcp_stream(address.host, address.port)
        if address.is_tls:
            context = ssl.create_default_context()
            stream = trio.SSLStream(stream, context, server_hostname=address.host)
        wire = cls(stream)
        if address.password is not None:
            user = () if address.username is None else (address.username.encode(),)
            await wire.send(command(b"AUTH", *user, address.password.encode()))
            wire.check(await wire.next())
        return wire

    @staticmethod
    def check(reply: Reply) -> Reply:
        """The reply, unless it is an error."""
        if isinstance(reply, ReplyError):
            raise reply
        return reply

    async def send(self, data: bytes) -> None:
        await self._stream.send_all(data)

    async def next(self) -> Reply:
        """The next reply. Waits; the caller sets the deadline."""
        while not self._waiting:
            self._waiting.extend(await self._receive())
        return self._waiting.popleft()

    async def some(self) -> Sequence[Reply]:
        """All replies that have come, at least one."""
        if not self._waiting:
            self._waiting.extend(await self._receive())
        replies, self._waiting = self._waiting, deque()
        return replies

    async def _receive(self) -> Sequence[Reply]:
        data = await self._stream.receive_some(_CHUNK)
        if not data:
            raise trio.BrokenResourceError("Redis has closed the connection")
        return self._replies.receive(bytes(data))

    def abort(self) -> None:
        """Close at once, without blocking."""
        stream = self._stream.transport_stream if isinstance(self._stream, trio.SSLStream) else self._stream
        if isinstance(stream, trio.SocketStream):
            stream.socket.close()
