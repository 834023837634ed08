"""The contract of the texts of named versions."""

import random

from nvserver.ports.store import Store
from tests.contract.values import new_id


async def test_texts_are_kept_whole_until_they_are_dropped(store: Store, rng: random.Random) -> None:
    texts = {new_id(rng): text for text in ("", "text", "a\x00b\U0001f680\r\n", "x" * 300_000)}
    note_id = new_id(rng)
    for version_id, text in texts.items():
        assert await store.version_texts.get(version_id) is None
        await store.version_texts.put(version_id, note_id, text)
    await store.version_texts.put(next(iter(texts)), note_id, "another")
    assert {version_id: await store.version_texts.get(version_id) for version_id in texts} == texts
    gone, *rest = texts
    for _ in range(2):
        await store.version_texts.drop(gone)
        assert await store.version_texts.get(gone) is None
    assert all([await store.version_texts.get(version_id) is not None for version_id in rest])
