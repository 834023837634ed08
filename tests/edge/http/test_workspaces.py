"""Workspaces and their members, through HTTP."""

from uuid import uuid4

import pytest

from tests.edge.http.client import Client
from tests.edge.http.people import Join, code_of
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


async def test_a_deleted_workspace_is_gone_for_everyone(join: Join) -> None:
    ada = await join("Ada")
    workspace = (await ada.create_workspace("Plans")).id
    note = await ada.create_note(workspace, "T")
    await ada.delete_workspace(workspace)
    for asked in (ada.workspace(workspace), ada.delete_workspace(workspace)):
        assert await code_of(asked) == "WORKSPACE_NOT_FOUND"
    assert await code_of(ada.note(note.id)) == "NOTE_NOT_FOUND"
    assert [one.id async for one in ada.workspaces()] == []


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


async def test_roles_change_and_members_leave(join: Join) -> None:
    ada, bob = await join("Ada"), await join("Bob")
    workspace, me, him = (await ada.create_workspace("Plans")).id, (await ada.me()).id, (await bob.me()).id
    added = await ada.add_member(workspace, "bob@notes.test", "viewer")
    assert added is not None and (added.user_id, added.role) == (him, "viewer")
    assert (await ada.set_role(workspace, him, "admin")).role == "admin"
    assert await code_of(bob.set_role(workspace, me, "viewer")) == "CONFLICT"
    assert await code_of(ada.remove_member(workspace, me)) == "CONFLICT"  # the owner cannot leave
    await bob.remove_member(workspace, him)  # leaving
    assert await code_of(bob.workspace(workspace)) == "WORKSPACE_NOT_FOUND"
    for asked in (
        ada.remove_member(workspace, him),
        ada.set_role(workspace, him, "viewer"),
        ada.remove_member(workspace, "no-id"),
    ):
        assert await code_of(asked) == "MEMBER_NOT_FOUND"
    assert await ada.add_member(workspace, "nobody@notes.test") is None


async def test_ownership_is_handed_over_to_a_member(join: Join) -> None:
    ada, bob, eve = [await join(name) for name in ("Ada", "Bob", "Eve")]
    workspace, him = (await ada.create_workspace("Plans")).id, (await bob.me()).id
    await ada.add_member(workspace, "bob@notes.test", "admin")
    assert await code_of(bob.hand_over(workspace, him)) == "FORBIDDEN"
    assert await code_of(ada.hand_over(workspace, (await eve.me()).id)) == "MEMBER_NOT_FOUND"
    handed = await ada.hand_over(workspace, him)
    assert (handed.owner_id, handed.role) == (him, "admin")
    roles = {member.display_name: member.role async for member in bob.members(workspace)}
    assert roles == {"Ada": "admin", "Bob": "owner"}


async def test_whether_somebody_has_an_address_is_told_only_to_those_who_may_add_him(api: Api) -> None:
    ada, bob, eve = [await api.register(name) for name in ("Ada", "Bob", "Eve")]
    members = f"/api/workspaces/{await make(ada)}/members"
    await ada.post(members, {"userId": bob.user["id"], "role": "member"})
    for client, code in ((bob, "FORBIDDEN"), (eve, "WORKSPACE_NOT_FOUND")):
        for address in ("eve@notes.test", "nobody@notes.test"):
            assert (await client("POST", members, {"email": address, "role": "viewer"})).code == code
