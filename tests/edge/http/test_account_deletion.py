"""People who delete their accounts, through HTTP."""

from collections.abc import Mapping
from typing import Any

from trio.testing import wait_all_tasks_blocked

from tests.edge.http.client import Client, Reply
from tests.edge.http.forms import send
from tests.edge.http.running import PASSWORD, Api, ApiOptions, OpenStore, open_api
from tests.edge.http.test_files import picture
from tests.edge.http.test_passwords import problems
from tests.edge.http.test_second_factors import protected
from tests.edge.http.test_workspaces import make

ME, PLAN = "/api/auth/me", "/api/auth/me/deletion"


async def delete(client: Client, **proof: str) -> Reply:
    return await client("DELETE", ME, {"password": PASSWORD, **proof})


async def let_in(owner: Client, workspace: str, guest: Client, role: str = "member") -> None:
    await owner.post(f"/api/workspaces/{workspace}/members", {"userId": guest.user["id"], "role": role})


async def names(client: Client) -> list[str]:
    return [one["name"] for one in (await client.get("/api/workspaces"))["items"]]


async def plan(client: Client) -> tuple[list[tuple[str, int]], list[tuple[str, int]], bool]:
    told = await client.get(PLAN)

    def short(items: list[Mapping[str, Any]]) -> list[tuple[str, int]]:
        return [(one["name"], one["members"]) for one in items]

    return short(told["inTheWay"]), short(told["going"]), told["isLastAdministrator"]


async def test_who_goes_is_gone_and_what_was_written_for_others_stays(api: Api) -> None:
    root, ben = await api.register("Root"), await api.register("Ben")
    theirs = await make(root, name="Theirs")
    mine = await make(ben, name="Mine")
    await let_in(root, theirs, ben)
    note = (await ben.post(f"/api/workspaces/{theirs}/notes", {"title": "T", "content": "Ben's words"}))["note"]["id"]
    await ben.post(f"/api/notes/{note}/comments", {"text": "Ben's comment"})
    await ben.post(f"/api/workspaces/{theirs}/chat", {"text": "Ben's message"})
    own = (await ben.post(f"/api/workspaces/{mine}/notes", {"title": "Own", "content": "x"}))["note"]["id"]
    token = (await ben.post("/api/auth/tokens", {"name": "T"}))["token"]
    login = {"email": "ben@notes.test", "password": PASSWORD, "delivery": "body"}
    elsewhere = await api.nobody.post("/api/auth/login", login)
    assert await plan(ben) == ([], [("Mine", 1)], False)
    api.closer.closed.clear()
    reply = await delete(ben)
    assert (reply.status, reply.body) == (204, b"")
    assert "nv_refresh=;" in reply.cookies[0] and "Max-Age=0" in reply.cookies[0]
    for lost in (ben.token, elsewhere["accessToken"], token):
        assert (await Client(api.port, lost)("GET", ME)).status == 401
    assert len(api.closer.closed) == 3  # two sign-ins and the token, whoever sits behind them
    refresh = {"refreshToken": elsewhere["refreshToken"]}
    assert (await api.nobody("POST", "/api/auth/refresh", refresh)).status == 401
    unknown, wrong = [
        await api.nobody("POST", "/api/auth/login", {"email": email, "password": PASSWORD})
        for email in ("ben@notes.test", "nobody@notes.test")
    ]
    assert (unknown.status, unknown.json["error"]["message"]) == (401, wrong.json["error"]["message"])
    # What he wrote for others is theirs still, under nobody's name.
    assert (await root.get(f"/api/notes/{note}"))["note"]["content"] == "Ben's words"
    (group,) = (await root.get(f"/api/notes/{note}/history"))["items"]
    assert group["userId"] == ben.user["id"]
    assert (await root.get(f"/api/notes/{note}/comments"))["items"][0]["comments"][0]["text"] == "Ben's comment"
    assert (await root.get(f"/api/workspaces/{theirs}/chat"))["items"][0]["text"] == "Ben's message"
    members = (await root.get(f"/api/workspaces/{theirs}/members"))["items"]
    assert [one["displayName"] for one in members] == ["Root"]
    exported = await root("GET", f"/api/notes/{note}/export?format=md")
    assert b"Ben's words" in exported.body
    for path in (f"/api/workspaces/{mine}", f"/api/notes/{own}"):
        assert (await root("GET", path)).status == 404
    acts = (await root.get("/api/admin/audit?action=auth.delete"))["items"]
    assert [(act["actorId"], act["outcome"]) for act in acts] == [(ben.user["id"], "OK")]
    await wait_all_tasks_blocked()
    (mail,) = [mail for mail in api.mailer.sent if mail.kind == "account-deleted"]
    assert (mail.to, "deleted" in mail.text, "Hello Ben" in mail.text) == ("ben@notes.test", True, True)
    # The address is free; who has it next is somebody else.
    again = await api.register("Ben")
    assert again.user["id"] != ben.user["id"] and await names(again) == []
    assert (await again("GET", f"/api/notes/{note}")).status == 404
    assert (await root("GET", f"/api/admin/users/{ben.user['id']}")).code == "USER_NOT_FOUND"


