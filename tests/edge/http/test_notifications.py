"""Notifications, through HTTP: what tells whom, and what becomes of it."""

from typing import Any

import trio

from nvserver.core.limits import WorkspaceLimits
from nvserver.ports.notifications import NotificationPage
from tests.edge.http.client import Client
from tests.edge.http.running import Api, ApiOptions, OpenStore, open_api
from tests.edge.http.test_workspaces import make


def mention(client: Client) -> str:
    return f"@[{client.user['displayName']}]({client.user['id']})"


async def shared(api: Api) -> tuple[Client, Client, str]:
    """Ada, Bob, and Ada's workspace, to which she added him as a member."""
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada, name="Plans")
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    return ada, bob, workspace


async def kinds(client: Client, query: str = "") -> list[str]:
    """Newest first."""
    return [item["kind"] for item in (await client.get(f"/api/notifications{query}"))["items"]]


async def test_being_added_tells_who_where_and_as_what(api: Api) -> None:
    ada, bob, workspace = await shared(api)
    answer = await bob.get("/api/notifications")
    (told,) = answer["items"]
    assert (answer["unreadCount"], answer["nextCursor"]) == (1, None)
    assert told == {
        "id": told["id"],
        "kind": "workspace.added",
        "title": "Ada added you to Plans",
        "body": "",
        "actionUrl": f"/workspaces/{workspace}",
        "read": False,
        "readAt": None,
        "createdAt": told["createdAt"],
        "data": {
            "actorId": ada.user["id"],
            "workspaceId": workspace,
            "workspaceName": "Plans",
            "role": "member",
        },
    }
    assert await kinds(ada) == []
    await ada.put(f"/api/workspaces/{workspace}/members/{bob.user['id']}", {"role": "viewer"})
    assert await kinds(bob) == ["role.changed", "workspace.added"]


async def test_mentions_and_replies_tell_those_meant_and_nobody_else(api: Api) -> None:
    ada, bob, workspace = await shared(api)
    eve = await api.register("Eve")
    chat, notes = f"/api/workspaces/{workspace}/chat", f"/api/workspaces/{workspace}/notes"
    told: list[str] = []

    async def check(*new: str) -> None:
        told[:0] = new
        assert await kinds(bob) == [*told, "workspace.added"]

    await ada.post(chat, {"text": f"Look, {mention(bob)} and {mention(bob)}, {mention(eve)}, {mention(ada)}"})
    await check("mention.chat")
    message = (await bob.post(chat, {"text": f"{mention(bob)} Bob himself"}))["message"]
    await check()
    await ada.post(chat, {"text": "Yes", "replyToId": message["id"]})
    await check("reply.chat")
    note = (await ada.post(notes, {"title": "Trip", "content": f"for {mention(bob)}"}))["note"]
    await check("mention.note")
    await ada.put(f"/api/notes/{note['id']}", {"content": f"Well, for {mention(bob)} and so on"})
    await check()  # it was there before
    await ada.put(f"/api/notes/{note['id']}", {"content": "Nothing"})
    await ada.put(f"/api/notes/{note['id']}", {"content": f"Nothing but {mention(bob)}"})
    await check("mention.note")
    assert (await bob.get("/api/notifications"))["items"][0]["title"] == "Ada mentioned you in Trip"
    assert await kinds(eve) == await kinds(ada) == []


async def test_who_watches_a_note_is_told_once_in_a_while_that_others_change_it(api: Api) -> None:
    ada, bob, workspace = await shared(api)
    note = (await ada.post(f"/api/workspaces/{workspace}/notes", {"title": "Trip"}))["note"]["id"]
    for _ in range(2):
        assert await bob.put(f"/api/notes/{note}/watch", {}) == {"watching": True}
    assert await bob.get(f"/api/notes/{note}/watch") == {"watching": True}
    await bob.put(f"/api/notes/{note}", {"content": "mine"})
    assert await kinds(bob) == ["workspace.added"]
    for text in ("a", "b", "c"):
        await ada.put(f"/api/notes/{note}", {"content": text})
    found = await kinds(bob)
    assert found[-1] == "workspace.added"
    # Once an interval; at most two of those lie between the first and the last of three edits.
    assert set(found[:-1]) == {"note.changed"}
    assert len(found[:-1]) <= 2
    reply = await bob("DELETE", f"/api/notes/{note}/watch")
    assert reply.json == {"watching": False}
    assert await bob.get(f"/api/notes/{note}/watch") == {"watching": False}


