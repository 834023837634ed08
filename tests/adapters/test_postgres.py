"""What is PostgreSQL's own: connections that are lost, rows that are held, a server that dies."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import asyncpg
import pytest
import trio
import trio.testing
import trio_asyncio
from trio_asyncio import aio_as_trio

from nvserver.adapters.postgres import PostgresSettings, migrate, open_postgres
from nvserver.adapters.postgres.database import open_database
from nvserver.adapters.postgres.oplog import PostgresOpLog
from nvserver.adapters.sql.database import Statement
from nvserver.adapters.sql.ids import id_bytes
from nvserver.errors import Unavailable
from nvserver.ports.oplog import Activation, AppendOutcome
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_of, append_one, entry, new_id, new_workspace
from tests.support.postgres import PostgresServer, running_postgres

PATIENT = PostgresSettings(deadline_seconds=30, statement_seconds=30, lock_seconds=30)


@dataclass(frozen=True)
class OtherProgram:
    """A program that uses the database in its own way."""

    connection: asyncpg.Connection

    async def execute(self, sql: str, *arguments: object) -> None:
        await aio_as_trio(self.connection.execute)(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> object:
        return await aio_as_trio(self.connection.fetchval)(sql, *arguments)

    @asynccontextmanager
    async def holding(self, workspace_id: str) -> AsyncIterator[None]:
        """In the middle of a transaction that holds the workspace's log."""
        await self.execute("BEGIN")
        await self.execute("SELECT 1 FROM logs WHERE workspace_id = $1 FOR UPDATE", id_bytes(workspace_id))
        try:
            yield
        finally:
            await self.execute("ROLLBACK")

    async def wait_until_somebody_waits(self) -> None:
        """Until another connection waits for a lock."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not await self.fetchval(query):
            pass


@asynccontextmanager
async def other_program(url: str) -> AsyncIterator[OtherProgram]:
    connection = await aio_as_trio(asyncpg.connect)(url)
    try:
        yield OtherProgram(connection)
    finally:
        connection.terminate()


@asynccontextmanager
async def opened(url: str, settings: PostgresSettings = PATIENT) -> AsyncIterator[tuple[Store, OtherProgram]]:
    async with trio_asyncio.open_loop():
        await migrate(url)
        async with open_postgres(url, settings) as store, other_program(url) as other:
            yield store, other


async def test_a_commit_is_synced_whatever_the_databases_default(postgres: PostgresServer) -> None:
    with postgres.fresh_database() as url:
        postgres.sql(f"ALTER DATABASE {urlsplit(url).path[1:]} SET synchronous_commit = off")
        async with trio_asyncio.open_loop(), open_database(url, PATIENT, size=1) as database:
            shown = await database.read(Statement("SELECT current_setting('synchronous_commit')"))
    assert list(shown) == [("on",)]


async def test_the_servers_limits_are_those_of_the_settings(postgres_url: str) -> None:
    expected = {
        "statement_timeout": "1100ms",
        "lock_timeout": "1200ms",
        "idle_in_transaction_session_timeout": "1300ms",
        "tcp_user_timeout": "1400",  # read from the socket
        "transaction_timeout": "1100ms",
        "application_name": "notevault",
    }
    settings = PostgresSettings(
        statement_seconds=1.1, lock_seconds=1.2, idle_in_transaction_seconds=1.3, dead_peer_seconds=1.4
    )
    async with trio_asyncio.open_loop(), open_database(postgres_url, settings, size=1) as database:
        for name, value in expected.items():
            assert list(await database.read(Statement("SELECT current_setting($1)", (name,)))) == [(value,)]


async def test_a_row_that_stays_held_is_unavailable_until_it_goes(postgres_url: str, rng: random.Random) -> None:
    async with opened(postgres_url, replace(PATIENT, lock_seconds=0.1)) as (store, other):
        workspace_id, first = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        async with other.holding(workspace_id):
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await append_one(rng, store, activation)
            with pytest.raises(Unavailable):
                await store.oplog.activate(workspace_id, "node-b")
            assert list(await store.oplog.read(workspace_id, 0)) == [first]
        assert await append_one(rng, store, activation) is DURABLE


async def test_after_an_activation_an_append_that_was_given_up_cannot_become_durable(
    postgres_url: str, rng: random.Random
) -> None:
    impatient_settings = replace(PATIENT, deadline_seconds=0.3)
    async with opened(postgres_url) as (store, other):
        workspace_id, _ = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        async with open_database(postgres_url, impatient_settings, size=1) as impatient, other.holding(workspace_id):
            with pytest.raises(Unavailable):
                await PostgresOpLog(impatient, impatient).append([append_of(activation, [entry(rng, 2)])])
        newer = await store.oplog.activate(workspace_id, "node-b")
        assert len(await store.oplog.read(workspace_id, 0)) == newer.head
        assert await append_one(rng, store, activation) is FENCED
        assert await append_one(rng, store, newer) is DURABLE


async def test_a_cancelled_caller_gets_no_connection_lost_and_knows_nothing(
    postgres_url: str, rng: random.Random
) -> None:
    async with opened(postgres_url) as (store, other):
        workspace_id, _ = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        outcomes: list[AppendOutcome] = []
        has_connection = trio.CancelScope()

        async def append(one: Activation, scope: trio.CancelScope) -> None:
            with scope:
                outcomes.append(await append_one(rng, store, one))

        with trio.fail_after(60):
            async with trio.open_nursery() as nursery, other.holding(workspace_id):
                nursery.start_soon(append, activation, has_connection)
                await other.wait_until_somebody_waits()
                # A second one waits for the connection; this one leaves at once.
                is_waiting = trio.CancelScope()
                nursery.start_soon(append, replace_head(activation, 2), is_waiting)
                await trio.testing.wait_all_tasks_blocked()
                is_waiting.cancel()
                has_connection.cancel()
        newer = await store.oplog.activate(workspace_id, "node-b")
        assert newer.head == 2
        assert outcomes == [DURABLE]
        assert await append_one(rng, store, newer) is DURABLE


def replace_head(activation: Activation, head: int) -> Activation:
    return Activation(activation.workspace_id, activation.epoch, head)


async def test_more_callers_than_may_wait_are_refused_at_once(postgres_url: str, rng: random.Random) -> None:
    async with opened(postgres_url, replace(PATIENT, max_waiting=1)) as (store, other):
        ids = [(await new_workspace(rng, store))[0] for _ in range(3)]
        activations = [await store.oplog.activate(workspace_id, "node-a") for workspace_id in ids]
        with trio.fail_after(60):
            async with trio.open_nursery() as nursery, other.holding(ids[0]):
                nursery.start_soon(append_one, rng, store, activations[0])
                await other.wait_until_somebody_waits()
                nursery.start_soon(append_one, rng, store, activations[1])
                await trio.testing.wait_all_tasks_blocked()
                with pytest.raises(Unavailable):
                    await append_one(rng, store, activations[2])
        assert [len(await store.oplog.read(workspace_id, 0)) for workspace_id in ids] == [2, 2, 1]


async def test_lost_connections_are_made_anew(postgres_url: str, rng: random.Random) -> None:
    async with opened(postgres_url) as (store, other):
        workspace_id, _ = await new_workspace(rng, store)
        for _ in range(5):
            activation = await store.oplog.activate(workspace_id, "node-a")
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            head = activation.head
            for _ in range(3):
                try:
                    outcome = await append_one(rng, store, activation)
                except Unavailable:
                    activation = await activate_again(store, workspace_id)
                    assert activation.head == head
                else:
                    assert outcome is DURABLE
                    head += 1
                    activation = replace_head(activation, head)
            assert [one.seq for one in await store.oplog.read(workspace_id, 0)] == list(range(1, head + 1))
            assert head > 1


async def activate_again(store: Store, workspace_id: str) -> Activation:
    with trio.fail_after(60):
        while True:
            try:
                return await store.oplog.activate(workspace_id, "node-a")
            except Unavailable:
                continue


async def test_a_server_that_crashes_keeps_what_was_told_durable_and_the_store_goes_on(rng: random.Random) -> None:
    with running_postgres() as server, server.fresh_database() as url:
        async with opened(url) as (store, _):
            workspace_id, _ = await new_workspace(rng, store)
            activation = await store.oplog.activate(workspace_id, "node-a")
            promised = 1
            for _ in range(2):
                promised = await append_until_away(rng, store, activation, server)
                with pytest.raises(Unavailable):
                    await store.oplog.read(workspace_id, 0)
                with pytest.raises(Unavailable):
                    await store.index.role_of(workspace_id, new_id(rng))
                await trio.to_thread.run_sync(server.start)
                activation = await activate_again(store, workspace_id)
                assert activation.head in (promised, promised + 1)
                stored = await store.oplog.read(workspace_id, 0)
                assert [one.seq for one in stored] == list(range(1, activation.head + 1))
                assert await append_one(rng, store, activation) is DURABLE
                activation = replace_head(activation, activation.head + 1)


async def append_until_away(rng: random.Random, store: Store, activation: Activation, server: PostgresServer) -> int:
    """Append while the server crashes; the last seq that was told durable."""
    head = activation.head
    has_begun = trio.Event()
    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:

            async def crash() -> None:
                await has_begun.wait()
                await trio.to_thread.run_sync(server.stop, "immediate")

            nursery.start_soon(crash)
            while True:
                try:
                    outcome = await append_one(rng, store, replace_head(activation, head))
                except Unavailable:
                    return head
                assert outcome is DURABLE
                head += 1
                has_begun.set()


async def test_one_workspace_is_in_a_batch_once(postgres_url: str, rng: random.Random) -> None:
    async with opened(postgres_url) as (store, _):
        workspace_id, _ = await new_workspace(rng, store)
        activation = await store.oplog.activate(workspace_id, "node-a")
        batch = [append_of(activation, [entry(rng, seq)]) for seq in (2, 3)]
        with pytest.raises(ValueError, match="one append of a workspace"):
            await store.oplog.append(batch)
        assert len(await store.oplog.read(workspace_id, 0)) == 1
