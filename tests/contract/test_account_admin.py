"""The contract of what administrators do with accounts."""

import random

import msgspec
import pytest
import trio

from nvserver.errors import Conflict
from nvserver.ports.accounts import Account, AuthSession, NewAccount
from nvserver.ports.store import Store
from tests.contract.test_accounts import new_account
from tests.contract.values import new_id, new_workspace


async def people(rng: random.Random, store: Store, count: int) -> list[Account]:
    """The first is an administrator."""
    return [await store.accounts.create_account(new_account(rng)) for _ in range(count)]


async def test_accounts_are_found_by_address_and_name_page_by_page(store: Store, rng: random.Random) -> None:
    made = []
    for number, (email, name) in enumerate(
        [("ada@notes.test", "Ada"), ("bob@x.test", "Bob NOTES"), ("c%d@x.test", "C_D"), ("cxd@y.test", "Zoë")]
    ):
        made.append(await store.accounts.create_account(NewAccount(new_id(rng), email, name, "h", number // 2)))
    by_place = sorted(made, key=lambda account: (account.created_at, account.id))

    async def found(text: str) -> list[str]:
        return sorted(account.email for account in await store.account_admin.search(text, None, limit=10))

    assert await found("notes") == ["ada@notes.test", "bob@x.test"]
    assert await found("X.TEST") == ["bob@x.test", "c%d@x.test"]
    assert await found("c%d") == ["c%d@x.test"]
    assert await found("c_d") == ["c%d@x.test"]
    assert await found("\\") == []
    for limit in (1, 2, 3, 10):
        seen: list[Account] = []
        while page := await store.account_admin.search(
            "", (seen[-1].created_at, seen[-1].id) if seen else None, limit=limit
        ):
            assert len(page) <= limit
            seen += page
        assert seen == by_place


async def test_a_role_and_a_suspension_stay(store: Store, rng: random.Random) -> None:
    _, user = await people(rng, store, 2)
    promoted = msgspec.structs.replace(user, system_role="admin")
    assert await store.account_admin.set_role(user.id, "admin") == promoted
    suspended = msgspec.structs.replace(promoted, suspended_at=77)
    assert await store.account_admin.set_suspended(user.id, 77) == suspended
    assert await store.accounts.account(user.id) == suspended
    session = AuthSession(new_id(rng), user.id, "", "", 1, 1, 100)
    await store.accounts.create_session(session, rng.randbytes(32))
    assert await store.accounts.signed_in(session.id) == suspended
    assert await store.account_admin.set_suspended(user.id, None) == promoted
    assert await store.account_admin.set_role(new_id(rng), "user") is None
    assert await store.account_admin.set_suspended(new_id(rng), 1) is None


async def test_the_last_administrator_stays_one(store: Store, rng: random.Random) -> None:
    admin, user = await people(rng, store, 2)
    for _ in range(2):
        with pytest.raises(Conflict):
            await store.account_admin.set_role(admin.id, "user")
        with pytest.raises(Conflict):
            await store.account_admin.set_suspended(admin.id, 5)
        # Another who is suspended does not count.
        await store.account_admin.set_role(user.id, "admin")
        await store.account_admin.set_suspended(user.id, 5)
    assert await store.accounts.account(admin.id) == admin
    await store.account_admin.set_suspended(user.id, None)
    assert await store.account_admin.set_role(admin.id, "user") is not None


async def test_of_all_administrators_taken_away_at_once_one_stays(store: Store, rng: random.Random) -> None:
    made = await people(rng, store, 6)
    for account in made:
        await store.account_admin.set_role(account.id, "admin")
    refused = 0

    async def take_away(account: Account) -> None:
        nonlocal refused
        try:
            if made.index(account) % 2:
                await store.account_admin.set_role(account.id, "user")
            else:
                await store.account_admin.set_suspended(account.id, 5)
        except Conflict:
            refused += 1

    async with trio.open_nursery() as nursery:
        for account in made:
            nursery.start_soon(take_away, account)
    assert refused == 1


async def test_an_address_is_verified_only_while_it_is_the_accounts(store: Store, rng: random.Random) -> None:
    (account,) = await people(rng, store, 1)
    assert await store.account_admin.set_verified(account.id, "old@notes.test") is None
    assert await store.account_admin.set_verified(new_id(rng), account.email) is None
    assert await store.accounts.account(account.id) == account
    verified = msgspec.structs.replace(account, email_verified=True)
    assert await store.account_admin.set_verified(account.id, account.email) == verified
    assert await store.accounts.account(account.id) == verified


async def test_an_account_gets_another_address_that_nobody_has(store: Store, rng: random.Random) -> None:
    account, other = await people(rng, store, 2)
    assert await store.account_admin.set_email(account.id, other.email) is None
    assert await store.account_admin.set_email(new_id(rng), "new@notes.test") is None
    moved = msgspec.structs.replace(account, email="new@notes.test", email_verified=True)
    for _ in range(2):
        assert await store.account_admin.set_email(account.id, "new@notes.test") == moved
    found = await store.accounts.credentials("new@notes.test")
    assert found is not None and found.account == moved
    assert await store.accounts.credentials(account.email) is None
    assert await store.accounts.account(other.id) == other


async def test_what_the_store_holds_is_counted(store: Store, rng: random.Random) -> None:
    account, _ = await people(rng, store, 2)
    for expires_at in (100, 101):
        session = AuthSession(new_id(rng), account.id, "", "", 1, 1, expires_at)
        await store.accounts.create_session(session, rng.randbytes(32))
    for _ in range(3):
        await new_workspace(rng, store)
    counts = await store.account_admin.counts(100)
    assert (counts.users, counts.sessions, counts.workspaces, counts.notes, counts.entries) == (2, 1, 3, 0, 3)
    assert counts.store_bytes >= 0


async def test_everybodys_sign_ins_are_told_newest_first(store: Store, rng: random.Random) -> None:
    users = await people(rng, store, 2)
    made = [
        AuthSession(new_id(rng), rng.choice(users).id, "c", "a", number // 2, 50, 100 if number else 5)
        for number in range(7)
    ]
    for session in rng.sample(made, len(made)):
        await store.accounts.create_session(msgspec.structs.replace(session), rng.randbytes(32))
    wanted = sorted(made[1:], key=lambda one: (one.created_at, one.id), reverse=True)
    for limit in (1, 3, 10):
        seen: list[AuthSession] = []
        while page := await store.account_admin.sessions(
            10, (seen[-1].created_at, seen[-1].id) if seen else None, limit=limit
        ):
            assert len(page) <= limit
            seen += page
        assert seen == wanted
