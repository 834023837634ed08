"""Notes, through HTTP."""

from typing import Any
from uuid import uuid4

import pytest
import trio

from nvserver.testing.sim_node import at_once
from nvserver.workspace.purging import Purger, PurgingSettings
from tests.edge.http.client import Client
from tests.edge.http.people import Join, code_of
from tests.edge.http.running import Api
from tests.edge.http.test_workspaces import make

FIELDS = {
    *("id", "workspaceId", "title", "authorId", "collectionId", "position", "size", "color", "tags"),
    *("seq", "createdAt", "updatedAt"),
}


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def make_note(client: Client, workspace_id: str, **fields: object) -> Any:
    return (await client.post(f"/api/workspaces/{workspace_id}/notes", {"title": "T", **fields}))["note"]


async def test_a_new_note_has_what_was_sent_and_the_rest_by_default(ada: Client) -> None:
    workspace = await make(ada)
    sent = {
        "title": "Shopping",
        "content": "milk 🥛\r\neggs\r",
        "position": {"x": -3.5, "y": 10},
        "size": {"width": 300, "height": 200.25},
        "color": "yellow",
        "tags": ["home", "food"],
    }
    reply = await ada("POST", f"/api/workspaces/{workspace}/notes", {**sent, "authorId": "x", "seq": 77, "id": "y"})
    assert reply.status == 201
    note = reply.json["note"]
    assert set(note) == FIELDS | {"content"}
    assert note["content"] == "milk 🥛\neggs\n"
    assert {k: note[k] for k in sent if k != "content"} == {k: v for k, v in sent.items() if k != "content"}
    assert (note["authorId"], note["workspaceId"], note["seq"]) == (ada.user["id"], workspace, 3)
    assert await ada.get(f"/api/notes/{note['id']}") == {"note": note}
    bare = await make_note(ada, workspace)
    assert (bare["content"], bare["tags"], bare["color"], bare["collectionId"]) == ("", [], None, None)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": None}, "title"),
        ({"title": "T", "content": 1}, "content"),
        ({"title": "T", "position": {"x": 1}}, "position.y"),
        ({"title": "T", "position": {"x": "1", "y": 2}}, "position.x"),
        ({"title": "T", "position": {"x": 1e12, "y": 2}}, "position.x"),
        ({"title": "T", "size": {"width": 0, "height": 2}}, "size.width"),
        ({"title": "T", "tags": ["a", ""]}, "tags.1"),
        ({"title": "T", "tags": ["a"] * 51}, "tags"),
        ({"title": "T", "tags": "a"}, "tags"),
        ({"title": "T", "collectionId": str(uuid4())}, "collectionId"),
    ],
)
async def test_bad_notes_name_the_field_and_change_nothing(ada: Client, body: dict[str, object], path: str) -> None:
    workspace = await make(ada)
    reply = await ada("POST", f"/api/workspaces/{workspace}/notes", body)
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert reply.json["error"]["details"][0]["path"] == path
    assert (await ada.get(f"/api/workspaces/{workspace}/notes"))["items"] == []


async def test_putting_changes_only_what_was_sent(join: Join) -> None:
    ada = await join("Ada")
    note = await ada.create_note((await ada.create_workspace("W")).id, "T", "one", tags=("a",))
    note = (await ada.revise(note, color="red")).note
    put = await ada.revise(note, title="New", color=None, tags=("b", "c"))
    assert put.merged is False
    assert (put.note.title, put.note.color, put.note.tags, put.note.content) == ("New", None, ("b", "c"), "one")
    assert put.note.position == note.position
    assert await ada.note(note.id) == put.note


async def test_two_who_put_from_the_same_text_keep_both_their_words(join: Join) -> None:
    ada = await join("Ada")
    note = await ada.create_note((await ada.create_workspace("W")).id, "T", "The cat sat.")
    first = await ada.revise(note, content="The black cat sat.")
    second = await ada.revise(note, content="The cat sat down.")
    assert (first.merged, second.merged) == (False, True)
    assert second.note.content == "The black cat sat down."
    assert (await ada.note(note.id)).content == "The black cat sat down."


async def test_what_was_read_before_a_note_was_made_cannot_be_merged(ada: Client) -> None:
    """Not 404: from that its reader would conclude that the note is gone."""
    note = await make_note(ada, await make(ada), content="one")
    reply = await ada("PUT", f"/api/notes/{note['id']}", {"content": "two", "baseSeq": note["seq"] - 1})
    assert reply.status == 200  # nobody has edited it since
    await ada("PUT", f"/api/notes/{note['id']}", {"content": "three"})
    reply = await ada("PUT", f"/api/notes/{note['id']}", {"content": "four", "baseSeq": note["seq"] - 1})
    assert (reply.status, reply.code) == (409, "BASE_TOO_OLD")
    assert (await ada.get(f"/api/notes/{note['id']}"))["note"]["content"] == "three"


