"""The blob store on obstore."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
import structlog
import trio
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from nvserver.errors import FileNotFound, OperatorError, Unavailable
from nvserver.ports.blobs import Blob

if TYPE_CHECKING:
    from obstore.store import S3Config  # of its type stubs

log = structlog.get_logger()

T = TypeVar("T")

_THREADS: Final = 8
_PIECE_BYTES: Final = 65_536
_FOLDER_PART_BYTES: Final = 262_144
_S3_PART_BYTES: Final = 5 * 1024 * 1024
"""S3 takes none smaller."""


def open_blobs(url: str) -> "ObjectBlobs":
    """The store at `file:///DIR` (made if need be) or `s3://BUCKET/PREFIX?endpoint=…&region=…`, whose keys come from
    the usual `AWS_…` variables. Raises `OperatorError` for what is none."""
    parts = urlsplit(url)
    try:
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return ObjectBlobs(LocalStore(folder, automatic_cleanup=True))
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
        endpoint = options["endpoint"][0] if "endpoint" in options else None
        if not parts.netloc:
            raise ValueError("it names no bucket")
        config: S3Config = {"region": options.get("region", ["us-east-1"])[0]}
        if endpoint is not None:
            config["endpoint"] = endpoint
        return ObjectBlobs(
            S3Store(
                parts.netloc,
                config=config,
                prefix=parts.path.strip("/") or None,
                client_options={"allow_http": (endpoint or "").startswith("http:"), "timeout": "30s"},
                retry_config={"max_retries": 2},
            )
        )
    except (OSError, ValueError, BaseError) as error:
        raise OperatorError(f"files.url cannot be used: {error}") from error


class ObjectBlobs:
    """Fills the port `BlobStore`."""

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store
        self._part_bytes = _FOLDER_PART_BYTES if isinstance(store, LocalStore) else _S3_PART_BYTES
        self._limiter = trio.CapacityLimiter(_THREADS)

    async def put(self, key: str, content: BinaryIO) -> None:
        """See `BlobStore.put`."""

        def work() -> None:
            content.seek(0)
            obstore.put(self._store, key, content, chunk_size=self._part_bytes, max_concurrency=1)

        await self._run("put", work)

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `BlobStore.read`."""
        if start >= end:
            return

        def open_stream() -> Iterator[obstore.Bytes | bytes]:
            result = obstore.get(self._store, key, options={"range": (start, end)})
            return iter(result.stream(min_chunk_size=_PIECE_BYTES))

        stream = await self._run("read", open_stream)
        while (piece := await self._run("read", lambda: next(stream, None))) is not None:
            yield bytes(piece)

    async def delete(self, key: str) -> None:
        """See `BlobStore.delete`."""
        with suppress(FileNotFound):
            await self._run("delete", lambda: obstore.delete(self._store, key))

    async def list(self, prefix: str, after: str | None, *, limit: int) -> Sequence[Blob]:
        """See `BlobStore.list`."""

        def work() -> list[Blob]:
            pages = obstore.list(self._store, prefix.rstrip("/"), offset=after, chunk_size=limit)
            found = (
                Blob(meta["path"], meta["size"], int(meta["last_modified"].timestamp() * 1000))
                for page in pages
                for meta in page
            )
            # A folder is not listed in order, a bucket is.
            is_ordered = not isinstance(self._store, LocalStore)
            return list(islice(found if is_ordered else sorted(found, key=lambda blob: blob.key), limit))

        return await self._run("list", work)

    async def _run(self, doing: str, work: Callable[[], T]) -> T:
        try:
            return await trio.to_thread.run_sync(work, limiter=self._limiter)
        except FileNotFoundError as error:
            raise FileNotFound from error
        except (OSError, BaseError) as error:
            log.error("blobs.unavailable", doing=doing, error=type(error).__name__)
            raise Unavailable("The file store cannot do this right now; try again") from error
