"""Who may do what: every actor at every route, from one table. A route without a row fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import KEY, PASSWORD, Api, open_api

PUBLIC = "public"
SIGNED_IN = "signed in"
VIEWER, MEMBER, ADMIN, OWNER = "viewer", "member", "admin", "owner"
RANKS = (VIEWER, MEMBER, ADMIN, OWNER)
ACTORS = ("anonymous", "expired", "made up", "refresh token", "other owner", "removed", *RANKS)
NOWHERE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Row:
    """What a route needs. `needs` is the lowest role; `status` what who has it gets; `thing` what others do not see."""

    needs: str
    status: int = 200
    body: Any = None
    thing: str = "WORKSPACE_NOT_FOUND"
    query: str = ""
    own: bool = False
    """Whether the maker of the note may with a lower role: a member, not a viewer."""


POLICY: dict[tuple[str, str], Row] = {
    ("POST", "/api/auth/register"): Row(
        PUBLIC, 201, {"email": "new@notes.test", "password": PASSWORD, "displayName": "New"}
    ),
    ("POST", "/api/auth/login"): Row(PUBLIC, 200, {"email": "owner@notes.test", "password": PASSWORD}),
    ("POST", "/api/auth/refresh"): Row(PUBLIC, 401, {"refreshToken": "x"}),
    ("POST", "/api/auth/logout"): Row(SIGNED_IN, 204),
    ("GET", "/api/auth/me"): Row(SIGNED_IN),
    ("PUT", "/api/auth/me"): Row(SIGNED_IN, body={"displayName": "Me"}),
    ("GET", "/api/auth/sessions"): Row(SIGNED_IN),
    ("DELETE", "/api/auth/sessions"): Row(SIGNED_IN, 204),
    ("DELETE", "/api/auth/sessions/{sessionId}"): Row(SIGNED_IN, 404),
    ("POST", "/api/auth/password"): Row(SIGNED_IN, 204, {"currentPassword": PASSWORD, "newPassword": PASSWORD}),
    ("POST", "/api/auth/password/reset"): Row(PUBLIC, 202, {"email": "nobody@notes.test"}),
    ("POST", "/api/auth/password/reset/confirm"): Row(PUBLIC, 422, {"token": "x", "password": PASSWORD}),
    ("POST", "/api/auth/verify-email"): Row(PUBLIC, 422, {"token": "x"}),
    ("POST", "/api/auth/verify-email/resend"): Row(SIGNED_IN, 202),
    ("GET", "/api/auth/tokens"): Row(SIGNED_IN),
    ("POST", "/api/auth/tokens"): Row(SIGNED_IN, 201, {"name": "T"}),
    ("DELETE", "/api/auth/tokens/{tokenId}"): Row(SIGNED_IN, 404),
    ("GET", "/api/workspaces"): Row(SIGNED_IN),
    ("POST", "/api/workspaces"): Row(SIGNED_IN, 201, {"name": "W"}),
    ("GET", "/api/workspaces/{workspaceId}"): Row(VIEWER),
    ("PUT", "/api/workspaces/{workspaceId}"): Row(ADMIN, body={"name": "W"}),
    ("DELETE", "/api/workspaces/{workspaceId}"): Row(ADMIN, 204),
    ("POST", "/api/workspaces/{workspaceId}/transfer"): Row(OWNER, body={"userId": "$heir"}),
    ("GET", "/api/workspaces/{workspaceId}/members"): Row(VIEWER),
    ("POST", "/api/workspaces/{workspaceId}/members"): Row(ADMIN, 201, {"userId": "$stranger", "role": "viewer"}),
    ("PUT", "/api/workspaces/{workspaceId}/members/{userId}"): Row(ADMIN, body={"role": "member"}),
    ("DELETE", "/api/workspaces/{workspaceId}/members/{userId}"): Row(ADMIN, 204),
    ("GET", "/api/workspaces/{workspaceId}/notes"): Row(VIEWER),
    ("POST", "/api/workspaces/{workspaceId}/notes"): Row(MEMBER, 201, {"title": "T"}),
    ("GET", "/api/workspaces/{workspaceId}/trash"): Row(VIEWER),
    ("GET", "/api/workspaces/{workspaceId}/collections"): Row(VIEWER),
    ("POST", "/api/workspaces/{workspaceId}/collections"): Row(MEMBER, 201, {"name": "C"}),
    ("PUT", "/api/workspaces/{workspaceId}/collections/{collectionId}"): Row(MEMBER, body={"name": "C"}),
    ("DELETE", "/api/workspaces/{workspaceId}/collections/{collectionId}"): Row(MEMBER, 204),
    ("GET", "/api/workspaces/{workspaceId}/connections"): Row(VIEWER),
    ("POST", "/api/workspaces/{workspaceId}/connections"): Row(
        MEMBER, 201, {"fromNoteId": "$noteId", "toNoteId": "$ownId"}
    ),
    ("PUT", "/api/workspaces/{workspaceId}/connections/{connectionId}"): Row(MEMBER, body={"label": "L"}),
    ("DELETE", "/api/workspaces/{workspaceId}/connections/{connectionId}"): Row(MEMBER, 204),
    ("GET", "/api/workspaces/{workspaceId}/chat"): Row(VIEWER),
    ("POST", "/api/workspaces/{workspaceId}/chat"): Row(MEMBER, 201, {"text": "Hello"}),
    ("GET", "/api/chat/{messageId}"): Row(VIEWER, thing="MESSAGE_NOT_FOUND"),
    ("PUT", "/api/chat/{messageId}"): Row(OWNER, body={"text": "Hello"}, thing="MESSAGE_NOT_FOUND"),
    ("DELETE", "/api/chat/{messageId}"): Row(ADMIN, 204, thing="MESSAGE_NOT_FOUND"),
    ("POST", "/api/chat/{messageId}/reactions"): Row(MEMBER, body={"emoji": "+1"}, thing="MESSAGE_NOT_FOUND"),
    ("DELETE", "/api/chat/{messageId}/reactions/{emoji}"): Row(MEMBER, thing="MESSAGE_NOT_FOUND"),
    ("GET", "/api/notifications"): Row(SIGNED_IN),
    ("PUT", "/api/notifications/read-all"): Row(SIGNED_IN, 204),
    ("GET", "/api/notifications/preferences"): Row(SIGNED_IN),
    ("PUT", "/api/notifications/preferences"): Row(SIGNED_IN, body={"preferences": {}}),
    ("PUT", "/api/notifications/{notificationId}/read"): Row(SIGNED_IN, 404),
    ("DELETE", "/api/notifications/{notificationId}"): Row(SIGNED_IN, 404),
    ("PUT", "/api/notes/{noteId}/watch"): Row(VIEWER, thing="NOTE_NOT_FOUND"),
    ("DELETE", "/api/notes/{noteId}/watch"): Row(VIEWER, thing="NOTE_NOT_FOUND"),
    ("GET", "/api/notes/{noteId}"): Row(VIEWER, thing="NOTE_NOT_FOUND"),
    ("PUT", "/api/notes/{noteId}"): Row(MEMBER, body={"title": "T"}, thing="NOTE_NOT_FOUND"),
    ("DELETE", "/api/notes/{noteId}"): Row(ADMIN, 204, thing="NOTE_NOT_FOUND", own=True),
    ("POST", "/api/notes/{noteId}/restore"): Row(ADMIN, thing="NOTE_NOT_FOUND", own=True),
    ("GET", "/api/notes/{noteId}/history"): Row(VIEWER, thing="NOTE_NOT_FOUND"),
    ("GET", "/api/notes/{noteId}/at/{seq}"): Row(VIEWER, thing="NOTE_NOT_FOUND"),
    ("GET", "/api/notes/{noteId}/authorship"): Row(VIEWER, thing="NOTE_NOT_FOUND"),
    ("POST", "/api/notes/{noteId}/revert"): Row(MEMBER, body={"seq": "$seq"}, thing="NOTE_NOT_FOUND"),
    ("GET", "/api/search"): Row(SIGNED_IN, query="?q=tag:x"),
    ("POST", "/api/search/saved"): Row(SIGNED_IN, 201, {"name": "S", "query": "red"}),
    ("GET", "/api/search/saved"): Row(SIGNED_IN),
    ("DELETE", "/api/search/saved/{searchId}"): Row(SIGNED_IN, 404),
    ("GET", "/api/openapi.json"): Row(PUBLIC),
    ("GET", "/health"): Row(PUBLIC),
    ("GET", "/ready"): Row(PUBLIC),
    ("GET", "/metrics"): Row(PUBLIC),
}

LAST = (
    ("DELETE", "/api/chat/{messageId}"),
    ("DELETE", "/api/workspaces/{workspaceId}/connections/{connectionId}"),
    ("DELETE", "/api/workspaces/{workspaceId}/collections/{collectionId}"),
    ("DELETE", "/api/notes/{noteId}"),
    ("POST", "/api/notes/{noteId}/restore"),
    ("POST", "/api/workspaces/{workspaceId}/transfer"),
    ("DELETE", "/api/workspaces/{workspaceId}/members/{userId}"),
    ("DELETE", "/api/workspaces/{workspaceId}"),
    ("POST", "/api/auth/logout"),
)
"""What takes away something that other rows need."""


class World:
    """A workspace with one person in each role, and the tokens of those who are not in it."""

    def __init__(self, api: Api, clients: dict[str, Client], ids: dict[str, Any]) -> None:
        self.api = api
        self.clients = clients
        self.ids = ids

    async def ask(self, actor: str, route: tuple[str, str], *, foreign: bool = False, note: str = "noteId") -> Any:
        ids = self.ids | {"noteId": self.ids[note]}
        if foreign:
            ids |= {"workspaceId": NOWHERE, "noteId": NOWHERE, "messageId": NOWHERE}
        body = POLICY[route].body
        if isinstance(body, dict):
            body = {k: ids.get(v[1:], v) if isinstance(v, str) and v.startswith("$") else v for k, v in body.items()}
        return await self.clients[actor](route[0], route[1].format(**ids) + POLICY[route].query.format(**ids), body)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_api() as api:
        clients = {name: await api.register(name.title()) for name in (*RANKS, "target", "stranger", "removed")}
        clients["other owner"] = await api.register("Other")
        owner = clients[OWNER]
        workspace = (await owner.post("/api/workspaces", {"name": "W"}))["workspace"]["id"]
        members = f"/api/workspaces/{workspace}/members"
        for name in (VIEWER, MEMBER, ADMIN, "target", "removed"):
            role = {"target": VIEWER, "removed": ADMIN}.get(name, name)
            await owner.post(members, {"userId": clients[name].user["id"], "role": role})
        notes = f"/api/workspaces/{workspace}/notes"
        note = (await owner.post(notes, {"title": "T"}))["note"]
        ids = {
            "workspaceId": workspace,
            "userId": clients["target"].user["id"],
            "heir": clients[ADMIN].user["id"],
            "stranger": clients["stranger"].user["id"],
            "sessionId": NOWHERE,
            "tokenId": NOWHERE,
            "searchId": NOWHERE,
            "noteId": note["id"],
            "seq": note["seq"],
            "ownId": (await clients[MEMBER].post(notes, {"title": "Own"}))["note"]["id"],
        }
        ids["collectionId"] = (await owner.post(f"/api/workspaces/{workspace}/collections", {"name": "C"}))[
            "collection"
        ]["id"]
        hello = await owner.post(f"/api/workspaces/{workspace}/chat", {"text": "Hello"})
        ids |= {"messageId": hello["message"]["id"], "emoji": "+1", "notificationId": NOWHERE}
        line = {"fromNoteId": ids["noteId"], "toNoteId": ids["ownId"]}
        lines = f"/api/workspaces/{workspace}/connections"
        ids["connectionId"] = (await owner.post(lines, line))["connection"]["id"]
        assert (await owner("DELETE", f"{members}/{clients['removed'].user['id']}")).status == 204
        await clients["other owner"].post("/api/workspaces", {"name": "Other"})
        clients["anonymous"] = api.nobody
        claims = jwt.decode(owner.token or "", options={"verify_signature": False})
        kid = jwt.get_unverified_header(owner.token or "")["kid"]
        expired = jwt.encode({**claims, "exp": claims["iat"]}, KEY, "HS256", {"kid": kid})
        made_up = jwt.encode(claims, b"x" * 32, "HS256", {"kid": kid})
        login = {"email": "owner@notes.test", "password": PASSWORD, "delivery": "body"}
        refresh = (await api.nobody.post("/api/auth/login", login))["refreshToken"]
        for name, token in (("expired", expired), ("made up", made_up), ("refresh token", refresh)):
            clients[name] = Client(api.port, token)
        yield World(api, clients, ids)


def expected(actor: str, row: Row, *, own: bool = False) -> tuple[int, str | None]:
    """Status and error code, from the table alone."""
    if row.needs == PUBLIC:
        return row.status, None
    if actor == "expired":
        return 401, "TOKEN_EXPIRED"
    if actor in ("anonymous", "made up", "refresh token"):
        return 401, "UNAUTHENTICATED"
    if row.needs == SIGNED_IN:
        return row.status, None
    if actor not in RANKS:
        return 404, row.thing
    needed = MEMBER if own and row.own and actor == MEMBER else row.needs
    return (row.status, None) if RANKS.index(actor) >= RANKS.index(needed) else (403, "FORBIDDEN")


async def test_every_route_has_a_row(world: World) -> None:
    app = world.api.server.app.app
    rules = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD"}
    }
    assert rules == set(POLICY)


@pytest.mark.parametrize("actor", ACTORS)
async def test_the_policy_holds(world: World, actor: str) -> None:
    wrong = []
    for route in [*(route for route in POLICY if route not in LAST), *LAST]:
        reply = await world.ask(actor, route)
        status, code = expected(actor, POLICY[route])
        seen = reply.status, reply.code if code else None
        if seen != (status, code) or (status == 401 and code and reply.headers["www-authenticate"] != "Bearer"):
            wrong.append((route, seen, (status, code)))
    assert wrong == []


@pytest.mark.parametrize("actor", RANKS)
async def test_members_may_delete_what_they_made(world: World, actor: str) -> None:
    for route, row in POLICY.items():
        if row.own:
            reply = await world.ask(actor, route, note="ownId")
            assert reply.status == expected(actor, row, own=True)[0], route


@pytest.mark.parametrize("actor", ["other owner", "removed"])
async def test_what_is_foreign_answers_as_what_is_not_there(world: World, actor: str) -> None:
    checked = 0
    for route, row in POLICY.items():
        if row.needs not in RANKS:
            continue
        foreign, missing = [await world.ask(actor, route, foreign=foreign) for foreign in (False, True)]
        bodies = [reply.json["error"] for reply in (foreign, missing)]
        for body in bodies:
            del body["timestamp"], body["requestId"]
        assert bodies[0] == bodies[1], route
        varying = {"x-request-id", "date", "content-length"}
        headers = [{k: v for k, v in r.headers.items() if k not in varying} for r in (foreign, missing)]
        assert (foreign.status, headers[0]) == (missing.status, headers[1]), route
        checked += 1
    assert checked == sum(row.needs in RANKS for row in POLICY.values()) > 10
