"""Where Redis is, and how long it may take."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RedisSettings:
    """Section `[redis]` of the settings: the directory, the leases and the bus between nodes."""

    url: str | None = field(
        default=None,
        repr=False,
        metadata={
            "schemes": ("redis", "rediss", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster")
        },
    )
    """`redis://…` or `rediss://…` (TLS); `redis+sentinel://HOST:PORT,HOST:PORT/SERVICE/DB` asks sentinels for the
    master; `redis+cluster://HOST:PORT,…` is a Redis Cluster, best from Redis 7 on (before, every shard hears all that
    nodes say). By default this node is alone."""
    deadline_seconds: float = field(default=1.0, metadata={"min": 0.05, "max": 30})
    """How long Redis may take to answer; then the answer is not waited for."""
    bus_bytes: int = field(default=16_777_216, metadata={"min": 65_536})
    """What may wait to be sent to other nodes; beyond it datagrams are dropped, and what was missed is read from the
    log."""
