"""ShareDB's JSON protocol, operations of `ot-text-unicode`."""

from typing import Any

import msgspec

from bench.clients.dialect import Key, NoteRef, first_text
from bench.core.link import Link

_TYPE = "http://sharejs.org/types/text-unicode"


class ShareDBMember:
    """`version` is that of the newest operation it has processed, the base of its next edit."""

    __slots__ = ("_id", "_number", "_source", "_version", "link")

    def __init__(self, link: Link, note: NoteRef, source: str, version: int) -> None:
        self.link = link
        self._id = note.note
        self._source = source
        self._version = version
        self._number = 0

    def edit(self, position: int, is_jump: bool, characters: int, /) -> Key:
        self._number += 1
        self.link.send_text(
            (
                f'{{"a":"op","c":"notes","d":"{self._id}","v":{self._version},"seq":{self._number},"x":{{}},'
                f'"op":[{position},"{"x" * characters}"]}}'
            ).encode()
        )
        return self._source, self._number

    def read(self, message: bytes) -> list[Key]:
        told = msgspec.json.decode(message)
        if "error" in told:
            raise RuntimeError(message.decode())
        if told.get("a") != "op":
            return []
        self._version = told["v"] + 1
        return [(told["src"], told["seq"])]


class ShareDB:
    """Documents of one collection."""

    marker = b'"a":"op"'
    ping = b"\x89\x00"
    is_one_in_flight = True

    def __init__(self) -> None:
        self._created = 0

    def create_notes(self, port: int, workspaces: int, notes: int, characters: int) -> list[NoteRef]:
        link, _ = _connect(port)
        made = []
        for number in range(1, notes + 1):
            self._created += 1
            note = NoteRef("", f"note-{self._created}", characters)
            content = {"type": _TYPE, "data": first_text(characters)}
            _ask(link, {"a": "op", "c": "notes", "d": note.note, "v": 0, "seq": number, "x": {}, "create": content})
            made.append(note)
        link.close()
        return made

    def open(self, port: int, note: NoteRef) -> ShareDBMember:
        link, source = _connect(port)
        answer = _ask(link, {"a": "s", "c": "notes", "d": note.note})
        return ShareDBMember(link, note, source, answer["data"]["v"])

    def answer_ping(self, link: Link) -> None:
        link.send_pong()

    def count_in(self, message: bytes) -> int:
        return message.count(self.marker)

    def count_edits(self, port: int, note: NoteRef) -> int | None:
        link, _ = _connect(port)
        content = _ask(link, {"a": "f", "c": "notes", "d": note.note})["data"].get("data")
        link.close()
        return len(content) - note.characters if content is not None else 0


def _connect(port: int) -> tuple[Link, str]:
    link = Link(port, "/")
    answer = _ask(link, {"a": "hs", "id": None, "protocol": 1, "protocolMinor": 2})
    return link, answer["id"]


def _ask(link: Link, message: dict[str, Any]) -> Any:
    link.send_text(msgspec.json.encode(message))
    while True:
        answer = msgspec.json.decode(link.wait(lambda _: True))
        if answer.get("error"):
            raise RuntimeError(f"{message['a']}: {answer['error']}")
        if answer["a"] == message["a"]:
            return answer
