"""What people in one workspace see of each other: notes made and thrown away, presence, cursors."""

import json
from typing import Any

import pytest
import trio

from nvserver.testing.realtime_client import Event, RealtimeConnection
from tests.e2e.teams import Desk, Team, found_team
from tests.support.server import ServerProcess

PATIENCE_SECONDS = 60
TEXT = "a 😀 b"


@pytest.fixture
async def team(server: ServerProcess) -> Team:
    return await found_team(server, TEXT, bob="member")


class Roster:
    """Who one connection believes to be here: the answer to its join, and every presence update since."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._present = {presence["clientId"]: presence for presence in desk.joined["presence"]}

    async def wait_for(self, *client_ids: str, status: str = "online") -> None:
        """Until these are here, the last of them with that status."""
        while set(self._present) != set(client_ids) or self._present[client_ids[-1]]["status"] != status:
            update = await self._desk.connection.event("presence:update")
            for presence in (*update["joins"], *update["updates"]):
                self._present[presence["clientId"]] = presence
            for presence in update["leaves"]:
                del self._present[presence["clientId"]]

    def users(self) -> list[str]:
        return sorted(presence["userId"] for presence in self._present.values())


async def next_cursor(desk: Desk, client_id: str) -> Any:
    while True:
        payload = await desk.connection.event("collaboration:cursor")
        for cursor in payload["cursors"]:
            if cursor["clientId"] == client_id:
                return cursor


async def test_notes_are_made_changed_thrown_away_and_brought_back_for_all(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            seq = bob.joined["seq"]
            made = await ada.change("note:create", note={"title": "Plan 😀", "content": "x\ny", "tags": ["a"]})
            note = made["note"]
            assert made["seq"] == seq + 1
            assert (note["title"], note["content"], note["tags"]) == ("Plan 😀", "x\ny", ["a"])
            told = await bob.change_of("note.created")
            assert (told["seq"], told["userId"], told["clientId"]) == (seq + 1, team["ada"].user["id"], ada.client_id)
            assert told["note"]["id"] == told["noteId"] == note["id"]
            assert told["note"]["excerpt"] == "x\ny"

            fields = {"title": "Plan B", "position": {"x": 1.5, "y": -2}, "color": "#ff0000"}
            tags = {"add": ["b"], "remove": ["a"]}
            changed = await ada.change("note:update", noteId=note["id"], set=fields, tags=tags)
            assert changed == {"seq": seq + 2}
            for desk in (ada, bob):
                told = await desk.change_of("note.updated")
                assert (told["seq"], told["noteId"], told["set"], told["tags"]) == (seq + 2, note["id"], fields, tags)
            kept = (await team["bob"].get(f"/api/notes/{note['id']}"))["note"]
            assert (kept["title"], kept["position"], kept["color"], kept["tags"]) == (*fields.values(), ["b"])

            assert await ada.change("note:delete", noteId=note["id"]) == {"seq": seq + 3}
            assert (await bob.change_of("note.deleted"))["seq"] == seq + 3
            assert (await team["ada"]("GET", f"/api/notes/{note['id']}")).code == "NOTE_NOT_FOUND"
            assert (await bob.call("note:open", noteId=note["id"]))["error"]["code"] == "NOTE_NOT_FOUND"
            assert await ada.change("note:restore", noteId=note["id"]) == {"seq": seq + 4}
            assert (await bob.change_of("note.restored"))["seq"] == seq + 4
            assert (await bob.call("note:open", noteId=note["id"]))["content"] == "x\ny"

            assert await ada.change("note:delete", noteId=note["id"]) == {"seq": seq + 5}
            path = f"/api/workspaces/{team.workspace_id}/trash/{note['id']}"
            assert (await team["ada"]("DELETE", path)).status == 204
            told = await bob.change_of("note.purged")
            assert (told["seq"], told["noteId"], told["userId"]) == (seq + 6, note["id"], team["ada"].user["id"])
            refused = await ada.change("note:restore", noteId=note["id"])
            assert refused["error"]["code"] == "NOTE_NOT_FOUND"


async def test_who_has_a_note_closed_hears_of_its_edits_by_excerpt(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            await bob.call("note:close", noteId=team.note_id)
            edited = await ada.edit(["> "], ada.opened["seq"])
            told = await bob.change_of("note.edited")
            assert (told["seq"], told["noteId"], told["excerpt"]) == (edited["seq"], team.note_id, f"> {TEXT}")
            names = [received.name for received in bob.connection.take_kept() if isinstance(received, Event)]
            assert "collaboration:edit" not in names


async def test_an_acknowledgement_overtakes_nothing(team: Team) -> None:
    """The author's own edit comes back before its acknowledgement, in its place in the order."""
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada:
            base = ada.opened["seq"]
            for number in range(20):
                ack = await ada.edit(["x"], base + number)
                (edit,) = await kept_edits(ada.connection)
                assert (edit["seq"], edit["clientSeq"]) == (ack["seq"], number + 1) == (base + number + 1, number + 1)


