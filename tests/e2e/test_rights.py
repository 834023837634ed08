"""Rights that end while somebody is connected, and a server that stops in good order."""

import pytest
import trio

from nvserver.testing.realtime_client import ConnectionLost, ConnectRefused, Event, open_realtime
from tests.e2e.teams import Team, found_team
from tests.edge.http.client import Client
from tests.support.server import ServerProcess

PATIENCE_SECONDS = 60


@pytest.fixture
async def team(server: ServerProcess) -> Team:
    return await found_team(server, "text", bob="member")


def members_path(team: Team, name: str) -> str:
    return f"/api/workspaces/{team.workspace_id}/members/{team[name].user['id']}"


async def test_who_is_demoted_can_change_nothing_from_then_on(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            seq = (await bob.edit(["1"], bob.opened["seq"]))["seq"]
            reply = await team["ada"]("PUT", members_path(team, "bob"), {"role": "viewer"})
            assert reply.status == 200
            refused = (await bob.edit(["2", {"d": 1}], seq))["error"]
            assert refused["code"] == "FORBIDDEN"
            lost = {"noteId": team.note_id, "baseSeq": seq, "op": ["2", {"d": 1}], "text": "2"}
            assert refused["details"] == lost, "who loses a right keeps what he wrote"
            assert (await bob.change_of("member.updated"))["seq"] == seq + 1
            seen = (await ada.edit(["3"], seq))["seq"]
            while (await bob.edits())[-1]["seq"] != seen:
                continue
            assert (await team.note())["content"] == "31text"


async def test_who_is_removed_hears_nothing_from_then_on(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            seq = ada.opened["seq"]
            assert (await team["ada"]("DELETE", members_path(team, "bob"))).status == 204
            assert (await bob.change_of("member.removed"))["member"] == {"userId": team["bob"].user["id"]}
            bob.connection.take_kept()
            await ada.edit(["secret"], seq + 1)
            await ada.change("note:create", note={"title": "secret"})
            for name in ("collaboration:edit", "note:open", "workspace:join", "presence:update"):
                payload = {"noteId": team.note_id, "baseSeq": seq, "op": ["x"], "status": "away", **bob.numbered()}
                error = (await bob.call(name, **payload))["error"]
                assert error["code"] == "WORKSPACE_NOT_FOUND", name
                assert (error["details"] or {}).get("text") == ("x" if name == "collaboration:edit" else None)
            events = [received for received in bob.connection.take_kept() if isinstance(received, Event)]
            assert events == [], "answers came in the order of what is told, so nothing can be on its way"
            assert (await team.note())["content"] == "secrettext"
            assert (await team["bob"]("GET", team.note_path)).code == "NOTE_NOT_FOUND"


async def test_a_deleted_workspace_is_gone_for_those_in_it(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("bob") as bob:
            assert (await team["ada"]("DELETE", f"/api/workspaces/{team.workspace_id}")).status == 204
            await bob.change_of("workspace.deleted")
            assert (await bob.edit(["x"], bob.opened["seq"]))["error"]["code"] == "WORKSPACE_NOT_FOUND"
            assert (await bob.call("workspace:join"))["error"]["code"] == "WORKSPACE_NOT_FOUND"


async def test_signing_out_closes_the_sockets_of_that_sign_in(team: Team) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        email = team["bob"].user["email"]
        login = {"email": email, "password": "a long and rare one", "delivery": "body"}
        other = Client(team.server.port, (await Client(team.server.port).post("/api/auth/login", login))["accessToken"])
        assert other.token is not None
        async with team.connect("bob") as bob, open_realtime(team.server.url, other.token) as kept:
            assert (await team["bob"]("POST", "/api/auth/logout")).status == 204
            assert await bob.connection.event("auth:revoked") == {}
            assert (await bob.connection.wait_closed()).code == 1008
            assert "error" not in await kept.call("workspace:join", {"workspaceId": team.workspace_id})
        token = team["bob"].token
        assert token is not None
        with pytest.raises(ConnectRefused) as refused:
            async with open_realtime(team.server.url, token):
                pass
        assert refused.value.code == "UNAUTHENTICATED"


async def test_a_server_told_to_stop_flushes_tells_its_clients_and_ends_well(own_server: ServerProcess) -> None:
    """What was sent just before is either acknowledged and kept, or neither."""
    team = await found_team(own_server, "text", bob="member")
    with trio.fail_after(2 * PATIENCE_SECONDS):
        async with team.connect("ada") as ada, team.connect("bob") as bob:
            await ada.edit(["1"], ada.opened["seq"])
            async with trio.open_nursery() as nursery:
                codes: list[int] = []

                async def stop() -> None:
                    codes.append(await trio.to_thread.run_sync(own_server.stop))

                nursery.start_soon(stop)
                for desk in (ada, bob):
                    told = await desk.connection.event("server:draining")
                    assert told["reconnectInMs"] >= 0
                    assert (await desk.connection.wait_closed()).code == 1001
            assert codes == [0]
        with pytest.raises(ConnectionLost):
            async with team.connect("ada"):
                pass
        await trio.to_thread.run_sync(own_server.start)
        assert (await team.note())["content"] == "1text"
        async with team.connect("bob", bob.client_id) as back:
            assert back.client_id == bob.client_id
            assert "error" not in await back.edit(["2"], back.opened["seq"])
