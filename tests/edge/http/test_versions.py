"""Named versions of notes, through HTTP."""

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import Api
from tests.edge.http.test_history import TEXTS, written
from tests.edge.http.test_notes import make_note
from tests.edge.http.test_workspaces import make


@pytest.fixture
async def ada(api: Api) -> Client:
    return await api.register("Ada")


async def test_moments_get_names_and_their_texts_come_back(ada: Client) -> None:
    note_id, seqs = await written(ada, *TEXTS)
    path = f"/api/notes/{note_id}/versions"
    assert (await ada.get(path))["items"] == []
    named = {}
    for name, seq in (("now", None), ("first", seqs[0]), ("third", seqs[2])):
        version = (await ada.post(path, {"name": name, "seq": seq} if seq else {"name": name}))["version"]
        assert (version["name"], version["noteId"], version["userId"]) == (name, note_id, ada.user["id"])
        assert version["seq"] == (seq or seqs[-1])
        named[name] = version
    listed = [named[name] for name in ("now", "third", "first")]
    assert await ada.get(path) == {"items": listed, "nextCursor": None}
    first_page = await ada.get(f"{path}?limit=2")
    assert first_page["items"] == listed[:2]
    assert (await ada.get(f"{path}?limit=2&cursor={first_page['nextCursor']}"))["items"] == listed[2:]
    for name, text in (("now", TEXTS[-1]), ("first", TEXTS[0]), ("third", TEXTS[2])):
        answer = await ada.get(f"{path}/{named[name]['id']}")
        assert answer == {"version": named[name], "content": text}
        back = await ada.post(f"/api/notes/{note_id}/revert", {"versionId": named[name]["id"]})
        assert back["note"]["content"] == text
    assert (await ada("DELETE", f"{path}/{named['third']['id']}")).status == 204
    assert [one["name"] for one in (await ada.get(path))["items"]] == ["now", "first"]
    for method in ("GET", "DELETE"):
        assert (await ada(method, f"{path}/{named['third']['id']}")).code == "VERSION_NOT_FOUND"
    reply = await ada("POST", f"/api/notes/{note_id}/revert", {"versionId": named["third"]["id"]})
    assert reply.code == "VERSION_NOT_FOUND"


async def test_a_version_is_one_of_its_note(ada: Client) -> None:
    workspace = await make(ada)
    note, other = await make_note(ada, workspace, content="one"), await make_note(ada, workspace, content="two")
    version = (await ada.post(f"/api/notes/{note['id']}/versions", {"name": "Mine"}))["version"]
    for method in ("GET", "DELETE"):
        assert (await ada(method, f"/api/notes/{other['id']}/versions/{version['id']}")).code == "VERSION_NOT_FOUND"
    reply = await ada("POST", f"/api/notes/{other['id']}/revert", {"versionId": version["id"]})
    assert reply.code == "VERSION_NOT_FOUND"


async def test_a_member_takes_away_only_names_that_he_gave(api: Api, ada: Client) -> None:
    bob = await api.register("Bob")
    workspace = await make(ada)
    await ada.post(f"/api/workspaces/{workspace}/members", {"userId": bob.user["id"], "role": "member"})
    note = await make_note(ada, workspace, content="text")
    path = f"/api/notes/{note['id']}/versions"
    hers, his = [(await one.post(path, {"name": "Mine"}))["version"]["id"] for one in (ada, bob)]
    assert (await bob("DELETE", f"{path}/{hers}")).code == "FORBIDDEN"
    assert (await bob("DELETE", f"{path}/{his}")).status == 204
    assert (await ada("DELETE", f"{path}/{hers}")).status == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 101},
        {"name": 1},
        {"name": "x", "seq": 0},
        {"name": "x", "seq": 99},
    ],
)
async def test_bad_input_names_nothing(ada: Client, body: object) -> None:
    note_id, _ = await written(ada, "one")
    path = f"/api/notes/{note_id}/versions"
    reply = await ada("POST", path, body)
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await ada.get(path))["items"] == []


async def test_a_revert_names_one_thing_to_go_back_to(ada: Client) -> None:
    note_id, seqs = await written(ada, "one", "two")
    version = (await ada.post(f"/api/notes/{note_id}/versions", {"name": "Two"}))["version"]["id"]
    for more in ({"seq": seqs[0]}, {"userId": ada.user["id"]}, {"fromSeq": 1}):
        reply = await ada("POST", f"/api/notes/{note_id}/revert", {"versionId": version, **more})
        assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await ada("POST", f"/api/notes/{note_id}/revert", {"versionId": "x"})).status == 422
