"""The plain relays: Socket.IO rooms, the same payload as NoteVault's, no transformation, nothing kept."""

import secrets

import msgspec

from bench.clients import engineio
from bench.clients.dialect import Key, NoteRef
from bench.core.link import Link

_EDIT = b'42["collaboration:edit",'
_WORKSPACE = "00000000-0000-4000-8000-000000000000"


class RelayMember:
    """The relay tells the author by an acknowledgement, the others by the event."""

    __slots__ = ("_client_id", "_note", "_number", "link")

    def __init__(self, link: Link, note: NoteRef) -> None:
        self.link = link
        self._note = note.note
        self._client_id = secrets.token_hex(16)
        self._number = 0

    def edit(self, position: int, is_jump: bool, _characters: int, /) -> Key:
        self._number += 1
        self.link.send_text(
            (
                f'42{self._number}["collaboration:edit",{{"workspaceId":"{_WORKSPACE}","noteId":"{self._note}",'
                f'"baseSeq":{self._number},"op":[{position},"x"],"clientId":"{self._client_id}",'
                f'"clientSeq":{self._number}}}]'
            ).encode()
        )
        return self._client_id, self._number

    def read(self, message: bytes) -> list[Key]:
        if message.startswith(_EDIT):
            edit = msgspec.json.decode(message[2:])[1]
            return [(edit["clientId"], edit["clientSeq"])]
        if message.startswith(b"43"):
            return [(self._client_id, int(message[2 : message.index(b"[")]))]
        if message == b"2":
            engineio.answer_ping(self.link)
        return []


class Relay:
    """Rooms make themselves."""

    marker = b'"clientSeq":'
    ping = engineio.PING
    is_one_in_flight = False

    def create_notes(self, port: int, workspaces: int, notes: int, characters: int) -> list[NoteRef]:
        return [NoteRef("", f"00000000-0000-4000-8000-{i:012}", characters) for i in range(notes)]

    def open(self, port: int, note: NoteRef) -> RelayMember:
        link = engineio.connect(port)
        engineio.call(link, 0, "join", note.note)
        return RelayMember(link, note)

    answer_ping = staticmethod(engineio.answer_ping)

    def count_in(self, message: bytes) -> int:
        return message.count(self.marker)

    def count_edits(self, port: int, note: NoteRef) -> int | None:
        return None
