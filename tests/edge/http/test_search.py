"""Searching, through HTTP: what was just written is found, and only by those who may read it."""

import random
from typing import Any
from urllib.parse import quote

import pytest
import trio

from tests.edge.http.client import Client
from tests.edge.http.forms import upload
from tests.edge.http.running import Api
from tests.edge.http.test_notes import make_note
from tests.edge.http.test_workspaces import make
from tests.faults.sizes import lengths


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def find(api: Api, client: Client, q: str, more: str = "") -> Any:
    with trio.fail_after(120):
        await api.indexer.wait_idle()
    return await client.get(f"/api/search?q={quote(q)}{more}")


async def titles(api: Api, client: Client, q: str, more: str = "") -> list[str]:
    return [item["title"] for item in (await find(api, client, q, more))["items"]]


async def test_a_note_is_found_with_its_newest_words(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    note = await make_note(ada, workspace, title="Plan", content="red <b> apples", tags=["Fruit"])
    answer = await find(api, ada, "apple", f"&workspaceId={workspace}")
    (item,) = answer["items"]
    assert {k: item[k] for k in ("type", "id", "workspaceId", "title", "score")} == {
        "type": "note", "id": note["id"], "workspaceId": workspace, "title": "Plan", "score": 1,
    }  # fmt: skip
    assert item["snippet"] == "red &lt;b&gt; <mark>apples</mark>"
    assert answer["asOfSeq"] == note["seq"]
    await ada.put(f"/api/notes/{note['id']}", {"content": "red <b> pears", "title": "Plans", "tags": ["food"]})
    assert await titles(api, ada, "apple") == []
    assert await titles(api, ada, "pear tag:food title:plan author:me") == ["Plans"]
    assert await titles(api, ada, "tag:fruit") == []
    assert await titles(api, ada, f"author:{ada.user['email']}") == ["Plans"]
    assert await titles(api, ada, "pear", "&type=files") == []


async def test_the_trash_is_not_searched(api: Api, ada: Client) -> None:
    note = await make_note(ada, await make(ada), title="Plan")
    await ada("DELETE", f"/api/notes/{note['id']}")
    assert await titles(api, ada, "plan") == []
    await ada("POST", f"/api/notes/{note['id']}/restore")
    assert await titles(api, ada, "plan") == ["Plan"]


async def test_pages_follow_each_other_while_notes_are_made(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    made = [await make_note(ada, workspace, title=f"n{n}", content="word") for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await find(api, ada, "word", f"&limit=2{cursor}")
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
        await make_note(ada, workspace, title="later", content="word")
    assert sorted(seen) == sorted(note["id"] for note in made)


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%00", "?q=before:soon", "?q=a&type=x", "?q=a&workspaceId=x", "?q=a&cursor=x", "?q=***"]
)
async def test_bad_searches_are_refused(ada: Client, query: str) -> None:
    reply = await ada("GET", f"/api/search{query}")
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")


async def test_a_foreign_workspace_is_not_there(api: Api, ada: Client) -> None:
    workspace = await make(await api.register("Bob"))
    assert (await ada("GET", f"/api/search?q=a&workspaceId={workspace}")).code == "WORKSPACE_NOT_FOUND"
    body = {"name": "S", "query": "a", "workspaceId": workspace}
    assert (await ada("POST", "/api/search/saved", body)).code == "WORKSPACE_NOT_FOUND"


@lengths("queries", 150, 10_000)
async def test_nobody_finds_what_is_foreign(api: Api, rng: random.Random, queries: int) -> None:
    """Fifty workspaces with twenty secrets each, members coming and going: no token and no count leaks."""
    people = [await api.register(f"P{n}") for n in range(6)]
    secrets: dict[str, set[str]] = {}
    members: dict[str, set[int]] = {}
    owners: dict[str, int] = {}
    named: set[str] = set()
    """What stands in saved searches alone."""

    async def leave(workspace: str, guest: int) -> None:
        path = f"/api/workspaces/{workspace}/members/{people[guest].user['id']}"
        assert (await people[owners[workspace]]("DELETE", path)).status == 204
        members[workspace].discard(guest)

    for _ in range(50):
        owner = rng.randrange(6)
        workspace = await make(people[owner])
        members[workspace], owners[workspace] = {owner}, owner
        kept = [f"s{rng.getrandbits(48):012x}" for _ in range(20)]
        secrets[workspace] = set(kept)
        title, content, name, chat = (" ".join(["common", *kept[start : start + 4]]) for start in range(0, 16, 4))
        await make_note(people[owner], workspace, title=title, content=content, tags=kept[16:18])
        await make_note(people[owner], workspace, content=f"{kept[18]} common")
        await upload(people[owner], workspace, (f"{name}.txt", "text/plain", b"x"))
        await people[owner].post(f"/api/workspaces/{workspace}/chat", {"text": chat})
        saved = {"name": kept[19], "query": kept[19], "workspaceId": workspace}
        assert (await people[owner]("POST", "/api/search/saved", saved)).status in (201, 413)  # a person has few
        named.add(kept[19])
        for guest in range(6):
            if guest != owner and rng.random() < 0.2:
                body = {"userId": people[guest].user["id"], "role": "viewer"}
                await people[owner].post(f"/api/workspaces/{workspace}/members", body)
                members[workspace].add(guest)
                if rng.random() < 0.5:
                    await leave(workspace, guest)
    found = left = 0
    for number in range(queries):
        visited = sorted(one for one in members if len(members[one]) > 1)
        if number % max(25, queries // 20) == 0 and visited:  # what is asked right after somebody was removed
            workspace = rng.choice(visited)
            await leave(workspace, min(members[workspace] - {owners[workspace]}))
            left += 1
        who = rng.randrange(6)
        workspace = rng.choice(sorted(secrets))
        token = rng.choice(sorted(secrets[workspace]))
        q = rng.choice(
            (token, token[:5], f'"{token}"', f"title:{token}", f"tag:{token}", "common", f"{token} OR common")
        )
        own = {one for one, readers in members.items() if who in readers}
        answer = await find(api, people[who], q, "&limit=100&facets=true")
        assert {item["workspaceId"] for item in answer["items"]} <= own
        text = str(answer)
        assert not any(secret in text for one in set(secrets) - own for secret in secrets[one])
        if q == "common":
            assert len(answer["items"]) == 4 * len(own) or answer["nextCursor"]
            assert sum(facet["count"] for facet in answer["facets"]) == 4 * len(own)
        assert {facet["workspaceId"] for facet in answer["facets"]} <= own
        if workspace in own and q == token:
            assert answer["items"] or token in named
        found += bool(answer["items"])
    assert found > 20
    assert left > 0
    for who, person in enumerate(people):
        text = str(await person.get("/api/search/saved"))
        assert not any(secret in text for one in secrets if owners[one] != who for secret in secrets[one])


async def test_files_and_chat_are_found_and_gone_with_their_deletion(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    (file,) = await upload(ada, workspace, ("Yearly report.pdf", "x/y", b"%PDF-1.4"))
    message = (await ada.post(f"/api/workspaces/{workspace}/chat", {"text": "The report <b>is</b> late"}))["message"]
    note = await make_note(ada, workspace, title="Report", content="x")

    async def kinds(more: str = "") -> list[tuple[str, str]]:
        return [(item["type"], item["id"]) for item in (await find(api, ada, "report", more))["items"]]

    assert sorted(await kinds()) == sorted([("file", file["id"]), ("chat", message["id"]), ("note", note["id"])])
    assert await kinds("&type=files") == [("file", file["id"])]
    assert await kinds("&type=chat") == [("chat", message["id"])]
    assert await kinds("&type=notes") == [("note", note["id"])]
    (item,) = (await find(api, ada, "late", "&type=chat"))["items"]
    assert item["snippet"] == "The report &lt;b&gt;is&lt;/b&gt; <mark>late</mark>"
    await ada.put(f"/api/chat/{message['id']}", {"text": "The bill is late"})
    await ada("DELETE", file["url"])
    assert await kinds() == [("note", note["id"])]
    assert len((await find(api, ada, "bill"))["items"]) == 1
    await ada("DELETE", f"/api/chat/{message['id']}")
    assert (await find(api, ada, "bill"))["items"] == []


async def test_saved_searches_alert_of_new_finds_once(api: Api, ada: Client) -> None:
    bob, workspace = await api.register("Bob"), await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    old = await make_note(ada, workspace, content="a red old one")
    await find(api, ada, "red")  # it is indexed
    for client, query, alert in ((bob, "red", True), (bob, "green", True), (bob, "red", False), (ada, "red", True)):
        await client.post("/api/search/saved", {"name": f"My {query}", "query": query, "type": "notes", "alert": alert})

    async def told(client: Client) -> list[tuple[str, str]]:
        with trio.fail_after(20):
            await api.indexer.wait_idle()
        items = (await client.get("/api/notifications"))["items"]
        return [(one["body"], one["data"]["noteId"]) for one in items if one["kind"] == "search.alert"]

    assert await told(bob) == []
    note = await make_note(ada, workspace, title="New", content="nothing yet")
    await ada.put(f"/api/notes/{note['id']}", {"content": "something red"})
    assert await told(bob) == [("My red", note["id"])]
    await ada.put(f"/api/notes/{note['id']}", {"content": "something blue"})
    await ada.put(f"/api/notes/{note['id']}", {"content": "something red again"})
    await ada.put(f"/api/notes/{old['id']}", {"content": "a red old one, still"})
    await ada.post(f"/api/workspaces/{workspace}/chat", {"text": "red"})
    assert await told(bob) == [("My red", note["id"])]
    mine = await make_note(bob, workspace, content="red of my own")
    assert await told(bob) == [("My red", note["id"])]
    assert await told(ada) == [("My red", mine["id"])]
    await ada("DELETE", f"/api/workspaces/{workspace}/members/{bob.user['id']}")
    await make_note(ada, workspace, content="red, and foreign now")
    assert len(await told(bob)) == 1


async def test_searches_are_saved_and_forgotten(api: Api, ada: Client) -> None:
    bob = await api.register("Bob")
    body = {"name": " Red ", "query": "red", "type": "notes", "alert": True}
    saved = (await ada.post("/api/search/saved", body))["search"]
    assert (saved["name"], saved["query"], saved["type"], saved["alert"]) == ("Red", "red", "notes", True)
    assert (await ada.get("/api/search/saved"))["items"] == [saved]
    assert (await bob.get("/api/search/saved"))["items"] == []
    assert (await bob("DELETE", f"/api/search/saved/{saved['id']}")).code == "SEARCH_NOT_FOUND"
    assert (await ada("POST", "/api/search/saved", {"name": "S", "query": "before:x"})).status == 422
    await ada.post("/api/search/saved", body)
    await ada.post("/api/search/saved", body)
    assert (await ada("POST", "/api/search/saved", body)).code == "PAYLOAD_TOO_LARGE"
    assert (await ada("DELETE", f"/api/search/saved/{saved['id']}")).status == 204
    assert len((await ada.get("/api/search/saved"))["items"]) == 2


async def test_a_saved_search_is_changed_in_its_place(api: Api, ada: Client) -> None:
    bob, workspace = await api.register("Bob"), await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "viewer"})
    body = {"name": "Red", "query": "red", "type": "notes", "workspaceId": workspace, "alert": False}
    kept = (await bob.post("/api/search/saved", body))["search"]
    last = (await bob.post("/api/search/saved", {"name": "Last", "query": "x"}))["search"]
    path = f"/api/search/saved/{kept['id']}"
    for change in ({"name": "Blue"}, {"query": "title:blue", "alert": True}, {"type": "all", "alert": False}, {}):
        kept = {**kept, **change}
        assert (await bob.put(path, change))["search"] == kept
        assert (await bob.get("/api/search/saved"))["items"] == [last, kept]
    foreign = await make(ada)
    for bad, status, code in (
        ({"query": "before:x"}, 422, "VALIDATION_FAILED"),
        ({"query": ""}, 422, "VALIDATION_FAILED"),
        ({"name": " "}, 422, "VALIDATION_FAILED"),
        ({"name": "x" * 101}, 422, "VALIDATION_FAILED"),
        ({"type": "people"}, 422, "VALIDATION_FAILED"),
        ({"alert": None}, 422, "VALIDATION_FAILED"),
        ({"workspaceId": "here"}, 422, "VALIDATION_FAILED"),
        ({"workspaceId": foreign}, 404, "WORKSPACE_NOT_FOUND"),
    ):
        reply = await bob("PUT", path, {"name": "No", **bad})
        assert (reply.status, reply.code) == (status, code), bad
    for who, place in ((ada, path), (bob, "/api/search/saved/no-id")):
        reply = await who("PUT", place, {"name": "Mine"})
        assert (reply.status, reply.code) == (404, "SEARCH_NOT_FOUND")
    # Who is no member any more may rename it, or have it look everywhere, and then not back.
    await ada("DELETE", f"/api/workspaces/{workspace}/members/{bob.user['id']}")
    assert (await bob.put(path, {"name": "Old"}))["search"] == {**kept, "name": "Old"}
    assert (await bob.put(path, {"workspaceId": None}))["search"]["workspaceId"] is None
    assert (await bob("PUT", path, {"workspaceId": workspace})).code == "WORKSPACE_NOT_FOUND"
    assert (await bob.get("/api/search/saved"))["items"] == [last, {**kept, "name": "Old", "workspaceId": None}]


async def test_an_alert_that_is_switched_on_later_tells_what_comes_then(api: Api, ada: Client) -> None:
    bob, workspace = await api.register("Bob"), await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "viewer"})
    kept = (await bob.post("/api/search/saved", {"name": "S", "query": "green"}))["search"]
    await make_note(ada, workspace, content="red before")
    await find(api, ada, "red")
    await bob.put(f"/api/search/saved/{kept['id']}", {"query": "red", "alert": True, "name": "Reds"})
    note = await make_note(ada, workspace, content="red after")
    await find(api, ada, "red")
    told = [one for one in (await bob.get("/api/notifications"))["items"] if one["kind"] == "search.alert"]
    assert [(one["body"], one["data"]["noteId"]) for one in told] == [("Reds", note["id"])]


