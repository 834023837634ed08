"""Makes a client of redis-py from an address. What is here runs inside the bridge to asyncio."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

import structlog
from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.sentinel import Sentinel
from redis.exceptions import RedisClusterException, RedisError
from trio_asyncio import aio_as_trio

from nvserver.adapters.redis.wire import Address
from nvserver.errors import OperatorError, Unavailable

log = structlog.get_logger()

Client: TypeAlias = Any
"""A `Redis` or a `RedisCluster`: for what is asked of them here they are alike, but share no type."""

_TROUBLE: Final = (RedisError, RedisClusterException, OSError, TimeoutError)
"""What redis-py raises when Redis cannot be reached, is too slow, or refuses."""

_DEFAULT_PORT: Final = 6379
_SENTINEL_PORT: Final = 26379


def connect(url: str, deadline_seconds: float) -> Client:
    """A client; it connects at its first use. Raises `OperatorError` for an address that names no Redis."""
    try:
        parts = urlsplit(url)
        options: dict[str, Any] = {
            "socket_timeout": deadline_seconds,
            "socket_connect_timeout": deadline_seconds,
            "username": parts.username,
            "password": parts.password,
        }
        scheme, _, kind = parts.scheme.partition("+")
        if kind == "sentinel":
            return _by_sentinel(parts, {**options, "ssl": scheme == "rediss"})
        if kind == "cluster":
            nodes = [ClusterNode(host, port) for host, port in _addresses(parts, _DEFAULT_PORT)]
            return RedisCluster(startup_nodes=nodes, ssl=scheme == "rediss", **options)
        return Redis.from_url(url, socket_timeout=deadline_seconds, socket_connect_timeout=deadline_seconds)
    except ValueError as error:
        raise OperatorError(f"redis.url names no Redis: {error}") from error


def locator(client: Client, url: str) -> Callable[[str], Awaitable[Address]]:
    """How the bus finds the Redis that has a channel, outside the bridge."""
    parts = urlsplit(url)
    is_tls = parts.scheme.startswith("rediss")

    def enter(host: str, port: int) -> Address:
        return Address(host, port, parts.username, parts.password, is_tls)

    async def fixed(_channel: str) -> Address:
        return enter(parts.hostname or "127.0.0.1", parts.port or _DEFAULT_PORT)

    async def master(_channel: str) -> Address:
        return enter(*await cross(client.connection_pool.get_master_address))

    async def shard(channel: str) -> Address:
        async def ask() -> Any:
            await client.initialize()
            return client.get_node_from_key(channel)

        node = await cross(ask)
        return enter(node.host, node.port)

    if isinstance(client, RedisCluster):
        return shard
    return master if "+sentinel" in parts.scheme else fixed


async def cross(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Have redis-py ask, beyond the bridge; the caller sets the deadline. Raises `Unavailable`, whatever redis-py
    raises: it also stumbles over connections and shards that go while it uses them (an `AttributeError`, a `TypeError`;
    its issues 3835 and 4287), and no node may end for that."""
    try:
        return await aio_as_trio(ask)()
    except _TROUBLE as error:
        raise unavailable(error) from error
    except Exception as error:
        log.warning("the client of Redis has failed", exc_info=True)
        raise unavailable(error) from error


def unavailable(error: BaseException) -> Unavailable:
    """What callers hear of it; the reason is for the log."""
    return Unavailable(f"Redis does not answer as it should ({type(error).__name__}: {error})")


def _by_sentinel(parts: SplitResult, options: dict[str, Any]) -> Client:
    service, _, database = parts.path.strip("/").partition("/")
    if not service:
        raise ValueError("a sentinel's address ends in the name of the service")
    timeout = options["socket_timeout"]
    sentinel = Sentinel(_addresses(parts, _SENTINEL_PORT), sentinel_kwargs={"socket_timeout": timeout})  # type: ignore[no-untyped-call]
    return sentinel.master_for(service, db=int(database or 0), **options)


def _addresses(parts: SplitResult, default_port: int) -> list[tuple[str, int]]:
    hosts = parts.netloc.rpartition("@")[2].split(",")
    found = [urlsplit(f"//{host}") for host in hosts]
    return [(one.hostname or "127.0.0.1", one.port or default_port) for one in found]
