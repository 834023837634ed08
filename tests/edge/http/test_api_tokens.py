"""Personal API tokens, through HTTP."""

from typing import Any

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import Api

DAY_SECONDS = 86_400


async def made(api: Api, person: Client, **fields: Any) -> tuple[Client, str]:
    """A program with a new token of that person, and the token's id."""
    answer = await person.post("/api/auth/tokens", {"name": "Program", **fields})
    return Client(api.port, answer["token"], person.user), answer["apiToken"]["id"]


async def test_a_token_is_shown_once_and_listed_without_its_secret(api: Api) -> None:
    ada = await api.register("Ada")
    reply = await ada("POST", "/api/auth/tokens", {"name": " Backup ", "scopes": ["write", "read", "read"]})
    assert reply.status == 201
    assert set(reply.json) == {"apiToken", "token"}
    assert reply.json["token"].startswith("nvp_")
    item = reply.json["apiToken"]
    assert set(item) == {"id", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt"}
    assert (item["name"], item["scopes"], item["lastUsedAt"]) == ("Backup", ["read", "write"], None)
    program = Client(api.port, reply.json["token"])
    assert (await program.get("/api/auth/me"))["user"] == ada.user
    listed = await ada("GET", "/api/auth/tokens")
    assert reply.json["token"].encode() not in listed.body
    (seen,) = listed.json["items"]
    assert seen["lastUsedAt"] is not None
    assert {**seen, "lastUsedAt": None} == item


async def test_a_token_reaches_as_far_as_its_scopes(api: Api) -> None:
    ada = await api.register("Ada")  # the first account: an administrator
    reader, _ = await made(api, ada)
    writer, _ = await made(api, ada, scopes=["write"])
    assert (await reader("GET", "/api/workspaces")).status == 200
    assert (await reader("POST", "/api/workspaces", {"name": "W"})).code == "FORBIDDEN"
    assert (await writer("GET", "/api/workspaces")).code == "FORBIDDEN"
    assert (await writer("POST", "/api/workspaces", {"name": "W"})).status == 201
    assert len((await reader.get("/api/workspaces"))["items"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/auth/tokens", None),
        ("POST", "/api/auth/tokens", {"name": "Another", "scopes": ["admin"]}),
        ("GET", "/api/auth/sessions", None),
        ("DELETE", "/api/auth/sessions", None),
        ("POST", "/api/auth/password", {"currentPassword": "x" * 9, "newPassword": "y" * 9}),
    ],
)
async def test_a_program_does_not_get_at_the_account(api: Api, method: str, path: str, body: Any) -> None:
    ada = await api.register("Ada")
    program, _ = await made(api, ada, scopes=["read", "write", "admin"])
    assert (await program(method, path, body)).code == "FORBIDDEN"


async def test_ending_a_token_ends_it_at_once_and_closes_its_connections(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    program, token_id = await made(api, ada)
    other, _ = await made(api, ada)
    assert (await program("GET", "/api/auth/me")).status == 200
    for person, wrong in ((bob, token_id), (ada, "no-id"), (ada, "00000000-0000-4000-8000-000000000000")):
        reply = await person("DELETE", f"/api/auth/tokens/{wrong}")
        assert (reply.status, reply.code) == (404, "API_TOKEN_NOT_FOUND")
    assert (await ada("DELETE", f"/api/auth/tokens/{token_id}")).status == 204
    assert (await program("GET", "/api/auth/me")).code == "UNAUTHENTICATED"
    assert api.closer.closed == [token_id]
    assert (await other("GET", "/api/auth/me")).status == 200


async def test_logging_out_with_a_token_is_refused_by_its_kind(api: Api) -> None:
    ada = await api.register("Ada")
    program, _ = await made(api, ada, scopes=["write"])
    assert (await program("POST", "/api/auth/logout")).code == "FORBIDDEN"


async def test_a_token_ends_when_its_days_are_over(api: Api) -> None:
    ada = await api.register("Ada")
    program, _ = await made(api, ada, expiresInDays=1)
    api.clock.advance(DAY_SECONDS - 5)
    assert (await program("GET", "/api/auth/me")).status == 200
    api.clock.advance(10)
    assert (await program("GET", "/api/auth/me")).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"scopes": []},
        {"scopes": ["root"]},
        {"scopes": "read"},
        {"expiresInDays": 0},
        {"expiresInDays": 367},
        {"expiresInDays": True},
    ],
)
async def test_bad_wishes_make_no_token(api: Api, change: dict[str, Any]) -> None:
    ada = await api.register("Ada")
    reply = await ada("POST", "/api/auth/tokens", {"name": "T", **change})
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await ada.get("/api/auth/tokens"))["items"] == []


@pytest.mark.parametrize("token", ["nvp_", "nvp_made-up", "nvp_" + "x" * 10_000])
async def test_made_up_tokens_are_refused(api: Api, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert (await api.nobody("GET", "/api/auth/me", headers=headers)).code == "UNAUTHENTICATED"


async def test_somebody_has_a_bounded_number_of_tokens(api: Api) -> None:
    ada = await api.register("Ada")
    for _ in range(50):
        await made(api, ada)
    reply = await ada("POST", "/api/auth/tokens", {"name": "One more"})
    assert (reply.status, reply.code) == (409, "CONFLICT")
    page = await ada.get("/api/auth/tokens?limit=30")
    rest = await ada.get(f"/api/auth/tokens?limit=30&cursor={page['nextCursor']}")
    assert len({item["id"] for item in page["items"] + rest["items"]}) == 50
    assert rest["nextCursor"] is None
