"""The real servers and programs that tests rely on do run here."""

from pathlib import Path

import asyncpg
import pytest
import redis
import trio
import trio_asyncio

from tests.support.chromium import CACHE, packaged_chromium, running_browser
from tests.support.node import run_node
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.redis import running_redis


async def test_postgres_answers_asyncpg_under_trio(postgres_url: str) -> None:
    async with trio_asyncio.open_loop():
        with trio.fail_after(30):
            connection = await trio_asyncio.aio_as_trio(asyncpg.connect)(postgres_url)
            try:
                assert await trio_asyncio.aio_as_trio(connection.fetchval)("SELECT upper('grün 🙂')") == "GRÜN 🙂"
            finally:
                await trio_asyncio.aio_as_trio(connection.close)()


def test_a_database_belongs_to_one_test(postgres: PostgresServer) -> None:
    with postgres.fresh_database() as first, postgres.fresh_database() as second:
        assert first != second
        postgres.sql("CREATE TABLE t (x int)", first.rpartition("/")[2])
        count = "SELECT count(*) FROM information_schema.tables WHERE table_name = 't'"
        assert postgres.sql(count, first.rpartition("/")[2]) == "1"
        assert postgres.sql(count, second.rpartition("/")[2]) == "0"
    assert postgres.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'test_%'") == "0"


def test_postgres_recovers_what_was_committed_before_a_crash() -> None:
    with running_postgres() as server:
        server.sql("CREATE TABLE t AS SELECT 7 AS x")
        server.stop("immediate")
        server.start()
        assert server.sql("SELECT x FROM t") == "7"


def test_redis_is_empty_for_each_test(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "over")


def test_redis_is_empty_again(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_redis_forgets_everything_when_it_is_killed() -> None:
    with running_redis() as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("key", "value")
            server.stop()
            with pytest.raises(redis.ConnectionError):
                client.get("key")
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("key") is None


def test_node_runs_a_program(tmp_path: Path) -> None:
    program = tmp_path / "program.mjs"
    program.write_text("console.log(process.versions.node.split('.')[0] >= 22 ? 'new enough' : 'too old')")
    assert run_node(program).strip() == "new enough"


@pytest.mark.parametrize("origin", ["found", "packaged"])
def test_chromium_draws_a_page(origin: str, request: pytest.FixtureRequest) -> None:
    path = packaged_chromium(CACHE) if origin == "packaged" else request.getfixturevalue("chromium_path")
    with running_browser(path) as browser:
        page = browser.new_page()
        page.set_content("<button onclick=\"this.textContent = 'pressed'\">press</button>")
        page.click("button")
        assert page.inner_text("button") == "pressed"
