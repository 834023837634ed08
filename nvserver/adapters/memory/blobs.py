"""Blobs in memory."""

from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO

import trio

from nvserver.errors import FileNotFound
from nvserver.ports.blobs import Blob
from nvserver.ports.clock import NowMs

_PIECE_BYTES = 65_536


class MemoryBlobs:
    """Fills the port `BlobStore`."""

    def __init__(self, now_ms: NowMs) -> None:
        self._now_ms = now_ms
        self._blobs: dict[str, tuple[bytes, int]] = {}

    async def put(self, key: str, content: BinaryIO) -> None:
        """See `BlobStore.put`."""
        await trio.lowlevel.checkpoint()
        content.seek(0)
        self._blobs[key] = (content.read(), self._now_ms())

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `BlobStore.read`."""
        await trio.lowlevel.checkpoint()
        if start < end and key not in self._blobs:
            raise FileNotFound
        for first in range(start, end, _PIECE_BYTES):
            yield self._blobs[key][0][first : min(first + _PIECE_BYTES, end)]

    async def delete(self, key: str) -> None:
        """See `BlobStore.delete`."""
        await trio.lowlevel.checkpoint()
        self._blobs.pop(key, None)

    async def list(self, prefix: str, after: str | None, *, limit: int) -> Sequence[Blob]:
        """See `BlobStore.list`."""
        await trio.lowlevel.checkpoint()
        keys = [key for key in sorted(self._blobs) if key.startswith(prefix) and (after is None or key > after)]
        return [Blob(key, len(self._blobs[key][0]), self._blobs[key][1]) for key in keys[:limit]]
