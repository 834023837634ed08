"""Backs up a store and its files while they are in use, and restores them into an empty store of either database.

A command's own process does this: reading and writing the archive may block it.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

import structlog

import nvserver
from nvserver.errors import FileNotFound, OperatorError
from nvserver.ports.blobs import BlobStore
from nvserver.ports.dump import StoreDump, StoreLoad
from nvserver.services.backup_archive import FORMAT, ArchiveReader, ArchiveWriter, BackupNotUsable, Manifest

log = structlog.get_logger()

OnProgress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how many rows or files of it are done, and of how many."""

BLOB_PREFIXES: Final = ("files/",)
"""Thumbnails are not kept: they are made anew."""
_BLOBS_A_PAGE: Final = 500


async def back_up(
    dump: StoreDump, blobs: BlobStore, archive: ArchiveWriter, made_at: str, told: OnProgress
) -> Manifest:
    """Write everything into the archive. A file that is deleted meanwhile is left out: nothing refers to it any more,
    or the restored store tells that it is gone."""
    tables = tuple(await dump.tables())
    for table in tables:
        done = 0
        told(table.name, done, table.rows)
        with archive.open_table(table) as member:
            async for rows in dump.rows(table):
                member.write_rows(rows)
                done += len(rows)
                told(table.name, done, table.rows)
    count = await _back_up_blobs(blobs, archive, told)
    manifest = Manifest(FORMAT, await dump.schema(), made_at, nvserver.__version__, tables, count)
    archive.finish(manifest)
    return manifest


async def _back_up_blobs(blobs: BlobStore, archive: ArchiveWriter, told: OnProgress) -> int:
    count = 0
    for prefix in BLOB_PREFIXES:
        after = None
        while page := await blobs.list(prefix, after, limit=_BLOBS_A_PAGE):
            for blob in page:
                try:
                    with archive.open_blob(blob.key) as member:
                        async for piece in blobs.read(blob.key, 0, blob.size_bytes):
                            member.write(piece)
                except FileNotFound:
                    log.warning("a file was deleted during the backup", key=blob.key)
                    continue
                count += 1
                told("files", count, count)
            after = page[-1].key
    return count


async def restore(archive: ArchiveReader, load: StoreLoad, blobs: BlobStore, told: OnProgress) -> Manifest:
    """Fill the store and the files. Raises `BackupNotUsable`, and `OperatorError` for a store that is not empty."""
    manifest = archive.manifest
    if (schema := await load.schema()) != manifest.schema:
        raise BackupNotUsable(
            f"the backup has schema {manifest.schema}, this program {schema}: restore it with NoteVault"
            f" {manifest.version}, then migrate"
        )
    if await load.has_people():
        raise OperatorError("the store is not empty: restore into a new one")
    archive.check()
    # Files first: what a row tells of is there when the row is.
    for done, (key, content) in enumerate(archive.blobs(), 1):
        await blobs.put(key, content)
        told("files", done, manifest.blobs)
    for table in manifest.tables:
        try:
            await load.clear(table)
        except ValueError as error:
            raise BackupNotUsable(str(error)) from error
        done = 0
        for rows in archive.rows(table):
            await load.add(table, rows)
            done += len(rows)
            told(table.name, done, table.rows)
        if done != table.rows:
            raise BackupNotUsable(f"the backup has {done} rows of {table.name} instead of {table.rows}")
    return manifest
