"""The account store's contract: accounts."""

import random

import pytest
import trio

from nvserver.errors import EmailTaken
from nvserver.ports.accounts import Account, Credentials, NewAccount, ProfileUpdate
from nvserver.ports.store import Store
from tests.contract.values import new_id


def new_account(rng: random.Random, email: str | None = None) -> NewAccount:
    return NewAccount(
        new_id(rng),
        email or f"{rng.getrandbits(64):x}@example.org",
        rng.choice(["Ada", "Zoë \U0001f680", "o'Neil; --"]),
        f"$argon2id${rng.getrandbits(64):x}",
        rng.randrange(2**42),
    )


def stored(new: NewAccount, system_role: str = "user") -> Account:
    return Account(new.id, new.email, new.display_name, None, False, system_role, new.created_at)  # type: ignore[arg-type]


async def test_the_first_account_is_admin_and_later_ones_are_not(store: Store, rng: random.Random) -> None:
    first, *others = [new_account(rng) for _ in range(4)]
    assert await store.accounts.create_account(first) == stored(first, "admin")
    for other in others:
        assert await store.accounts.create_account(other) == stored(other)
    assert await store.accounts.account(first.id) == stored(first, "admin")
    assert await store.accounts.account(new_id(rng)) is None


async def test_of_first_accounts_made_at_the_same_time_one_is_admin(store: Store, rng: random.Random) -> None:
    made: list[Account] = []

    async def create() -> None:
        made.append(await store.accounts.create_account(new_account(rng)))

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(create)
    assert sorted(account.system_role for account in made) == ["admin"] + ["user"] * 7


async def test_an_address_belongs_to_one_account(store: Store, rng: random.Random) -> None:
    first = new_account(rng)
    await store.accounts.create_account(first)
    second = new_account(rng, first.email)
    with pytest.raises(EmailTaken):
        await store.accounts.create_account(second)
    assert await store.accounts.account(second.id) is None
    assert await store.accounts.credentials(first.email) == Credentials(stored(first, "admin"), first.password_hash)
    assert await store.accounts.credentials(first.email.upper()) is None


async def test_of_accounts_with_one_address_made_at_the_same_time_one_wins(store: Store, rng: random.Random) -> None:
    asked = [new_account(rng, "same@example.org") for _ in range(8)]
    won: list[Account] = []

    async def create(new: NewAccount) -> None:
        try:
            won.append(await store.accounts.create_account(new))
        except EmailTaken:
            return

    async with trio.open_nursery() as nursery:
        for new in asked:
            nursery.start_soon(create, new)
    assert len(won) == 1
    assert won[0].system_role == "admin"
    assert [new.id for new in asked if await store.accounts.account(new.id)] == [won[0].id]


async def test_many_accounts_are_looked_up_at_once(store: Store, rng: random.Random) -> None:
    made = [await store.accounts.create_account(new_account(rng)) for _ in range(5)]
    wanted = [made[0].id, made[0].id, made[3].id, *(new_id(rng) for _ in range(1_200)), made[4].id]
    found = await store.accounts.accounts(wanted)
    assert sorted(found, key=lambda account: account.id) == sorted(
        [made[0], made[3], made[4]], key=lambda account: account.id
    )
    assert list(await store.accounts.accounts([])) == []


async def test_a_password_is_replaced_only_while_it_is_the_expected_one(store: Store, rng: random.Random) -> None:
    new = new_account(rng)
    account = await store.accounts.create_account(new)
    assert not await store.accounts.set_password_hash(new.id, "rehashed", replaces="another")
    assert await store.accounts.credentials(new.email) == Credentials(account, new.password_hash)
    assert await store.accounts.set_password_hash(new.id, "rehashed", replaces=new.password_hash)
    assert await store.accounts.set_password_hash(new.id, "chosen")
    assert await store.accounts.credentials(new.email) == Credentials(account, "chosen")
    assert not await store.accounts.set_password_hash(new_id(rng), "chosen")


async def test_a_profile_keeps_what_is_not_given(store: Store, rng: random.Random) -> None:
    new = new_account(rng)
    await store.accounts.create_account(new)
    accounts = store.accounts
    named = await accounts.update_profile(new.id, ProfileUpdate(display_name="Grace"))
    assert named is not None
    assert (named.display_name, named.avatar_url) == ("Grace", None)
    pictured = await accounts.update_profile(new.id, ProfileUpdate(avatar_url="/files/1"))
    assert pictured is not None
    assert (pictured.display_name, pictured.avatar_url) == ("Grace", "/files/1")
    assert await accounts.update_profile(new.id, ProfileUpdate()) == pictured
    assert await accounts.update_profile(new.id, ProfileUpdate(avatar_url=None)) == named
    assert await accounts.account(new.id) == named
    assert await accounts.update_profile(new_id(rng), ProfileUpdate(display_name="Nobody")) is None