async def test_titles_are_ordered_as_people_read_them(ada: Client) -> None:
    workspace = await make(ada)
    for title in ("beta", "Alpha", "Gamma", "äther", "alpha 2"):
        await make_note(ada, workspace, title=title)
    seen, cursor = [], ""
    while cursor is not None:
        page = await ada.get(f"/api/workspaces/{workspace}/notes?sort=title&limit=1{cursor}")
        seen += [item["title"] for item in page["items"]]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
    assert seen == ["Alpha", "alpha 2", "beta", "Gamma", "äther"]


async def test_a_long_note_fits_and_a_longer_one_is_too_large(ada: Client) -> None:
    workspace = await make(ada)
    note = await make_note(ada, workspace, content="é" * 2_000_000)
    assert len((await ada.get(f"/api/notes/{note['id']}"))["note"]["content"]) == 2_000_000
    reply = await ada("POST", f"/api/workspaces/{workspace}/notes", {"title": "T", "content": "x" * 2_000_001})
    assert (reply.status, reply.code) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("sort", ["updated", "created", "title"])
async def test_lists_come_in_pages_without_the_text(ada: Client, sort: str) -> None:
    workspace = await make(ada)
    made = [await make_note(ada, workspace, title=f"{n * 5 % 7} é", content="x" * 300) for n in range(7)]
    await ada("PUT", f"/api/notes/{made[0]['id']}", {"content": "newest"})
    seen, cursor = [], ""
    while cursor is not None:
        page = await ada.get(f"/api/workspaces/{workspace}/notes?sort={sort}&limit=2{cursor}")
        assert len(page["items"]) <= 2
        seen += page["items"]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
    assert {item["id"] for item in seen} == {note["id"] for note in made}
    assert len(seen) == 7
    assert set(seen[0]) == FIELDS | {"excerpt", "openThreads"}
    assert {len(item["excerpt"]) for item in seen} == {200, len("newest")}
    keys = [item["title" if sort == "title" else f"{sort}At"] for item in seen]
    assert keys == sorted(keys, reverse=sort != "title")


async def test_a_cursor_of_another_order_is_refused(ada: Client) -> None:
    workspace = await make(ada)
    for n in range(3):
        await make_note(ada, workspace, title=str(n))
    cursor = (await ada.get(f"/api/workspaces/{workspace}/notes?sort=title&limit=1"))["nextCursor"]
    reply = await ada("GET", f"/api/workspaces/{workspace}/notes?sort=updated&cursor={cursor}")
    assert (reply.status, reply.json["error"]["details"][0]["path"]) == (422, "cursor")


async def test_lists_filter_by_tag(join: Join) -> None:
    ada = await join("Ada")
    workspace = (await ada.create_workspace("W")).id
    tagged = await ada.create_note(workspace, "T", tags=("a b",))
    await ada.create_note(workspace, "T", tags=("a",))
    assert [note.id async for note in ada.notes(workspace, tag="a b")] == [tagged.id]


async def test_a_deleted_note_is_in_the_trash_and_comes_back_whole(join: Join) -> None:
    ada = await join("Ada")
    workspace = (await ada.create_workspace("W")).id
    note = await ada.create_note(workspace, "T", "words", tags=("a",))
    await ada.delete_note(note.id)
    for asked in (ada.note(note.id), ada.revise(note, title="x"), ada.delete_note(note.id)):
        assert await code_of(asked) == "NOTE_NOT_FOUND"
    assert [one.id async for one in ada.notes(workspace)] == []
    assert [one.id async for one in ada.trash(workspace)] == [note.id]
    for _ in range(2):  # the second time it is there: nothing to do
        restored = await ada.restore_note(note.id)
        assert (restored.content, restored.tags) == ("words", ("a",))
    assert [one.id async for one in ada.trash(workspace)] == []


async def test_an_id_is_a_uuid_in_any_case(ada: Client) -> None:
    note = await make_note(ada, await make(ada))
    assert (await ada("GET", f"/api/notes/{note['id'].upper()}")).status == 200
    for other in (note["id"].replace("-", ""), f"{{{note['id']}}}", f"urn:uuid:{note['id']}", "%00", "x", "1"):
        assert (await ada("GET", f"/api/notes/{other}")).code == "NOTE_NOT_FOUND"


async def test_who_has_the_newest_version_is_sent_nothing_until_it_changes(ada: Client) -> None:
    workspace = await make(ada)
    collection = (await ada.post(f"/api/workspaces/{workspace}/collections", {"name": "C"}))["collection"]["id"]
    note, other = await make_note(ada, workspace, collectionId=collection), await make_note(ada, workspace)
    path, seen = f"/api/notes/{note['id']}", set()

    async def changed(known: str) -> str:
        """The tag of what is newer than `known`."""
        again = await ada("GET", path, headers={"If-None-Match": known})
        assert again.status == 200 and again.json["note"]["id"] == note["id"]
        tag = again.headers["etag"]
        for same in (tag, f'"x", W/{tag}', "*"):
            reply = await ada("GET", path, headers={"If-None-Match": same})
            assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)
        seen.add(tag)
        return tag

    tag = await changed('"x"')
    assert (await ada("GET", f"/api/notes/{other['id']}", headers={"If-None-Match": tag})).status == 200
    for body in ({"title": "New"}, {"content": "words"}, {"position": {"x": 1, "y": 2}}, {"tags": ["a"]}):
        await ada.put(path, body)
        tag = await changed(tag)
    assert (await ada("DELETE", f"/api/workspaces/{workspace}/collections/{collection}")).status == 204
    tag = await changed(tag)
    await ada("DELETE", path)
    assert (await ada("GET", path, headers={"If-None-Match": tag})).status == 404
    await ada.post(f"{path}/restore", None)
    await changed(tag)
    assert len(seen) == 7


