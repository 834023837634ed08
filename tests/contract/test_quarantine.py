"""The contract of what is put aside."""

import random

from nvserver.ports.quarantine import PoisonMessage, Quarantined
from nvserver.ports.store import Store
from tests.contract.values import new_id


def poison(rng: random.Random, workspace_id: str, at: int) -> PoisonMessage:
    return PoisonMessage(workspace_id, rng.randbytes(16), at, "Submit", "ValueError", rng.randbytes(50))


async def test_a_workspace_stays_closed_until_it_is_released(store: Store, rng: random.Random) -> None:
    closed = [Quarantined(new_id(rng), 2**41 + place, "node-a", "ValueError at x.py:1", 6) for place in range(3)]
    for one in closed:
        await store.quarantine.put(one)
    again = Quarantined(closed[0].workspace_id, 1, "node-b", "another", 1)
    await store.quarantine.put(again)
    in_order = sorted(closed, key=lambda one: one.workspace_id)
    assert list(await store.quarantine.all()) == in_order
    assert await store.quarantine.release(closed[0].workspace_id)
    assert not await store.quarantine.release(closed[0].workspace_id)
    assert not await store.quarantine.release(new_id(rng))
    assert list(await store.quarantine.all()) == [one for one in in_order if one != closed[0]]
    await store.quarantine.put(again)
    assert again in await store.quarantine.all()


async def test_the_newest_poison_messages_of_each_workspace_are_kept(store: Store, rng: random.Random) -> None:
    workspace_id, other_id = new_id(rng), new_id(rng)
    messages = [poison(rng, workspace_id, at) for at in (5, 3, 9, 7, 1)]
    for one in messages:
        await store.quarantine.keep(one, newest=3)
    other = poison(rng, other_id, 1)
    await store.quarantine.keep(other, newest=3)
    newest = sorted(messages, key=lambda one: -one.at)
    assert list(await store.quarantine.poison(workspace_id, limit=9)) == newest[:3]
    assert list(await store.quarantine.poison(workspace_id, limit=1)) == newest[:1]
    assert list(await store.quarantine.poison(other_id, limit=9)) == [other]
    again = PoisonMessage(workspace_id, newest[2].digest, 20, "Submit", "KeyError", newest[2].body)
    await store.quarantine.keep(again, newest=3)
    assert list(await store.quarantine.poison(workspace_id, limit=9)) == [again, *newest[:2]]
    assert list(await store.quarantine.poison(new_id(rng), limit=9)) == []
