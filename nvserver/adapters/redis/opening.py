"""Opens what one Redis gives: the directory and the bus."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import trio
from redis.asyncio.cluster import RedisCluster

from nvserver.adapters.redis.bus import RedisBus
from nvserver.adapters.redis.connection import connect, cross, locator
from nvserver.adapters.redis.directory import RedisDirectory
from nvserver.adapters.redis.settings import RedisSettings
from nvserver.errors import Unavailable


@dataclass(frozen=True, slots=True)
class OpenRedis:
    """What the block of `open_redis` has."""

    directory: RedisDirectory
    bus: RedisBus


@asynccontextmanager
async def open_redis(settings: RedisSettings) -> AsyncIterator[OpenRedis]:
    """The Redis that the settings name, under `trio_asyncio.open_loop()`. It need not answer yet. Raises
    `OperatorError` for an address that names none."""
    assert settings.url is not None
    client = connect(settings.url, settings.deadline_seconds)
    bus = RedisBus(
        locator(client, settings.url),
        settings.deadline_seconds,
        settings.bus_bytes,
        is_sharded=isinstance(client, RedisCluster),
    )
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(bus.run)
            yield OpenRedis(RedisDirectory(client, settings.deadline_seconds), bus)
            nursery.cancel_scope.cancel()
    finally:
        with trio.move_on_after(1, shield=True), suppress(Unavailable):
            await cross(client.aclose)
