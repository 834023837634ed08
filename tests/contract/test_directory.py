"""What every directory does: in memory, and in a real Redis."""

from collections.abc import AsyncIterator

import pytest
import trio
import trio_asyncio

from nvserver.adapters.memory.directory import MemoryDirectory
from nvserver.adapters.redis import open_redis
from nvserver.adapters.redis.settings import RedisSettings
from nvserver.errors import Unavailable
from nvserver.ports.directory import Directory, NodeInfo
from tests.support.redis import running_redis


@pytest.fixture(params=["memory", "redis"])
async def directory(request: pytest.FixtureRequest) -> AsyncIterator[Directory]:
    if request.param == "memory":
        yield MemoryDirectory()
    else:
        async with trio_asyncio.open_loop(), open_redis(RedisSettings(request.getfixturevalue("redis_url"))) as opened:
            yield opened.directory


async def test_one_of_many_claimants_wins_and_all_hear_who(directory: Directory) -> None:
    winners = []

    async def claim(node_id: str) -> None:
        winners.append((await directory.claim(node_id, {"w": None}))["w"])

    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(claim, f"node {number}")
    assert len(set(winners)) == 1 and len(winners) == 8
    assert await directory.look_up("w") == winners[0]


async def test_only_the_entry_that_was_seen_is_replaced(directory: Directory) -> None:
    await directory.claim("a", {"w": None})
    assert await directory.claim("b", {"w": None}) == {"w": "a"}
    assert await directory.claim("b", {"w": "c"}) == {"w": "a"}
    assert await directory.claim("b", {"w": "a", "x": "gone"}) == {"w": "b", "x": "b"}
    assert await directory.claim("a", {"w": "a"}) == {"w": "b"}
    assert await directory.claim("a", {}) == {}


async def test_only_ones_own_is_released(directory: Directory) -> None:
    await directory.claim("a", {"w": None, "x": None})
    await directory.release("b", ["w", "unknown"])
    assert await directory.look_up("w") == "a"
    await directory.release("a", ["w"])
    await directory.release("a", [])
    assert await directory.look_up("w") is None
    assert await directory.look_up("x") == "a"


async def test_leases_are_renewed_and_end(directory: Directory) -> None:
    first = await directory.beat(NodeInfo("a", "A", load=3), 30)
    assert first.was_empty and not first.was_known
    second = await directory.beat(NodeInfo("b", "B", "http://b", 5, is_draining=True, started_at=7), 0.05)
    assert not second.was_empty and not second.was_known
    nodes = {node.info.node_id: node for node in second.nodes}
    assert nodes["a"].info == NodeInfo("a", "A", load=3) and 25 < nodes["a"].left_seconds <= 30
    assert nodes["b"].info == NodeInfo("b", "B", "http://b", 5, is_draining=True, started_at=7)
    with trio.fail_after(10):
        while len((await directory.beat(NodeInfo("a", "A"), 30)).nodes) > 1:
            await trio.lowlevel.checkpoint()
    assert not (await directory.beat(NodeInfo("b", "B"), 30)).was_known
    again = await directory.beat(NodeInfo("b", "B", load=9), 30)
    assert again.was_known
    await directory.retire("b")
    left = await directory.beat(NodeInfo("a", "A"), 30)
    assert left.was_known and [node.info.node_id for node in left.nodes] == ["a"]


async def test_a_directory_serves_one_cluster(directory: Directory) -> None:
    assert await directory.bind("one") == "one"
    assert await directory.bind("two") == "one"


async def test_redis_that_is_gone_or_hangs_is_unavailable() -> None:
    with running_redis() as server:
        settings = RedisSettings(server.url, deadline_seconds=0.3)
        async with trio_asyncio.open_loop(), open_redis(settings) as opened:
            assert await opened.directory.look_up("w") is None
            server.pause()
            with pytest.raises(Unavailable):
                await opened.directory.claim("a", {"w": None})
            server.resume()
            server.stop()
            with pytest.raises(Unavailable):
                await opened.directory.look_up("w")
            server.start()
            assert (await opened.directory.beat(NodeInfo("a", "A"), 3)).was_empty
