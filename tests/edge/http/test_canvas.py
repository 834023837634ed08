"""Collections and connections, through HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from tests.edge.http.client import Client
from tests.edge.http.running import Api
from tests.edge.http.test_workspaces import make


async def make_collection(client: Client, workspace: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/workspaces/{workspace}/collections", {"name": "C", **fields})
    return dict(answer["collection"])


async def test_collections_are_made_nested_ordered_and_changed(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    path = f"/api/workspaces/{workspace}/collections"
    first = await make_collection(ada, workspace, name=" Plans ", color="red")
    assert first == {"id": first["id"], "name": "Plans", "parentId": None, "rank": 1, "color": "red"}
    second = await make_collection(ada, workspace)
    assert second["rank"] == 2
    child = await make_collection(ada, workspace, parentId=first["id"], rank=0.5)
    assert [item["id"] for item in (await ada.get(path))["items"]] == [child["id"], first["id"], second["id"]]
    moved = await ada.put(f"{path}/{second['id']}", {"rank": 0.25, "color": "#abc"})
    assert moved["collection"] == second | {"rank": 0.25, "color": "#abc"}
    page = await ada.get(f"{path}?limit=2")
    assert [item["id"] for item in page["items"]] == [second["id"], child["id"]]
    rest = await ada.get(f"{path}?limit=2&cursor={page['nextCursor']}")
    assert ([item["id"] for item in rest["items"]], rest["nextCursor"]) == ([first["id"]], None)


async def test_what_lies_in_a_deleted_collection_moves_up(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    top = await make_collection(ada, workspace)
    middle = await make_collection(ada, workspace, parentId=top["id"])
    low = await make_collection(ada, workspace, parentId=middle["id"])
    note = {"title": "T", "collectionId": middle["id"]}
    note_id = (await ada.post(f"/api/workspaces/{workspace}/notes", note))["note"]["id"]
    assert (await ada("DELETE", f"/api/workspaces/{workspace}/collections/{middle['id']}")).status == 204
    left = {item["id"]: item for item in (await ada.get(f"/api/workspaces/{workspace}/collections"))["items"]}
    assert left == {top["id"]: top, low["id"]: low | {"parentId": top["id"]}}
    assert (await ada.get(f"/api/notes/{note_id}"))["note"]["collectionId"] == top["id"]


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "x" * 101}, {"rank": 1e16}, {"parentId": str(uuid4())}])
async def test_bad_collections_change_nothing(api: Api, fields: dict[str, Any]) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    path = f"/api/workspaces/{workspace}/collections"
    kept = await make_collection(ada, workspace)
    for method, where in (("POST", path), ("PUT", f"{path}/{kept['id']}")):
        reply = await ada(method, where, {"name": "C", **fields})
        assert (reply.status, reply.json["error"]["details"][0]["path"]) == (422, next(iter(fields)))
    assert (await ada.get(path))["items"] == [kept]


async def test_a_collection_never_lies_within_itself(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    path = f"/api/workspaces/{workspace}/collections"
    top = await make_collection(ada, workspace)
    low = await make_collection(ada, workspace, parentId=top["id"])
    for parent in (top, low):
        assert (await ada("PUT", f"{path}/{top['id']}", {"parentId": parent["id"]})).status == 422
    assert (await ada.put(f"{path}/{low['id']}", {"parentId": None}))["collection"]["parentId"] is None


async def test_notes_are_connected_and_the_line_changed_and_taken_away(api: Api) -> None:
    ada = await api.register("Ada")
    workspace = await make(ada)
    path, notes = f"/api/workspaces/{workspace}/connections", f"/api/workspaces/{workspace}/notes"
    one, two, gone = [(await ada.post(notes, {"title": "T"}))["note"]["id"] for _ in range(3)]
    line = (await ada.post(path, {"fromNoteId": one, "toNoteId": two, "label": "so"}))["connection"]
    assert line == {"id": line["id"], "fromNoteId": one, "toNoteId": two, "label": "so", "style": "solid"}
    changed = line | {"style": "dashed"}
    assert (await ada.put(f"{path}/{line['id']}", {"style": "dashed"}))["connection"] == changed
    await ada("DELETE", f"/api/notes/{gone}")
    for to in (gone, str(uuid4())):
        reply = await ada("POST", path, {"fromNoteId": one, "toNoteId": to})
        assert (reply.status, reply.json["error"]["details"][0]["path"]) == (422, "toNoteId")
    assert (await ada("PUT", f"{path}/{line['id']}", {"style": "Red;"})).status == 422
    assert (await ada.get(path))["items"] == [changed]
    assert (await ada("DELETE", f"{path}/{line['id']}")).status == 204
    assert (await ada.get(path))["items"] == []
    for method, body in (("PUT", {"label": "x"}), ("DELETE", None)):
        assert (await ada(method, f"{path}/{line['id']}", body)).code == "CONNECTION_NOT_FOUND"