async def test_they_are_read_and_deleted_by_their_receiver_alone(api: Api) -> None:
    ada, bob, workspace = await shared(api)
    for n in range(4):
        await ada.post(f"/api/workspaces/{workspace}/chat", {"text": f"{n} {mention(bob)}"})
    items = (await bob.get("/api/notifications"))["items"]
    one = f"/api/notifications/{items[0]['id']}"
    for method, path in (("PUT", f"{one}/read"), ("DELETE", one)):
        assert (await ada(method, path)).code == "NOTIFICATION_NOT_FOUND"
    assert (await bob("PUT", f"{one}/read")).status == 204
    page = await bob.get("/api/notifications?unread=true&limit=3")
    assert ([item["id"] for item in page["items"]], page["unreadCount"]) == ([item["id"] for item in items[1:4]], 4)
    rest = await bob.get(f"/api/notifications?unread=true&limit=3&cursor={page['nextCursor']}")
    assert (rest["items"], rest["nextCursor"]) == (items[4:], None)
    read = (await bob.get("/api/notifications"))["items"][0]
    assert (read["id"], read["read"], read["readAt"] is None) == (items[0]["id"], True, False)
    assert (await bob("PUT", "/api/notifications/read-all")).status == 204
    assert (await bob.get("/api/notifications?unread=true"))["unreadCount"] == 0
    assert (await bob("DELETE", one)).status == 204
    assert (await bob("DELETE", one)).code == "NOTIFICATION_NOT_FOUND"
    assert [item["id"] for item in (await bob.get("/api/notifications"))["items"]] == [i["id"] for i in items[1:]]


async def test_a_kind_is_switched_off_and_on(api: Api) -> None:
    ada, bob, _ = await shared(api)
    path = "/api/notifications/preferences"
    before: dict[str, Any] = (await bob.get(path))["preferences"]
    assert before["workspace.added"] == {"inApp": True, "email": False}
    off = {"workspace.added": {"inApp": False, "email": True}}
    assert (await bob.put(path, {"preferences": off}))["preferences"] == before | off
    assert await bob.get("/api/notifications") == {"items": [], "nextCursor": None, "unreadCount": 0}
    assert (await ada.get(path))["preferences"] == before
    assert (await bob("PUT", path, {"preferences": {"no.such": {"inApp": True, "email": True}}})).status == 422
    await bob.put(path, {"preferences": {"workspace.added": {"inApp": True, "email": False}}})
    assert await kinds(bob) == ["workspace.added"]


async def test_an_announcement_reaches_everybody_but_who_is_suspended(api: Api) -> None:
    root, bob, eve = [await api.register(name) for name in ("Root", "Bob", "Eve")]
    await root.put(f"/api/admin/users/{eve.user['id']}", {"suspended": True})
    path = "/api/admin/announcements"
    assert (await bob("POST", path, {"text": "I am the king"})).code == "FORBIDDEN"
    for bad in ({}, {"text": ""}, {"text": " \n"}, {"text": 1}, {"text": "x" * 2001}):
        assert (await root("POST", path, bad)).code == "VALIDATION_FAILED"
    headers = {"Idempotency-Key": "once"}
    for _ in range(2):
        reply = await root("POST", path, {"text": " Tonight we move "}, headers=headers)
        assert (reply.status, reply.json) == (201, {"told": 2})
    (told,) = (await bob.get("/api/notifications"))["items"]
    assert (told["kind"], told["title"], told["body"]) == ("announcement", "An announcement by Root", "Tonight we move")
    assert told["actionUrl"] is None
    await root.put(f"/api/admin/users/{eve.user['id']}", {"suspended": False})
    assert await api.store.notifications.notifications(
        eve.user["id"], is_unread_only=False, before=None, limit=10
    ) == NotificationPage([], 0)


async def test_who_is_invited_where_there_is_no_room_is_told(open_store: OpenStore) -> None:
    async with open_api(ApiOptions(open_store=open_store, limits=WorkspaceLimits(max_members=1))) as api:
        ada = await api.register("Ada")
        workspace = await make(ada, name="Plans")
        asked = {"email": "bob@notes.test", "role": "member"}
        reply = await ada("POST", f"/api/workspaces/{workspace}/members", asked)
        assert reply.status == 202
        bob = await api.register("Bob")
        assert await kinds(bob) == []  # anybody could register with that address
        with trio.fail_after(60):
            await api.mailer.wait_sent(3)  # Ada's own among them
        (link,) = [one.text for one in api.mailer.sent if one.to == "bob@notes.test" and "verify-email" in one.text]
        token = link.partition("#token=")[2].split()[0]
        assert (await bob("POST", "/api/auth/verify-email", {"token": token})).status == 204
        (told,) = (await bob.get("/api/notifications"))["items"]
        assert (told["kind"], told["title"]) == ("invitation", "Ada invited you to Plans")
        assert told["actionUrl"] is None
