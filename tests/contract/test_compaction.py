"""The contract of shortened logs: what lies before the horizon is gone for everybody at once, all else is as before."""

import random
from hashlib import blake2b

import pytest
import trio

from nvserver.core.changes import LoggedEntry
from nvserver.errors import BaseTooOld
from nvserver.ports.compaction import LogExtent
from nvserver.ports.oplog import Activation, NoteIndexed, Snapshot
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, append_of, append_one, entry, new_id, new_workspace


def snapshot(rng: random.Random, workspace_id: str, seq: int) -> Snapshot:
    body = rng.randbytes(50)
    return Snapshot(workspace_id, seq, blake2b(body, digest_size=16).digest(), body)


async def long_log(rng: random.Random, store: Store, length: int, note_id: str) -> tuple[Activation, list[LoggedEntry]]:
    """A workspace with so many entries, every second one of the note, each with a number."""
    workspace_id, first = await new_workspace(rng, store)
    activation = await store.oplog.activate(workspace_id, "node-a")
    client = new_id(rng)
    entries = [
        entry(rng, seq, number=(client, seq), note_id=note_id if seq % 2 else None) for seq in range(2, length + 1)
    ]
    assert list(await store.oplog.append([append_of(activation, entries)])) == [DURABLE]
    return Activation(workspace_id, activation.epoch, length), [first, *entries]


async def rebased(
    rng: random.Random, store: Store, workspace_id: str, seq: int, newer: int
) -> tuple[Snapshot, Snapshot]:
    """The base at `seq`, and the snapshot after it that it needs."""
    base, after = snapshot(rng, workspace_id, seq), snapshot(rng, workspace_id, newer)
    await store.oplog.save_snapshot(after)
    assert await store.compaction.rebase(base)
    return base, after


async def test_what_lies_before_the_horizon_is_told_to_nobody(store: Store, rng: random.Random) -> None:
    note_id = new_id(rng)
    activation, entries = await long_log(rng, store, 30, note_id)
    workspace_id = activation.workspace_id
    assert await store.oplog.base(workspace_id) is None
    assert await store.oplog.horizon(workspace_id) == 0
    base, after = await rebased(rng, store, workspace_id, 12, 20)
    for limit in (0, 5, 100):  # hidden before it is deleted
        await store.compaction.sweep(workspace_id, limit=limit)
        assert await store.oplog.base(workspace_id) == base
        assert await store.oplog.horizon(workspace_id) == 12
        assert list(await store.oplog.snapshots(workspace_id)) == [after, base]
        assert list(await store.oplog.snapshots(workspace_id, 19)) == [base]
        assert list(await store.oplog.snapshots(workspace_id, 11)) == []
        assert list(await store.oplog.snapshots(workspace_id, limit=1)) == [after]
        for place in (-1, 0, 1, 11):
            for one in (None, note_id):
                with pytest.raises(BaseTooOld) as refused:
                    await store.oplog.read(workspace_id, place, note_id=one)
                assert refused.value.details == {"horizon": 12}
        for place in (12, 13, 29, 30, 40):
            assert list(await store.oplog.read(workspace_id, place)) == entries[place:]
            of_note = [one for one in entries[place:] if one.note_id == note_id]
            assert list(await store.oplog.read(workspace_id, place, note_id=note_id)) == of_note
        assert list(await store.oplog.read(workspace_id, 12, 15, limit=2)) == entries[12:14]
    assert await append_one(rng, store, activation) is DURABLE


async def test_sweeping_deletes_slice_by_slice_what_is_hidden_and_nothing_else(
    store: Store, rng: random.Random
) -> None:
    activation, entries = await long_log(rng, store, 30, new_id(rng))
    other, other_entries = await long_log(rng, store, 30, new_id(rng))
    workspace_id = activation.workspace_id
    assert await store.compaction.sweep(workspace_id, limit=100) == 0
    assert await store.compaction.sweep(new_id(rng), limit=100) == 0
    await rebased(rng, store, workspace_id, 12, 20)
    assert [await store.compaction.sweep(workspace_id, limit=5) for _ in range(4)] == [5, 5, 2, 0]
    assert [one.entry for one in await store.audit.entries(workspace_id, 0, limit=100)] == entries[12:]
    assert list(await store.oplog.read(other.workspace_id, 0)) == other_entries
    client = entries[1].client_id
    assert client is not None
    assert await store.oplog.find(workspace_id, client, 5) is None
    assert await store.oplog.find(workspace_id, client, 15) == entries[14]
    await rebased(rng, store, workspace_id, 15, 25)
    assert await store.compaction.sweep(workspace_id, limit=100) == 3
    assert list(await store.oplog.read(workspace_id, 15)) == entries[15:]


