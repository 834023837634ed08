"""Chat messages become durable with the entries, and are listed newest first."""

import random

from msgspec.structs import replace

from nvserver.core.model import ChatMessage, Reaction
from nvserver.ports.oplog import Activation, MessageIndexed
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_of, append_one, entry, new_id, new_workspace


def message(rng: random.Random, workspace_id: str, seq: int, reply_to_id: str | None = None) -> ChatMessage:
    text = rng.choice(["hello", "Zoë's \U0001f680", "x" * 4000])
    return ChatMessage(new_id(rng), workspace_id, seq, new_id(rng), text, reply_to_id, rng.randrange(2**40))


async def test_messages_are_stored_replaced_and_listed_with_every_bound(store: Store, rng: random.Random) -> None:
    known: dict[str, ChatMessage] = {}
    activations: dict[str, Activation] = {}
    for _ in range(2):
        workspace_id, _ = await new_workspace(rng, store)
        activations[workspace_id] = await store.oplog.activate(workspace_id, "node-a")
    for _ in range(25):
        batch = []
        for workspace_id, at in activations.items():
            seq = at.head + 1
            one = message(rng, workspace_id, seq, rng.choice([None, *known]))
            known[one.id] = one
            changed = replace(
                rng.choice([some for some in known.values() if some.workspace_id == workspace_id]),
                text=rng.choice(["", "changed"]),
                edited_at=rng.choice([None, 5]),
                deleted_at=rng.choice([None, 7]),
                reactions=(Reaction("\U0001f44d", (new_id(rng), new_id(rng))),),
            )
            known[changed.id] = changed
            batch.append(append_of(at, [entry(rng, seq)], MessageIndexed(one), MessageIndexed(changed)))
            activations[workspace_id] = Activation(workspace_id, at.epoch, seq)
        assert set(await store.oplog.append(batch)) == {DURABLE}
    for one in known.values():
        assert await store.chat.message(one.id) == one
    for workspace_id in activations:
        for before in (None, 1, 10, 20):
            for reply_to_id in (None, *rng.sample(list(known), 4)):
                expected = [
                    one
                    for one in known.values()
                    if one.workspace_id == workspace_id
                    and (before is None or one.seq < before)
                    and reply_to_id in (None, one.reply_to_id)
                ]
                expected.sort(key=lambda one: -one.seq)
                found = await store.chat.messages(workspace_id, before=before, reply_to_id=reply_to_id, limit=7)
                assert list(found) == expected[:7]
    assert await store.chat.message(new_id(rng)) is None


async def test_a_fenced_append_posts_nothing(store: Store, rng: random.Random) -> None:
    workspace_id, _ = await new_workspace(rng, store)
    older = await store.oplog.activate(workspace_id, "node-a")
    await store.oplog.activate(workspace_id, "node-b")
    one = message(rng, workspace_id, 2)
    assert await append_one(rng, store, older, MessageIndexed(one)) is FENCED
    assert await store.chat.message(one.id) is None
