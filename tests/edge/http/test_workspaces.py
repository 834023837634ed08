"""Workspaces and their members, through HTTP."""

from uuid import uuid4

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import Api

FIELDS = {
    *("id", "name", "description", "icon", "color", "privacy", "ownerId"),
    *("role", "seq", "createdAt", "updatedAt", "searchLanguage"),
}


async def make(owner: Client, **fields: object) -> str:
    """A new workspace's id."""
    answer = await owner.post("/api/workspaces", {"name": "Plans", **fields})
    return str(answer["workspace"]["id"])


async def test_a_new_workspace_has_its_maker_as_owner(api: Api) -> None:
    ada = await api.register("Ada")
    sent = {"name": " Plans ", "description": "of mice", "icon": "🗺", "color": "#aabbcc", "privacy": "team"}
    reply = await ada("POST", "/api/workspaces", sent)
    assert reply.status == 201
    workspace = reply.json["workspace"]
    assert set(workspace) == FIELDS
    assert {k: workspace[k] for k in sent} == {**sent, "name": "Plans"}
    assert (workspace["ownerId"], workspace["role"], workspace["seq"]) == (ada.user["id"], "owner", 2)
    assert await ada.get(f"/api/workspaces/{workspace['id']}") == {"workspace": workspace}
    assert (await ada.get("/api/workspaces"))["items"] == [workspace]
    members = (await ada.get(f"/api/workspaces/{workspace['id']}/members"))["items"]
    assert [(m["userId"], m["displayName"], m["role"], m["online"]) for m in members] == [
        (ada.user["id"], "Ada", "owner", False)
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " "),
        ("name", "x" * 101),
        ("name", "a\u0000b"),
        ("description", "x" * 2001),
        ("icon", ""),
        ("color", "#12"),
        ("color", "red;"),
        ("color", "red\n"),
        ("privacy", "secret"),
    ],
)
async def test_bad_fields_are_named(api: Api, field: str, value: str) -> None:
    ada = await api.register("Ada")
    for method, path in (("POST", "/api/workspaces"), ("PUT", f"/api/workspaces/{await make(ada)}")):
        reply = await ada(method, path, {"name": "Plans", field: value})
        assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
        assert reply.json["error"]["details"][0]["path"] == field


async def test_ones_workspaces_come_in_stable_pages_newest_first(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    made = [await make(ada, name=f"W{n}") for n in range(7)]
    await make(bob)
    first = await ada.get("/api/workspaces?limit=3")
    new = await make(ada)  # inserted in front of the pages to come
    seen, cursor = [item["id"] for item in first["items"]], first["nextCursor"]
    while cursor is not None:
        page = await ada.get(f"/api/workspaces?limit=3&cursor={cursor}")
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert sorted(seen) == sorted(made)
    assert new not in seen


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1.5", "cursor=%21", "cursor=WyJhIl0", "cursor=é"]
)
async def test_bad_pages_are_refused(api: Api, query: str) -> None:
    ada = await api.register("Ada")
    reply = await ada("GET", f"/api/workspaces?{query.replace('é', '%C3%A9')}")
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert reply.json["error"]["details"][0]["path"] == query.split("=")[0]


async def test_a_workspace_changes_field_by_field(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada, description="old", color="red")
    reply = await ada("PUT", f"/api/workspaces/{workspace}", {"name": "New", "color": None, "ownerId": "x", "seq": 99})
    changed = reply.json["workspace"]
    assert (changed["name"], changed["color"], changed["description"]) == ("New", None, "old")
    assert (changed["ownerId"], changed["seq"]) == (ada.user["id"], 3)
    assert (await ada.get("/api/workspaces"))["items"][0]["name"] == "New"


