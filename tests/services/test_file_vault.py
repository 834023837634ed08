"""Bytes that belong to no file are cleared away, and no others, wherever they lie."""

import io
import random
from pathlib import Path
from uuid import UUID

import pytest

from nvserver.adapters.memory import open_memory
from nvserver.adapters.memory.blobs import MemoryBlobs
from nvserver.core.model import FileInfo, Member, WorkspaceInfo
from nvserver.ports.oplog import FileIndexed, MemberIndexed, WorkspaceIndexed
from nvserver.services.file_vault import FilesSettings, FileVault
from nvserver.testing.sim_node import at_once

HOUR_MS = 3_600_000


def new_id(rng: random.Random) -> str:
    return str(UUID(int=rng.getrandbits(128)))


async def test_only_old_bytes_of_no_file_go(rng: random.Random, tmp_path: Path) -> None:
    clock = [0]
    blobs = MemoryBlobs(lambda: clock[0])
    async with open_memory() as store:
        vault = FileVault(blobs, store.files, at_once, FilesSettings(), lambda: clock[0], spool_dir=tmp_path)
        owner, workspace = new_id(rng), new_id(rng)
        kept = [new_id(rng) for _ in range(3)]
        orphans = [new_id(rng) for _ in range(1_200)]
        for name in (*kept, *orphans):
            await blobs.put(f"files/{name}", io.BytesIO(b"x"))
            await blobs.put(f"thumbnails/{name}", io.BytesIO(b"x"))
        await blobs.put("avatars/a", io.BytesIO(b"x"))
        index = store.files
        info = WorkspaceInfo(workspace, "W", "", None, None, "private", owner, 0, 0)
        files = [FileInfo(name, workspace, "f", "text/plain", 1, "", owner, 0) for name in kept]
        store.index.apply(  # type: ignore[attr-defined]
            workspace,
            [WorkspaceIndexed(info), MemberIndexed(Member(owner, "owner", 0)), *(FileIndexed(file) for file in files)],
            head=1,
        )
        assert await index.existing(kept) == frozenset(kept)
        assert await vault.clear_orphans() == 0
        clock[0] = HOUR_MS
        young = new_id(rng)
        await blobs.put(f"files/{young}", io.BytesIO(b"x"))
        assert await vault.clear_orphans() == 2 * len(orphans)
        left = [blob.key for blob in await blobs.list("", None, limit=100)]
        names = [f"{place}/{name}" for place in ("files", "thumbnails") for name in kept]
        assert left == sorted([*names, f"files/{young}", "avatars/a"])


def everything(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_spool_leaves_nothing(tmp_path: Path) -> None:
    async with open_memory() as store:
        vault = FileVault(MemoryBlobs(lambda: 0), store.files, at_once, FilesSettings(), lambda: 0, spool_dir=tmp_path)
        with pytest.raises(RuntimeError), vault.arriving("x") as file:
            await file.write(bytes(1_000_000))
            await file.flush()
            assert everything(tmp_path) == []
            raise RuntimeError
