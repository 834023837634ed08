"""A2, A3, A11: PostgreSQL is killed, stopped, cuts its connections or loses its answers, with people at work."""

import os
import random
import signal
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trio

from nvserver.testing.fault_proxy import fault_proxy
from nvserver.testing.postgres_faults import LoseAppendAnswer, by_chance
from tests.faults.crew import Crew, at_work
from tests.faults.faulty_server import BRISK, IMPATIENT
from tests.faults.reporting import Report, tally
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore
from tests.support.postgres import PostgresServer, running_postgres

KILLS = size(5, 50)
CRASHES = size(5, 50)
LOST_ANSWERS = size(50, 500)
PERSISTENT = {**BRISK, "NV_LOG_WRITER__RETRY_SECONDS": "0.02"}
"""A store that does not answer is soon asked again."""
PLACE = "127.0.0.1"


def kill_postmaster(server: PostgresServer) -> None:
    """`kill -9` of its first process; the others end when they notice."""
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def start_again(server: PostgresServer) -> None:
    """It cannot start while processes of the killed one are left: try until it does."""
    while True:
        try:
            return server.start()
        except RuntimeError as error:
            if "exit code 1" not in str(error):
                raise


async def cut_connections(postgres: PostgresServer) -> None:
    """PostgreSQL ends the process behind each connection, whatever it is doing."""
    statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test%'"
    await trio.to_thread.run_sync(postgres.sql, statement)


async def take_away(kind: str, postgres: PostgresServer, crew: Crew) -> None:
    """PostgreSQL goes, with the server or without, and comes again."""
    to_thread = trio.to_thread.run_sync
    if kind == "stop at once":
        await to_thread(postgres.stop, "immediate")
    else:
        await to_thread(kill_postmaster, postgres)
    if kind == "kill both":
        await to_thread(crew.server.kill)
    # What was acknowledged before reaches a client before its loss does: after that, nothing may be.
    await crew.wait_all_lost()
    acknowledged = crew.acknowledged
    await crew.wait_all_lost()
    assert crew.acknowledged == acknowledged, "something was acknowledged while there was no database"
    await to_thread(start_again, postgres)
    if kind == "kill both":
        await to_thread(crew.server.start)


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_nothing_is_lost_when_the_database_goes_away(rng: random.Random, tmp_path: Path, report: Report) -> None:
    kinds = ["kill the database"] * KILLS
    kinds += [("kill both", "stop at once", "cut connections")[number % 3] for number in range(CRASHES)]
    rng.shuffle(kinds)
    with running_postgres() as postgres, postgres.fresh_database() as url:
        store = RealStore(tmp_path, url, postgres)
        async with at_work(store, tmp_path, rng, 2, IMPATIENT) as crew:
            crew.injected.update(tally(kinds))
            for kind in kinds:
                if kind == "cut connections":
                    await cut_connections(postgres)
                else:
                    await take_away(kind, postgres, crew)
                await crew.wait_acknowledged(10)
    report("A2 A3", store, crew.injected, **crew.seen)


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_commit_whose_answer_is_lost_is_found_out(
    postgres: PostgresServer, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    with postgres.fresh_database() as url:
        store = RealStore(tmp_path, url, postgres)
        async with fault_proxy(PLACE, postgres.port, rng.randrange(2**32)) as proxy:
            line = RealStore(tmp_path, f"postgresql://postgres@{PLACE}:{proxy.port}{urlsplit(url).path}", postgres)
            async with at_work(store, tmp_path, rng, 2, PERSISTENT, line=line) as crew:
                is_due, waits = by_chance(rng, 0.2), by_chance(rng, 0.6)
                proxy.make_rule = lambda: LoseAppendAnswer(is_due, waits, Counter())
                proxy.reset_all()
                await crew.wait(lambda: _lost(proxy.counts) >= LOST_ANSWERS)
                proxy.make_rule = lambda: None
                crew.injected.update(proxy.counts)
                proxy.reset_all()
    unknown = len(crew.server.events("append not answered"))
    report("A11", store, crew.injected, **crew.seen, unknown_outcomes=unknown)


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_an_answer_that_never_comes_is_found_out(
    real_store: RealStore, rng: random.Random, tmp_path: Path, report: Report
) -> None:
    async with at_work(real_store, tmp_path, rng, 2, PERSISTENT) as crew:
        server = crew.server
        await trio.to_thread.run_sync(server.kill)
        await trio.to_thread.run_sync(server.start, "after_append_before_answer=drop@/3")
        while len(server.events("append not answered")) < LOST_ANSWERS:
            await crew.wait_steps(10)
        crew.injected["lost answer"] = len(server.events("append not answered"))
    report("A11", real_store, crew.injected, **crew.seen)


def _lost(counts: Counter[str]) -> int:
    return counts["cut after the commit"] + counts["cut with the commit"]
