"""A client that was away: it catches up with what it missed, keeps its id, and sends again without harm."""

import pytest
import trio

from nvserver.testing.realtime_client import open_realtime
from tests.e2e.teams import Team, found_team
from tests.support.server import ServerProcess

PATIENCE_SECONDS = 60
TEXT = "a 😀 b"


@pytest.fixture
async def team(server: ServerProcess) -> Team:
    return await found_team(server, TEXT, bob="member")


async def test_who_comes_back_catches_up_with_what_was_missed(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("bob") as bob:
            async with team.connect("ada") as ada:
                since, client_id = ada.joined["seq"], ada.client_id
            await bob.edit(["1"], since)
            await bob.edit([1, "2"], since + 1)
            made = await bob.change("note:create", note={"title": "Missed"})
            await bob.edit([2, "3"], since + 3)
        token = team["ada"].token
        assert token is not None
        async with open_realtime(team.server.url, token, client_id) as connection:
            place = {"workspaceId": team.workspace_id, "since": since}
            joined = await connection.call("workspace:join", place)
            assert joined["clientId"] == client_id
            assert joined["seq"] == since + 4
            assert "notes" not in joined
            assert [(change["seq"], change["kind"]) for change in joined["catchUp"]] == [
                (since + 3, "note.created"),
                (since + 4, "note.edited"),
            ]
            assert joined["catchUp"][0]["noteId"] == made["note"]["id"]
            opened = await connection.call("note:open", {**place, "noteId": team.note_id})
            assert "content" not in opened
            assert [(edit["seq"], edit["op"]) for edit in opened["edits"]] == [
                (since + 1, ["1"]),
                (since + 2, [1, "2"]),
                (since + 4, [2, "3"]),
            ]
            current = await connection.call("workspace:join", {**place, "since": since + 4})
            assert current["catchUp"] == []


async def test_a_client_id_of_another_person_is_not_kept(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob", ada.client_id) as bob:
            assert bob.client_id != ada.client_id


async def test_a_resend_is_answered_with_the_first_result(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            base = ada.opened["seq"]
            edit = {"noteId": team.note_id, "baseSeq": base, "op": ["x"], **ada.numbered()}
            first = await ada.call("collaboration:edit", **edit)
            await bob.edit(["y"], base)
            again = await ada.call("collaboration:edit", **edit)
            assert again == {**first, "duplicate": True}
            other = await ada.call("collaboration:edit", **{**edit, "op": ["z"]})
            assert other["error"]["code"] == "CONFLICT"
            rebased = await ada.call("collaboration:edit", **{**edit, "baseSeq": base + 1})
            assert rebased["error"]["code"] == "CONFLICT"
            assert (await team.note())["content"] == f"xy{TEXT}"
            note = {"note": {"title": "Once"}, **ada.numbered()}
            made = await ada.call("note:create", **note)
            assert await ada.call("note:create", **note) == {**made, "duplicate": True}
            assert await team.seq() == base + 3


async def test_a_resend_after_a_reconnect_is_answered_with_the_first_result(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada:
            edit = {"noteId": team.note_id, "baseSeq": ada.opened["seq"], "op": ["x"], **ada.numbered()}
            first = await ada.call("collaboration:edit", **edit)
        async with team.connect("ada", ada.client_id) as back:
            assert await back.call("collaboration:edit", **edit) == {**first, "duplicate": True}


async def test_a_second_edit_in_flight_is_refused(team: Team) -> None:
    """Made on a text without the client's own first edit, it would land in the wrong place."""
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada:
            edits = [
                {"workspaceId": team.workspace_id, "noteId": team.note_id, "baseSeq": ada.opened["seq"], "op": [text]}
                for text in ("1", "2")
            ]
            numbers = [await ada.connection.ask("collaboration:edit", {**edit, **ada.numbered()}) for edit in edits]
            first, second = [await ada.connection.answer(number) for number in numbers]
            assert first["seq"] == ada.opened["seq"] + 1
            assert second["error"]["code"] == "CONFLICT"
            assert (await team.note())["content"] == f"1{TEXT}"
