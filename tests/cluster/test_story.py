"""One grep over the logs of all nodes tells the story of one edit, without a word of it."""

from pathlib import Path

import pytest

from nvserver.testing.realtime_client import open_realtime
from tests.cluster.nodes import running_cluster
from tests.e2e.teams import found_team
from tests.faults.stores import RealStore

pytestmark = pytest.mark.timeout(150)

SECRET_TEXT = "nobody but us"


async def test_an_edit_through_another_node(pg_store: RealStore, redis_url: str, tmp_path: Path) -> None:
    settings = {"NV_LEASE_SECONDS": "10", "NV_NODE__LINK_SECONDS": "10", "NV_LOG__LEVEL": "debug"}
    async with running_cluster(pg_store, redis_url, tmp_path, count=2, **settings) as cluster:
        team = await found_team(cluster)  # type: ignore[arg-type]
        owner = cluster.owner_of(team.workspace_id)
        foreign = next(node for node in cluster.nodes if node is not owner)
        where = {"workspaceId": team.workspace_id}
        token = team["ada"].token
        assert token is not None
        async with open_realtime(foreign.url, token) as connection:
            client = (await connection.call("workspace:join", where))["clientId"]
            seq = (await connection.call("note:open", {**where, "noteId": team.note_id}))["seq"]
            edit = {**where, "noteId": team.note_id, "clientId": client, "baseSeq": seq, "op": [SECRET_TEXT]}
            for _ in range(2):
                answer = await connection.call("collaboration:edit", {**edit, "clientSeq": 1})
            refused = await connection.call("collaboration:edit", {**edit, "clientSeq": 2, "noteId": team.workspace_id})
        names = ("received", "passed on", "accepted", "durable", "answered as before", "refused")
        lines = {name: [(node, line) for node in cluster.nodes for line in node.events(name)] for name in names}

        def told(request: str) -> list[tuple[str, str, object]]:
            """Step, node and what it came to, in time."""
            story = sorted(
                (str(line["timestamp"]), name, node.name, line.get("seq") or line.get("code"))
                for name, found in lines.items()
                for node, line in found
                if line.get("request") == request and line["workspace"] == team.workspace_id
            )
            return [(name, node, result) for _, name, node, result in story]

        assert told(f"{client}/1") == [
            ("received", foreign.name, None),
            ("passed on", foreign.name, None),
            ("accepted", owner.name, answer["seq"]),
            ("durable", owner.name, answer["seq"]),
            ("received", foreign.name, None),
            ("passed on", foreign.name, None),
            ("answered as before", owner.name, answer["seq"]),
        ]
        assert told(f"{client}/2")[-1] == ("refused", owner.name, refused["error"]["code"])
        assert not any(SECRET_TEXT in node.log_text for node in cluster.nodes)