async def test_workspaces_with_others_are_handed_over_or_deleted_first(api: Api) -> None:
    root, ben = await api.register("Root"), await api.register("Ben")
    first, second = await make(ben, name="First"), await make(ben, name="Second")
    await make(ben, name="Alone")
    for workspace in (first, second):
        await let_in(ben, workspace, root, "viewer")
    assert await plan(ben) == ([("First", 2), ("Second", 2)], [("Alone", 1)], False)
    reply = await delete(ben)
    assert (reply.status, reply.code) == (409, "OWNS_WORKSPACES")
    listed = [{"workspaceId": first, "name": "First"}, {"workspaceId": second, "name": "Second"}]
    assert reply.json["error"]["details"] == listed
    assert sorted(await names(ben)) == ["Alone", "First", "Second"]  # nothing has changed
    await ben.post(f"/api/workspaces/{first}/transfer", {"userId": root.user["id"]})
    assert (await ben("DELETE", f"/api/workspaces/{second}")).status == 204
    assert await plan(ben) == ([], [("Alone", 1)], False)
    assert (await delete(ben)).status == 204
    assert await names(root) == ["First"]


async def test_the_only_administrator_stays(api: Api) -> None:
    root = await api.register("Root")
    await make(root, name="Mine")
    reply = await delete(root)
    assert (reply.status, reply.code) == (409, "LAST_ADMINISTRATOR")
    assert (await plan(root))[2] is True
    assert await names(root) == ["Mine"]
    ben = await api.register("Ben")
    assert (await root("PUT", f"/api/admin/users/{ben.user['id']}", {"role": "admin"})).status == 200
    assert (await delete(root)).status == 204
    assert (await ben("GET", "/api/admin/users")).status == 200


async def test_who_asks_shows_once_more_who_he_is(api: Api) -> None:
    await api.register("Root")
    ada, _, codes = await protected(api)
    for proof, path in (({"password": "wrong"}, "password"), ({}, "code"), ({"code": "000000"}, "code")):
        assert problems(await delete(ada, **proof)) == (422, [path])
    assert problems(await ada("DELETE", ME)) == (422, ["password"])
    assert problems(await ada("DELETE", ME, {"password": 7})) == (422, ["password"])
    token = (await ada.post("/api/auth/tokens", {"name": "T", "scopes": ["read", "write"]}))["token"]
    program = Client(api.port, token)
    assert [(await delete(program, code=codes[0])).code, (await program("GET", PLAN)).code] == ["FORBIDDEN"] * 2
    assert (await ada("GET", ME)).status == 200
    assert (await delete(ada, code=codes[0])).status == 204


async def test_wrong_passwords_are_throttled(open_store: OpenStore) -> None:
    async with open_api(ApiOptions(open_store=open_store, is_throttled=True)) as api:
        await api.register("Root")
        ben = await api.register("Ben")
        statuses = [(await delete(ben, password="wrong")).status for _ in range(7)]
        assert statuses == [422] * 5 + [429] * 2
        assert (await delete(ben)).status == 429  # the right one too, else guessing would go on


async def test_without_a_password_a_new_sign_in_shows_it(api: Api) -> None:
    await api.register("Root")
    ben = await api.register("Ben")
    await api.store.accounts.set_password_hash(ben.user["id"], "!")
    api.clock.advance(601)
    reply = await ben("DELETE", ME, {})
    assert (reply.status, reply.code) == (403, "SIGN_IN_TOO_OLD")
    api.clock.advance(-601)
    assert (await ben("DELETE", ME, {})).status == 204


async def test_the_picture_goes_too(api: Api) -> None:
    await api.register("Root")
    ben = await api.register("Ben")
    reply = await send(ben, {}, [("me.png", "x/y", picture())], path=f"{ME}/avatar")
    address = reply.json["user"]["avatarUrl"]
    assert (await api.nobody("GET", address)).status == 200
    assert (await delete(ben)).status == 204
    assert (await api.nobody("GET", address)).status == 404


async def test_what_was_made_in_the_name_of_who_goes_lets_nobody_in(api: Api) -> None:
    root, ben, cleo = [await api.register(name) for name in ("Root", "Ben", "Cleo")]
    workspace = await make(root, name="Theirs")
    await let_in(root, workspace, ben, "admin")
    links = f"/api/workspaces/{workspace}/share-links"
    link = (await ben.post(links, {"role": "viewer"}))["link"]
    invited = {"email": "new@notes.test", "role": "viewer"}
    assert (await ben("POST", f"/api/workspaces/{workspace}/members", invited)).status == 202
    await ben.post(f"/api/workspaces/{workspace}/webhooks", {"url": "https://hooks.test/"})
    assert (await delete(ben)).status == 204
    for path in (links, f"/api/workspaces/{workspace}/invitations", f"/api/workspaces/{workspace}/webhooks"):
        assert (await root.get(path))["items"] == []
    assert (await cleo("POST", "/api/share-links/join", {"token": link["token"]})).status == 404