async def kept_edits(connection: RealtimeConnection) -> list[Any]:
    """The edits that came already."""
    return [
        edit
        for received in connection.take_kept()
        if isinstance(received, Event) and received.name == "collaboration:edit"
        for edit in received.payload["edits"]
    ]


async def test_closing_one_of_two_tabs_keeps_the_person(team: Team) -> None:
    ada_id, bob_id = (team[name].user["id"] for name in ("ada", "bob"))
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("bob") as bob:
            roster = Roster(bob)
            async with team.connect("ada") as first:
                await roster.wait_for(bob.client_id, first.client_id)
                async with team.connect("ada") as second:
                    assert first.client_id != second.client_id
                    await roster.wait_for(bob.client_id, first.client_id, second.client_id)
                    assert roster.users() == sorted([ada_id, ada_id, bob_id])
                    assert await second.call("presence:update", status="busy") == {}
                    await roster.wait_for(bob.client_id, first.client_id, second.client_id, status="busy")
                await roster.wait_for(bob.client_id, first.client_id)
                assert roster.users() == sorted([ada_id, bob_id])
            await roster.wait_for(bob.client_id)
            members = await team["ada"].get(f"/api/workspaces/{team.workspace_id}/members")
            assert {member["userId"]: member["online"] for member in members["items"]} == {ada_id: False, bob_id: True}


async def test_selections_move_under_the_edits(team: Team) -> None:
    """Told with the seq it was taken at, a selection arrives where its words are now; so does one in an open note."""
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            base = ada.opened["seq"]
            await ada.edit(["😀😀"], base)
            cursor = {"noteId": team.note_id, "selection": [[2, 3]], "baseSeq": base}
            await bob.connection.emit("collaboration:cursor", {"workspaceId": team.workspace_id, **cursor})
            told = await next_cursor(ada, bob.client_id)
            assert (told["selection"], told["noteId"], told["userName"]) == ([[4, 5]], team.note_id, "Bob")
            await ada.edit(["!"], base + 1)
            opened = await ada.call("note:open", noteId=team.note_id)
            (kept,) = (cursor for cursor in opened["cursors"] if cursor["clientId"] == bob.client_id)
            assert kept["selection"] == [[5, 6]]


async def test_texts_of_every_plane_come_through_unchanged(team: Team) -> None:
    """Combining marks, families of emoji, and what JSON escapes; positions count code points."""
    text = 'e\u0301👩‍👩‍👧🏳️‍🌈𝒳\u2028\u2029\ufeff"\\\t\n\u007f\u200d'
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            base = ada.opened["seq"]
            await ada.edit([3, text], base)
            assert (await bob.edits())[0]["op"] == [3, text]
            await bob.edit([3 + len(text), {"d": 1}, "|"], base + 1)
            expected = f"{TEXT[:3]}{text}|{TEXT[4:]}"
            assert (await team.note())["content"] == expected
            assert (await ada.call("note:open", noteId=team.note_id))["content"] == expected


async def test_an_unknown_field_is_passed_over(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada:
            number = ada.numbered()
            edit = {"noteId": team.note_id, "baseSeq": ada.opened["seq"], "op": ["x"], "__proto__": {"role": "owner"}}
            assert json.dumps(edit)
            assert "error" not in await ada.call("collaboration:edit", **edit, **number)
