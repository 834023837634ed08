"""The client's side of a WebSocket on a plain socket, as lean as can be: the driver must cost less than the server."""

import socket
import time
from collections import deque
from collections.abc import Callable

RECEIVE_BYTES = 262_144
SETUP_SECONDS = 60.0

# A real mask: some servers leave the unmasking out for a mask of zeros.
_MASK = b"\x37\xfa\x21\x3d"
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x1, 0x2, 0x8, 0x9, 0xA


class LinkClosed(Exception):
    """The server ended the connection."""


class LinkBlocked(Exception):
    """The server does not read: what was to be sent does not fit into the socket's buffer."""


class Link:
    """One WebSocket. Blocking until `go_live`, then for an epoll loop: read by bytes or by messages when readable."""

    __slots__ = ("_message", "_messages", "_unread", "received_bytes", "sock")

    def __init__(self, port: int, path: str) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=SETUP_SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received_bytes = 0
        self._message = b""
        self._messages: deque[bytes] = deque()
        self._unread = b""
        self._shake_hands(port, path)

    def go_live(self) -> None:
        """From now on nothing blocks."""
        self.sock.setblocking(False)

    def close(self) -> None:
        self.sock.close()

    def send_text(self, payload: bytes) -> None:
        """One message of text."""
        self._send(_TEXT, payload)

    def send_binary(self, payload: bytes) -> None:
        """One message of bytes."""
        self._send(_BINARY, payload)

    def send_pong(self) -> None:
        """The answer to an empty ping."""
        self._send(_PONG, b"")

    def read_bytes(self) -> bytes:
        """What has come, frames and all. Empty if nothing has. Raises LinkClosed."""
        try:
            data = self.sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return b""
        except ConnectionError:
            raise LinkClosed from None
        if not data:
            raise LinkClosed
        self.received_bytes += len(data)
        return data

    def read_messages(self) -> list[bytes]:
        """The whole messages that have come. Raises LinkClosed."""
        self._unread += self.read_bytes()
        return self._take_messages()

    def wait(self, is_wanted: Callable[[bytes], bool]) -> bytes:
        """The first message that is wanted; those before it are dropped, those behind it too at `go_live`."""
        while True:
            while self._messages:
                if is_wanted(message := self._messages.popleft()):
                    return message
            self._unread += self.read_bytes()
            self._messages += self._take_messages()

    def _take_messages(self) -> list[bytes]:
        data = self._unread
        messages: list[bytes] = []
        at, end = 0, len(data)
        while end - at >= 2:
            first, length, start = data[at], data[at + 1], at + 2
            if length == 126:
                start += 2
                if start > end:
                    break
                length = int.from_bytes(data[at + 2 : start], "big")
            elif length == 127:
                start += 8
                if start > end:
                    break
                length = int.from_bytes(data[at + 2 : start], "big")
            if start + length > end:
                break
            at = start + length
            self._take_frame(first, data[start:at], messages)
        self._unread = data[at:]
        return messages

    def _take_frame(self, first: int, payload: bytes, messages: list[bytes]) -> None:
        opcode = first & 0x0F
        if opcode <= _BINARY:
            if first & 0x80:
                messages.append(self._message + payload if self._message else payload)
                self._message = b""
            else:
                self._message += payload
        elif opcode == _PING:
            self._send(_PONG, payload)
        elif opcode == _CLOSE:
            raise LinkClosed(payload[2:].decode("utf-8", "replace"))

    def _send(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        elif size < 65_536:
            head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
        mask = (_MASK * (size // 4 + 1))[:size]
        masked = int.from_bytes(payload, "little") ^ int.from_bytes(mask, "little")
        frame = head + _MASK + masked.to_bytes(size, "little")
        try:
            if self.sock.gettimeout() is None or self.sock.gettimeout():
                self.sock.sendall(frame)
            elif self.sock.send(frame) < len(frame):
                raise LinkBlocked
        except BlockingIOError:
            raise LinkBlocked from None
        except ConnectionError:
            raise LinkClosed from None

    def _shake_hands(self, port: int, path: str) -> None:
        self.sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.read_bytes()
        head, _, self._unread = answer.partition(b"\r\n\r\n")
        self._messages += self._take_messages()
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise LinkClosed(head.decode("latin-1"))


def wait_for_port(port: int) -> None:
    """Return when something accepts connections there. Raises TimeoutError."""
    gives_up_at = time.monotonic() + SETUP_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > gives_up_at:
                raise TimeoutError(f"nothing listens on port {port}") from None
            time.sleep(0.05)
        else:
            return
