"""The two real stores that the fault runs are made on: a SQLite file and a database of a PostgreSQL server."""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import trio_asyncio

from nvserver.adapters import postgres, sqlite
from nvserver.ports.store import Store
from tests.support.postgres import PostgresServer

SECRET_KEY = secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class RealStore:
    """Where it is. `url` is that of a PostgreSQL database, `server` the one that has it; None: SQLite in `data_dir`."""

    data_dir: Path
    url: str | None = None
    server: PostgresServer | None = None

    @property
    def name(self) -> str:
        return "sqlite" if self.url is None else "postgres"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "notevault.sqlite3"

    @property
    def variables(self) -> Mapping[str, str]:
        """What `nvserver` has to be told to find it."""
        return {} if self.url is None else {"NV_DATABASE_URL": self.url, "NV_SECRET_KEY": SECRET_KEY}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Store]:
        """The store, made where need be."""
        if self.url is None:
            async with sqlite.open_sqlite(self.database) as store:
                yield store
        else:
            async with trio_asyncio.open_loop():
                await postgres.migrate(self.url)
                async with postgres.open_postgres(self.url) as store:
                    yield store

    def damage(self, statement: str) -> None:
        """Run SQL behind everybody's back; ids and bytes stand in it as `blob` gives them."""
        if self.url is None:
            with closing(sqlite3.connect(self.database, timeout=30)) as connection:
                connection.execute("PRAGMA foreign_keys = OFF")
                assert connection.execute(statement).rowcount > 0, statement
                connection.commit()
        else:
            assert self.server is not None
            self.server.sql(statement, urlsplit(self.url).path[1:])

    def ask(self, question: str) -> str:
        """The one value that a SELECT gives."""
        if self.url is None:
            with closing(sqlite3.connect(self.database, timeout=30)) as connection:
                return str(connection.execute(question).fetchone()[0])
        assert self.server is not None
        return self.server.sql(question, urlsplit(self.url).path[1:])

    def blob(self, data: bytes) -> str:
        """Bytes as they are written in a statement."""
        return f"X'{data.hex()}'" if self.url is None else f"'\\x{data.hex()}'::bytea"

    def id(self, text: str) -> str:
        """An id as it is written in a statement."""
        return self.blob(UUID(text).bytes)
