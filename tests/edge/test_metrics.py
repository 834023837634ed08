"""What a node tells Prometheus."""

from pathlib import Path

import structlog
import trio
from prometheus_client.parser import text_string_to_metric_families

from nvserver.actors.timer import Timer
from nvserver.edge.metrics import LoopLag
from tests.e2e.op_log import read_log
from tests.e2e.teams import found_team
from tests.support.server import ServerProcess, running_server

EDITS = 25


async def samples_of(server: ServerProcess) -> dict[str, float]:
    """Value by name and labels."""
    async with await trio.open_tcp_stream("127.0.0.1", server.port) as stream:
        await stream.send_all(b"GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        answer = b"".join([piece async for piece in stream])
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"text/plain; version=" in head
    families = text_string_to_metric_families(body.decode())
    return {
        sample.name + "".join(f"[{name}={value}]" for name, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_the_numbers_are_those_of_what_was_done(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        team = await found_team(server)
        before = await samples_of(server)
        async with team.connect("ada") as desk:
            seq = desk.opened["seq"]
            for _ in range(EDITS):
                seq = (await desk.edit(["x"], seq))["seq"]
            during = await samples_of(server)
        log = read_log(server.database, team.workspace_id)
    assert during["notevault_operations_total"] - before["notevault_operations_total"] == EDITS
    by_actor = [entry for entry in log if entry.epoch > 0]  # what made the workspace was written without one
    assert during["notevault_operations_total"] == len(by_actor)
    assert during["notevault_edit_durable_seconds_count"] == during["notevault_edit_broadcast_seconds_count"] >= EDITS
    assert during["notevault_edit_durable_seconds_sum"] <= during["notevault_edit_broadcast_seconds_sum"]
    assert during["notevault_commit_entries_sum"] == during["notevault_operations_total"]
    assert during["notevault_connections"] == 1
    assert during["notevault_workspaces[state=open]"] == 1
    assert during["notevault_activations_total"] == 1
    for quiet in ("fence_hits", "appends_lost", "actor_crashes", "quarantines"):
        assert during[f"notevault_{quiet}_total"] == 0


async def test_a_loop_that_stood_still_is_told(mock_clock: trio.testing.MockClock) -> None:
    timer = Timer()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        lag = LoopLag(timer)
        lag.start()
        with structlog.testing.capture_logs() as told:
            for seconds in (0.5, 0.9, 4.5):
                await trio.testing.wait_all_tasks_blocked()
                mock_clock.jump(seconds)
            await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    assert [(one["event"], one["seconds"]) for one in told] == [("event loop stood still", 4.0)]
    assert round(lag.seconds.total, 3) == 4.4
