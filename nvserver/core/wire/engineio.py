"""Engine.IO protocol 4: its packets as text, and which a client may send when. No I/O.

Over WebSocket a text message is one packet and a binary message is the data of a message packet. Over HTTP long-polling
a body holds packets separated by U+001E, binary ones as `b` and base64.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import msgspec

from nvserver.core.wire.protocol_error import ProtocolError
from nvserver.core.wire.websocket import TOO_BIG

PROTOCOL_VERSION: Final = "4"
SEPARATOR: Final = "\x1e"


class PacketType(Enum):
    """The value is the packet's first character."""

    OPEN = "0"
    CLOSE = "1"
    PING = "2"
    PONG = "3"
    MESSAGE = "4"
    UPGRADE = "5"
    NOOP = "6"


_TYPES: Final = {kind.value: kind for kind in PacketType}


@dataclass(frozen=True, slots=True)
class Packet:
    """`data` is bytes in a binary message alone."""

    type: PacketType
    data: str | bytes = ""


class State(Enum):
    """Of a session as its server sees it, per transport."""

    OPEN = auto()
    EXPECTS_PROBE = auto()
    EXPECTS_UPGRADE = auto()
    CLOSED = auto()


_TRANSITIONS: Final[dict[State, dict[PacketType, State]]] = {
    State.OPEN: {
        PacketType.PONG: State.OPEN,
        PacketType.MESSAGE: State.OPEN,
        PacketType.CLOSE: State.CLOSED,
    },
    State.EXPECTS_PROBE: {PacketType.PING: State.EXPECTS_UPGRADE, PacketType.CLOSE: State.CLOSED},
    State.EXPECTS_UPGRADE: {PacketType.UPGRADE: State.OPEN, PacketType.CLOSE: State.CLOSED},
    State.CLOSED: {},
}


def next_state(state: State, received: PacketType) -> State:
    """The state after a packet of the client. Raises ProtocolError where it may not come."""
    try:
        return _TRANSITIONS[state][received]
    except KeyError:
        raise ProtocolError(f"Engine.IO {received.name} may not come in state {state.name}") from None


class Handshake(msgspec.Struct, frozen=True, rename="camel"):
    """The data of the OPEN packet. `ping_interval` and `ping_timeout` are milliseconds, `max_payload` bytes."""

    sid: str
    upgrades: tuple[str, ...]
    ping_interval: int
    ping_timeout: int
    max_payload: int


def encode_handshake(handshake: Handshake) -> bytes:
    """The OPEN packet."""
    return b"0" + msgspec.json.encode(handshake)


def decode_packet(text: str) -> Packet:
    """One packet from a text message. Raises ProtocolError."""
    kind = _TYPES.get(text[:1])
    if kind is None:
        raise ProtocolError("unknown Engine.IO packet")
    return Packet(kind, text[1:])


def encode_packet(packet: Packet) -> str:
    """As in a long-polling body, or, unless binary, a text message."""
    if isinstance(packet.data, bytes):
        return "b" + base64.b64encode(packet.data).decode()
    return packet.type.value + packet.data


def encode_payload(packets: Iterable[Packet]) -> str:
    """Several packets as one long-polling body."""
    return SEPARATOR.join(map(encode_packet, packets))


def decode_payload(body: str, max_packets: int) -> list[Packet]:
    """The packets of a long-polling body. Raises ProtocolError, also for more than `max_packets`."""
    parts = body.split(SEPARATOR, max_packets)
    if len(parts) > max_packets:
        raise ProtocolError(f"more than {max_packets} packets in one body", TOO_BIG)
    return [_decode_binary(part) if part[:1] == "b" else decode_packet(part) for part in parts]


def _decode_binary(part: str) -> Packet:
    try:
        return Packet(PacketType.MESSAGE, base64.b64decode(part[1:], validate=True))
    except ValueError:
        raise ProtocolError("binary packet is not base64") from None
