"""The command line, as a process: what it prints where, and how it ends."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from nvserver import __version__
from tests.support.ports import free_port


def nvserver(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NV_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "nvserver", *arguments],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_version() -> None:
    result = nvserver("--version")
    assert (result.returncode, result.stdout, result.stderr) == (0, f"nvserver {__version__}\n", "")


def test_help_names_every_command_and_exit_code() -> None:
    text = nvserver("--help").stdout
    for word in ("serve", "migrate", "config", "exit codes:"):
        assert word in text


def test_config_shows_values_and_their_sources(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[node]\nlease_seconds = 2.5\n")
    result = nvserver("config", "--config", str(file), "--data-dir", "/d", NV_SECRET_KEY="s" * 40)
    assert result.returncode == 0
    lines = {line.partition(" = ")[0]: line for line in result.stdout.splitlines()}
    assert lines["lease_seconds"].split() == ["lease_seconds", "=", "2.5", "#", str(file)]
    assert lines["data_dir"].endswith("# flag --data-dir")
    assert lines["secret_keys"].split()[2] == "(hidden)"
    assert "s" * 40 not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["COMMAND", "--help"]),
        (["sevre"], ["sevre", "serve"]),
        (["serve", "--prot", "1"], ["--prot"]),
        (["serve", "--port", "x"], ["flag --port", "server.port", "whole number"]),
        (["serve", "--workers", "0"], ["flag --workers", "at least 1"]),
        (["config", "--log-level", "loud"], ["flag --log-level", "log.level"]),
        (["config", "--config", "/does/not/exist.toml"], ["/does/not/exist.toml", "cannot be read"]),
    ],
)
def test_a_mistake_is_one_line_on_stderr(arguments: list[str], words: list[str]) -> None:
    result = nvserver(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("nvserver: ")
    assert result.stderr.count("\n") == 1
    assert [word for word in words if word not in result.stderr] == []


def test_a_wrong_variable_is_one_line_on_stderr() -> None:
    result = nvserver("config", NV_SERVER__PORT="-1")
    assert result.returncode == 2
    assert result.stderr == "nvserver: environment variable NV_SERVER__PORT: server.port must be at least 0, not '-1'\n"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_migrate_makes_the_schema_once(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else f"sqlite:///{tmp_path}/x/y.sqlite3"
    settings = {"NV_DATABASE_URL": url, "NV_SECRET_KEY": "s" * 40}

    missing = nvserver("migrate", "--check", **settings)
    assert missing.returncode == 1
    assert missing.stdout.startswith("missing: 0001 ")
    assert nvserver("migrate", "--check", **settings).stdout == missing.stdout, "a check changes nothing"

    applied = nvserver("migrate", **settings)
    assert (applied.returncode, applied.stderr) == (0, "")
    assert applied.stdout == missing.stdout.replace("missing:", "applied:")
    for again in (nvserver("migrate", **settings), nvserver("migrate", "--check", **settings)):
        assert (again.returncode, again.stdout) == (0, "the schema is up to date\n")


def test_a_database_that_is_away_is_one_line_on_stderr() -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    result = nvserver("migrate", "--log-level", "error", NV_DATABASE_URL=url, NV_SECRET_KEY="s" * 40)
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1].startswith("nvserver: The database cannot answer")


def test_a_database_of_something_else_is_one_line_on_stderr(tmp_path: Path) -> None:
    file = tmp_path / "no.sqlite3"
    file.write_bytes(b"this is no database " * 100)
    result = nvserver("migrate", NV_DATABASE_URL=f"sqlite:///{file}")
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert file.read_bytes() == b"this is no database " * 100


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_cannot_be_had_is_one_line_on_stderr(host: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = nvserver("serve", "--host", host, "--port", port, "--data-dir", str(tmp_path))
    assert result.returncode == 3
    assert result.stderr.startswith(f"nvserver: cannot listen on {host} port {port}: ")
    assert result.stderr.count("\n") == 1
