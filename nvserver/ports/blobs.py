"""Where the bytes of files lie."""

from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO, Protocol

import msgspec


class Blob(msgspec.Struct, frozen=True):
    """`changed_at`: milliseconds since 1970 UTC."""

    key: str
    size_bytes: int
    changed_at: int


class BlobStore(Protocol):
    """Keys are paths of ASCII letters, digits, `-` and `/`, made by the server. Every method raises `Unavailable` when
    the store is away or full."""

    async def put(self, key: str, content: BinaryIO) -> None:
        """Keep what `content` has from its start on; wholly or not at all. What was there is replaced."""
        ...

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes `[start, end)` in pieces of about 64 KiB. Raises `FileNotFound`, before the first piece."""
        ...

    async def delete(self, key: str) -> None:
        """Forget it, if it is there."""
        ...

    async def list(self, prefix: str, after: str | None, *, limit: int) -> Sequence[Blob]:
        """Those whose key starts with `prefix` (ends with `/`), in order of key, those that follow `after`."""
        ...
