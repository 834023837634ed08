"""`nvserver restore`: a backup into an empty store, of either database."""

from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio
import trio_asyncio

from nvserver.adapters import postgres, sqlite
from nvserver.adapters.objects import open_blobs
from nvserver.adapters.postgres import dump as postgres_dump
from nvserver.adapters.sqlite import dump as sqlite_dump
from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.progress import Progress
from nvserver.config import LoadedSettings, Settings
from nvserver.ports.dump import StoreLoad
from nvserver.services.backup import restore
from nvserver.services.backup_archive import ArchiveReader, Manifest

HELP = "fill an empty store, of either database, from a backup"


def add_arguments(parser: ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a backup that `nvserver backup` made")


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Restore; all or nothing of the store. The search index is made anew when the server starts."""
    with arguments.file.open("rb") as file, ArchiveReader(file) as archive, Progress() as progress:
        manifest = trio.run(_restore, loaded.settings, archive, progress)
    rows = sum(table.rows for table in manifest.tables)
    print(f"restored {rows:,} rows and {manifest.blobs:,} files of {manifest.made_at}")
    return ExitCode.OK


async def _restore(settings: Settings, archive: ArchiveReader, progress: Progress) -> Manifest:
    async with _open_load(settings) as load:
        return await restore(archive, load, open_blobs(settings.files_url), progress)


@asynccontextmanager
async def _open_load(settings: Settings) -> AsyncIterator[StoreLoad]:
    """The store, made or brought up to date first."""
    if (path := settings.sqlite_path) is not None:
        await sqlite.migrate(path, settings.sqlite)
        async with sqlite_dump.open_load(path, settings.sqlite) as load:
            yield load
    else:
        async with trio_asyncio.open_loop():
            await postgres.migrate(settings.database_url, settings.postgres)
            async with postgres_dump.open_load(settings.database_url, settings.postgres) as load:
                yield load
