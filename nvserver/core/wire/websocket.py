"""WebSocket frames as a server reads and writes them (RFC 6455), without I/O and without extensions."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from nvserver.core.wire.protocol_error import ProtocolError

_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FIN: Final = 0x80
_RESERVED: Final = 0x70
_MASKED: Final = 0x80
_LARGEST_CONTROL_PAYLOAD: Final = 125
_HANDSHAKE_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

NORMAL, GOING_AWAY, PROTOCOL_FAULT, INVALID_TEXT, POLICY_VIOLATION, TOO_BIG, TRY_AGAIN_LATER = (
    *(1000, 1001, 1002, 1007, 1008, 1009),
    1013,
)


@dataclass(frozen=True, slots=True)
class Ping:
    payload: bytes


@dataclass(frozen=True, slots=True)
class Pong:
    payload: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """`code` is None when the peer gave none."""

    code: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a message that has yet to be completed. Told, so that a flood of them, empty ones too, is counted."""


Received: TypeAlias = str | bytes | Fragment | Ping | Pong | Close
"""A whole text message, a whole binary message, a part of one, or a control frame."""

_FRAGMENT: Final = Fragment()


def accept_key(key: bytes) -> bytes:
    """The `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key` (RFC 6455, 4.2.2). Raises ProtocolError."""
    try:
        is_nonce = len(base64.b64decode(key, validate=True)) == 16
    except ValueError:
        is_nonce = False
    if not is_nonce:
        raise ProtocolError("Sec-WebSocket-Key is not 16 bytes in base64")
    return base64.b64encode(hashlib.sha1(key + _HANDSHAKE_GUID, usedforsecurity=False).digest())


def encode_text_frame(payload: bytes) -> bytes:
    """One unmasked, unfragmented frame; `payload` is UTF-8."""
    return _encode_frame(_TEXT, payload)


def encode_binary_frame(payload: bytes) -> bytes:
    """One unmasked, unfragmented frame."""
    return _encode_frame(_BINARY, payload)


def encode_pong_frame(payload: bytes) -> bytes:
    """The answer to a ping, with its payload."""
    return _encode_frame(_PONG, payload)


def encode_close_frame(code: int | None, reason: str = "") -> bytes:
    """`reason` is cut to what a control frame holds."""
    if code is None:
        return _encode_frame(_CLOSE, b"")
    text = reason.encode()[: _LARGEST_CONTROL_PAYLOAD - 2].decode(errors="ignore").encode()
    return _encode_frame(_CLOSE, code.to_bytes(2, "big") + text)


def _encode_frame(opcode: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((_FIN | opcode, length)) + payload
    if length < 1 << 16:
        return bytes((_FIN | opcode, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_FIN | opcode, 127)) + length.to_bytes(8, "big") + payload


class FrameReader:
    """Turns the bytes of a client into messages and control frames.

    A message, fragmented or not, holds at most `max_message_bytes`; that and one read is all that is kept of an
    unfinished one. After an error or a close frame whatever else comes is ignored.
    """

    __slots__ = ("_buffer", "_is_over", "_is_text", "_max_message_bytes", "_message", "_needed_bytes")

    def __init__(self, max_message_bytes: int) -> None:
        self._max_message_bytes = max_message_bytes
        self._buffer = bytearray()
        self._needed_bytes = 0
        self._message: bytearray | None = None
        self._is_text = False
        self._is_over = False

    def feed(self, data: bytes) -> Iterator[Received]:
        """What `data` completes, in order. Raises ProtocolError after what came before the fault."""
        if self._is_over:
            return
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._needed_bytes:
                return
            data = bytes(self._buffer)
            self._buffer.clear()
        start = 0
        while not self._is_over:
            try:
                frame = self._read_frame(data, start)
                if frame is None:
                    self._buffer += data[start:]
                    return
                first, payload, start = frame
                received = self._take(first & 0x0F, first & _FIN != 0, payload)
            except ProtocolError:
                self._is_over = True
                raise
            self._is_over = type(received) is Close
            yield received

    def _read_frame(self, data: bytes, start: int) -> tuple[int, bytes, int] | None:
        """First byte, unmasked payload and end of the frame at `start`; None when it is not all there."""
        available = len(data) - start
        self._needed_bytes = 2
        if available < 2:
            return None
        first, second = data[start], data[start + 1]
        length, header = second & 0x7F, 2
        _check_head(first, second, length)
        if length > _LARGEST_CONTROL_PAYLOAD:
            header = 4 if length == 126 else 10
            self._needed_bytes = header
            if available < header:
                return None
            smallest = 126 if length == 126 else 1 << 16
            length = int.from_bytes(data[start + 2 : start + header], "big")
            if length < smallest or length >> 63:
                raise ProtocolError("frame length is not in its shortest form")
        kept = len(self._message) if self._message is not None and first & 0x0F == _CONTINUATION else 0
        if length + kept > self._max_message_bytes and first & 0x08 == 0:
            raise ProtocolError(f"message is larger than {self._max_message_bytes} bytes", TOO_BIG)
        self._needed_bytes = header + 4 + length
        if available < self._needed_bytes:
            return None
        body = start + header + 4
        end = body + length
        return first, _unmask(data[body:end], data[body - 4 : body]), end

    def _take(self, opcode: int, is_final: bool, payload: bytes) -> Received:
        if opcode == _PING:
            return Ping(payload)
        if opcode == _PONG:
            return Pong(payload)
        if opcode == _CLOSE:
            return _decode_close(payload)
        if (opcode == _CONTINUATION) != (self._message is not None):
            raise ProtocolError("fragment out of its order")
        if self._message is not None:
            self._message += payload
            if not is_final:
                return _FRAGMENT
            payload, self._message = bytes(self._message), None
        elif not is_final:
            self._is_text = opcode == _TEXT
            self._message = bytearray(payload)
            return _FRAGMENT
        else:
            self._is_text = opcode == _TEXT
        return _decode_text(payload) if self._is_text else payload


def _check_head(first: int, second: int, length: int) -> None:
    if first & _RESERVED:
        raise ProtocolError("reserved bit is set; no extension was agreed on")
    if not second & _MASKED:
        raise ProtocolError("frame of a client is not masked")
    opcode = first & 0x0F
    if opcode & 0x08:
        if opcode > _PONG:
            raise ProtocolError("unknown opcode")
        if not first & _FIN or length > _LARGEST_CONTROL_PAYLOAD:
            raise ProtocolError("control frame is fragmented or too long")
    elif opcode > _BINARY:
        raise ProtocolError("unknown opcode")


def _unmask(payload: bytes, mask: bytes) -> bytes:
    length = len(payload)
    repeated = mask * (length // 4) + mask[: length % 4]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")).to_bytes(length, "little")


def _decode_text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise ProtocolError("text is not UTF-8", INVALID_TEXT) from None


def _decode_close(payload: bytes) -> Close:
    if not payload:
        return Close(None, "")
    code = int.from_bytes(payload[:2], "big")
    is_defined = 1000 <= code <= 1014 and code not in (1004, 1005, 1006)
    if len(payload) == 1 or not (is_defined or 3000 <= code <= 4999):
        raise ProtocolError("close code is not one a peer may send")
    return Close(code, _decode_text(payload[2:]))
