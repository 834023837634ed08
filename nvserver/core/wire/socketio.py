"""Socket.IO protocol 5: its packets, and which a client may send when. No I/O.

A packet is text, `<type>[<attachments>-][<namespace>,][<ack id>][<JSON>]`, followed by as many binary messages as it
has attachments. The JSON stays text here: whoever knows the event decodes it straight into its own type.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

import msgspec

from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.websocket import TOO_BIG

MAIN_NAMESPACE: Final = "/"
_LARGEST_ID_DIGITS: Final = 15
_PLAIN_EVENT: Final = re.compile(rf"2([0-9]{{0,{_LARGEST_ID_DIGITS}}})(?=\[)")
_MESSAGE: Final = b"4"


class PacketType(Enum):
    """The value is the packet's first character."""

    CONNECT = "0"
    DISCONNECT = "1"
    EVENT = "2"
    ACK = "3"
    CONNECT_ERROR = "4"
    BINARY_EVENT = "5"
    BINARY_ACK = "6"


_TYPES: Final = {kind.value: kind for kind in PacketType}
_BINARY: Final = frozenset({PacketType.BINARY_EVENT, PacketType.BINARY_ACK})
_ACKS: Final = frozenset({PacketType.ACK, PacketType.BINARY_ACK})
_ARRAYS: Final = frozenset({PacketType.EVENT, PacketType.ACK}) | _BINARY


@dataclass(frozen=True, slots=True)
class Packet:
    """`data` is JSON text, "" for none: of an event `["name", …]`, of an acknowledgement `[…]`.

    In `data` an attachment stands as `{"_placeholder": true, "num": n}`; `attachments` holds them in order."""

    type: PacketType
    namespace: str = MAIN_NAMESPACE
    ack_id: int | None = None
    data: str = ""
    attachments: tuple[bytes, ...] = ()


class State(Enum):
    """Of the client's place in the namespace."""

    OUTSIDE = auto()
    CONNECTING = auto()
    CONNECTED = auto()


_TRANSITIONS: Final[dict[State, dict[PacketType, State]]] = {
    State.OUTSIDE: {PacketType.CONNECT: State.CONNECTING},
    State.CONNECTING: {},
    State.CONNECTED: {
        PacketType.EVENT: State.CONNECTED,
        PacketType.ACK: State.CONNECTED,
        PacketType.BINARY_EVENT: State.CONNECTED,
        PacketType.BINARY_ACK: State.CONNECTED,
        PacketType.DISCONNECT: State.OUTSIDE,
    },
}


def next_state(state: State, received: PacketType) -> State:
    """The state after a packet of the client. Raises ProtocolError where it may not come."""
    try:
        return _TRANSITIONS[state][received]
    except KeyError:
        raise ProtocolError(f"Socket.IO {received.name} may not come in state {state.name}") from None


class Decoder:
    """Puts packets together with their attachments, at most `max_attachments` and `max_bytes` of them a packet."""

    __slots__ = ("_attachments", "_expected", "_max_attachments", "_max_bytes", "_pending")

    def __init__(self, max_attachments: int, max_bytes: int) -> None:
        self._max_attachments = max_attachments
        self._max_bytes = max_bytes
        self._pending: Packet | None = None
        self._expected = 0
        self._attachments: list[bytes] = []

    def receive_text(self, text: str) -> Packet | None:
        """The packet in `text`; None when its attachments have yet to come. Raises ProtocolError."""
        if self._pending is not None:
            raise ProtocolError("text came where an attachment was due")
        packet, count = decode_head(text)
        if count > self._max_attachments:
            raise ProtocolError(f"more than {self._max_attachments} attachments", TOO_BIG)
        if count == 0:
            return packet
        self._pending, self._expected, self._attachments = packet, count, []
        return None

    def receive_binary(self, data: bytes) -> Packet | None:
        """The packet that `data` completes, if it does. Raises ProtocolError."""
        if self._pending is None:
            raise ProtocolError("attachment without a packet")
        if len(data) + sum(map(len, self._attachments)) > self._max_bytes:
            raise ProtocolError(f"attachments are larger than {self._max_bytes} bytes", TOO_BIG)
        self._attachments.append(data)
        if len(self._attachments) < self._expected:
            return None
        packet, self._pending = replace(self._pending, attachments=tuple(self._attachments)), None
        self._attachments = []
        return packet


