"""RESP2, the protocol of Redis, as far as the bus speaks it. Sans-IO.

Own code, because the bus is on the way of every edit through a foreign node: a client library behind the bridge to
asyncio costs several times what is here (`docs/adr/0040`)."""

from typing import Final, TypeAlias

Reply: TypeAlias = "bytes | int | None | ReplyError | list[Reply]"

_MAX_LINE: Final = 65_536


class ReplyError(Exception):
    """An error that Redis answered."""


class NotRedis(ValueError):
    """What came is no RESP2."""


def command(*words: bytes) -> bytes:
    """A command on the wire."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        parts += (b"$%d\r\n" % len(word), word, b"\r\n")
    return b"".join(parts)


class _Incomplete(Exception):
    pass


class Replies:
    """Bytes in, replies out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> list[Reply]:
        """The replies that are complete now. Raises `NotRedis`."""
        self._buffer += data
        replies: list[Reply] = []
        at = 0
        try:
            while at < len(self._buffer):
                reply, at = self._parse(at)
                replies.append(reply)
        except _Incomplete:
            pass
        del self._buffer[:at]
        return replies

    def _parse(self, at: int) -> tuple[Reply, int]:
        end = self._buffer.find(b"\r\n", at)
        if end < 0:
            if len(self._buffer) - at > _MAX_LINE:
                raise NotRedis("a line without an end")
            raise _Incomplete
        kind, line = self._buffer[at], bytes(self._buffer[at + 1 : end])
        at = end + 2
        match kind:
            case 0x24:  # $
                return self._bulk(_number(line), at)
            case 0x3A:  # :
                return _number(line), at
            case 0x2A:  # *
                items: list[Reply] = []
                for _ in range(_number(line)):
                    item, at = self._parse(at)
                    items.append(item)
                return items, at
            case 0x2B:  # +
                return line, at
            case 0x2D:  # -
                return ReplyError(line.decode(errors="replace")), at
        raise NotRedis(f"a reply begins with byte {kind}")

    def _bulk(self, length: int, at: int) -> tuple[bytes | None, int]:
        if length < 0:
            return None, at
        if len(self._buffer) < at + length + 2:
            raise _Incomplete
        return bytes(self._buffer[at : at + length]), at + length + 2


def _number(line: bytes) -> int:
    try:
        return int(line)
    except ValueError:
        raise NotRedis("a number that is none") from None
