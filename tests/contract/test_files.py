"""What is known of files commits with the entries and is told to members only."""

import random
from typing import Any

from nvserver.core.model import FileInfo, Member
from nvserver.ports.oplog import FileDropped, FileIndexed, IndexChange, MemberDropped, MemberIndexed, WorkspaceDropped
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_one, new_id, new_workspace


def random_file(rng: random.Random, workspace_id: str, **more: Any) -> FileInfo:
    return FileInfo(
        new_id(rng),
        workspace_id,
        rng.choice(["a.txt", "Zoë 🚀", "x" * 255]),
        "text/plain",
        rng.randrange(2**40),
        "ab" * 32,
        new_id(rng),
        more.get("created_at", rng.randrange(5)),
        rng.choice([None, 3]),
    )


async def commit(rng: random.Random, store: Store, workspace_id: str, *changes: IndexChange) -> None:
    activation = await store.oplog.activate(workspace_id, "node")
    assert await append_one(rng, store, activation, *changes) is DURABLE


async def test_files_are_listed_in_pages_to_members_only(store: Store, rng: random.Random) -> None:
    owner, guest, stranger = (new_id(rng) for _ in range(3))
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    other_id, _ = await new_workspace(rng, store, owner_id=stranger)
    files = [random_file(rng, workspace_id) for _ in range(9)]
    elsewhere = random_file(rng, other_id)
    gone = files.pop()
    added = [FileIndexed(file) for file in (*files, gone)]
    await commit(rng, store, workspace_id, MemberIndexed(Member(guest, "viewer", 1)), *added, FileDropped(gone.id))
    await commit(rng, store, other_id, FileIndexed(elsewhere))
    expected = sorted(files, key=lambda file: (file.created_at, file.id), reverse=True)
    seen: list[FileInfo] = []
    after = None
    while page := await store.files.files(guest, workspace_id, after=after, limit=2):
        seen += page
        after = (page[-1].created_at, page[-1].id)
    assert seen == expected
    assert list(await store.files.files(stranger, workspace_id, after=None, limit=9)) == []
    for user, file, is_told in (
        (owner, files[0], True),
        (guest, files[0], True),
        (stranger, files[0], False),
        (owner, elsewhere, False),
        (owner, gone, False),
    ):
        assert await store.files.file(user, file.id) == (file if is_told else None)
    assert await store.files.home_of(files[0].id) == workspace_id
    assert await store.files.home_of(gone.id) is None
    assert await store.files.existing([files[0].id, gone.id, elsewhere.id, new_id(rng)]) == {files[0].id, elsewhere.id}
    await commit(rng, store, workspace_id, MemberDropped(guest))
    assert await store.files.file(guest, files[0].id) is None


async def test_files_of_a_dropped_workspace_are_gone_and_fenced_ones_never_were(
    store: Store, rng: random.Random
) -> None:
    owner = new_id(rng)
    workspace_id, _ = await new_workspace(rng, store, owner_id=owner)
    kept, never = random_file(rng, workspace_id), random_file(rng, workspace_id)
    older = await store.oplog.activate(workspace_id, "node")
    await commit(rng, store, workspace_id, FileIndexed(kept))
    assert await append_one(rng, store, older, FileIndexed(never), FileDropped(kept.id)) is FENCED
    assert await store.files.existing([kept.id, never.id]) == {kept.id}
    await commit(rng, store, workspace_id, WorkspaceDropped())
    assert await store.files.existing([kept.id, never.id]) == frozenset()