def decode_head(text: str) -> tuple[Packet, int]:
    """The packet in `text` and how many attachments follow it. Raises ProtocolError."""
    if plain := _PLAIN_EVENT.match(text):  # nearly all there are
        return Packet(PacketType.EVENT, MAIN_NAMESPACE, int(plain[1]) if plain[1] else None, text[plain.end() :]), 0
    kind = _TYPES.get(text[:1])
    if kind is None:
        raise ProtocolError("unknown Socket.IO packet")
    at, count, namespace = 1, 0, MAIN_NAMESPACE
    ack_id: int | None = None
    if kind in _BINARY:
        number, at = _read_number(text, at)
        if number is None or text[at : at + 1] != "-":
            raise ProtocolError("binary packet without a count of attachments")
        count, at = number, at + 1
    if text[at : at + 1] == "/":
        end = text.find(",", at)
        end = len(text) if end < 0 else end
        namespace, at = text[at:end], end + 1
    if kind in _ARRAYS:
        ack_id, at = _read_number(text, at)
    data = text[at:]
    if kind in _ARRAYS and data[:1] != "[":
        raise ProtocolError("event or acknowledgement without an array")
    if kind in _ACKS and ack_id is None:
        raise ProtocolError("acknowledgement without an id")
    if kind is PacketType.DISCONNECT and data:
        raise ProtocolError("disconnect packet with data")
    return Packet(kind, namespace, ack_id, data), count


def _read_number(text: str, start: int) -> tuple[int | None, int]:
    """The digits at `start` as a number, None when there are none, and where they end."""
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
        if end - start > _LARGEST_ID_DIGITS:
            raise ProtocolError("number has too many digits")
    return (int(text[start:end]) if end > start else None), end


def encode_packet(packet: Packet) -> str:
    """The text of a packet; its attachments are sent after it, each as a binary message."""
    count = f"{len(packet.attachments)}-" if packet.type in _BINARY else ""
    namespace = "" if packet.namespace == MAIN_NAMESPACE else f"{packet.namespace},"
    ack_id = "" if packet.ack_id is None else str(packet.ack_id)
    return f"{packet.type.value}{count}{namespace}{ack_id}{packet.data}"


# The server's side of the main namespace, as Engine.IO message packets ready for a text frame. ---------------------


def encode_event(name: str, payload: bytes) -> bytes:
    """`payload` is JSON; the name needs no escaping."""
    return b'%b2["%b",%b]' % (_MESSAGE, name.encode(), payload)


def encode_ack(ack_id: int, payload: bytes) -> bytes:
    """`payload` is JSON."""
    return b"%b3%d[%b]" % (_MESSAGE, ack_id, payload)


def number_event(event: bytes, number: str) -> bytes:
    """An encoded event with `number` as its last argument, by which a client that comes back tells what it has."""
    return b'%b,"%b"]' % (event[:-1], number.encode())


def encode_connected(session_id: str, secret: str | None = None) -> bytes:
    """CONNECT, answering the client's. `secret` (the protocol's `pid`) for a client that may be recovered."""
    known_by = {} if secret is None else {"pid": secret}
    return _MESSAGE + b"0" + msgspec.json.encode({"sid": session_id} | known_by)


def encode_refusal(message: str, code: str) -> bytes:
    """CONNECT_ERROR, as a client's `connect_error` gets it: `error.message` and `error.data.code`."""
    return _MESSAGE + b"4" + msgspec.json.encode({"message": message, "data": {"code": code}})


def encode_no_namespace(namespace: str) -> bytes:
    """CONNECT_ERROR for a namespace that there is not, in the words that the protocol's authors use."""
    return f"44{namespace},".encode() + msgspec.json.encode({"message": "Invalid namespace"})


def encode_disconnect() -> bytes:
    """The server puts the client out of the namespace; it will not come back by itself."""
    return _MESSAGE + b"1"
