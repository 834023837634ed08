"""The contract of second factors."""

import random

import trio

from nvserver.ports.second_factors import SecondFactor
from nvserver.ports.store import Store
from tests.contract.test_accounts import new_account

NOW = 1_000_000


async def person(rng: random.Random, store: Store) -> str:
    return (await store.accounts.create_account(new_account(rng))).id


async def test_a_secret_counts_once_it_is_confirmed(store: Store, rng: random.Random) -> None:
    user, factors = await person(rng, store), store.second_factors
    codes = [rng.randbytes(32) for _ in range(3)]
    assert await factors.of_user(user) is None
    assert not await factors.confirm(user, b"first", 5, NOW, codes)
    assert await factors.begin(user, b"first")
    assert await factors.begin(user, b"second")
    assert await factors.of_user(user) == SecondFactor(user, b"second", None, 0)
    assert not await factors.use_step(user, 9)
    assert not await factors.confirm(user, b"first", 5, NOW, codes)
    assert await factors.recovery_codes_left(user) == 0
    assert await factors.confirm(user, b"second", 5, NOW, codes)
    assert await factors.of_user(user) == SecondFactor(user, b"second", NOW, 5)
    assert await factors.recovery_codes_left(user) == 3
    assert not await factors.begin(user, b"third")
    assert not await factors.confirm(user, b"second", 6, NOW, codes)
    assert await factors.remove(user)
    assert not await factors.remove(user)
    assert await factors.of_user(user) is None
    assert await factors.recovery_codes_left(user) == 0


async def test_every_code_is_taken_once(store: Store, rng: random.Random) -> None:
    user, other, factors = await person(rng, store), await person(rng, store), store.second_factors
    codes = [rng.randbytes(32) for _ in range(2)]
    for one in (user, other):
        await factors.begin(one, b"secret")
        await factors.confirm(one, b"secret", 5, NOW, codes)
    taken: list[bool] = []

    async def take_step() -> None:
        taken.append(await factors.use_step(user, 7))

    async def take_code() -> None:
        taken.append(await factors.use_recovery_code(user, codes[0]))

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(take_step)
            nursery.start_soon(take_code)
    assert sum(taken) == 2
    assert [await factors.use_step(user, step) for step in (5, 6, 7, 8)] == [False, False, False, True]
    assert await factors.recovery_codes_left(user) == 1
    assert await factors.recovery_codes_left(other) == 2
    new = [rng.randbytes(32)]
    await factors.replace_recovery_codes(user, new)
    assert not await factors.use_recovery_code(user, codes[1])
    assert await factors.use_recovery_code(user, new[0])