async def test_a_deleted_workspace_is_gone_for_everyone(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    note = (await ada.post(f"/api/workspaces/{workspace}/notes", {"title": "T"}))["note"]["id"]
    assert (await ada("DELETE", f"/api/workspaces/{workspace}")).status == 204
    assert (await ada("GET", f"/api/workspaces/{workspace}")).code == "WORKSPACE_NOT_FOUND"
    assert (await ada("DELETE", f"/api/workspaces/{workspace}")).code == "WORKSPACE_NOT_FOUND"
    assert (await ada("GET", f"/api/notes/{note}")).code == "NOTE_NOT_FOUND"
    assert (await ada.get("/api/workspaces"))["items"] == []


async def test_a_member_can_be_added_by_address_or_id(api: Api) -> None:
    ada, bob, cyd = [await api.register(name) for name in ("Ada", "Bob", "Cyd")]
    members = f"/api/workspaces/{await make(ada)}/members"
    reply = await ada("POST", members, {"email": "BOB@notes.test", "role": "member"})
    assert reply.status == 201
    member = reply.json["member"]
    assert set(member) == {"userId", "displayName", "avatarUrl", "role", "joinedAt", "online"}
    assert (member["userId"], member["displayName"], member["role"]) == (bob.user["id"], "Bob", "member")
    assert (await ada("POST", members, {"userId": cyd.user["id"], "role": "viewer"})).status == 201
    names = [item["displayName"] for item in (await bob.get(members))["items"]]
    assert sorted(names) == ["Ada", "Bob", "Cyd"]
    assert [w["role"] for w in (await bob.get("/api/workspaces"))["items"]] == ["member"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"userId": str(uuid4()), "role": "member"}, 404, "USER_NOT_FOUND"),
        ({"userId": "no id", "role": "member"}, 422, "VALIDATION_FAILED"),
        ({"role": "member"}, 422, "VALIDATION_FAILED"),
        ({"email": "a@b.c", "userId": str(uuid4()), "role": "member"}, 422, "VALIDATION_FAILED"),
        ({"email": "bob@notes.test", "role": "king"}, 422, "VALIDATION_FAILED"),
        ({"email": "bob@notes.test", "role": "owner"}, 409, "CONFLICT"),
        ({"email": "ada@notes.test", "role": "member"}, 409, "CONFLICT"),
    ],
)
async def test_members_that_cannot_be_added(api: Api, body: dict[str, str], status: int, code: str) -> None:
    ada, _ = await api.register("Ada"), await api.register("Bob")
    members = f"/api/workspaces/{await make(ada)}/members"
    reply = await ada("POST", members, body)
    assert (reply.status, reply.code) == (status, code)
    assert len((await ada.get(members))["items"]) == 1


async def test_roles_change_and_members_leave(api: Api) -> None:
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada)
    member = f"/api/workspaces/{workspace}/members/{bob.user['id']}"
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "viewer"})
    reply = await ada("PUT", member, {"role": "admin"})
    assert (reply.status, reply.json["member"]["role"]) == (200, "admin")
    owner = f"/api/workspaces/{workspace}/members/{ada.user['id']}"
    assert (await bob("PUT", owner, {"role": "viewer"})).status == 409
    assert (await ada("DELETE", owner)).status == 409  # the owner cannot leave
    assert (await bob("DELETE", member)).status == 204  # leaving
    assert (await bob("GET", f"/api/workspaces/{workspace}")).status == 404
    assert (await ada("DELETE", member)).code == "MEMBER_NOT_FOUND"
    assert (await ada("PUT", member, {"role": "viewer"})).code == "MEMBER_NOT_FOUND"
    assert (await ada("DELETE", f"/api/workspaces/{workspace}/members/no-id")).code == "MEMBER_NOT_FOUND"


async def test_ownership_is_handed_over_to_a_member(api: Api) -> None:
    ada, bob, eve = [await api.register(name) for name in ("Ada", "Bob", "Eve")]
    workspace = await make(ada)
    transfer = f"/api/workspaces/{workspace}/transfer"
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "admin"})
    assert (await bob("POST", transfer, {"userId": bob.user["id"]})).status == 403
    assert (await ada("POST", transfer, {"userId": eve.user["id"]})).code == "MEMBER_NOT_FOUND"
    reply = await ada("POST", transfer, {"userId": bob.user["id"]})
    assert (reply.status, reply.json["workspace"]["ownerId"], reply.json["workspace"]["role"]) == (
        *(200, bob.user["id"]),
        "admin",
    )
    roles = {m["displayName"]: m["role"] for m in (await bob.get(f"/api/workspaces/{workspace}/members"))["items"]}
    assert roles == {"Ada": "admin", "Bob": "owner"}


async def test_whether_somebody_has_an_address_is_told_only_to_those_who_may_add_him(api: Api) -> None:
    ada, bob, eve = [await api.register(name) for name in ("Ada", "Bob", "Eve")]
    members = f"/api/workspaces/{await make(ada)}/members"
    await ada.post(members, {"userId": bob.user["id"], "role": "member"})
    for client, code in ((bob, "FORBIDDEN"), (eve, "WORKSPACE_NOT_FOUND")):
        for address in ("eve@notes.test", "nobody@notes.test"):
            assert (await client("POST", members, {"email": address, "role": "viewer"})).code == code
