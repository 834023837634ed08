"""The contract of identities at providers."""

import random

import trio

from nvserver.ports.identities import Identity
from nvserver.ports.store import Store
from tests.contract.test_second_factors import person

ISSUER = "https://id.test"


async def test_an_identity_belongs_to_one_account(store: Store, rng: random.Random) -> None:
    ada, grace, identities = await person(rng, store), await person(rng, store), store.identities
    assert await identities.owner(ISSUER, "1") is None
    assert await identities.link(Identity(ISSUER, "1", ada, 20))
    assert not await identities.link(Identity(ISSUER, "1", grace, 30))
    assert await identities.owner(ISSUER, "1") == ada
    assert await identities.owner("https://other.test", "1") is None
    assert await identities.link(Identity("https://other.test", "1", grace, 10))
    assert await identities.link(Identity("https://other.test", "Ä 2", ada, 10))
    of_ada = [Identity("https://other.test", "Ä 2", ada, 10), Identity(ISSUER, "1", ada, 20)]
    assert list(await identities.of_user(ada)) == of_ada
    assert not await identities.unlink(grace, ISSUER, "1")
    assert await identities.unlink(ada, ISSUER, "1")
    assert not await identities.unlink(ada, ISSUER, "1")
    assert await identities.owner(ISSUER, "1") is None
    assert list(await identities.of_user(ada)) == of_ada[:1]


async def test_of_many_at_once_one_gets_it(store: Store, rng: random.Random) -> None:
    people = [await person(rng, store) for _ in range(5)]
    won: list[str] = []

    async def link(user_id: str) -> None:
        if await store.identities.link(Identity(ISSUER, "1", user_id, 1)):
            won.append(user_id)

    async with trio.open_nursery() as nursery:
        for user_id in people:
            nursery.start_soon(link, user_id)
    assert won == [await store.identities.owner(ISSUER, "1")]


async def test_of_the_last_ones_that_are_taken_away_at_once_one_stays(store: Store, rng: random.Random) -> None:
    ada = await person(rng, store)
    for subject in "123":
        await store.identities.link(Identity(ISSUER, subject, ada, 1))
    gone: list[bool] = []

    async def unlink(subject: str) -> None:
        gone.append(await store.identities.unlink(ada, ISSUER, subject, keeps_one=True))

    async with trio.open_nursery() as nursery:
        for subject in "123":
            nursery.start_soon(unlink, subject)
    assert sorted(gone) == [False, True, True]
    (left,) = await store.identities.of_user(ada)
    assert not await store.identities.unlink(ada, ISSUER, left.subject, keeps_one=True)
    assert await store.identities.unlink(ada, ISSUER, left.subject)
