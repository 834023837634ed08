"""The contract of answers to repeated requests."""

import random

import pytest
import trio

from nvserver.errors import Conflict
from nvserver.ports.idempotency import DAY_MS, RequestKey, StoredAnswer
from nvserver.ports.store import Store

NOW = 1_000_000


def answer(rng: random.Random) -> StoredAnswer:
    return StoredAnswer(rng.choice([200, 409]), (("Location", "/é"), ("X", "")), rng.randbytes(50))


def key(rng: random.Random) -> RequestKey:
    return RequestKey(f"user /api/{rng.getrandbits(40)}", "k\u00e9")


async def test_an_answer_is_given_again_for_a_day(store: Store, rng: random.Random) -> None:
    request, first = key(rng), answer(rng)
    assert await store.answers.claim(request, b"f", NOW) is None
    await store.answers.settle(request, first, NOW + 5)
    assert await store.answers.claim(request, b"f", NOW + 5 + DAY_MS - 1) == first
    with pytest.raises(Conflict):
        await store.answers.claim(request, b"other", NOW + 6)
    for other in (RequestKey(request.scope, "k"), RequestKey(request.scope + "x", request.key)):
        assert await store.answers.claim(other, b"f", NOW + 6) is None
        await store.answers.settle(other, None, NOW + 6)
    assert await store.answers.claim(request, b"f", NOW + 5 + DAY_MS) is None
    await store.answers.settle(request, None, NOW + 5 + DAY_MS)


async def test_what_is_let_go_without_an_answer_is_done_by_the_next(store: Store, rng: random.Random) -> None:
    request = key(rng)
    for _ in range(3):
        assert await store.answers.claim(request, b"f", NOW) is None
        await store.answers.settle(request, None, NOW)


async def test_of_many_at_once_one_works_and_all_get_its_answer(store: Store, rng: random.Random) -> None:
    request, first = key(rng), answer(rng)
    workers = 0
    got: list[StoredAnswer] = []

    async def ask() -> None:
        nonlocal workers
        found = await store.answers.claim(request, b"f", NOW)
        if found is None:
            workers += 1
            await trio.lowlevel.checkpoint()
            await store.answers.settle(request, first, NOW)
            found = first
        got.append(found)

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(ask)
    assert workers == 1
    assert got == [first] * 8


async def test_another_request_under_a_held_key_is_refused_at_once(store: Store, rng: random.Random) -> None:
    request = key(rng)
    assert await store.answers.claim(request, b"f", NOW) is None
    with pytest.raises(Conflict):
        await store.answers.claim(request, b"g", NOW)
    await store.answers.settle(request, None, NOW)
