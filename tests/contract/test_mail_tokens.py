"""The contract of the secrets of mails."""

import random

import msgspec
import trio

from nvserver.ports.mail_tokens import MailToken, Purpose
from nvserver.ports.store import Store
from tests.contract.values import new_id

NOW = 1_000_000


def token(rng: random.Random, user_id: str, purpose: Purpose = "reset", *, expires_at: int = NOW + 100) -> MailToken:
    return MailToken(rng.randbytes(32), user_id, purpose, "zoë@notes.test", expires_at)


async def test_a_token_is_used_once_by_one_of_many(store: Store, rng: random.Random) -> None:
    one = token(rng, new_id(rng))
    await store.mail_tokens.add(one, NOW)
    got: list[MailToken | None] = []

    async def use() -> None:
        got.append(await store.mail_tokens.use(one.hash, "reset", NOW))

    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(use)
    assert [found for found in got if found is not None] == [one]


async def test_a_token_is_for_its_purpose_and_until_its_end(store: Store, rng: random.Random) -> None:
    reset, verify = token(rng, new_id(rng)), token(rng, new_id(rng), "verify")
    for one in (reset, verify):
        await store.mail_tokens.add(one, NOW)
    assert await store.mail_tokens.use(reset.hash, "verify", NOW) is None
    assert await store.mail_tokens.use(verify.hash, "verify", verify.expires_at) is None
    assert await store.mail_tokens.use(verify.hash, "verify", verify.expires_at - 1) == verify
    assert await store.mail_tokens.use(reset.hash, "reset", NOW) == reset
    assert await store.mail_tokens.use(rng.randbytes(32), "reset", NOW) is None


async def test_a_newer_token_takes_the_place_of_the_persons_older_one(store: Store, rng: random.Random) -> None:
    ada, bob = new_id(rng), new_id(rng)
    old, other, foreign = token(rng, ada), token(rng, ada, "verify"), token(rng, bob)
    for one in (old, other, foreign):
        await store.mail_tokens.add(one, NOW)
    new = msgspec.structs.replace(old, hash=rng.randbytes(32))
    await store.mail_tokens.add(new, NOW)
    assert await store.mail_tokens.use(old.hash, "reset", NOW) is None
    assert await store.mail_tokens.use(new.hash, "reset", NOW) == new
    await store.mail_tokens.drop(ada, "verify")
    assert await store.mail_tokens.use(other.hash, "verify", NOW) is None
    assert await store.mail_tokens.use(foreign.hash, "reset", NOW) == foreign
