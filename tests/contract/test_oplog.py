"""The op log's contract, example by example."""

import random
from hashlib import blake2b

import pytest

from nvserver.errors import Conflict, WorkspaceNotFound
from nvserver.ports.oplog import Activation, Append, Snapshot
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_of, append_one, entry, new_id, new_workspace


async def test_what_was_created_is_read_and_activated(store: Store, rng: random.Random) -> None:
    workspace_id = new_id(rng)
    entries = [entry(rng, 1), entry(rng, 2, number=(new_id(rng), 7), note_id=new_id(rng))]
    await store.oplog.create(workspace_id, entries, [])
    assert list(await store.oplog.read(workspace_id, 0)) == entries
    assert await store.oplog.activate(workspace_id, "node-a") == Activation(workspace_id, 1, 2)
    assert await store.oplog.activate(workspace_id, "node-a") == Activation(workspace_id, 2, 2)


async def test_a_taken_id_is_a_conflict_and_changes_nothing(store: Store, rng: random.Random) -> None:
    workspace_id, first = await new_workspace(rng, store)
    with pytest.raises(Conflict):
        await store.oplog.create(workspace_id, [entry(rng, 1), entry(rng, 2)], [])
    assert list(await store.oplog.read(workspace_id, 0)) == [first]
    assert (await store.oplog.activate(workspace_id, "node-a")).head == 1


async def test_an_unknown_workspace_is_neither_activated_nor_appended_to(store: Store, rng: random.Random) -> None:
    workspace_id = new_id(rng)
    with pytest.raises(WorkspaceNotFound):
        await store.oplog.activate(workspace_id, "node-a")
    assert await append_one(rng, store, Activation(workspace_id, 0, 0)) is FENCED
    assert list(await store.oplog.read(workspace_id, 0)) == []
    assert await store.oplog.find(workspace_id, new_id(rng), 1) is None
    assert list(await store.oplog.snapshots(workspace_id)) == []


async def test_a_newer_activation_fences_the_older_one(store: Store, rng: random.Random) -> None:
    workspace_id, first = await new_workspace(rng, store)
    older = await store.oplog.activate(workspace_id, "node-a")
    newer = await store.oplog.activate(workspace_id, "node-b")
    assert await append_one(rng, store, older) is FENCED
    assert list(await store.oplog.read(workspace_id, 0)) == [first]
    assert await append_one(rng, store, newer) is DURABLE


async def test_an_epoch_that_nobody_was_given_is_fenced(store: Store, rng: random.Random) -> None:
    workspace_id, first = await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    for epoch in (activation.epoch - 1, activation.epoch + 1):
        assert await append_one(rng, store, Activation(workspace_id, epoch, activation.head)) is FENCED
    assert list(await store.oplog.read(workspace_id, 0)) == [first]


@pytest.mark.parametrize("offset", [-1, 1, 2])
async def test_only_the_place_after_the_head_is_taken(store: Store, rng: random.Random, offset: int) -> None:
    workspace_id, first = await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    wrong = Activation(workspace_id, activation.epoch, activation.head + offset)
    assert await append_one(rng, store, wrong) is FENCED
    assert list(await store.oplog.read(workspace_id, 0)) == [first]


async def test_a_fenced_append_does_not_hinder_the_others_of_its_batch(store: Store, rng: random.Random) -> None:
    ids = [(await new_workspace(rng, store))[0] for _ in range(3)]
    activations = [await store.oplog.activate(workspace_id, "node-a") for workspace_id in ids]
    await store.oplog.activate(ids[1], "node-b")
    batch = [append_of(activation, [entry(rng, 2), entry(rng, 3)]) for activation in activations]
    assert list(await store.oplog.append(batch)) == [DURABLE, FENCED, DURABLE]
    assert [len(await store.oplog.read(workspace_id, 0)) for workspace_id in ids] == [3, 1, 3]


async def test_a_number_that_has_its_entry_refuses_the_whole_append_and_no_other(
    store: Store, rng: random.Random
) -> None:
    client = new_id(rng)
    ids = [(await new_workspace(rng, store))[0] for _ in range(3)]
    activations = [await store.oplog.activate(workspace_id, "node-a") for workspace_id in ids]
    numbered = entry(rng, 2, number=(client, 1))
    assert list(await store.oplog.append([append_of(activations[1], [numbered])])) == [DURABLE]
    batch = [
        append_of(activations[0], [entry(rng, 2, number=(client, 1))]),
        append_of(activations[1], [entry(rng, 3, number=(client, 2)), entry(rng, 4, number=(client, 1))]),
        append_of(activations[2], [entry(rng, 2, number=(client, 5)), entry(rng, 3, number=(client, 5))]),
    ]
    assert list(await store.oplog.append(batch)) == [DURABLE, FENCED, FENCED]
    assert [len(await store.oplog.read(workspace_id, 0)) for workspace_id in ids] == [2, 2, 1]
    assert await store.oplog.find(ids[1], client, 1) == numbered
    assert await store.oplog.find(ids[1], client, 2) is None
    # The head did not move either: the place is still free.
    assert list(await store.oplog.append([append_of(activations[1], [entry(rng, 3)])])) == [DURABLE]


