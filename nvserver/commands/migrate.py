"""`nvserver migrate`: bring the database's schema up to date, or tell whether it is."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

import trio
import trio_asyncio

from nvserver.adapters import postgres, sqlite
from nvserver.adapters.sql.migrations import Migration
from nvserver.commands.exit_codes import ExitCode
from nvserver.config import LoadedSettings, Settings

HELP = "bring the database's schema up to date"


def add_arguments(parser: ArgumentParser) -> None:
    """Only --check."""
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if something is missing")


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Migrate or check; prints each migration. Can be repeated and run twice at once."""
    if arguments.check:
        missing = trio.run(_check, loaded.settings)
        _tell("missing", missing)
        return ExitCode.FOUND_WRONG if missing else ExitCode.OK
    _tell("applied", trio.run(_migrate, loaded.settings))
    return ExitCode.OK


async def _check(settings: Settings) -> Sequence[Migration]:
    if (path := settings.sqlite_path) is not None:
        return await sqlite.check(path, settings.sqlite)
    async with trio_asyncio.open_loop():
        return await postgres.check(settings.database_url, settings.postgres)


async def _migrate(settings: Settings) -> Sequence[Migration]:
    if (path := settings.sqlite_path) is not None:
        return await sqlite.migrate(path, settings.sqlite)
    async with trio_asyncio.open_loop():
        return await postgres.migrate(settings.database_url, settings.postgres)


def _tell(word: str, migrations: Sequence[Migration]) -> None:
    for migration in migrations:
        print(f"{word}: {migration.version:04} {migration.name}")
    if not migrations:
        print("the schema is up to date")
