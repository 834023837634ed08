"""The contract of personal API tokens."""

import random

import msgspec
import trio

from nvserver.ports.accounts import Account
from nvserver.ports.api_tokens import ApiToken, TokenOwner
from nvserver.ports.store import Store
from tests.contract.test_accounts import new_account
from tests.contract.values import new_id

NOW = 1_000_000


async def person(rng: random.Random, store: Store) -> Account:
    return await store.accounts.create_account(new_account(rng))


async def added(rng: random.Random, store: Store, account: Account, *, created_at: int = NOW) -> tuple[ApiToken, bytes]:
    token = ApiToken(new_id(rng), account.id, "Zoë's", ("read", "write"), created_at, created_at + 1000)
    token_hash = rng.randbytes(32)
    assert await store.api_tokens.add(token, token_hash, most=50)
    return token, token_hash


async def test_a_token_leads_to_its_owner_until_its_end(store: Store, rng: random.Random) -> None:
    account = await person(rng, store)
    token, token_hash = await added(rng, store, account)
    used = msgspec.structs.replace(token, last_used_at=NOW + 7)
    assert await store.api_tokens.use(token_hash, NOW + 7) == TokenOwner(used, account)
    assert await store.api_tokens.of_user(account.id, NOW + 7) == [used]
    assert await store.api_tokens.use(rng.randbytes(32), NOW) is None
    assert await store.api_tokens.use(token_hash, token.expires_at) is None
    assert list(await store.api_tokens.of_user(account.id, token.expires_at)) == []


async def test_a_person_has_no_more_than_the_most(store: Store, rng: random.Random) -> None:
    account, other = await person(rng, store), await person(rng, store)
    await added(rng, store, other)
    kept: list[str] = []

    async def add(number: int) -> None:
        token = ApiToken(new_id(rng), account.id, str(number), ("read",), NOW, NOW + 1000)
        if await store.api_tokens.add(token, rng.randbytes(32), most=3):
            kept.append(token.id)

    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(add, number)
    assert len(kept) == 3
    assert sorted(kept) == [token.id for token in await store.api_tokens.of_user(account.id, NOW)]
    # Expired ones make room.
    late = ApiToken(new_id(rng), account.id, "late", ("read",), NOW + 1000, NOW + 2000)
    assert await store.api_tokens.add(late, rng.randbytes(32), most=1)


async def test_which_tokens_are_alive_is_told_of_many_at_once(store: Store, rng: random.Random) -> None:
    root, account, other = [await person(rng, store) for _ in range(3)]
    kept, _ = await added(rng, store, account)
    gone, _ = await added(rng, store, account)
    blocked, _ = await added(rng, store, other)
    await store.api_tokens.revoke(account.id, gone.id)
    await store.account_admin.set_suspended(other.id, NOW)
    asked = [kept.id, gone.id, blocked.id, root.id]
    assert await store.api_tokens.alive(asked, NOW) == {kept.id}
    assert await store.api_tokens.alive(asked, kept.expires_at) == frozenset()


async def test_a_token_is_revoked_by_its_person_only(store: Store, rng: random.Random) -> None:
    account, other = await person(rng, store), await person(rng, store)
    first, first_hash = await added(rng, store, account)
    second, second_hash = await added(rng, store, account, created_at=NOW + 1)
    foreign, foreign_hash = await added(rng, store, other)
    assert not await store.api_tokens.revoke(other.id, first.id)
    assert await store.api_tokens.revoke(account.id, first.id)
    assert not await store.api_tokens.revoke(account.id, first.id)
    assert await store.api_tokens.use(first_hash, NOW) is None
    assert list(await store.api_tokens.revoke_all(account.id)) == [second.id]
    assert await store.api_tokens.use(second_hash, NOW) is None
    assert await store.api_tokens.use(foreign_hash, NOW) is not None
    assert [token.id for token in await store.api_tokens.of_user(other.id, NOW)] == [foreign.id]
