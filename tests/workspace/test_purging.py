"""Notes that are deleted for good leave the store, and everything else stays true, wherever the work is cut off."""

import random
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from nvserver import failpoints
from nvserver.core.changes import Author, Entry, NotePurged, NoteRedacted, decode_entry
from nvserver.core.commands import (
    Command,
    CreateNote,
    DeleteNote,
    EditNote,
    NameVersion,
    PurgeNote,
    StartThread,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.errors import NoteNotFound
from nvserver.ports.note_links import NoteLink
from nvserver.ports.oplog import Snapshot
from nvserver.ports.store import Store
from nvserver.testing.sim_node import at_once, sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.messages import Accepted, GetNote, Join, Joined, Submit
from nvserver.workspace.purging import Purger, PurgingSettings
from nvserver.workspace.recovery import load_workspace, text_at
from tests.contract.values import new_id
from tests.faults.checking import findings_of
from tests.workspace.pasts import EAGER, SETTINGS, Past, Visitor, compact, damaged, go_on, live_past, put_to_rest

LIMITS = WorkspaceLimits()
AT_ONCE = PurgingSettings(settle_seconds=0, slice_entries=3)
SECRET = "nobody may read this any more"


@pytest.fixture(autouse=True)
def failpoints_off_again() -> Iterator[None]:
    yield
    failpoints.arm(())


def purger(store: Store, settings: PurgingSettings = AT_ONCE) -> Purger:
    return Purger(store.oplog, store.purging, at_once, settings, rest=0)


async def purge(store: Store) -> None:
    """Until nothing is pending."""
    work = purger(store)
    while await store.purging.pending(limit=9):
        await work.purge_all()


async def kept_bytes(store: Store, past: Past) -> bytes:
    """All that the store has of the workspace's past, and of its search."""
    entries = await store.audit.entries(past.workspace_id, 0, limit=10_000)
    states = await store.oplog.snapshots(past.workspace_id)
    return b"".join([*(one.entry.body for one in entries), *(state.body for state in states)])


async def do(node: Catalog, past: Past, command: Command) -> None:
    """The owner does it; the first note's text stays."""
    accepted = await node.call(past.workspace_id, Submit(Author(past.owner), command))
    assert isinstance(accepted, Accepted)
    text = past.texts[past.head]
    past.head = accepted.seq
    past.texts[past.head] = text


async def live_purge(store: Store, rng: random.Random) -> tuple[Past, str]:
    """A second note between and among the edits of the first, with all that a note can have; then it is purged. The
    newest snapshots are of before, and the base is where there is one."""
    past = await live_past(store, rng, 40)
    note_id, version, thread = new_id(rng), new_id(rng), new_id(rng)
    writer = Author(past.owner, new_id(rng), 1, b"h" * 16)
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        await do(node, past, CreateNote(note_id, SECRET, SECRET))
        for place in range(20):
            edit = EditNote(note_id, past.head, (len(SECRET) + place, "x"))
            author = replace(writer, client_seq=place + 1)
            assert isinstance(await node.call(past.workspace_id, Submit(author, edit)), Accepted)
            past.head += 1
            past.texts[past.head] = past.texts[past.head - 1]
            await go_on(node, past, rng, 2)
        await store.version_texts.put(version, note_id, SECRET)
        await do(node, past, NameVersion(note_id, version, SECRET, past.head))
        await do(node, past, StartThread(note_id, thread, new_id(rng), SECRET))
        link = NoteLink(new_id(rng), past.workspace_id, note_id, "read", past.owner, 1)
        assert await store.note_links.add(link, rng.randbytes(32), most=5)
        await do(node, past, DeleteNote(note_id))
        await go_on(node, past, rng, 10)
        await put_to_rest(node, store, past)
    await compact(store)
    assert await store.oplog.horizon(past.workspace_id) > 40
    assert SECRET.encode() in (await store.oplog.base(past.workspace_id) or pytest.fail()).body
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        await do(node, past, PurgeNote(note_id))
        await go_on(node, past, rng, 3)
        assert SECRET.encode() in await kept_bytes(store, past)
        # A resend of what was said about it is known as one.
        again = await node.call(past.workspace_id, Submit(author, edit))
        assert isinstance(again, Accepted) and again.is_duplicate
        await put_to_rest(node, store, past)
    return past, note_id


async def check_whole(store: Store, past: Past, note_id: str) -> None:
    assert (await findings_of(store))[0] == []
    workspace, _ = await load_workspace(store.oplog, past.workspace_id, past.head, LIMITS)
    assert list(workspace.notes) == [past.note_id]
    assert str(workspace.notes[past.note_id].text) == past.texts[past.head]
    assert (workspace.threads.all, workspace.versions) == ((), {})
    horizon = await store.oplog.horizon(past.workspace_id)
    for seq in range(horizon, past.head + 1):
        assert str(await text_at(store.oplog, past.workspace_id, past.note_id, seq, LIMITS)) == past.texts[seq]
    assert note_id not in workspace.notes


async def check_gone(store: Store, past: Past, note_id: str) -> None:
    assert SECRET.encode() not in await kept_bytes(store, past)
    assert list(await store.note_links.of_note(note_id, 1)) == []
    stored = await store.audit.entries(past.workspace_id, 0, limit=10_000)
    about = [one.entry for one in stored if one.entry.note_id == note_id]
    assert all(entry.payload_hash is None for entry in about)
    *before, purge = [decode_entry(entry).change for entry in about]
    assert before and all(change == NoteRedacted(note_id) for change in before)
    assert purge == NotePurged(note_id)


async def test_what_is_told_of_a_purged_note_leaves_log_states_and_tables(store: Store, rng: random.Random) -> None:
    past, note_id = await live_purge(store, rng)
    await check_whole(store, past, note_id)  # not yet gone, and whole all the same
    await purge(store)
    await check_whole(store, past, note_id)
    await check_gone(store, past, note_id)
    # It goes on: another life of the workspace, and of its log.
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        line = Visitor(past.client_id, past.owner)
        joined = await node.call(past.workspace_id, Join(line, await store.oplog.horizon(past.workspace_id)))
        assert isinstance(joined, Joined) and joined.changes is not None
        kinds = {type(one.change).__name__ for one in joined.changes if isinstance(one, Entry)}
        assert "NotePurged" in kinds and "NoteRedacted" not in kinds
        with pytest.raises(NoteNotFound):
            await node.call(past.workspace_id, GetNote(past.owner, note_id))
        await go_on(node, past, rng, 60)
        await put_to_rest(node, store, past)
    (done,) = await compact(store)
    assert done.horizon == past.head - EAGER.keep_entries
    await check_whole(store, past, note_id)


@pytest.mark.parametrize("point", ["mid_purge", "purge_before_states"])
async def test_a_purge_that_ends_half_way_harms_nothing_and_is_finished_later(
    store: Store, rng: random.Random, point: str
) -> None:
    past, note_id = await live_purge(store, rng)
    for times in (1, 2):
        armed = failpoints.arm(failpoints.parse(f"{point}=raise"))
        with pytest.raises(failpoints.FailpointHit):
            await purger(store).purge_all()
        assert armed.acted == {point: 1}, times
        failpoints.arm(())
        await check_whole(store, past, note_id)
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        await go_on(node, past, rng, 45)
        await put_to_rest(node, store, past)
    assert [one.horizon_before == one.horizon for one in await compact(store)] == [True], "put off until it is done"
    await purge(store)
    await check_whole(store, past, note_id)
    await check_gone(store, past, note_id)


async def test_nothing_from_before_a_purge_is_stored_after_it(store: Store, rng: random.Random) -> None:
    past, note_id = await live_purge(store, rng)
    states = await store.oplog.snapshots(past.workspace_id)
    old = next(state for state in states if SECRET.encode() in state.body)
    base = await store.oplog.base(past.workspace_id)
    assert base is not None
    await purge(store)
    # A snapshot that was being written, and a base that was being built, from what was read before.
    await store.oplog.save_snapshot(old)
    await store.oplog.save_snapshot(Snapshot(old.workspace_id, old.seq - 1, old.checksum, old.body))
    later = Snapshot(past.workspace_id, base.seq + 1, base.checksum, base.body)
    newest = await store.compaction.newest_purge(past.workspace_id)
    assert newest is not None and newest > later.seq
    for purged in (0, newest - 1):
        assert not await store.compaction.rebase(later, purged=purged)
    await store.purging.replace_state(old, Snapshot(old.workspace_id, old.seq, old.checksum, old.body))
    await check_gone(store, past, note_id)
    await check_whole(store, past, note_id)


async def test_it_is_looked_once_more_before_it_counts_as_done(store: Store, rng: random.Random) -> None:
    past, note_id = await live_purge(store, rng)
    patient = purger(store, PurgingSettings(settle_seconds=3600, slice_entries=1000))
    for _ in range(3):
        await patient.purge_all()
    (pending,) = await store.purging.pending(limit=9)
    assert (pending.note_id, await store.compaction.newest_purge(past.workspace_id)) == (note_id, None)
    await check_gone(store, past, note_id)
    await purge(store)
    assert await store.compaction.newest_purge(past.workspace_id) == pending.seq


async def test_a_damaged_snapshot_goes_whatever_it_holds(store: Store, rng: random.Random) -> None:
    past, note_id = await live_purge(store, rng)
    newest = (await store.oplog.snapshots(past.workspace_id, limit=1))[0]
    base = await store.oplog.base(past.workspace_id)
    assert base is not None and base.seq < newest.seq
    first = next(one for one in await store.oplog.snapshots(past.workspace_id) if base.seq < one.seq < newest.seq)
    await store.purging.replace_state(first, damaged(first, rng))
    await purge(store)
    assert first.seq not in [one.seq for one in await store.oplog.snapshots(past.workspace_id)]
    await check_gone(store, past, note_id)
    await check_whole(store, past, note_id)
