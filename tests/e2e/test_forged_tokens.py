"""Tokens that are ours but for one thing, at routes and at the socket of a running server (D3)."""

import time
from collections.abc import Iterator
from pathlib import Path

import h11
import jwt
import pytest
import trio

from nvserver.testing.realtime_client import ConnectRefused, open_realtime
from tests.e2e.teams import register
from tests.edge.http.client import Client
from tests.services.test_access_tokens import KEY, forgeries, made
from tests.support.server import CHEAP, ServerProcess, running_server

ROUTES = (
    ("GET", "/api/auth/me", None),
    ("POST", "/api/workspaces", {"name": "Mine"}),
    ("GET", "/api/admin/users", None),
    ("DELETE", "/api/auth/sessions", None),
    ("GET", "/api/search?q=seeds", None),
)
LEAST = 40
"""Vectors, of which each is tried at every route and at the socket."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with running_server(tmp_path / "data", {**CHEAP, "NV_SECRET_KEY": KEY.decode()}) as running:
        yield running


async def test_no_forged_token_is_taken_anywhere(server: ServerProcess) -> None:
    root = await register(server, "root")
    assert root.token is not None
    claims = jwt.decode(root.token, KEY, ["HS256"])
    good = made(base=claims)
    assert (await Client(server.port, good).get("/api/auth/me"))["user"]["id"] == root.user["id"]
    async with open_realtime(server.url, good):
        pass  # what is refused below is refused for what is wrong with it
    tried = sent = 0
    for name, token in forgeries({**claims, "iat": int(time.time())}).items():
        for method, path, body in ROUTES if token == token.strip() else ():  # blanks around a header are no part of it
            try:
                reply = await Client(server.port, token)(method, path, body)
            except (h11.LocalProtocolError, UnicodeEncodeError):
                continue  # it cannot stand in a header
            assert reply.status in (400, 401, 431), (name, path, reply.status)
            sent += 1
        with trio.fail_after(60), pytest.raises(ConnectRefused):
            async with open_realtime(server.url, token):
                raise AssertionError(name)
        tried += 1
    assert tried >= LEAST and sent >= LEAST * len(ROUTES)
    refresh = {"email": root.user["email"], "password": "a long and rare one", "delivery": "body"}
    refresh_token = (await Client(server.port).post("/api/auth/login", refresh))["refreshToken"]
    assert (await Client(server.port, refresh_token)("GET", "/api/auth/me")).status == 401
    assert (await root.get("/api/workspaces"))["items"] == []
    assert len((await root.get("/api/auth/sessions"))["items"]) == 2
