"""Yjs: y-protocols' sync messages with hand-made updates (`encodeStateAsUpdate`'s first format), and Hocuspocus's frame
around them.

A run of neighbours is what typing makes: each character names the one before it as its left origin, and as its right
origin the character of the first text before which the run began.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import count

from bench.clients.dialect import Key, NoteRef, first_text
from bench.core.link import Link

_FIRST_CLIENT = 1
"""The Yjs client that wrote the first text."""
_TYPIST_BITS = 0x1ABCDE
"""The low 21 bits of every typist's number, so that its first three bytes in an update are always the same."""
_NUMBER_SHIFT = 21
_STRING, _HAS_LEFT, _HAS_RIGHT = 4, 0x80, 0x40
_SYNC, _STEP_1, _STEP_2, _UPDATE = b"\x00", b"\x00", b"\x01", b"\x02"


def varuint(number: int) -> bytes:
    """lib0's number: seven bits a byte, the lowest first."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(0x80 | number & 0x7F)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def sized(data: bytes) -> bytes:
    """Bytes behind their length."""
    return varuint(len(data)) + data


def read_varuint(data: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place behind it."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


class YjsMember:
    """Types as a Yjs client with a number of its own."""

    __slots__ = ("_anchor", "_client", "_clock", "_encoded_client", "_head", "link")

    def __init__(self, link: Link, head: bytes, client: int) -> None:
        self.link = link
        self._head = head
        self._client = client
        self._encoded_client = varuint(client)
        self._clock = 0
        self._anchor = 0

    def edit(self, position: int, is_jump: bool, _characters: int, /) -> Key:
        me, clock = self._encoded_client, varuint(self._clock)
        if is_jump or not self._clock:
            self._anchor = position
            left = varuint(_FIRST_CLIENT) + varuint(position - 1)
        else:
            left = me + varuint(self._clock - 1)
        right = varuint(_FIRST_CLIENT) + varuint(self._anchor)
        item = bytes((_STRING | _HAS_LEFT | _HAS_RIGHT,)) + left + right + b"\x01x"
        update = b"\x01\x01" + me + clock + item + b"\x00"
        self.link.send_binary(self._head + _SYNC + _UPDATE + sized(update))
        key = (self._client, self._clock)
        self._clock += 1
        return key

    def read(self, message: bytes) -> Sequence[Key]:
        return edits_in(message, len(self._head))


@lru_cache(maxsize=4_096)
def edits_in(message: bytes, head: int) -> Sequence[Key]:
    """The inserted characters of which a message tells, after `head` bytes; everyone gets the same bytes, hence the
    cache. Servers may put several updates into one."""
    if message[head : head + 2] != _SYNC + _UPDATE:
        return ()
    keys: list[Key] = []
    _, at = read_varuint(message, head + 2)
    clients, at = read_varuint(message, at)
    for _ in range(clients):
        structs, at = read_varuint(message, at)
        client, at = read_varuint(message, at)
        clock, at = read_varuint(message, at)
        for _ in range(structs):
            info = message[at]
            at += 1
            for flag in (_HAS_LEFT, _HAS_RIGHT):
                if info & flag:
                    _, at = read_varuint(message, at)
                    _, at = read_varuint(message, at)
            if info & 0x1F != _STRING or not info & (_HAS_LEFT | _HAS_RIGHT):
                raise RuntimeError(f"an update with something else than typing: {info}")
            length, at = read_varuint(message, at)
            at += length
            keys += [(client, clock + index) for index in range(length)]
            clock += length
    return tuple(keys)


class Yjs:
    """y-websocket's protocol: the document is named by the path. Nothing is acknowledged; an author's own update comes
    back, which tells that the server has applied it."""

    marker: bytes | None = b"\x01\x01" + varuint(_TYPIST_BITS | 1 << _NUMBER_SHIFT)[:3]
    ping = b"\x89\x00"
    is_one_in_flight = False

    def __init__(self) -> None:
        self._typists = count(1)
        self._created = count(1)
        self._keepers: list[Link] = []
        """Some servers drop a document that nobody has open."""

    def create_notes(self, port: int, workspaces: int, notes: int, characters: int) -> list[NoteRef]:
        made = [NoteRef("", f"note-{next(self._created)}", characters) for _ in range(notes)]
        text = sized(first_text(characters).encode())
        for note in made:
            link = self._connect(port, note)
            update = b"\x01\x01" + varuint(_FIRST_CLIENT) + b"\x00" + bytes((_STRING,))
            update += b"\x01\x04text" + text + b"\x00"
            link.send_binary(self._head(note) + _SYNC + _UPDATE + sized(update))
            self._sync(link, note)
            self._keepers.append(link)
        return made

    def open(self, port: int, note: NoteRef) -> YjsMember:
        link = self._connect(port, note)
        self._sync(link, note)
        number = next(self._typists)
        return YjsMember(link, self._head(note), _TYPIST_BITS | number << _NUMBER_SHIFT)

    def answer_ping(self, link: Link) -> None:
        link.send_pong()

    def count_in(self, message: bytes) -> int:
        return len(edits_in(message, 0))

    def count_edits(self, port: int, note: NoteRef) -> int | None:
        """The sum of the typists' clocks in the server's state vector."""
        link = self._connect(port, note)
        head = self._head(note) + _SYNC + _STEP_1
        if not self._tells_state_first:
            link.send_binary(head + b"\x01\x00")
        message = link.wait(lambda message: message.startswith(head))
        link.close()
        _, at = read_varuint(message, len(head))
        clients, at = read_varuint(message, at)
        edits = 0
        for _ in range(clients):
            client, at = read_varuint(message, at)
            clock, at = read_varuint(message, at)
            edits += clock if client != _FIRST_CLIENT else 0
        return edits

    _tells_state_first = True

    def _head(self, note: NoteRef) -> bytes:
        return b""

    def _connect(self, port: int, note: NoteRef) -> Link:
        return Link(port, f"/{note.note}")

    def _sync(self, link: Link, note: NoteRef) -> None:
        head = self._head(note)
        link.send_binary(head + _SYNC + _STEP_1 + b"\x01\x00")
        link.wait(lambda message: message.startswith(head + _SYNC + _STEP_2))


class Hocuspocus(Yjs):
    """The document's name before every message, and a token first."""

    marker = None
    _tells_state_first = False

    def count_in(self, message: bytes) -> int:
        return len(edits_in(message, 1 + message[0]))

    def _head(self, note: NoteRef) -> bytes:
        return sized(note.note.encode())

    def _connect(self, port: int, note: NoteRef) -> Link:
        link = Link(port, "/")
        head = self._head(note)
        link.send_binary(head + b"\x02\x00" + sized(b"token") + sized(b"4.7.0"))
        link.wait(lambda message: message.startswith(head + b"\x02\x02"))
        return link
