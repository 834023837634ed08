"""What a server logs when it logs all it can: none of the secrets that went through it (D17, C10)."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
import trio

from nvserver.testing.realtime_client import ConnectRefused, open_realtime
from tests.e2e.teams import found_team
from tests.edge.http.client import Client
from tests.edge.http.forms import upload
from tests.support.server import CHEAP, ServerProcess, running_server

LEAST = 30


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with running_server(tmp_path / "data", {**CHEAP, "NV_LOG__LEVEL": "debug"}) as running:
        yield running


async def test_no_secret_that_goes_through_the_server_is_in_its_log(server: ServerProcess) -> None:
    secrets: dict[str, str] = {}

    def secret(name: str, value: str | None = None) -> str:
        secrets[name] = value or f"{name.replace(' ', '-')}-{uuid4().hex}"
        return secrets[name]

    nobody = Client(server.port)
    account = {"email": "eve@notes.test", "password": secret("password"), "displayName": "Eve", "delivery": "body"}
    registered = await nobody.post("/api/auth/register", account)
    secret("first access token", registered["accessToken"])
    secret("first refresh token", registered["refreshToken"])
    login = {"email": "eve@notes.test", "password": secrets["password"], "delivery": "body"}
    signed_in = await nobody.post("/api/auth/login", login)
    eve = Client(server.port, secret("access token", signed_in["accessToken"]), signed_in["user"])
    renewed = await nobody.post(
        "/api/auth/refresh", {"refreshToken": secret("refresh token", signed_in["refreshToken"])}
    )
    secret("second refresh token", renewed["refreshToken"])
    for path, body in (
        ("login", {**login, "password": secret("wrong password")}),
        ("register", {**account, "password": secret("taken password")}),
        ("password", {"currentPassword": secret("wrong old password"), "newPassword": secret("refused password")}),
        ("password/reset/confirm", {"token": secret("reset token"), "password": secret("reset password")}),
        ("verify-email", {"token": secret("mail token")}),
        ("refresh", {"refreshToken": secret("made up refresh token")}),
        ("providers/finish", {"code": secret("provider code"), "state": secret("provider state")}),
        ("providers/second-factor", {"ticket": secret("ticket"), "code": "000000"}),
    ):
        assert (await eve("POST", f"/api/auth/{path}", body)).status in (401, 409, 422), path
    secret("API token", (await eve.post("/api/auth/tokens", {"name": "T"}))["token"])
    totp = pyotp.TOTP(secret("TOTP secret", (await eve.post("/api/auth/second-factor", {}))["secret"]))
    codes = (await eve.post("/api/auth/second-factor/confirm", {"code": totp.now()}))["recoveryCodes"]
    for number, code in enumerate(codes[:3]):
        secret(f"recovery code {number}", code)
    team = await found_team(server, secret("text of a note"), bob="member")
    ada, base = team["ada"], f"/api/workspaces/{team.workspace_id}"
    secret("share link", (await ada.post(f"{base}/share-links", {}))["link"]["token"])
    link = {"password": secret("link password")}
    secret("note link", (await ada.post(f"/api/notes/{team.note_id}/links", link))["link"]["token"])
    invited = await ada("POST", f"{base}/members", {"email": "new@notes.test", "role": "viewer"})
    secret("invitation", invited.json["invitation"]["token"])
    secret("calendar feed", (await ada.post(f"{base}/calendar/feed", {}))["url"].split("/")[-2])
    await nobody("GET", f"/api/feeds/{secrets['calendar feed']}/calendar.ics")
    await nobody("GET", f"/api/feeds/{secret('made up feed')}/calendar.ics")
    hook = await ada.post(f"{base}/webhooks", {"url": f"http://127.0.0.1:1/{secret('place of a webhook')}"})
    secret("webhook secret", hook["webhook"]["secret"])
    await ada.post(f"{base}/chat", {"text": secret("text of a message")})
    await upload(ada, team.workspace_id, ("a.txt", "text/plain", secret("text of a file").encode()))
    await ada.get(f"/api/search?q={secret('what is looked for')}")
    await ada("GET", f"/api/auth/me?access_token={secret('token in the query')}")
    await ada("POST", "/api/workspaces", secret("no JSON").encode())
    await Client(server.port, secret("made up access token"))("GET", "/api/auth/me")
    with trio.fail_after(60):
        async with team.connect("bob") as bob:
            assert "error" not in await bob.edit([secret("words of an edit")], bob.opened["seq"])
            assert "error" in await bob.edit([secret("words of a bad edit"), {"d": 10_000}], bob.opened["seq"])
        with pytest.raises(ConnectRefused):
            async with open_realtime(server.url, secret("made up socket token")):
                pass
    server.stop()
    assert len(secrets) >= LEAST
    assert "answered" in server.log_text, "it logs all it can"
    assert [name for name, value in secrets.items() if value in server.log_text] == []
    assert "Traceback" not in server.log_text
