"""Everything works through a node that does not have the workspace, as it does through the one that has."""

from pathlib import Path
from typing import Any

import pytest

from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import running_cluster
from tests.e2e.teams import found_team
from tests.edge.http.client import Client
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(150)


async def test_both_nodes_show_and_do_the_same(pg_store: RealStore, redis_url: str, tmp_path: Path) -> None:
    settings = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10"}
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, own_settings=[settings] * 2) as cluster:
        team = await found_team(cluster, "first", bob="member")  # type: ignore[arg-type]
        owner = cluster.owner_of(team.workspace_id)
        foreign = next(node for node in cluster.nodes if node is not owner)
        ada = team["ada"]
        near, far = (Client(node.port, ada.token, ada.user, node.host) for node in (owner, foreign))
        note, workspace = f"/api/notes/{team.note_id}", f"/api/workspaces/{team.workspace_id}"

        async def both(path: str) -> Any:
            """The one answer of both."""
            answers = [await node.get(path) for node in (near, far)]
            assert answers[0] == answers[1]
            return answers[0]

        assert (await both(f"{note}/watch"))["watching"] in (True, False)
        version = (await far.post(f"{note}/versions", {"name": "Before"}))["version"]
        await far.put(note, {"content": "first and second"})
        thread = (await far.post(f"{note}/comments", {"text": "Why?", "anchor": {"start": 0, "end": 5}}))["thread"]
        await near.post(f"{note}/comments/{thread['id']}", {"text": "So."})
        await far.post(f"{workspace}/chat", {"text": "Hello"})
        made = (await far.post(f"{workspace}/notes", {"title": "Other", "content": "More"}))["note"]

        assert (await both(note))["note"]["content"] == "first and second"
        assert [one["name"] for one in (await both(f"{note}/versions"))["items"]][-1:] == ["Before"]
        assert "Why?" in str(comments := await both(f"{note}/comments")) and "So." in str(comments)
        assert "Hello" in str(await both(f"{workspace}/chat"))
        assert made["id"] in str(await both(f"{workspace}/notes"))
        assert "first" in str(kept := await both(f"{note}/versions/{version['id']}")) and "second" not in str(kept)
        for node in (near, far):
            exported = await node("GET", f"{workspace}/export")
            assert exported.status == 200 and exported.body[:2] == b"PK"
        assert cluster.owner_of(team.workspace_id) is owner, "nothing of this moved the workspace"


LONG_TEXT = "\U0001f600" + "word " * 399_000


async def test_what_is_longer_than_the_links_bound_crosses_all_the_same(
    pg_store: RealStore, redis_url: str, tmp_path: Path
) -> None:
    """Two megabytes of text, there and back, over links on which 64 KiB may wait; also into a page that opens it."""
    settings = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10", "NV_NODE__LINK_BYTES": "65536"}
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, own_settings=[settings] * 2) as cluster:
        team = await found_team(cluster, "first", bob="member")  # type: ignore[arg-type]
        owner = cluster.owner_of(team.workspace_id)
        foreign = next(node for node in cluster.nodes if node is not owner)
        ada = team["ada"]
        far = Client(foreign.port, ada.token, ada.user, foreign.host)
        await far.put(f"/api/notes/{team.note_id}", {"content": LONG_TEXT})
        assert (await far.get(f"/api/notes/{team.note_id}"))["note"]["content"] == LONG_TEXT
        assert ada.token is not None
        async with open_realtime(foreign.url, ada.token) as connection:
            await connection.call("workspace:join", {"workspaceId": team.workspace_id})
            opened = await connection.call("note:open", {"workspaceId": team.workspace_id, "noteId": team.note_id})
            assert opened["content"] == LONG_TEXT
        assert not list(cluster.events("link ended"))
