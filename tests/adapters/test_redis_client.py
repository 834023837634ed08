"""Whatever the client of Redis raises while a Redis goes or shards change, a node hears that Redis does not answer:
what ended a task of the bus or of the lease would end the node."""

from collections.abc import Callable
from typing import Any

import pytest
import trio
import trio_asyncio
from redis.asyncio.cluster import RedisCluster
from redis.exceptions import ClusterDownError, RedisClusterException, SlotNotCoveredError

from nvserver.adapters.redis.connection import locator
from nvserver.adapters.redis.directory import RedisDirectory
from nvserver.errors import Unavailable
from nvserver.ports.directory import NodeInfo

FAILURES = [
    ConnectionResetError(),
    TimeoutError(),
    ClusterDownError("CLUSTERDOWN"),
    RedisClusterException("All slots are not covered"),
    SlotNotCoveredError("Slot 7 is not covered"),
    AttributeError("'NoneType' object has no attribute 'writelines'"),
    TypeError("'NoneType' object is not callable"),
    IndexError(),
]


def failing(error: Exception) -> Callable[..., Any]:
    async def ask(*_: object, **__: object) -> None:
        raise error

    return ask


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
async def test_the_directory_and_the_bus_hear_that_redis_does_not_answer(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with trio_asyncio.open_loop():
        client = RedisCluster(host="127.0.0.1", port=1)
        monkeypatch.setattr(client, "eval", failing(error))
        monkeypatch.setattr(client, "initialize", failing(error))
        with trio.fail_after(30):
            with pytest.raises(Unavailable):
                await RedisDirectory(client, 5.0).beat(NodeInfo("n~1", "n"), 1.0)
            with pytest.raises(Unavailable):
                await locator(client, "redis+cluster://127.0.0.1:1")("nv:bus:all")


async def test_a_cluster_that_lacks_a_slot_is_one_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with trio_asyncio.open_loop():
        client = RedisCluster(host="127.0.0.1", port=1)

        async def initialize() -> None: ...

        monkeypatch.setattr(client, "initialize", initialize)  # knows no shard for any slot
        with pytest.raises(Unavailable):
            await locator(client, "redis+cluster://127.0.0.1:1")("nv:bus:all")
