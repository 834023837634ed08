"""People who share a workspace on a running server, made by REST."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from nvserver.testing.realtime_client import RealtimeConnection, open_realtime
from tests.edge.http.client import Client
from tests.support.server import ServerProcess

PASSWORD = "a long and rare one"


@dataclass(frozen=True, slots=True)
class Team:
    """`people` by name, each signed in."""

    server: ServerProcess
    people: Mapping[str, Client]
    workspace_id: str
    note_id: str

    def __getitem__(self, name: str) -> Client:
        return self.people[name]

    @property
    def note_path(self) -> str:
        return f"/api/notes/{self.note_id}"

    async def note(self) -> Any:
        """The note as REST tells it to its owner."""
        return (await self["ada"].get(self.note_path))["note"]

    async def seq(self) -> int:
        """The workspace's newest seq, as REST tells it."""
        workspace = await self["ada"].get(f"/api/workspaces/{self.workspace_id}")
        return int(workspace["workspace"]["seq"])

    async def add_note(self, title: str, content: str = "") -> str:
        """The id of a note more."""
        made = await self["ada"].post(
            f"/api/workspaces/{self.workspace_id}/notes", {"title": title, "content": content}
        )
        return str(made["note"]["id"])

    @asynccontextmanager
    async def connect(self, name: str, client_id: str | None = None) -> AsyncIterator["Desk"]:
        """One person's connection, joined, with the note open."""
        token = self[name].token
        assert token is not None
        async with open_realtime(self.server.url, token, client_id) as connection:
            joined = await connection.call("workspace:join", {"workspaceId": self.workspace_id})
            assert "error" not in joined, joined
            desk = Desk(connection, self.workspace_id, self.note_id, joined)
            desk.opened = await desk.call("note:open", noteId=self.note_id)
            assert "error" not in desk.opened, desk.opened
            yield desk


class Desk:
    """A connection at work in one workspace: fills in what every event has to say."""

    def __init__(self, connection: RealtimeConnection, workspace_id: str, note_id: str, joined: Any) -> None:
        self.connection = connection
        self.workspace_id = workspace_id
        self.note_id = note_id
        self.joined = joined
        self.opened: Any = None
        self.client_id: str = joined["clientId"]
        self.next_number = 1

    async def call(self, name: str, **payload: object) -> Any:
        """The acknowledgement."""
        return await self.connection.call(name, {"workspaceId": self.workspace_id, **payload})

    async def change(self, name: str, **payload: object) -> Any:
        """The acknowledgement of a numbered event with the next number."""
        return await self.call(name, **self.numbered(), **payload)

    async def edit(self, op: list[Any], base_seq: int) -> Any:
        """The acknowledgement of an edit of the note."""
        return await self.change("collaboration:edit", noteId=self.note_id, baseSeq=base_seq, op=op)

    def numbered(self) -> dict[str, object]:
        """The client's id and its next number."""
        number, self.next_number = self.next_number, self.next_number + 1
        return {"clientId": self.client_id, "clientSeq": number}

    async def edits(self) -> list[Any]:
        """The edits of the note in the next event that carries some."""
        payload = await self.connection.event("collaboration:edit")
        assert payload["workspaceId"] == self.workspace_id
        assert payload["noteId"] == self.note_id
        edits: list[Any] = payload["edits"]
        return edits

    async def change_of(self, kind: str) -> Any:
        """The next change of that kind; what other changes tell is passed over."""
        while True:
            payload = await self.connection.event("workspace:update")
            for change in payload["changes"]:
                if change["kind"] == kind:
                    return change


async def register(server: ServerProcess, name: str) -> Client:
    """A new account, signed in."""
    nobody = Client(server.port, host=server.host)
    body = {"email": f"{name}-{uuid4()}@notes.test", "password": PASSWORD, "displayName": name.title()}
    answer = await nobody.post("/api/auth/register", {**body, "delivery": "body"})
    return Client(server.port, answer["accessToken"], answer["user"], server.host)


async def found_team(server: ServerProcess, content: str = "", **roles: str) -> Team:
    """Ada owns a workspace with one note of that content; further people by their roles (`bob="member"`)."""
    ada = await register(server, "ada")
    workspace = (await ada.post("/api/workspaces", {"name": "Shared"}))["workspace"]
    people = {"ada": ada}
    for name, role in roles.items():
        people[name] = await register(server, name)
        if role != "stranger":
            member = {"userId": people[name].user["id"], "role": role}
            await ada.post(f"/api/workspaces/{workspace['id']}/members", member)
    note = await ada.post(f"/api/workspaces/{workspace['id']}/notes", {"title": "First", "content": content})
    return Team(server, people, workspace["id"], note["note"]["id"])
