"""A note's past, through HTTP."""

from typing import Any

import pytest

from tests.edge.http.client import Client
from tests.edge.http.people import Join
from tests.edge.http.running import Api
from tests.edge.http.test_notes import make_note
from tests.edge.http.test_workspaces import make

TEXTS = ("one", "one two", "one two three", "two three", "")


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def written(client: Client, *texts: str) -> tuple[str, list[int]]:
    """A note that had these texts, and the seq of each."""
    note = await make_note(client, await make(client), content=texts[0])
    seqs = [note["seq"]]
    for text in texts[1:]:
        answer = await client.put(f"/api/notes/{note['id']}", {"content": text})
        seqs += [answer["note"]["seq"]]
    return note["id"], seqs


async def test_every_text_a_note_had_can_be_read(ada: Client) -> None:
    note_id, seqs = await written(ada, *TEXTS)
    for text, seq in zip(TEXTS, seqs, strict=True):
        answer = await ada.get(f"/api/notes/{note_id}/at/{seq}")
        assert (answer["note"]["content"], answer["seq"]) == (text, seq)
    await ada.put(f"/api/notes/{note_id}", {"title": "Other"})
    workspace = (await ada.get(f"/api/notes/{note_id}"))["note"]["workspaceId"]
    other = (await make_note(ada, workspace))["seq"]  # the note is then what it was before
    assert (await ada.get(f"/api/notes/{note_id}/at/{other}"))["note"]["content"] == TEXTS[-1]
    for reply in (
        await ada("GET", f"/api/notes/{note_id}/at/{other + 1}"),
        await ada("POST", f"/api/notes/{note_id}/revert", {"seq": other + 1}),
    ):
        assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
        assert reply.json["error"]["details"][0]["path"] == "seq"
    assert (await ada.get(f"/api/notes/{note_id}"))["note"]["content"] == TEXTS[-1]


@pytest.mark.parametrize("seq", ["0", "x", "-1", "9" * 30])
async def test_a_moment_that_never_was_is_refused(ada: Client, seq: str) -> None:
    note_id, _ = await written(ada, "one")
    reply = await ada("GET", f"/api/notes/{note_id}/at/{seq}")
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")


async def test_history_groups_by_author_and_goes_back_page_by_page(api: Api, ada: Client) -> None:
    bob = await api.register("Bob")
    workspace = await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    note = await make_note(ada, workspace, content="abc")
    path = f"/api/notes/{note['id']}"
    seen: list[Any] = [(ada.user["id"], 3, 0)]
    for number in range(1, 8):
        author = (ada, bob)[number % 2]
        await author.put(path, {"content": "abc" + "x" * number})
        seen.append((author.user["id"], 1, 0))
    items: list[Any] = []
    query = "limit=3"
    while True:
        page = await ada.get(f"{path}/history?{query}")
        assert len(page["items"]) <= 3
        items += page["items"]
        if page["nextCursor"] is None:
            break
        query = f"limit=3&cursor={page['nextCursor']}"
    assert [(i["userId"], i["inserted"], i["deleted"]) for i in items] == seen[::-1]
    assert [i["toSeq"] for i in items] == sorted({i["toSeq"] for i in items}, reverse=True)


async def test_authorship_names_who_wrote_each_part(join: Join) -> None:
    ada, bob = await join("Ada"), await join("Bob")
    me, him = (await ada.me()).id, (await bob.me()).id
    workspace = (await ada.create_workspace("W")).id
    await ada.add_member(workspace, "bob@notes.test")
    note = await ada.create_note(workspace, "T", "ada")
    note = (await bob.revise(note, content="ada bob")).note
    await ada.revise(note, content="ada bob!")
    ranges = await ada.authorship(note.id)
    assert [(one.user_id, one.length) for one in ranges] == [(me, 3), (him, 4), (me, 1)]
    assert [(one.user_id, one.inserted) async for one in ada.history(note.id)] == [(me, 1), (him, 4), (me, 3)]


async def test_reverting_is_a_new_edit(ada: Client) -> None:
    note_id, seqs = await written(ada, *TEXTS)
    answer = await ada.post(f"/api/notes/{note_id}/revert", {"seq": seqs[1]})
    assert answer["note"]["content"] == TEXTS[1]
    assert answer["note"]["seq"] == seqs[-1] + 1
    assert (await ada.get(f"/api/notes/{note_id}/at/{seqs[2]}"))["note"]["content"] == TEXTS[2]
    again = await ada.post(f"/api/notes/{note_id}/revert", {"seq": seqs[1]})
    assert again["note"]["seq"] == seqs[-1] + 1  # nothing to do


async def test_one_persons_edits_can_be_taken_back_alone(api: Api, ada: Client) -> None:
    bob = await api.register("Bob")
    workspace = await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    note = await make_note(ada, workspace, content="start.")
    path = f"/api/notes/{note['id']}"
    seqs = [(await ada.put(path, {"content": "start. Ada's."}))["note"]["seq"]]
    seqs.append((await bob.put(path, {"content": "Bob's start. Ada's."}))["note"]["seq"])
    seqs.append((await ada.put(path, {"content": "Bob's start. Ada's. More."}))["note"]["seq"])
    last = await ada.post(f"{path}/revert", {"fromSeq": seqs[1], "toSeq": seqs[2]})
    assert last["note"]["content"] == "Bob's start. Ada's."
    only_ada = await ada.post(f"{path}/revert", {"userId": bob.user["id"]})
    assert only_ada["note"]["content"] == "start. Ada's."


@pytest.mark.parametrize("body", [{}, {"seq": 3, "userId": "x"}, {"seq": -1}, {"seq": "3"}])
async def test_an_unclear_revert_changes_nothing(ada: Client, body: object) -> None:
    note_id, seqs = await written(ada, "one", "two")
    reply = await ada("POST", f"/api/notes/{note_id}/revert", body)
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await ada.get(f"/api/notes/{note_id}"))["note"]["seq"] == seqs[-1]
