"""What every place for files promises: memory, a folder, a real S3."""

import io
import random
import time
from pathlib import Path
from uuid import UUID

import pytest
import trio

from nvserver.adapters.memory.blobs import MemoryBlobs
from nvserver.adapters.objects import open_blobs
from nvserver.errors import FileNotFound, OperatorError, Unavailable
from nvserver.ports.blobs import BlobStore


@pytest.fixture(params=["memory", "folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "memory":
        return MemoryBlobs(lambda: time.time_ns() // 1_000_000)
    if request.param == "folder":
        return open_blobs((tmp_path / "a folder").as_uri())
    return open_blobs(request.getfixturevalue("s3_url"))


async def read(blobs: BlobStore, key: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in blobs.read(key, start, end)])


@pytest.mark.parametrize("size", [0, 1, 70_000, 6_000_000])
async def test_what_was_put_is_read_in_any_part(blobs: BlobStore, rng: random.Random, size: int) -> None:
    content = rng.randbytes(size)
    spool = io.BytesIO(content)
    spool.read(10)  # wherever it stands
    await blobs.put("files/a", spool)
    assert await read(blobs, "files/a", 0, size) == content
    for _ in range(5):
        start, end = sorted(rng.randrange(size + 1) for _ in range(2))
        assert await read(blobs, "files/a", start, end) == content[start:end]


async def test_a_piece_is_never_the_whole(blobs: BlobStore) -> None:
    await blobs.put("files/a", io.BytesIO(bytes(4_000_000)))
    sizes = [len(piece) async for piece in blobs.read("files/a", 0, 4_000_000)]
    assert sum(sizes) == 4_000_000
    assert max(sizes) <= 1_048_576


async def test_what_is_put_again_replaces(blobs: BlobStore) -> None:
    for content in (b"first, longer", b"second"):
        await blobs.put("files/a", io.BytesIO(content))
    assert await read(blobs, "files/a", 0, 6) == b"second"


async def test_what_is_not_there(blobs: BlobStore) -> None:
    with pytest.raises(FileNotFound):
        await read(blobs, "files/none", 0, 10)
    await blobs.delete("files/none")
    await blobs.put("files/a", io.BytesIO(b"x"))
    await blobs.delete("files/a")
    with pytest.raises(FileNotFound):
        await read(blobs, "files/a", 0, 1)


async def test_lists_come_in_order_and_by_pages(blobs: BlobStore, rng: random.Random) -> None:
    ids = sorted(str(UUID(int=rng.getrandbits(128))) for _ in range(7))
    for name in rng.sample(ids, 7):
        await blobs.put(f"files/{name}", io.BytesIO(name.encode()))
        await blobs.put(f"filesaside/{name}", io.BytesIO(b""))
    seen: list[str] = []
    after = None
    while page := await blobs.list("files/", after, limit=3):
        assert len(page) <= 3
        assert all(blob.size_bytes == 36 and abs(blob.changed_at - time.time() * 1000) < 600_000 for blob in page)
        seen += [blob.key for blob in page]
        after = seen[-1]
    assert seen == [f"files/{name}" for name in ids]
    assert await blobs.list("none/", None, limit=3) == []


async def test_a_store_that_is_away_is_unavailable() -> None:
    blobs = open_blobs("s3://notes/x?endpoint=http://127.0.0.1:9&region=eu-west-1")
    with trio.fail_after(60), pytest.raises(Unavailable):
        await blobs.put("a", io.BytesIO(b"x"))


@pytest.mark.parametrize("url", ["file:///proc/none/x", "s3://", "s3://b?endpoint"])
def test_addresses_that_are_none_are_told_to_the_operator(url: str) -> None:
    with pytest.raises(OperatorError, match=r"files\.url"):
        open_blobs(url)