async def test_words_are_found_in_their_other_forms(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    await make_note(ada, workspace, title="Gardening in spring", content="Two apples")
    for q in ("gardens", "title:gardened", "apple springs"):
        (hit,) = (await find(api, ada, q))["items"]
        assert "<mark>" in hit["snippet"] or "apple" not in q
    assert (await find(api, ada, '"apple"'))["items"] == []


async def test_a_workspace_has_a_language_of_its_own(api: Api, ada: Client) -> None:
    german = await ada.post("/api/workspaces", {"name": "Garten", "searchLanguage": "german"})
    assert german["workspace"]["searchLanguage"] == "german"
    home = german["workspace"]["id"]
    plain = await make(ada)
    assert (await ada.get(f"/api/workspaces/{plain}"))["workspace"]["searchLanguage"] is None
    there = await make_note(ada, home, title="Das Haus", content="The gardens")
    await make_note(ada, plain, title="Das Haus", content="The gardens")

    async def ids(q: str, workspace: str) -> list[str]:
        return [one["id"] for one in (await find(api, ada, q, f"&workspaceId={workspace}"))["items"]]

    assert await ids("häuser", home) == [there["id"]]
    assert await ids("häuser", plain) == []
    assert await ids("gardening", home) == []
    assert len(await ids("gardening", plain)) == 1
    # What is there is found anew, and so is what comes then.
    changed = await ada("PUT", f"/api/workspaces/{home}", {"searchLanguage": "english"})
    assert (changed.status, changed.json["workspace"]["searchLanguage"]) == (200, "english")
    assert await ids("gardening", home) == [there["id"]]
    assert await ids("häuser", home) == []
    later = await make_note(ada, home, content="He was gardening")
    assert await ids("gardens", home) == [later["id"], there["id"]]
    await ada.put(f"/api/workspaces/{home}", {"searchLanguage": None})
    assert len(await ids("gardening", home)) == 2
    for bad in ("klingon", "", 5, ["german"]):
        reply = await ada("PUT", f"/api/workspaces/{home}", {"searchLanguage": bad})
        assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await ada.get(f"/api/workspaces/{home}"))["workspace"]["searchLanguage"] is None
