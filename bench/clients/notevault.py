"""NoteVault: Socket.IO, `collaboration:edit`. An author's edit coming back is its acknowledgement."""

import secrets
from typing import Any

import msgspec

from bench.clients import engineio
from bench.clients.dialect import Key, NoteRef, first_text
from bench.clients.http import request
from bench.core.link import Link

_EDIT = b'42["collaboration:edit",'


class NoteVaultMember:
    """`seq` is the newest it has processed, the base of its next edit."""

    __slots__ = ("_client_id", "_number", "_place", "_seq", "link")

    def __init__(self, link: Link, note: NoteRef, client_id: str, seq: int) -> None:
        self.link = link
        self._place = (note.workspace, note.note, client_id)
        self._client_id = client_id
        self._seq = seq
        self._number = 0

    def edit(self, position: int, is_jump: bool, characters: int, /) -> Key:
        self._number += 1
        place = self._place
        self.link.send_text(
            (
                f'42["collaboration:edit",{{"workspaceId":"{place[0]}","noteId":"{place[1]}","baseSeq":{self._seq},'
                f'"op":[{position},"{"x" * characters}"],"clientId":"{place[2]}","clientSeq":{self._number}}}]'
            ).encode()
        )
        return self._client_id, self._number

    def read(self, message: bytes) -> list[Key]:
        if not message.startswith(_EDIT):
            if message == b"2":
                engineio.answer_ping(self.link)
            elif message.startswith(b'42["error"'):
                raise RuntimeError(message.decode())
            return []
        edits = msgspec.json.decode(message[2:])[1]["edits"]
        self._seq = edits[-1]["seq"]
        return [(edit["clientId"], edit["clientSeq"]) for edit in edits]


class NoteVault:
    """One account, which owns all workspaces; every connection is one more device of it."""

    marker = b'"clientSeq":'
    ping = engineio.PING
    is_one_in_flight = True

    def __init__(self) -> None:
        self._email = f"bench-{secrets.token_hex(6)}@example.com"
        self._password = secrets.token_urlsafe(18)
        self._is_registered = False

    def create_notes(self, port: int, workspaces: int, notes: int, characters: int) -> list[NoteRef]:
        account = {"email": self._email, "password": self._password, "displayName": "Bench", "delivery": "body"}
        if not self._is_registered:
            request(port, "POST", "/api/auth/register", account)
            self._is_registered = True
        token = self.token(port)
        homes = [
            request(port, "POST", "/api/workspaces", {"name": f"W{i}"}, token)["workspace"]["id"]
            for i in range(workspaces)
        ]
        text = first_text(characters)
        made = []
        for i in range(notes):
            home = homes[i % workspaces]
            note = {"title": f"N{i}", "content": text}
            made.append(
                NoteRef(
                    home,
                    request(port, "POST", f"/api/workspaces/{home}/notes", note, token)["note"]["id"],
                    characters,
                )
            )
        return made

    def open(self, port: int, note: NoteRef) -> NoteVaultMember:
        return self.open_with(port, note, self.token(port))

    def open_with(self, port: int, note: NoteRef, token: str) -> NoteVaultMember:
        """As `open`, with a token one has."""
        link = engineio.connect(port, {"token": token})
        joined: Any = engineio.call(link, 1, "workspace:join", {"workspaceId": note.workspace})
        place = {"workspaceId": note.workspace, "noteId": note.note}
        opened: Any = engineio.call(link, 2, "note:open", place)
        return NoteVaultMember(link, note, joined["clientId"], opened["seq"])

    def token(self, port: int) -> str:
        """A new access token."""
        return str(self._login(port)["accessToken"])

    def _login(self, port: int) -> Any:
        account = {"email": self._email, "password": self._password, "delivery": "body"}
        return request(port, "POST", "/api/auth/login", account)

    answer_ping = staticmethod(engineio.answer_ping)

    def count_in(self, message: bytes) -> int:
        return message.count(self.marker)

    def count_edits(self, port: int, note: NoteRef) -> int | None:
        answer = request(port, "GET", f"/api/notes/{note.note}", None, self.token(port))
        return len(answer["note"]["content"]) - note.characters
