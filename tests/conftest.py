"""Fixtures that many tests share: real servers, started at the first use, and the seed of all chance."""

import os
import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import trio_asyncio

from nvserver.adapters.postgres import migrate
from tests.support.chromium import find_chromium
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.redis import RedisServer, running_redis
from tests.support.s3 import BUCKET, KEYS, running_s3

SEED = int(os.environ.setdefault("NV_SEED", str(secrets.randbits(32))))
"""In the environment, so that all processes of a run share it."""

hypothesis.settings.register_profile("notevault", deadline=None, print_blob=True)
hypothesis.settings.register_profile("fuzz", deadline=None, print_blob=True, max_examples=5_000)
hypothesis.settings.load_profile("notevault")


def pytest_report_header() -> str:
    """Tell the seed, so that a failure can be repeated."""
    return f"seed: NV_SEED={SEED} repeats this run"


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance of the test's own, from the run's seed and the test's name."""
    return random.Random(f"{SEED} {request.node.nodeid}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The run's PostgreSQL server. Tests that stop it start their own with `running_postgres`."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a database of the test's own."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_database(postgres: PostgresServer) -> Iterator[str]:
    """The name of a database that has the schema and nothing else: copying it is quicker than migrating anew."""
    with postgres.fresh_database() as url:
        trio_asyncio.run(migrate, url)
        yield url.rpartition("/")[2]


@pytest.fixture
def migrated_postgres_url(postgres: PostgresServer, migrated_database: str) -> Iterator[str]:
    """As `postgres_url`, with the schema."""
    with postgres.fresh_database(migrated_database) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The run's Redis server. Tests that stop it start their own with `running_redis`."""
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The run's S3 server."""
    with running_s3() as endpoint:
        yield endpoint


@pytest.fixture
def s3_url(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty place in it, as the settings take it."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{secrets.token_hex(8)}?endpoint={s3_endpoint}"


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A Chromium that runs headless here."""
    return find_chromium()
