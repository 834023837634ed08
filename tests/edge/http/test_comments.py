"""Comments, through HTTP."""

from typing import Any

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import Api
from tests.edge.http.test_notes import make_note
from tests.edge.http.test_workspaces import make

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def team(api: Api, ada: Client) -> tuple[Client, str, dict[str, Any]]:
    """Bob, a member, the workspace, and a note in it."""
    bob, workspace = await api.register("Bob"), await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    return bob, workspace, await make_note(ada, workspace, title="Plan", content="one two three")


async def test_a_thread_from_its_first_comment_to_its_end(api: Api, ada: Client) -> None:
    bob, _, note = await team(api, ada)
    base = f"/api/notes/{note['id']}/comments"
    body = {"text": "Two?\r\nReally", "anchor": {"start": 4, "end": 7}, "baseSeq": note["seq"]}
    thread = (await ada.post(base, body))["thread"]
    assert (thread["anchor"], thread["quote"]) == ({"start": 4, "end": 7}, "two")
    assert [one["text"] for one in thread["comments"]] == ["Two?\nReally"]
    one = f"{base}/{thread['id']}"
    answered = (await bob.post(one, {"text": "Yes"}))["thread"]
    assert [c["userId"] for c in answered["comments"]] == [ada.user["id"], bob.user["id"]]
    await bob.put(f"/api/notes/{note['id']}", {"content": "zero one two three"})
    listed = await ada.get(base)
    assert listed["items"][0]["anchor"] == {"start": 9, "end": 12}
    assert listed["nextCursor"] is None
    resolved = (await bob.put(one, {"resolved": True}))["thread"]
    assert (resolved["resolvedBy"], resolved["resolvedAt"] is None) == (bob.user["id"], False)
    assert (await ada.get(f"{base}?resolved=false"))["items"] == []
    assert len((await ada.get(f"{base}?resolved=true"))["items"]) == 1
    assert (await bob.put(one, {"resolved": False}))["thread"]["resolvedAt"] is None
    reply = answered["comments"][1]["id"]
    edited = (await bob.put(f"{one}/{reply}", {"text": "No"}))["thread"]["comments"][1]
    assert (edited["text"], edited["editedAt"] is None) == ("No", False)
    assert (await ada("PUT", f"{one}/{reply}", {"text": "Mine"})).code == "FORBIDDEN"
    assert (await ada("DELETE", f"{one}/{reply}")).status == 204
    assert (await bob("DELETE", f"{one}/{thread['comments'][0]['id']}")).code == "FORBIDDEN"
    assert (await ada("DELETE", f"{one}/{thread['comments'][0]['id']}")).status == 204
    assert (await ada("GET", one)).code == "COMMENT_NOT_FOUND"


async def test_answers_and_mentions_are_told(api: Api, ada: Client) -> None:
    bob, _, note = await team(api, ada)
    base = f"/api/notes/{note['id']}/comments"
    thread = (await ada.post(base, {"text": f"@[Bob]({bob.user['id']}) look"}))["thread"]
    await bob.post(f"{base}/{thread['id']}", {"text": "Done"})

    async def told(client: Client) -> list[tuple[str, str, str]]:
        items = (await client.get("/api/notifications"))["items"]
        return [(one["kind"], one["data"]["threadId"], one["actionUrl"]) for one in items if "threadId" in one["data"]]

    assert [one[:2] for one in await told(bob)] == [("mention.comment", thread["id"])]
    assert [one[:2] for one in await told(ada)] == [("reply.comment", thread["id"])]
    assert thread["id"] in (await told(ada))[0][2]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "VALIDATION_FAILED"),
        ({"text": "  "}, "VALIDATION_FAILED"),
        ({"text": "x" * 4001}, "VALIDATION_FAILED"),
        ({"text": "x", "anchor": {"start": 0, "end": 99}}, "VALIDATION_FAILED"),
        ({"text": "x", "anchor": {"start": 2, "end": 2}}, "VALIDATION_FAILED"),
        ({"text": "x", "anchor": {"start": -1, "end": 2}}, "VALIDATION_FAILED"),
        ({"text": "x", "anchor": {"start": 0, "end": 1}, "baseSeq": 10**6}, "VALIDATION_FAILED"),
    ],
)
async def test_bad_comments_change_nothing(api: Api, ada: Client, body: Any, code: str) -> None:
    _, _, note = await team(api, ada)
    base = f"/api/notes/{note['id']}/comments"
    assert (await ada("POST", base, body)).code == code
    assert (await ada.get(base))["items"] == []
    for path in (f"{base}/{NOWHERE}", f"{base}/x"):
        assert (await ada("GET", path)).code == "COMMENT_NOT_FOUND"
        assert (await ada("PUT", path, {"resolved": True})).code == "COMMENT_NOT_FOUND"
        assert (await ada("POST", path, {"text": "x"})).code == "COMMENT_NOT_FOUND"
    assert (await ada("DELETE", f"{base}/{NOWHERE}/{NOWHERE}")).code == "COMMENT_NOT_FOUND"


async def test_a_list_of_notes_counts_the_threads_that_are_open(api: Api, ada: Client) -> None:
    _, workspace, note = await team(api, ada)
    base = f"/api/notes/{note['id']}/comments"
    first = (await ada.post(base, {"text": "One?"}))["thread"]
    await ada.post(base, {"text": "Two?"})

    async def count() -> int:
        listed = await ada.get(f"/api/workspaces/{workspace}/notes")
        return int(listed["items"][0]["openThreads"])

    assert await count() == 2
    await ada.put(f"{base}/{first['id']}", {"resolved": True})
    assert await count() == 1
