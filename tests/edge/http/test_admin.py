"""What administrators of the whole system see and do, through HTTP."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.edge.http.client import Client
from tests.edge.http.running import PASSWORD, Api, ApiOptions, open_api
from tests.edge.http.test_workspaces import make

USERS = "/api/admin/users"


async def login(api: Api, name: str) -> int:
    body = {"email": f"{name}@notes.test", "password": PASSWORD}
    return (await api.nobody("POST", "/api/auth/login", body)).status


async def acts(admin: Client, query: str = "") -> list[tuple[Any, ...]]:
    items = (await admin.get(f"/api/admin/audit{query}"))["items"]
    return [(item["action"], item["outcome"], item["actorId"], item["details"]) for item in items]


async def test_people_are_found_page_by_page(api: Api) -> None:
    root = await api.register("Root")
    for name in ("Ada", "Bob", "Adam"):
        await api.register(name)
        api.clock.advance(1)
    found = await root.get(f"{USERS}?q=ADA")
    assert [item["displayName"] for item in found["items"]] == ["Ada", "Adam"]
    assert set(found["items"][0]) == {
        "id", "email", "displayName", "avatarUrl", "emailVerified", "role", "createdAt", "suspendedAt",
    }  # fmt: skip
    first = await root.get(f"{USERS}?limit=3")
    rest = await root.get(f"{USERS}?limit=3&cursor={first['nextCursor']}")
    assert [item["displayName"] for item in first["items"] + rest["items"]] == ["Root", "Ada", "Bob", "Adam"]
    assert rest["nextCursor"] is None
    assert (await root("GET", f"{USERS}?cursor=x")).status == 422


async def test_who_is_suspended_is_out_at_once_and_comes_back_by_signing_in(api: Api) -> None:
    root, ada = await api.register("Root"), await api.register("Ada")
    token = (await ada.post("/api/auth/tokens", {"name": "T"}))["token"]
    program = Client(api.port, token)
    assert (await program("GET", "/api/auth/me")).status == 200
    path = f"{USERS}/{ada.user['id']}"
    suspended = await root.put(path, {"suspended": True})
    assert suspended["user"]["suspendedAt"] is not None
    assert len(api.closer.closed) == 2  # the sign-in's and the token's connections
    for client in (ada, program):
        assert (await client("GET", "/api/auth/me")).code == "UNAUTHENTICATED"
    reply = await api.nobody("POST", "/api/auth/login", {"email": "ada@notes.test", "password": PASSWORD})
    assert (reply.status, reply.code) == (403, "ACCOUNT_SUSPENDED")
    wrong = await api.nobody("POST", "/api/auth/login", {"email": "ada@notes.test", "password": "a wrong one"})
    assert wrong.code == "UNAUTHENTICATED"
    assert (await root.put(path, {"suspended": False}))["user"]["suspendedAt"] is None
    assert await login(api, "ada") == 200
    assert (await ada("GET", "/api/auth/me")).status == 401  # what ended stays ended


async def test_a_role_counts_at_the_next_request_and_one_administrator_stays(api: Api) -> None:
    root, ada = await api.register("Root"), await api.register("Ada")
    assert (await ada("GET", USERS)).code == "FORBIDDEN"
    assert (await root.put(f"{USERS}/{ada.user['id']}", {"role": "admin"}))["user"]["role"] == "admin"
    assert (await ada("GET", USERS)).status == 200
    assert (await ada.put(f"{USERS}/{root.user['id']}", {"role": "user"}))["user"]["role"] == "user"
    assert (await root("GET", USERS)).code == "FORBIDDEN"
    for body in ({"role": "user"}, {"suspended": True}):
        refused = await ada("PUT", f"{USERS}/{ada.user['id']}", body)
        assert (refused.status, refused.code) == (409, "CONFLICT")
    assert (await ada("GET", USERS)).status == 200


@pytest.mark.parametrize("body", [{"role": "root"}, {"suspended": "yes"}, {"role": None}, []])
async def test_bad_changes_change_nothing(api: Api, body: Any) -> None:
    root, ada = await api.register("Root"), await api.register("Ada")
    path = f"{USERS}/{ada.user['id']}"
    before = await root.get(path)
    assert (await root("PUT", path, body)).status == 422
    assert await root.get(path) == before


async def test_somebodys_sign_ins_are_seen_and_ended(api: Api) -> None:
    root, ada = await api.register("Root"), await api.register("Ada")
    await login(api, "ada")
    path = f"{USERS}/{ada.user['id']}/sessions"
    assert len((await root.get(path))["items"]) == 2
    assert (await root("DELETE", path)).status == 204
    assert (await root.get(path))["items"] == []
    assert (await ada("GET", "/api/auth/me")).status == 401
    assert (await root("GET", "/api/auth/me")).status == 200


async def test_an_api_token_administers_only_with_that_scope(api: Api) -> None:
    root = await api.register("Root")
    for scopes, status in ((["read", "write"], 403), (["admin"], 200)):
        token = (await root.post("/api/auth/tokens", {"name": "T", "scopes": scopes}))["token"]
        assert (await Client(api.port, token)("GET", USERS)).status == status


async def test_the_system_tells_what_it_holds_and_what_runs(api: Api) -> None:
    root = await api.register("Root")
    workspace = await make(root)
    await root.post(f"/api/workspaces/{workspace}/notes", {"title": "T"})
    storage = await root.get("/api/admin/storage")
    assert (storage["users"], storage["sessions"], storage["workspaces"], storage["notes"]) == (1, 1, 1, 1)
    assert storage["entries"] == 3
    (actor,) = (await root.get("/api/admin/actors"))["items"]
    assert actor == {"workspaceId": workspace, "state": "valid", "mailboxMessages": 0, "mailboxBytes": 0, "epoch": 1}
    (node,) = (await root.get("/api/admin/nodes"))["items"]
    assert (node["name"], node["actors"], node["quarantined"]) == ("node", 1, 0)
    assert node["memoryBytes"] > 1_000_000
    assert node["ownership"] == {"leaseLeftSeconds": None, "fenceHits": 0, "takeovers": 0, "handovers": 0}
    (item,) = (await root.get("/api/admin/workspaces"))["items"]
    assert (item["id"], item["ownerId"], item["members"], item["seq"]) == (workspace, root.user["id"], 1, 3)
    assert (item["node"], item["epoch"]) == ("node", 1)
    assert (await root("DELETE", f"/api/workspaces/{workspace}")).status == 204
    (item,) = (await root.get("/api/admin/workspaces"))["items"]
    assert (item["id"], item["name"], item["members"]) == (workspace, None, 0)


async def test_a_quarantined_workspace_is_shown_and_released(api: Api) -> None:
    root = await api.register("Root")
    workspace = await make(root)
    release = f"/api/admin/actors/{workspace}/release"
    assert (await root("POST", release)).status == 404
    assert (await root.get("/api/admin/health"))["status"] == "ok"
    api.catalog.quarantine(workspace)
    health = await root.get("/api/admin/health")
    assert (health["status"], health["quarantined"]) == ("degraded", [workspace])
    actors = (await root.get("/api/admin/actors"))["items"]
    assert (workspace, "quarantined") in [(actor["workspaceId"], actor["state"]) for actor in actors]
    assert (await root("GET", f"/api/workspaces/{workspace}")).status == 503
    assert (await root("POST", release)).status == 204
    assert (await root("GET", f"/api/workspaces/{workspace}")).status == 200


async def test_a_failing_check_shows(api: Api) -> None:
    async def fails() -> None:
        raise OSError("the store is away")

    with capture_logs():
        async with open_api(ApiOptions(checks={"store": fails})) as failing:
            root = await failing.register("Root")
            health = await root.get("/api/admin/health")
    assert (health["status"], health["checks"]) == ("degraded", {"store": "failed"})


async def test_the_audit_log_tells_who_did_what_without_secrets(api: Api) -> None:
    root, ada = await api.register("Root"), await api.register("Ada")
    workspace = await make(ada)
    members = f"/api/workspaces/{workspace}/members"
    await ada.post(members, {"userId": root.user["id"], "role": "viewer"})
    refused = await root("POST", members, {"userId": ada.user["id"], "role": "viewer"})
    assert refused.status == 403
    assert (await api.nobody("POST", "/api/auth/login", {"email": "ada@notes.test", "password": "wrong one"})).json
    token = (await ada.post("/api/auth/tokens", {"name": "T"}))["token"]
    seen = await acts(root)
    details = {"workspaceId": workspace, "userId": ada.user["id"], "role": "viewer"}
    assert ("member.add", "FORBIDDEN", root.user["id"], details) in seen
    assert ("auth.login", "UNAUTHENTICATED", None, {"email": "ada@notes.test"}) in seen
    assert ("auth.register", "OK", ada.user["id"], {}) in seen
    assert {action for action, *_ in await acts(root, f"?actorId={ada.user['id']}")} == {
        "auth.register", "auth.token_create", "member.add",
    }  # fmt: skip
    assert len(await acts(root, "?action=member.add")) == 2
    raw = (await root("GET", "/api/admin/audit")).body.decode()
    assert PASSWORD not in raw
    assert token not in raw
    pages, path = [], "/api/admin/audit?limit=2"
    while True:
        page = await root.get(path)
        pages += [item["id"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        path = f"/api/admin/audit?limit=2&cursor={page['nextCursor']}"
    assert len(pages) == len(set(pages)) == len(seen)


async def test_everybodys_sign_ins_are_listed(api: Api) -> None:
    root = await api.register("Root")
    api.clock.advance(1)
    ada = await api.register("Ada")
    first = await root.get("/api/admin/sessions?limit=1")
    rest = await root.get(f"/api/admin/sessions?limit=1&cursor={first['nextCursor']}")
    told = [(item["userId"], item["isCurrent"]) for item in first["items"] + rest["items"]]
    assert told == [(ada.user["id"], False), (root.user["id"], True)]
    assert rest["nextCursor"] is None
    own = (await ada.get("/api/auth/sessions"))["items"][0]
    assert first["items"][0] == {**own, "isCurrent": False, "userId": ada.user["id"]}
    assert (await root("GET", "/api/admin/sessions?cursor=x")).status == 422
