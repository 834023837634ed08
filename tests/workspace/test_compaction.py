"""Logs are shortened as far as they may be and no farther, and everything else stays true."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nvserver import failpoints
from nvserver.core.changes import Author, decode_entry
from nvserver.core.commands import EditNote
from nvserver.core.limits import WorkspaceLimits
from nvserver.errors import BaseTooOld, Conflict, ValidationFailed
from nvserver.ports.oplog import Snapshot
from nvserver.ports.store import Store
from nvserver.testing.sim_node import at_once, sim_node
from nvserver.workspace.messages import (
    Accepted,
    GetNote,
    Join,
    Joined,
    NoteOpened,
    NoteView,
    OpenNote,
    PutNote,
    Submit,
)
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.past import NotePasts, Undo
from nvserver.workspace.recovery import LogBroken, load_workspace, text_at
from tests.contract.values import append_of, entry
from tests.faults.checking import findings_of
from tests.workspace.pasts import (
    EAGER,
    SETTINGS,
    Past,
    Visitor,
    compact,
    damaged,
    go_on,
    live_past,
    put_to_rest,
    unknown,
)

LIMITS = WorkspaceLimits()


@pytest.fixture(autouse=True)
def failpoints_off_again() -> Iterator[None]:
    yield
    failpoints.arm(())


async def horizon_of(store: Store, past: Past) -> int:
    return await store.oplog.horizon(past.workspace_id)


async def test_what_is_left_is_the_same_and_verify_proves_it(store: Store, rng: random.Random) -> None:
    past = await live_past(store, rng, 200)
    swept = []
    for _ in range(3):
        before = await horizon_of(store, past)
        (done,) = await compact(store)
        swept.append(done.swept)
        assert done.horizon == past.head - EAGER.keep_entries
        assert await horizon_of(store, past) == done.horizon == done.swept + before
        kept = [decode_entry(one).seq for one in await store.oplog.read(past.workspace_id, done.horizon)]
        assert kept == list(range(done.horizon + 1, past.head + 1))
        workspace, _ = await load_workspace(store.oplog, past.workspace_id, past.head, LIMITS)
        assert str(workspace.notes[past.note_id].text) == past.texts[past.head]
        for seq in range(done.horizon, past.head + 1):
            assert str(await text_at(store.oplog, past.workspace_id, past.note_id, seq, LIMITS)) == past.texts[seq]
        assert (await findings_of(store))[0] == []
        async with sim_node(store.oplog, settings=SETTINGS) as node:
            for _ in range(4):
                await go_on(node, past, rng, 10)
            await put_to_rest(node, store, past)
    assert all(swept)
    assert await compact(store, replace(EAGER, keep_entries=10_000)) == []


async def test_the_past_behind_the_horizon_is_told_to_be_gone_and_authors_are_still_known(
    store: Store, rng: random.Random
) -> None:
    past = await live_past(store, rng, 120)
    await compact(store)
    horizon = await horizon_of(store, past)
    assert horizon > 50
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        pasts = NotePasts(store.oplog, NoteHomes(store.index, node), at_once)
        for seq in (horizon, horizon + 1, past.head):
            assert (await pasts.at(past.owner, past.note_id, seq)).content == past.texts[seq]
        for seq in (1, past.head - 120, horizon - 1):
            with pytest.raises(BaseTooOld) as refused:
                await pasts.at(past.owner, past.note_id, seq)
            assert refused.value.details == {"horizon": horizon}
            with pytest.raises(BaseTooOld):
                await pasts.revert_to(past.owner, past.note_id, seq)
            with pytest.raises(BaseTooOld):
                await pasts.undo(past.owner, past.note_id, Undo(seq, past.head, None))
        found, groups = await pasts.groups(past.owner, past.note_id)
        assert found == horizon
        assert sum(group.edits for group in groups) == past.head - horizon
        seq, ranges = await pasts.authorship(past.owner, past.note_id)
        assert seq == past.head
        assert [one.user_id for one in ranges for _ in range(one.length)] == past.writers
        # All that the guest did since the horizon can be taken back, the rest stays.
        undone = await pasts.undo(past.owner, past.note_id, Undo(None, past.head, past.guest))
        assert undone.note.seq > past.head
        reverted = await pasts.revert_to(past.owner, past.note_id, horizon)
        assert reverted.content == past.texts[horizon]


async def test_a_note_made_after_the_horizon_has_its_whole_past(store: Store, rng: random.Random) -> None:
    past = await live_past(store, rng, 60)
    await compact(store, replace(EAGER, keep_entries=61))
    assert await horizon_of(store, past) == past.head - 61, "just before the note was made"
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        pasts = NotePasts(store.oplog, NoteHomes(store.index, node), at_once)
        assert (await pasts.at(past.owner, past.note_id, past.head - 60)).content == "start"
        with pytest.raises(ValidationFailed):
            await pasts.at(past.owner, past.note_id, past.head - 61)


async def test_who_comes_from_behind_the_horizon_is_told_and_loses_nothing(store: Store, rng: random.Random) -> None:
    past = await live_past(store, rng, 120)
    await compact(store)
    horizon = await horizon_of(store, past)
    numbers = sorted(seq for seq, who in past.authors.items() if who == past.owner)
    gone, kept = numbers[0], numbers[-1]
    assert gone < horizon < kept
    newcomer = Author(past.owner, past.note_id, 1, b"x" * 16)
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        line = Visitor(past.client_id, past.owner)
        for since in (0, 1, horizon - 1):
            joined = await node.call(past.workspace_id, Join(line, since))
            assert isinstance(joined, Joined)
            assert joined.changes is None
            assert joined.resync is not None
            assert [one.note.id for one in joined.notes] == [past.note_id]
            opened = await node.call(past.workspace_id, OpenNote(line, past.note_id, since))
            assert isinstance(opened, NoteOpened)
            assert (opened.content, opened.edits) == (past.texts[past.head], None)
            with pytest.raises(BaseTooOld):
                await node.call(past.workspace_id, Submit(newcomer, EditNote(past.note_id, since, ("x",))))
            with pytest.raises(BaseTooOld):
                await node.call(
                    past.workspace_id, PutNote(Author(past.owner), past.note_id, content="x", base_seq=since)
                )
        opened = await node.call(past.workspace_id, OpenNote(line, past.note_id, horizon))
        assert isinstance(opened, NoteOpened)
        assert opened.edits is not None
        assert len(opened.edits) == past.head - horizon
        # A request whose entry is gone is not done again; one whose entry is there gets its first answer.
        again = Author(past.owner, past.client_id, gone, b"h" * 16)
        with pytest.raises(BaseTooOld):
            await node.call(past.workspace_id, Submit(again, EditNote(past.note_id, past.head, ("twice",))))
        # Of the latest before the horizon it is still known, however long the client was away.
        for number in [seq for seq in numbers if seq <= horizon][-4:]:
            again = replace_number(again, number)
            answer = await node.call(past.workspace_id, Submit(again, EditNote(past.note_id, number - 1, ("twice",))))
            assert answer == Accepted(number, True)
            with pytest.raises(Conflict):
                other = Author(past.owner, past.client_id, number, b"other payload 16")
                await node.call(past.workspace_id, Submit(other, EditNote(past.note_id, number - 1, ("twice",))))
        again = replace_number(again, kept)
        answer = await node.call(past.workspace_id, Submit(again, EditNote(past.note_id, kept - 1, ("twice",))))
        assert answer == Accepted(kept, True)
        with pytest.raises(Conflict):
            other = Author(past.owner, past.client_id, kept, b"other payload 16")
            await node.call(past.workspace_id, Submit(other, EditNote(past.note_id, kept - 1, ("twice",))))
        # A number that was never accepted is new, although the client has gone on since.
        never = next(n for n in range(horizon + 1, kept) if n not in numbers)
        late = Author(past.owner, past.client_id, never, b"h" * 16)
        accepted = await node.call(past.workspace_id, Submit(late, EditNote(past.note_id, past.head, ("z",))))
        assert accepted == Accepted(past.head + 1)
        view = await node.call(past.workspace_id, GetNote(past.owner, past.note_id))
        assert isinstance(view, NoteView)
        assert view.content == "z" + past.texts[past.head]


def replace_number(author: Author, number: int) -> Author:
    return Author(author.user_id, author.client_id, number, author.payload_hash)


async def test_a_damaged_snapshot_is_survived_wherever_it_lies_and_found(store: Store, rng: random.Random) -> None:
    past = await live_past(store, rng, 120)
    await compact(store)
    base = await store.oplog.base(past.workspace_id)
    newest, *_ = await store.oplog.snapshots(past.workspace_id)
    assert base is not None
    assert newest.seq > base.seq
    await store.oplog.save_snapshot(damaged(newest, rng))
    workspace, _ = await load_workspace(store.oplog, past.workspace_id, past.head, LIMITS)
    assert str(workspace.notes[past.note_id].text) == past.texts[past.head]
    assert str(await text_at(store.oplog, past.workspace_id, past.note_id, past.head, LIMITS)) == past.texts[past.head]
    found, *_ = await findings_of(store)
    assert [f"snapshot of entry {newest.seq} is damaged" in one for one in found] == [True]
    # Nothing is deleted on the word of damaged snapshots.
    for snapshot in (await store.oplog.snapshots(past.workspace_id))[:-1]:
        await store.oplog.save_snapshot(damaged(snapshot, rng))
    await compact(store, replace(EAGER, keep_entries=1))
    assert await store.oplog.base(past.workspace_id) == base


async def test_with_a_damaged_base_the_snapshots_after_it_serve_and_without_any_nothing_does(
    store: Store, rng: random.Random
) -> None:
    past = await live_past(store, rng, 120)
    await compact(store, replace(EAGER, keep_entries=50))
    base = await store.oplog.base(past.workspace_id)
    assert base is not None
    sound = await store.oplog.snapshots(past.workspace_id)
    # The farther base that another node with bad memory might store.
    bad = damaged(Snapshot(base.workspace_id, base.seq + 1, base.checksum, base.body), rng)
    assert await store.compaction.rebase(bad)
    workspace, _ = await load_workspace(store.oplog, past.workspace_id, past.head, LIMITS)
    assert str(workspace.notes[past.note_id].text) == past.texts[past.head]
    found, *_ = await findings_of(store)
    assert any(f"the base of entry {bad.seq} is damaged" in one for one in found)
    assert any("were not checked" in one for one in found)
    await compact(store, replace(EAGER, keep_entries=1))
    assert await store.oplog.base(past.workspace_id) == bad, "nothing is built on it"
    for snapshot in sound[:-1]:
        await store.oplog.save_snapshot(damaged(snapshot, rng))
    with pytest.raises(LogBroken):
        await load_workspace(store.oplog, past.workspace_id, past.head, LIMITS)
    assert any("no snapshot is sound" in one for one in (await findings_of(store))[0])


async def test_what_somebody_still_needs_stays(store: Store, rng: random.Random) -> None:
    past = await live_past(store, rng, 120)

    async def needs_forty(_workspace_id: str) -> int:
        return 40

    async def needs_eighty(_workspace_id: str) -> int:
        return 80

    assert [one.horizon for one in await compact(store, EAGER, unknown)] == []
    assert [one.horizon for one in await compact(store, replace(EAGER, min_entries=41), needs_forty)] == [0]
    assert [one.horizon for one in await compact(store, EAGER, needs_forty)] == [40]
    assert [one.horizon for one in await compact(store, EAGER, store.search.position)] == [40], "nothing is indexed"
    times = [one.at for one in await store.oplog.read(past.workspace_id, 40)]
    assert times == sorted(times)
    young = replace(EAGER, keep_days=1)
    assert [one.horizon for one in await compact(store, young, now_ms=times[0] + 86_400_000)] == [40]
    day_later = times[20] + 1 + 86_400_000
    (horizon,) = [one.horizon for one in await compact(store, young, needs_eighty, now_ms=day_later)]
    assert 61 <= horizon <= 80, "many entries are of one millisecond"
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        line = Visitor(past.client_id, past.owner)
        before = await horizon_of(store, past)
        joined = await node.call(past.workspace_id, Join(line, before + 5))
        assert isinstance(joined, Joined)
        assert joined.changes is not None
        assert [one.horizon for one in await compact(store, EAGER, node.reach)] == [before + 5]
    async with sim_node(store.oplog, settings=SETTINGS) as node:
        assert [one.horizon for one in await compact(store, EAGER, node.reach)] == [past.head - EAGER.keep_entries]


async def test_no_log_is_shortened_to_beyond_its_newest_snapshot(store: Store, rng: random.Random) -> None:
    past = await live_past(store, rng, 100)
    newest = (await store.oplog.snapshots(past.workspace_id, limit=1))[0].seq
    await compact(store, replace(EAGER, keep_entries=0))
    assert await horizon_of(store, past) == newest - 1
    assert (await findings_of(store))[0] == []


@pytest.mark.parametrize("point", ["before_rebase", "after_rebase", "mid_sweep"])
async def test_a_compaction_that_ends_half_way_harms_nothing_and_is_finished_later(
    store: Store, rng: random.Random, point: str
) -> None:
    past = await live_past(store, rng, 120)
    armed = failpoints.arm(failpoints.parse(f"{point}=raise"))
    with pytest.raises(failpoints.FailpointHit):
        await compact(store)
    assert armed.acted == {point: 1}
    assert (await findings_of(store))[0] == []
    workspace, _ = await load_workspace(store.oplog, past.workspace_id, past.head, LIMITS)
    assert str(workspace.notes[past.note_id].text) == past.texts[past.head]
    await compact(store)
    horizon = past.head - EAGER.keep_entries
    assert await horizon_of(store, past) == horizon
    stored = await store.audit.entries(past.workspace_id, 0, limit=1_000)
    assert [one.entry.seq for one in stored] == list(range(horizon + 1, past.head + 1))
    assert (await findings_of(store))[0] == []


async def test_a_broken_log_is_not_shortened(store: Store, rng: random.Random) -> None:
    """Its entries may be all there is to mend it with."""
    past = await live_past(store, rng, 100)
    activation = await store.oplog.activate(past.workspace_id, "elsewhere")
    rubbish = [entry(rng, activation.head + place) for place in range(1, 50)]
    await store.oplog.append([append_of(activation, rubbish)])
    newest = (await store.oplog.snapshots(past.workspace_id, limit=1))[0]
    await store.oplog.save_snapshot(Snapshot(newest.workspace_id, activation.head + 40, newest.checksum, newest.body))
    assert await compact(store, replace(EAGER, keep_entries=20)) == []
    assert await horizon_of(store, past) == 0
    assert len(await store.audit.entries(past.workspace_id, 0, limit=1_000)) == activation.head + 49