async def test_a_request_is_found_by_its_number_only(store: Store, rng: random.Random) -> None:
    workspace_id, _ = await new_workspace(rng, store)
    other_id, _ = await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    client, other_client = new_id(rng), new_id(rng)
    entries = [entry(rng, 2, number=(client, 1)), entry(rng, 3), entry(rng, 4, number=(client, 2**40))]
    await store.oplog.append([append_of(activation, entries)])
    assert await store.oplog.find(workspace_id, client, 1) == entries[0]
    assert await store.oplog.find(workspace_id, client, 2**40) == entries[2]
    assert await store.oplog.find(workspace_id, client, 2) is None
    assert await store.oplog.find(workspace_id, other_client, 1) is None
    assert await store.oplog.find(other_id, client, 1) is None


async def test_reading_obeys_every_bound(store: Store, rng: random.Random) -> None:
    workspace_id, first = await new_workspace(rng, store)
    await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    notes = [new_id(rng), new_id(rng), None]
    entries = [first, *(entry(rng, seq, note_id=rng.choice(notes)) for seq in range(2, 31))]
    await store.oplog.append([append_of(activation, entries[1:])])
    for _ in range(60):
        after, upto, limit = rng.randrange(-1, 33), rng.choice([None, *range(-1, 33)]), rng.randrange(1, 33)
        note_id = rng.choice(notes)
        expected = [
            one
            for one in entries
            if one.seq > after and (upto is None or one.seq <= upto) and note_id in (None, one.note_id)
        ]
        found = await store.oplog.read(workspace_id, after, upto, note_id=note_id, limit=limit)
        assert list(found) == expected[:limit]


async def test_the_newest_three_snapshots_stay(store: Store, rng: random.Random) -> None:
    workspace_id, other_id = new_id(rng), new_id(rng)
    made = {}
    for seq in (10, 40, 20, 50, 30):
        body = rng.randbytes(rng.choice([0, 10, 100_000]))
        made[seq] = Snapshot(workspace_id, seq, blake2b(body, digest_size=16).digest(), body)
        await store.oplog.save_snapshot(made[seq])
    other = Snapshot(other_id, 1, b"0" * 16, b"{}")
    await store.oplog.save_snapshot(other)
    assert list(await store.oplog.snapshots(workspace_id)) == [made[50], made[40], made[30]]
    assert list(await store.oplog.snapshots(workspace_id, upto=49)) == [made[40], made[30]]
    assert list(await store.oplog.snapshots(workspace_id, upto=29)) == []
    assert list(await store.oplog.snapshots(other_id)) == [other]


async def test_a_snapshot_made_again_replaces_the_damaged_one(store: Store, rng: random.Random) -> None:
    workspace_id = new_id(rng)
    for body in (b"damaged", b"sound"):
        snapshot = Snapshot(workspace_id, 5, blake2b(body, digest_size=16).digest(), body)
        await store.oplog.save_snapshot(snapshot)
    assert list(await store.oplog.snapshots(workspace_id)) == [snapshot]


async def test_an_append_with_a_gap_is_a_mistake_of_the_program(store: Store, rng: random.Random) -> None:
    workspace_id, first = await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    with pytest.raises(ValueError, match="at least one"):
        Append(workspace_id, activation.epoch, ())
    with pytest.raises(ValueError, match="consecutive"):
        append_of(activation, [entry(rng, 2), entry(rng, 4)])
    with pytest.raises(ValueError, match="consecutive"):
        await store.oplog.append([append_of(activation, [entry(rng, 2), entry(rng, 7), entry(rng, 4)])])
    with pytest.raises(ValueError, match="starts at seq 1"):
        await store.oplog.create(new_id(rng), [entry(rng, 2)], [])
    assert list(await store.oplog.read(workspace_id, 0)) == [first]
    assert await append_one(rng, store, activation) is DURABLE


async def test_an_empty_batch_is_nothing(store: Store) -> None:
    assert list(await store.oplog.append([])) == []
