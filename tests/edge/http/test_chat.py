"""The chat, through HTTP."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import Api
from tests.edge.http.test_workspaces import make


async def two_people(api: Api) -> tuple[Client, Client, str]:
    """Ada, Bob, and the chat of Ada's workspace, of which he is a member."""
    ada, bob = await api.register("Ada"), await api.register("Bob")
    workspace = await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    return ada, bob, f"/api/workspaces/{workspace}/chat"


async def say(client: Client, chat: str, text: str, **more: Any) -> dict[str, Any]:
    return dict((await client.post(chat, {"text": text, **more}))["message"])


async def test_messages_are_posted_and_listed_newest_first(api: Api) -> None:
    ada, bob, chat = await two_people(api)
    said = [await say(client, chat, f"{n}\r\nüñ") for n, client in enumerate([ada, bob, ada, bob, ada])]
    first = said[0]
    assert first == {
        "id": first["id"],
        "workspaceId": chat.split("/")[3],
        "seq": first["seq"],
        "userId": ada.user["id"],
        "text": "0\nüñ",
        "replyToId": None,
        "createdAt": first["createdAt"],
        "editedAt": None,
        "deletedAt": None,
        "reactions": [],
    }
    newest_first = said[::-1]
    assert (await bob.get(chat)) == {"items": newest_first, "nextCursor": None}
    page = await bob.get(f"{chat}?limit=2")
    assert page["items"] == newest_first[:2]
    rest = await bob.get(f"{chat}?limit=3&cursor={page['nextCursor']}")
    assert rest == {"items": newest_first[2:], "nextCursor": None}
    assert (await bob.get(f"{chat}?before={said[3]['seq']}"))["items"] == newest_first[2:]
    assert (await bob.get(f"/api/chat/{first['id']}"))["message"] == first
    assert sorted(message["seq"] for message in said) == [message["seq"] for message in said]


async def test_a_thread_is_what_answers_a_message(api: Api) -> None:
    ada, bob, chat = await two_people(api)
    asked = await say(ada, chat, "Why?")
    await say(bob, chat, "Hello")
    answers = [await say(bob, chat, text, replyToId=asked["id"]) for text in ("So", "And so")]
    assert (await ada.get(f"{chat}?replyToId={asked['id']}"))["items"] == answers[::-1]
    elsewhere = f"/api/workspaces/{await make(ada)}/chat"
    foreign = await say(ada, elsewhere, "x")
    for missing in (str(uuid4()), foreign["id"]):
        assert (await ada("POST", chat, {"text": "x", "replyToId": missing})).code == "MESSAGE_NOT_FOUND"
    assert len((await ada.get(chat))["items"]) == 4


async def test_only_the_author_changes_a_message_and_a_deleted_one_leaves_a_hole(api: Api) -> None:
    ada, bob, chat = await two_people(api)
    message = await say(bob, chat, "Helo")
    path = f"/api/chat/{message['id']}"
    assert (await ada("PUT", path, {"text": "x"})).code == "FORBIDDEN"
    changed = (await bob.put(path, {"text": "Hello"}))["message"]
    assert changed == message | {"text": "Hello", "editedAt": changed["editedAt"]}
    assert changed["editedAt"] is not None
    assert (await bob.put(path, {"text": "Hello"}))["message"] == changed
    assert (await ada("DELETE", path)).status == 204
    (left,) = (await bob.get(chat))["items"]
    assert left == changed | {"text": "", "deletedAt": left["deletedAt"]}
    assert left["deletedAt"] is not None
    for method, where, body in (
        ("PUT", path, {"text": "x"}),
        ("DELETE", path, None),
        ("POST", f"{path}/reactions", {"emoji": "x"}),
        ("POST", chat, {"text": "x", "replyToId": message["id"]}),
    ):
        assert (await bob(method, where, body)).code == "MESSAGE_NOT_FOUND"


async def test_reactions_are_put_once_and_taken_away_by_who_put_them(api: Api) -> None:
    ada, bob, chat = await two_people(api)
    path = f"/api/chat/{(await say(ada, chat, 'Hi'))['id']}"
    thumb, heart = "\U0001f44d", "❤️"
    for client, emoji in ((bob, thumb), (bob, thumb), (ada, thumb), (ada, heart)):
        shown = (await client.post(f"{path}/reactions", {"emoji": emoji}))["message"]
    people = [bob.user["id"], ada.user["id"]]
    assert shown["reactions"] == [
        {"emoji": thumb, "userIds": people},
        {"emoji": heart, "userIds": people[1:]},
    ]
    for _ in range(2):
        reply = await ada("DELETE", f"{path}/reactions/{quote(thumb)}")
        assert reply.json["message"]["reactions"] == [
            {"emoji": thumb, "userIds": people[:1]},
            {"emoji": heart, "userIds": people[1:]},
        ]
    assert (await ada("POST", f"{path}/reactions", {"emoji": "a b"})).status == 422
    assert (await ada("DELETE", f"{path}/reactions/a%20b")).status == 422


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001, "a\u0000b"])
async def test_bad_texts_change_nothing(api: Api, text: str) -> None:
    ada, _, chat = await two_people(api)
    message = await say(ada, chat, "Hi")
    for method, path in (("POST", chat), ("PUT", f"/api/chat/{message['id']}")):
        reply = await ada(method, path, {"text": text})
        assert (reply.status, reply.json["error"]["details"][0]["path"]) == (422, "text")
    assert (await ada.get(chat))["items"] == [message]
