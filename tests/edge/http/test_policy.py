"""Who may do what: every actor at every route, from the table of `tests/policy.yaml` (D1)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from tests.edge.http.client import Reply
from tests.edge.http.policy import (
    ACTORS,
    EVENTS,
    MEMBER,
    NOWHERE,
    OWNER,
    POLICY,
    RANKS,
    VIEWER,
    World,
    ask,
    expected,
    open_world,
)
from tests.edge.http.running import ApiOptions, OpenStore

OUTERMOST = ("workspaceId", "noteId", "messageId", "fileId")
IN_WORKSPACE = {route: row for route, row in POLICY.items() if row.needs in RANKS}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def test_every_route_has_a_row(world: World) -> None:
    app = world.api.server.app.app
    rules = {
        (method, rule.rule.replace("<name:", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD"}
    }
    assert rules == set(POLICY)
    assert len(ACTORS) >= 12
    assert EVENTS


async def breaches(world: World, actor: str) -> list[Any]:
    """Where the server does not answer as the table says; each route is asked as it stands there."""
    wrong = []
    for route, row in POLICY.items():
        reply = await ask(world.clients[actor], route, world.ids)
        if route[0] == "GET":  # what was remembered of the first changes nothing
            again = await ask(world.clients[actor], route, world.ids)
            assert again.status == reply.status, route
        status, code = expected(actor, row)
        seen = reply.status, reply.code if code else None
        if seen != (status, code) or (status == 401 and code and reply.headers["www-authenticate"] != "Bearer"):
            wrong.append((route, seen, (status, code)))
    return wrong


@pytest.mark.parametrize("actor", ACTORS)
async def test_the_policy_holds(world: World, actor: str) -> None:
    assert await breaches(world, actor) == []


@pytest.mark.parametrize("actor", [VIEWER, OWNER, "removed"])
async def test_the_policy_holds_on_a_database(actor: str, open_store: OpenStore) -> None:
    async with open_world(ApiOptions(open_store=open_store)) as world:
        assert await breaches(world, actor) == []


@pytest.mark.parametrize("actor", RANKS)
async def test_members_may_delete_what_they_made(world: World, actor: str) -> None:
    for route, row in POLICY.items():
        if row.own:
            own = {"noteId": world.ids["ownId"], "fileId": world.ids["ownFileId"]}
            reply = await ask(world.clients[actor], route, {**world.ids, **own})
            assert reply.status == expected(actor, row, own=True)[0], route


def told(reply: Reply) -> tuple[Any, ...]:
    """All of an answer that may not differ."""
    error = {name: part for name, part in reply.json["error"].items() if name not in ("timestamp", "requestId")}
    varying = {"x-request-id", "date", "content-length"}
    return reply.status, error, {name: part for name, part in reply.headers.items() if name not in varying}


def nowhere(world: World) -> Mapping[str, Any]:
    """Ids of nothing."""
    kept = ("userId", "ownId", "ownFileId", "otherNoteId")
    return {**world.ids, **{name: NOWHERE for name in world.ids if name.endswith("Id") and name not in kept}}


@pytest.mark.parametrize("actor", [OWNER, "removed", "non-member"])
async def test_what_is_foreign_answers_as_what_is_not_there(world: World, actor: str) -> None:
    """Even the owner of a workspace learns nothing of another one, nor by its ids below his own."""
    deleted = dict(world.foreign)
    checked = 0
    for route, row in IN_WORKSPACE.items():
        client = world.clients[actor]
        missing = await ask(client, route, nowhere(world))
        assert (missing.status, missing.code) == (404, row.thing), route
        assert told(await ask(client, route, world.foreign)) == told(missing), route
        for text in ("no-id", f"{NOWHERE}0", "%20", "..%2f", "*"):
            malformed = await ask(client, route, nowhere(world), path_ids=dict.fromkeys(OUTERMOST, text))
            assert malformed.status in (404, 422), route  # 422: an id in the query
            checked += 1
        if actor != OWNER:
            assert told(await ask(world.clients[actor], route, world.ids)) == told(missing), route
        else:
            mixed = {**nowhere(world), "workspaceId": world.ids["workspaceId"]}
            foreign = {**world.foreign, "workspaceId": world.ids["workspaceId"]}
            replies = [await ask(world.clients[actor], route, ids) for ids in (mixed, foreign)]
            if replies[0].status == 404:
                assert told(replies[0]) == told(replies[1]), route
    gone = f"/api/workspaces/{deleted['workspaceId']}"
    assert (await world.clients["other owner"]("DELETE", gone)).status == 204
    for route, row in IN_WORKSPACE.items():
        reply = await ask(world.clients["other owner"], route, deleted)
        assert (reply.status, reply.code) == (404, row.thing), route
    assert checked == 5 * len(IN_WORKSPACE) > 100


@pytest.mark.parametrize("actor", ["anonymous", "non-member", VIEWER])
async def test_other_methods_show_and_do_no_more(world: World, actor: str) -> None:
    """HEAD is GET without the body; OPTIONS tells the same to everybody; nothing overrides a method."""
    client = world.clients[actor]
    for route, row in POLICY.items():
        options = await ask(client, route, world.ids, method="OPTIONS")
        assert (options.status, options.code) == (405, "METHOD_NOT_ALLOWED"), route
        assert route[0] in options.headers["allow"].split(", ")
        if route[0] == "GET":
            head = await ask(client, route, world.ids, method="HEAD")
            assert (head.status, head.body) == (expected(actor, row)[0], b""), route
    override = dict.fromkeys(("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"), "DELETE")
    for route in [("GET", "/api/workspaces/{workspaceId}"), ("PUT", "/api/notes/{noteId}")]:
        assert (await ask(world.clients[OWNER], route, world.ids, headers=override)).status == 200
    assert (await ask(world.clients[MEMBER], ("GET", "/api/notes/{noteId}"), world.ids)).status == 200
