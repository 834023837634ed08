"""Redis: the directory of nodes and workspaces, and the bus between nodes. Nothing durable is kept there."""

from nvserver.adapters.redis.opening import OpenRedis as OpenRedis
from nvserver.adapters.redis.opening import open_redis as open_redis
