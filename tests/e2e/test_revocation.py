"""Rights that end elsewhere end here too, at open sockets and with the command line of the machine (C11)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from nvserver.testing.realtime_client import ConnectRefused, open_realtime
from tests.e2e.teams import PASSWORD, found_team, register
from tests.edge.http.client import Client
from tests.support.server import CHEAP, ServerProcess, running_server

PATIENCE_SECONDS = 60


@pytest.fixture
def quick_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """It looks every second for what ended elsewhere."""
    with running_server(tmp_path / "data", {**CHEAP, "NV_TOKENS__RECHECK_SECONDS": "1"}) as running:
        yield running


def admin(server: ServerProcess, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nvserver", "admin", *arguments, "--data-dir", str(server.data_dir)]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


async def test_what_the_command_line_revokes_ends_at_open_sockets(quick_server: ServerProcess) -> None:
    await register(quick_server, "root")
    team = await found_team(quick_server, "text", bob="member")
    token = (await team["bob"].post("/api/auth/tokens", {"name": "T", "scopes": ["write"]}))["token"]
    with trio.fail_after(PATIENCE_SECONDS):
        async with (
            team.connect("ada") as ada,
            team.connect("bob") as bob,
            open_realtime(quick_server.url, token) as program,
        ):
            await program.call("workspace:join", {"workspaceId": team.workspace_id})
            email = team["bob"].user["email"]
            done = await trio.to_thread.run_sync(lambda: admin(quick_server, "revoke-sessions", email))
            assert (done.returncode, done.stdout) == (0, f"ended 1 sign-ins and 1 API tokens of {email}\n")
            for connection in (bob.connection, program):
                assert await connection.event("auth:revoked") == {}
                assert (await connection.wait_closed()).code == 1008
            assert "error" not in await ada.edit(["x"], ada.opened["seq"])
        for lost in (team["bob"].token, token):
            with pytest.raises(ConnectRefused):
                async with open_realtime(quick_server.url, lost or ""):
                    pass
        assert (await team["bob"]("GET", "/api/auth/me")).status == 401


async def test_accounts_and_actors_by_the_command_line(quick_server: ServerProcess) -> None:
    def call(*arguments: str, text: str = "") -> tuple[int, str, str]:
        done = admin(quick_server, *arguments, text=text)
        return done.returncode, done.stdout, done.stderr

    code, user_id, _ = call("create-user", " New@Notes.test", "--name", "New", text=f"{PASSWORD}\n")
    assert code == 0
    login = {"email": "new@notes.test", "password": PASSWORD}
    user = (await Client(quick_server.port).post("/api/auth/login", login))["user"]
    assert (user["id"], user["displayName"], user["emailVerified"]) == (user_id.strip(), "New", True)
    assert call("create-user", "new@notes.test", text=f"{PASSWORD}\n")[0] == 3  # taken
    assert call("create-user", "other@notes.test", text="short\n")[0] == 3
    assert call("create-user", "boss@notes.test", "--admin", text=f"{PASSWORD}\n")[0] == 0
    assert call("set-role", "boss@notes.test", "user")[0] == 0  # the first account is another administrator
    assert call("set-role", "new@notes.test", "user")[0] == 3  # the last one
    assert call("set-role", "nobody@notes.test", "admin")[0] == 3
    assert call("set-role", "new@notes.test", "king")[0] == 2
    team = await found_team(quick_server)
    code, text, _ = call("list-actors", "--url", quick_server.url)
    assert code == 0
    assert [line.split()[:2] for line in text.splitlines()[:-1]] == [[team.workspace_id, "valid"]]
    assert text.splitlines()[-1] == "1 actors"
    code, _, error = call("list-actors", "--url", "http://127.0.0.1:1")
    assert (code, "no NoteVault answers" in error) == (3, True)
    assert not any(item["client"] == "nvserver admin" for item in await sessions(quick_server, login))


async def sessions(server: ServerProcess, login: dict[str, str]) -> list[dict[str, object]]:
    token = (await Client(server.port).post("/api/auth/login", login))["accessToken"]
    items: list[dict[str, object]] = (await Client(server.port, token).get("/api/auth/sessions"))["items"]
    return items
