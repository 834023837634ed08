"""What is measured: how each server is started, which protocol it speaks, what it keeps."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.clients.dialect import Dialect, first_text
from bench.clients.notevault import NoteVault
from bench.clients.relay import Relay
from bench.clients.sharedb import ShareDB
from bench.clients.yjs import Hocuspocus, Yjs
from bench.core.processes import Cores
from bench.servers.packages import PEERS, node, python
from bench.servers.postgres import durable_postgres
from bench.servers.program import Command, Program

MakeCommand = Callable[[Path, str], Command]
"""The command for a data folder and a database's address (empty without one)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A server to measure. `keeps` tells what of an acknowledged edit is on the disk."""

    name: str
    label: str
    keeps: str
    command: MakeCommand
    dialect: Callable[[], Dialect] | None = None
    """None for a server that only answers HTTP."""
    needs_postgres: bool = False
    prepare: Callable[[Command], None] | None = None

    @property
    def is_ours(self) -> bool:
        return self.name.startswith("notevault")

    @property
    def is_durable(self) -> bool:
        return self.keeps != "nothing"


class Running:
    """A started server, its database, and how to speak to it."""

    def __init__(self, kind: Kind, program: Program, database_pids: tuple[int, ...]) -> None:
        self.kind = kind
        self.program = program
        self.database_pids = database_pids
        self._dialect = kind.dialect() if kind.dialect else None

    @property
    def port(self) -> int:
        return self.program.port

    @property
    def dialect(self) -> Dialect:
        assert self._dialect is not None
        return self._dialect


@contextmanager
def running(kind: Kind, folder: Path, cores: Cores) -> Iterator[Running]:
    """The server in a fresh folder, killed at the end."""
    with ExitStack() as stack:
        url, database_pids = "", ()
        if kind.needs_postgres:
            postgres = stack.enter_context(durable_postgres(cores.database))
            url, database_pids = postgres.url("postgres"), (postgres.pid,)
        command = kind.command(folder, url)
        if kind.prepare:
            kind.prepare(command)
        program = Program(command, cores.server, folder / "log")
        stack.callback(program.kill)
        program.start()
        yield Running(kind, program, database_pids)


def _notevault(folder: Path, url: str) -> Command:
    words = [sys.executable, "-m", "nvserver", "serve", "--port", "0", "--data-dir", str(folder / "data")]
    database = {"NV_DATABASE_URL": url, "NV_SECRET_KEY": secrets.token_hex(32)} if url else {}
    root = Path(__file__).resolve().parent.parent.parent
    return Command(words, "NoteVault on ", {"NV_RATE_LIMITS": "off", **database}, root)


def _migrate(command: Command) -> None:
    words = [*command.words[:3], "migrate"]
    subprocess.run(
        words, env={**os.environ, **command.environment}, cwd=command.folder, check=True, stdout=subprocess.DEVNULL
    )


def _on_node(
    script: str, environment: Callable[[Path, str], Mapping[str, str]] = lambda _folder, _url: {}
) -> MakeCommand:
    def command(folder: Path, url: str) -> Command:
        words = [node(), str(PEERS / script)]
        return Command(words, "listening ", {"NODE_ENV": "production", **environment(folder, url)}, PEERS)

    return command


def _on_python(script: str) -> MakeCommand:
    return lambda _folder, _url: Command([python(), str(PEERS / script)], "listening ", {}, PEERS)


def _express(version: int) -> MakeCommand:
    return _on_node(
        "express.mjs",
        lambda _folder, url: {
            "DATABASE_URL": url,
            "VERSION": str(version),
            "SECRET": secrets.token_hex(32),
            "CONTENT": first_text(1_000),
        },
    )


_SQLITE = "every edit, fsync before it is acknowledged"
KINDS = (
    Kind("notevault-sqlite", "NoteVault, SQLite", _SQLITE, _notevault, NoteVault),
    Kind("notevault-postgres", "NoteVault, PostgreSQL", _SQLITE, _notevault, NoteVault, True, _migrate),
    Kind("sharedb-memory", "ShareDB 7, memory", "nothing", _on_node("sharedb.mjs"), ShareDB),
    Kind(
        "sharedb-postgres",
        "ShareDB 7, PostgreSQL",
        "every edit, and the whole text again",
        _on_node("sharedb.mjs", lambda _folder, url: {"DATABASE_URL": url}),
        ShareDB,
        True,
    ),
    Kind("hocuspocus-memory", "Hocuspocus 4, memory", "nothing", _on_node("hocuspocus.mjs"), Hocuspocus),
    Kind(
        "hocuspocus-sqlite",
        "Hocuspocus 4, SQLite",
        "the document, 2 to 10 s later",
        _on_node("hocuspocus.mjs", lambda folder, _url: {"DATABASE_FILE": str(folder / "documents.sqlite")}),
        Hocuspocus,
    ),
    Kind("y-websocket", "@y/websocket-server", "nothing", _on_node("y_websocket.mjs"), Yjs),
    Kind("pycrdt-websocket", "pycrdt-websocket", "nothing", _on_python("pycrdt_websocket.py"), Yjs),
    Kind("socketio", "socket.io 4.8 relay", "nothing", _on_node("socketio.mjs"), Relay),
    Kind("python-socketio", "python-socketio relay, uvloop", "nothing", _on_python("python_socketio.py"), Relay),
    Kind("express4", "Express 4, pg", "nothing", _express(4), None, True),
    Kind("express5", "Express 5, pg", "nothing", _express(5), None, True),
)
BY_NAME = {kind.name: kind for kind in KINDS}
