"""`make prove`: the shipped proof on a PostgreSQL and a Redis of its own."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.postgres import running_postgres
from tests.support.redis import running_redis


def main() -> int:
    """The proof's exit code."""
    with running_postgres() as postgres, running_redis() as redis, postgres.fresh_database() as url:
        engines = {"NV_DATABASE_URL": url, "NV_REDIS_URL": redis.url, "NV_SECRET_KEY": secrets.token_hex(32)}
        environment = {**os.environ, **engines}
        command = [sys.executable, "-m", "nvserver", "prove", *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
