"""The bytes of files: taken in piece by piece, kept under ids of ours, handed out, cleared away."""

import hashlib
import io
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import structlog
import trio

from nvserver.core.file_names import safe_name
from nvserver.core.file_types import HEAD_BYTES, RASTER_IMAGES, sniff
from nvserver.core.model import FileInfo
from nvserver.errors import FileNotFound, PayloadTooLarge, Unavailable, UnsupportedMediaType
from nvserver.ports.blobs import BlobStore
from nvserver.ports.clock import NowMs
from nvserver.ports.files import FileIndex
from nvserver.ports.offload import Offload
from nvserver.services.pictures import PREVIEW_PIXELS, THUMBNAIL_PIXELS, picture_size, smaller

log = structlog.get_logger()

_FILES: Final = "files/"
_THUMBNAILS: Final = "thumbnails/"
_FLUSH_BYTES: Final = 262_144


@dataclass(frozen=True, slots=True)
class FilesSettings:
    """Where uploaded files are kept, and what may be uploaded."""

    url: str | None = field(default=None, repr=False, metadata={"schemes": ("file", "s3")})
    """`file:///DIR` or `s3://BUCKET/PREFIX?endpoint=…&region=…`; by default a folder in the data dir."""
    max_file_bytes: int = field(default=100 * 1024 * 1024, metadata={"min": 1})
    """The largest file; what a workspace holds in all is `limits.max_files_bytes`."""
    max_upload_files: int = field(default=20, metadata={"min": 1, "max": 1000})
    """Files in one request."""
    max_picture_pixels: int = field(default=40_000_000, metadata={"min": 1})
    """Pictures with more pixels get no preview."""
    max_import_bytes: int = field(default=512 * 1024 * 1024, metadata={"min": 1024})
    """The largest archive that is imported; what is in it may take four times as much."""
    max_import_entries: int = field(default=20_000, metadata={"min": 1})
    """Files in such an archive."""
    orphan_seconds: float = field(default=3_600.0, metadata={"min": 60.0})
    """Age from which stored bytes that belong to no file are deleted; longer than any upload takes."""


class Arriving:
    """A file on its way in: spooled to disk under no name, so that nothing of it is left whatever ends the upload."""

    def __init__(self, name: str, spool: BinaryIO, max_bytes: int) -> None:
        self.name = safe_name(name)
        self.content = spool
        self.size_bytes = 0
        self.head = b""
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        self._waiting = bytearray()

    @property
    def checksum(self) -> str:
        """SHA-256 of what came, in hex."""
        return self._hash.hexdigest()

    async def write(self, piece: bytes) -> None:
        """Take the next piece. Raises `PayloadTooLarge`, and `Unavailable` when the disk is full."""
        self.size_bytes += len(piece)
        if self.size_bytes > self._max_bytes:
            raise PayloadTooLarge(f"A file has at most {self._max_bytes} bytes")
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]
        self._waiting += piece
        if len(self._waiting) >= _FLUSH_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Have all of it in the spool."""
        waiting, self._waiting = bytes(self._waiting), bytearray()
        try:
            await trio.to_thread.run_sync(self._store, waiting)
        except OSError as error:
            raise Unavailable("There is no room for uploads right now") from error

    def _store(self, piece: bytes) -> None:
        self._hash.update(piece)
        self.content.write(piece)


class FileVault:
    """Knows nothing of rights: who may is decided by the workspace."""

    def __init__(
        self,
        blobs: BlobStore,
        index: FileIndex,
        offload: Offload,
        settings: FilesSettings,
        now_ms: NowMs,
        *,
        spool_dir: Path,
    ) -> None:
        self._blobs = blobs
        self._index = index
        self._offload = offload
        self._settings = settings
        self._now_ms = now_ms
        self._spool_dir = spool_dir

    @contextmanager
    def arriving(self, name: str, max_bytes: int | None = None) -> Iterator[Arriving]:
        """A place for a file to arrive in, of at most `max_bytes` (the usual limit); gone when the block ends."""
        with self._spool() as spool:
            yield Arriving(name, spool, max_bytes or self._settings.max_file_bytes)

    async def keep(self, file: Arriving, workspace_id: str, user_id: str, file_id: str) -> FileInfo:
        """Store the bytes under `file_id`, a new id. They are cleared away later if no workspace takes the file."""
        await file.flush()
        mime_type = sniff(file.head, file.name)
        size = None
        if mime_type in RASTER_IMAGES:
            size = await self._offload(picture_size, file.content, self._settings.max_picture_pixels)
        await self._blobs.put(_FILES + file_id, file.content)
        width, height = size or (None, None)
        return FileInfo(
            file_id,
            workspace_id,
            file.name,
            mime_type,
            file.size_bytes,
            file.checksum,
            user_id,
            self._now_ms(),
            width,
            height,
        )

    async def discard(self, file_id: str) -> None:
        """Delete the bytes. What fails is left to the next clearing."""
        try:
            await self._blobs.delete(_FILES + file_id)
            await self._blobs.delete(_THUMBNAILS + file_id)
        except Unavailable as error:
            log.warning("file bytes left", file=file_id, error=error.message)

    def read(self, file: FileInfo, start: int, end: int) -> AsyncIterator[bytes]:
        """See `BlobStore.read`."""
        return self._blobs.read(_FILES + file.id, start, end)

    async def thumbnail(self, file: FileInfo) -> bytes:
        """A small picture of a picture, made once. Raises `UnsupportedMediaType` for other files."""
        try:
            return b"".join([piece async for piece in self._blobs.read(_THUMBNAILS + file.id, 0, 2**31)])
        except FileNotFound:
            pass
        small = await self._smaller(file, THUMBNAIL_PIXELS)
        await self._blobs.put(_THUMBNAILS + file.id, io.BytesIO(small))
        return small

    async def preview(self, file: FileInfo) -> bytes:
        """A picture that fills a window. Raises as `thumbnail` does."""
        return await self._smaller(file, PREVIEW_PIXELS)

    async def _smaller(self, file: FileInfo, pixels: int) -> bytes:
        if file.width is None:
            raise UnsupportedMediaType("There is no preview of this file")
        with self._spool() as spool:
            async for piece in self.read(file, 0, file.size_bytes):
                await trio.to_thread.run_sync(spool.write, piece)
            return await self._offload(smaller, spool, pixels, self._settings.max_picture_pixels)

    async def run(self) -> None:
        """Clear away what no workspace has, every so often, until cancelled."""
        while True:
            try:
                await self.clear_orphans()
            except Unavailable as error:
                log.warning("clearing of files put off", error=error.message)
            await trio.sleep(self._settings.orphan_seconds)

    async def clear_orphans(self) -> int:
        """Delete stored bytes that are old enough and belong to no file; how many."""
        cleared = 0
        oldest = self._now_ms() - int(self._settings.orphan_seconds * 1000)
        for prefix in (_FILES, _THUMBNAILS):
            after = None
            while blobs := await self._blobs.list(prefix, after, limit=500):
                ids = {blob.key.removeprefix(prefix) for blob in blobs if blob.changed_at <= oldest}
                for file_id in ids - await self._index.existing(ids):
                    await self._blobs.delete(prefix + file_id)
                    cleared += 1
                after = blobs[-1].key
        if cleared:
            log.info("orphaned files cleared", count=cleared)
        return cleared

    def _spool(self) -> BinaryIO:
        return tempfile.TemporaryFile(dir=self._spool_dir)