async def trash_of(client: Client, workspace_id: str) -> list[str]:
    return [one["title"] for one in (await client.get(f"/api/workspaces/{workspace_id}/trash?limit=100"))["items"]]


async def test_what_is_deleted_for_good_is_nowhere_any_more(api: Api, ada: Client) -> None:
    workspace = await make(ada)
    trash, found = f"/api/workspaces/{workspace}/trash", "/api/search?q=unspeakable"
    note = await make_note(ada, workspace, title="Gone", content="unspeakable words")
    other = await make_note(ada, workspace, title="Kept", content=f"see [[Gone]] /api/notes/{note['id']}")
    line = {"fromNoteId": note["id"], "toNoteId": other["id"]}
    await ada.post(f"/api/workspaces/{workspace}/connections", line)
    event = {"title": "E", "start": "2026-01-31T12:00:00Z", "noteId": note["id"]}
    event = (await ada.post(f"/api/workspaces/{workspace}/events", event))["event"]
    link = (await ada.post(f"/api/notes/{note['id']}/links", {"access": "read"}))["link"]
    path = f"{trash}/{note['id']}"
    not_there = await ada("DELETE", path)
    assert (not_there.status, not_there.code) == (404, "NOTE_NOT_FOUND")
    await ada("DELETE", f"/api/notes/{note['id']}")
    assert (await ada("DELETE", path)).status == 204
    assert await trash_of(ada, workspace) == []
    for method, gone in (
        ("GET", f"/api/notes/{note['id']}"),
        ("GET", f"/api/notes/{note['id']}/history"),
        ("GET", f"/api/notes/{note['id']}/at/{note['seq']}"),
        ("GET", f"/api/notes/{note['id']}/authorship"),
        ("GET", f"/api/notes/{note['id']}/comments"),
        ("GET", f"/api/notes/{note['id']}/export?format=md"),
        ("POST", f"/api/notes/{note['id']}/restore"),
        ("DELETE", path),
    ):
        reply = await ada(method, gone)
        assert (reply.status, reply.code) == (404, "NOTE_NOT_FOUND"), gone
    assert (await api.nobody("POST", "/api/shared-note", {"token": link["token"]})).status == 404
    assert (await ada.get(f"/api/workspaces/{workspace}/connections"))["items"] == []
    events = f"/api/workspaces/{workspace}/events"
    assert (await ada.put(f"{events}/{event['id']}", {"title": "Still"}))["event"]["noteId"] is None
    await api.indexer.wait_idle()
    assert (await ada.get(found))["items"] == []
    kept = await api.store.search.documents([note["id"]])
    assert [(one.title, one.body, one.tags) for one in kept] == [("", "", ())]
    exported = await ada("GET", f"/api/workspaces/{workspace}/export")
    assert exported.status == 200 and b"Gone.md" not in exported.body and b"Kept.md" in exported.body
    with trio.fail_after(20):  # it leaves the log a moment later
        while await api.store.purging.pending(limit=1):
            await Purger(api.store.oplog, api.store.purging, at_once, PurgingSettings(settle_seconds=0)).purge_all()
    log = await api.store.audit.entries(workspace, 0, limit=100)
    assert not [one for one in log if b"unspeakable" in one.entry.body]


async def test_the_trash_is_emptied_of_what_one_may_delete(api: Api, ada: Client) -> None:
    """However much is in it."""
    workspace, ben = await make(ada), await api.register("Ben")
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": ben.user["id"], "role": "member"})
    trash = f"/api/workspaces/{workspace}/trash"
    for who, count in ((ada, 3), (ben, 101)):
        for place in range(count):
            note = await make_note(who, workspace, title=f"{who.user['displayName']} {place}")
            assert (await who("DELETE", f"/api/notes/{note['id']}")).status == 204
    left = await make_note(ada, workspace, title="Left")
    assert (await ben("DELETE", trash)).status == 204
    assert sorted(await trash_of(ada, workspace)) == ["Ada 0", "Ada 1", "Ada 2"]
    assert (await ada("DELETE", trash)).status == 204
    assert (await ada("DELETE", trash)).status == 204
    assert await trash_of(ada, workspace) == []
    assert (await ada.get(f"/api/notes/{left['id']}"))["note"]["title"] == "Left"
