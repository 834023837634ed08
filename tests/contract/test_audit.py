"""What a check of the store reads is what was stored."""

import random

from nvserver.core.model import Member
from nvserver.ports.audit import NoteHome, StoredEntry, StoredWorkspace
from nvserver.ports.oplog import MemberDropped, MemberIndexed, NoteIndexed, WorkspaceDropped, WorkspaceIndexed
from nvserver.ports.store import Store
from tests.contract.values import append_of, entry, info, new_id, new_workspace


async def test_each_entry_comes_with_its_epoch(store: Store, rng: random.Random) -> None:
    workspace_id, first = await new_workspace(rng, store)
    await new_workspace(rng, store)
    stored = [StoredEntry(0, first)]
    for _ in range(4):
        activation = await store.oplog.activate(workspace_id, "node-a")
        seqs = range(activation.head + 1, activation.head + 1 + rng.randrange(1, 5))
        entries = [entry(rng, seq, number=(new_id(rng), 1)) for seq in seqs]
        await store.oplog.append([append_of(activation, entries)])
        stored += [StoredEntry(activation.epoch, one) for one in entries]
    for after in range(len(stored) + 1):
        for limit in (1, 3, 100):
            found = await store.audit.entries(workspace_id, after, limit=limit)
            assert list(found) == stored[after : after + limit]
    assert list(await store.audit.entries(new_id(rng), 0, limit=10)) == []


async def test_what_stands_beside_the_log_is_of_one_moment(store: Store, rng: random.Random) -> None:
    owner, guest, gone = new_id(rng), new_id(rng), new_id(rng)
    workspace_id, first = await new_workspace(rng, store, owner_id=owner)
    await new_workspace(rng, store, owner_id=guest)
    activation = await store.oplog.activate(workspace_id, "node-a")
    described = info(rng, workspace_id)
    members = [Member(owner, "owner", first.at), Member(guest, "viewer", 7)]
    changes = (WorkspaceIndexed(described), MemberIndexed(Member(gone, "admin", 5)), MemberIndexed(members[1]))
    await store.oplog.append([append_of(activation, [entry(rng, 2)], *changes)])
    await store.oplog.append([append_of(activation, [entry(rng, 3)], MemberDropped(gone))])
    expected = tuple(sorted(members, key=lambda member: member.user_id))
    assert await store.audit.workspace(workspace_id) == StoredWorkspace(1, 3, described, expected, owner="node-a")
    await store.oplog.append([append_of(activation, [entry(rng, 4)], WorkspaceDropped())])
    assert await store.audit.workspace(workspace_id) == StoredWorkspace(1, 4, None, (), owner="node-a")
    assert await store.audit.workspace(new_id(rng)) is None


async def test_ids_and_note_homes_follow_each_other_in_pages(store: Store, rng: random.Random) -> None:
    ids, homes = [], []
    for _ in range(7):
        workspace_id, _ = await new_workspace(rng, store)
        ids.append(workspace_id)
        activation = await store.oplog.activate(workspace_id, "node-a")
        logged, stray = new_id(rng), new_id(rng)
        one = entry(rng, 2, note_id=logged)
        await store.oplog.append([append_of(activation, [one], NoteIndexed(logged), NoteIndexed(stray))])
        homes += [NoteHome(logged, workspace_id, True), NoteHome(stray, workspace_id, False)]
    found_ids: list[str] = []
    while page := await store.audit.workspace_ids(found_ids[-1] if found_ids else None, limit=3):
        found_ids += page
    assert found_ids == sorted(ids)
    found_homes: list[NoteHome] = []
    while rows := await store.audit.note_homes(found_homes[-1].note_id if found_homes else None, limit=4):
        found_homes += rows
    assert found_homes == sorted(homes, key=lambda home: home.note_id)
