"""The directory in Redis: one hash of nodes, one key a workspace. Every script touches one key."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import structlog
import trio

from nvserver.adapters.redis.connection import Client, cross, unavailable
from nvserver.ports.directory import Beat, LiveNode, NodeInfo

log = structlog.get_logger()

_BEAT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local was_empty = redis.call('EXISTS', KEYS[1]) == 0
local answer = {0, was_empty and 1 or 0}
local all = redis.call('HGETALL', KEYS[1])
local function entry(ends, lease, told)
    return string.format('%.0f/%.0f ', ends, lease) .. told
end
for i = 1, #all, 2 do
    local name, value = all[i], all[i + 1]
    local ends, lease = string.match(value, '^(%d+)/(%d+) ')
    ends, lease = tonumber(ends), tonumber(lease)
    if ends <= now then
        redis.call('HDEL', KEYS[1], name)
    elseif name == ARGV[1] then
        answer[1] = 1
    else
        local told = string.sub(value, string.find(value, ' ') + 1)
        if ends > now + lease then
            ends = now + lease
            redis.call('HSET', KEYS[1], name, entry(ends, lease, told))
        end
        answer[#answer + 1] = ends - now
        answer[#answer + 1] = told
    end
end
redis.call('HSET', KEYS[1], ARGV[1], entry(now + ARGV[2], ARGV[2], ARGV[3]))
return answer
"""
"""Node, lease in ms, what it tells of itself → was known, was empty, and of every other live node: ms left, what it
told. Ended leases go. One that has more left than its length was made before Redis's clock jumped back: it is cut to
that."""

_CLAIM: Final = """
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[2] then
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return owner
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return ARGV[1]
"""
_RELEASE: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

ENTRY_SECONDS: Final = 7 * 24 * 3600
"""An entry that nobody has claimed or renewed for so long goes: its node died and nobody asked for the workspace."""

_NODE: Final = msgspec.msgpack.Decoder(NodeInfo)


class RedisDirectory:
    """Fills the port `Directory`. `prefix` begins all keys."""

    def __init__(self, client: Client, deadline_seconds: float, prefix: str = "nv") -> None:
        self._client = client
        self._deadline_seconds = deadline_seconds
        self._prefix = prefix
        self._nodes_key = f"{prefix}:nodes"

    async def bind(self, cluster_id: str) -> str:
        """See `Directory.bind`."""

        async def ask() -> bytes:
            await self._client.set(f"{self._prefix}:cluster", cluster_id, nx=True)
            found: bytes = await self._client.get(f"{self._prefix}:cluster")
            return found

        found: bytes = await self._run(ask)
        return found.decode()

    async def beat(self, node: NodeInfo, lease_seconds: float) -> Beat:
        """See `Directory.beat`."""
        told = msgspec.msgpack.encode(node)

        async def ask() -> list[Any]:
            answer: list[Any] = await self._client.eval(
                _BEAT, 1, self._nodes_key, node.node_id, round(lease_seconds * 1000), told
            )
            return answer

        was_known, was_empty, *others = await self._run(ask)
        nodes = [LiveNode(node, lease_seconds)]
        for left_ms, body in zip(others[::2], others[1::2], strict=True):
            try:
                nodes.append(LiveNode(_NODE.decode(body), left_ms / 1000))
            except msgspec.MsgspecError as error:
                log.warning("a node's entry cannot be read", error=str(error))
        return Beat(bool(was_known), bool(was_empty), tuple(nodes))

    async def retire(self, node_id: str) -> None:
        """See `Directory.retire`."""
        await self._run(lambda: self._client.hdel(self._nodes_key, node_id))

    async def look_up(self, workspace_id: str) -> str | None:
        """See `Directory.look_up`."""
        found: bytes | None = await self._run(lambda: self._client.get(self._key(workspace_id)))
        return None if found is None else found.decode()

    async def claim(self, node_id: str, workspaces: Mapping[str, str | None]) -> Mapping[str, str]:
        """See `Directory.claim`."""

        async def ask() -> dict[str, str]:
            pipeline = self._client.pipeline(transaction=False)
            for workspace_id, previous in workspaces.items():
                pipeline.eval(_CLAIM, 1, self._key(workspace_id), node_id, previous or "", ENTRY_SECONDS * 1000)
            winners = await pipeline.execute()
            return {name: winner.decode() for name, winner in zip(workspaces, winners, strict=True)}

        return await self._run(ask) if workspaces else {}

    async def release(self, node_id: str, workspace_ids: Sequence[str]) -> None:
        """See `Directory.release`."""

        async def ask() -> None:
            pipeline = self._client.pipeline(transaction=False)
            for workspace_id in workspace_ids:
                pipeline.eval(_RELEASE, 1, self._key(workspace_id), node_id)
            await pipeline.execute()

        if workspace_ids:
            await self._run(ask)

    def _key(self, workspace_id: str) -> str:
        return f"{self._prefix}:owner:{workspace_id}"

    async def _run(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """One crossing of the bridge, with a deadline."""
        try:
            with trio.fail_after(self._deadline_seconds):
                return await cross(ask)
        except trio.TooSlowError as error:
            raise unavailable(error) from error
