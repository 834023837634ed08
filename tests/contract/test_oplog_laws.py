"""Laws of the op log under any order of events, against a model that shares no code with the stores."""

import random
from collections.abc import Sequence

import trio

from nvserver.core.changes import LoggedEntry
from nvserver.errors import Conflict
from nvserver.ports.oplog import Activation, Append, AppendOutcome
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_of, entry, new_id, new_workspace

NODES = ("node-a", "node-b", "node-c")


class Model:
    """What a log must hold: the rules of the contract, written down once more in the plainest way."""

    def __init__(self, first: LoggedEntry) -> None:
        self.epoch = 0
        self.entries = [first]

    def activate(self, workspace_id: str) -> Activation:
        self.epoch += 1
        return Activation(workspace_id, self.epoch, len(self.entries))

    def append(self, append: Append) -> AppendOutcome:
        if append.epoch != self.epoch or append.entries[0].seq != len(self.entries) + 1:
            return FENCED
        known = [(one.client_id, one.client_seq) for one in self.entries if one.client_id]
        asked = [(one.client_id, one.client_seq) for one in append.entries if one.client_id]
        if len(set(known + asked)) != len(known) + len(asked):
            return FENCED
        self.entries.extend(append.entries)
        return DURABLE


async def test_any_order_of_activations_and_appends_does_what_the_model_does(store: Store, rng: random.Random) -> None:
    ids, models = [], {}
    for _ in range(3):
        workspace_id, first = await new_workspace(rng, store)
        ids.append(workspace_id)
        models[workspace_id] = Model(first)
    clients = [new_id(rng) for _ in range(2)]
    held: dict[tuple[str, str], Activation] = {}
    counts = {DURABLE: 0, FENCED: 0}
    for _ in range(150):
        node = rng.choice(NODES)
        if rng.random() < 0.2:
            workspace_id = rng.choice(ids)
            held[node, workspace_id] = await store.oplog.activate(workspace_id, node)
            assert held[node, workspace_id] == models[workspace_id].activate(workspace_id)
            continue
        batch = []
        for workspace_id in rng.sample(ids, rng.randrange(1, 4)):
            if activation := held.get((node, workspace_id)):
                number = (rng.choice(clients), rng.randrange(40)) if rng.random() < 0.5 else None
                seqs = range(activation.head + 1, activation.head + 1 + rng.randrange(1, 4))
                batch.append(
                    append_of(activation, [entry(rng, seq, number=number if seq == seqs[0] else None) for seq in seqs])
                )
        outcomes = list(await store.oplog.append(batch))
        assert outcomes == [models[append.workspace_id].append(append) for append in batch]
        for append, outcome in zip(batch, outcomes, strict=True):
            counts[outcome] += 1
            if outcome is DURABLE:
                held[node, append.workspace_id] = Activation(append.workspace_id, append.epoch, append.entries[-1].seq)
    for workspace_id in ids:
        assert list(await store.oplog.read(workspace_id, 0)) == models[workspace_id].entries
    assert min(counts.values()) > 10, f"the schedule was too kind: {counts}"


async def test_nodes_that_race_leave_one_gapless_sequence_and_no_entry_of_a_fenced_epoch(
    store: Store, rng: random.Random
) -> None:
    ids = [(await new_workspace(rng, store))[0] for _ in range(3)]
    # In the order in which the calls returned, which is an order the store may have done them in only per task; what is
    # checked below needs no more.
    durable: dict[str, list[tuple[int, Sequence[LoggedEntry]]]] = {workspace_id: [] for workspace_id in ids}
    fenced = 0

    async def node(name: str, chance: random.Random) -> None:
        nonlocal fenced
        held: dict[str, Activation] = {}
        for _ in range(25):
            for workspace_id in ids:
                if workspace_id not in held or chance.random() < 0.1:
                    held[workspace_id] = await store.oplog.activate(workspace_id, name)
            chosen = chance.sample(ids, chance.randrange(1, 4))
            batch = [append_of(held[one], [entry(chance, held[one].head + 1)]) for one in chosen]
            for append, outcome in zip(batch, await store.oplog.append(batch), strict=True):
                if outcome is DURABLE:
                    durable[append.workspace_id].append((append.epoch, append.entries))
                    held[append.workspace_id] = Activation(append.workspace_id, append.epoch, append.entries[-1].seq)
                else:
                    fenced += 1
                    del held[append.workspace_id]

    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:
            for name in NODES:
                nursery.start_soon(node, name, random.Random(rng.random()))

    for workspace_id in ids:
        stored = list(await store.oplog.read(workspace_id, 1))
        assert [one.seq for one in stored] == list(range(2, len(stored) + 2))
        promised = {one.seq: one for _, entries in durable[workspace_id] for one in entries}
        assert {one.seq: one for one in stored} == promised
        # Sorted by place, epochs never fall: nothing of an activation came after something of a newer one.
        epochs = [epoch for epoch, _ in sorted(durable[workspace_id], key=lambda append: append[1][0].seq)]
        assert epochs == sorted(epochs)
    assert fenced > 0
    assert sum(map(len, durable.values())) > 10


async def test_of_activations_at_the_same_time_each_gets_an_epoch_of_its_own(store: Store, rng: random.Random) -> None:
    workspace_id, _ = await new_workspace(rng, store)
    epochs = []

    async def activate() -> None:
        epochs.append((await store.oplog.activate(workspace_id, "node-a")).epoch)

    async with trio.open_nursery() as nursery:
        for _ in range(12):
            nursery.start_soon(activate)
    assert sorted(epochs) == list(range(1, 13))


async def test_of_creations_of_one_id_at_the_same_time_one_wins(store: Store, rng: random.Random) -> None:
    workspace_id = new_id(rng)
    firsts = [entry(rng, 1) for _ in range(6)]
    created = []

    async def create(first: LoggedEntry) -> None:
        try:
            await store.oplog.create(workspace_id, [first], [])
        except Conflict:
            return
        created.append(first)

    async with trio.open_nursery() as nursery:
        for first in firsts:
            nursery.start_soon(create, first)
    assert len(created) == 1
    assert list(await store.oplog.read(workspace_id, 0)) == created