async def test_a_horizon_only_moves_on_and_never_without_a_newer_snapshot(store: Store, rng: random.Random) -> None:
    activation, entries = await long_log(rng, store, 30, new_id(rng))
    workspace_id, rebase = activation.workspace_id, store.compaction.rebase
    assert not await rebase(snapshot(rng, workspace_id, 10)), "there is no snapshot"
    await store.oplog.save_snapshot(snapshot(rng, workspace_id, 10))
    assert not await rebase(snapshot(rng, workspace_id, 10)), "there is none after it"
    await store.oplog.save_snapshot(snapshot(rng, workspace_id, 99))
    assert not await rebase(snapshot(rng, workspace_id, 31)), "the log does not reach so far"
    assert not await rebase(snapshot(rng, new_id(rng), 10)), "there is no log"
    assert list(await store.oplog.read(workspace_id, 0)) == entries
    assert await rebase(snapshot(rng, workspace_id, 10))
    for seq in (10, 9, 1):
        assert not await rebase(snapshot(rng, workspace_id, seq)), "it would move back"
    assert await store.oplog.horizon(workspace_id) == 10


async def test_long_logs_are_found_and_those_that_are_not_swept(store: Store, rng: random.Random) -> None:
    activations = [(await long_log(rng, store, length, new_id(rng)))[0] for length in (5, 10, 20)]
    short, middle, long = (one.workspace_id for one in activations)
    found = {one.workspace_id: one for one in await store.compaction.long_logs(None, min_entries=10, limit=10)}
    assert found == {middle: LogExtent(middle, 0, 10, True), long: LogExtent(long, 0, 20, True)}
    await rebased(rng, store, long, 15, 18)
    await rebased(rng, store, short, 2, 4)
    found = {one.workspace_id: one for one in await store.compaction.long_logs(None, min_entries=10, limit=10)}
    assert found[long] == LogExtent(long, 15, 20, False)
    assert found[short] == LogExtent(short, 2, 5, False)
    paged, after = [], None
    while page := await store.compaction.long_logs(after, min_entries=10, limit=1):
        paged.append(page[0].workspace_id)
        after = paged[-1]
    assert paged == sorted(found)
    for workspace_id in (short, long):
        await store.compaction.sweep(workspace_id, limit=100)
    assert [one.workspace_id for one in await store.compaction.long_logs(None, min_entries=10, limit=9)] == [middle]


async def test_of_two_that_rebase_at_once_the_farther_one_stays(store: Store, rng: random.Random) -> None:
    activation, entries = await long_log(rng, store, 30, new_id(rng))
    workspace_id = activation.workspace_id
    await store.oplog.save_snapshot(snapshot(rng, workspace_id, 29))
    async with trio.open_nursery() as nursery:
        for seq in [*rng.sample(range(2, 26), 8), 26]:
            nursery.start_soon(store.compaction.rebase, snapshot(rng, workspace_id, seq))
    assert await store.oplog.horizon(workspace_id) == 26
    assert list(await store.oplog.read(workspace_id, 26)) == entries[26:]


async def test_a_check_sees_the_horizon_and_the_notes_of_a_workspace(store: Store, rng: random.Random) -> None:
    note_ids = sorted(new_id(rng) for _ in range(5))
    activation, _ = await long_log(rng, store, 10, note_ids[0])
    workspace_id = activation.workspace_id
    index = [NoteIndexed(note_id) for note_id in note_ids]
    assert list(await store.oplog.append([append_of(activation, [entry(rng, 11)], *index)])) == [DURABLE]
    assert [home.is_logged for home in await store.audit.note_homes(None, limit=9)] == [True] + [False] * 4
    await rebased(rng, store, workspace_id, 8, 9)
    stored = await store.audit.workspace(workspace_id)
    assert stored is not None
    assert (stored.horizon, stored.head) == (8, 11)
    assert all(home.is_logged for home in await store.audit.note_homes(None, limit=9))
    assert list(await store.audit.notes_of(workspace_id, None, limit=3)) == note_ids[:3]
    assert list(await store.audit.notes_of(workspace_id, note_ids[2], limit=3)) == note_ids[3:]
    assert list(await store.audit.notes_of(new_id(rng), None, limit=3)) == []
