"""`nvserver backup`: everything into one file, while the server serves."""

import os
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import trio
import trio_asyncio

from nvserver.adapters.objects import open_blobs
from nvserver.adapters.postgres import dump as postgres_dump
from nvserver.adapters.sqlite import dump as sqlite_dump
from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.opening import check_sqlite
from nvserver.commands.progress import Progress
from nvserver.config import LoadedSettings, Settings
from nvserver.ports.dump import StoreDump
from nvserver.services.backup import back_up
from nvserver.services.backup_archive import ArchiveWriter, Manifest

HELP = "write the store and its files into one file, while the server serves"


def add_arguments(parser: ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the backup to make; one that is there is replaced")


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Make the backup; the file is there when it is whole. It holds people's words: only its owner may read it."""
    file: Path = arguments.file
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as opened, Progress() as progress:
            with ArchiveWriter(opened) as archive:
                manifest = trio.run(_back_up, loaded.settings, archive, progress)
            opened.flush()
            os.fsync(opened.fileno())
        Path(draft).replace(file)
    finally:
        Path(draft).unlink(missing_ok=True)
    rows = sum(table.rows for table in manifest.tables)
    print(f"{file}: {rows:,} rows, {manifest.blobs:,} files, {file.stat().st_size:,} bytes")
    return ExitCode.OK


async def _back_up(settings: Settings, archive: ArchiveWriter, progress: Progress) -> Manifest:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    async with _open_dump(settings) as dump:
        return await back_up(dump, open_blobs(settings.files_url), archive, made_at, progress)


@asynccontextmanager
async def _open_dump(settings: Settings) -> AsyncIterator[StoreDump]:
    if settings.sqlite_path is not None:
        await check_sqlite(settings.sqlite_path, settings)
        async with sqlite_dump.open_dump(settings.sqlite_path, settings.sqlite) as dump:
            yield dump
    else:
        async with (
            trio_asyncio.open_loop(),
            postgres_dump.open_dump(settings.database_url, settings.postgres) as dump,
        ):
            yield dump
