"""The account store's contract: auth sessions and the rotation of refresh tokens."""

import random

import msgspec
import pytest
import trio

from nvserver.ports.accounts import AuthSession, Reused, Rotated, Rotation
from nvserver.ports.store import Store
from tests.contract.test_accounts import new_account
from tests.contract.values import new_id

NOW = 1_000_000
GRACE = 10_000


async def signed_in(
    rng: random.Random, store: Store, *, user_id: str | None = None, created_at: int = NOW
) -> tuple[AuthSession, bytes]:
    """A new auth session and the hash of its refresh token."""
    if user_id is None:
        user_id = (await store.accounts.create_account(new_account(rng))).id
    session = AuthSession(new_id(rng), user_id, "browser", "192.0.2.1", created_at, created_at, created_at + 100_000)
    token = rng.randbytes(32)
    await store.accounts.create_session(session, token)
    return session, token


def rotation(
    rng: random.Random, presented: bytes, at: int, *, client: str = "browser", expires_at: int | None = None
) -> Rotation:
    return Rotation(presented, rng.randbytes(32), client, "192.0.2.9", at, expires_at or at + 100_000, GRACE)


def moved(session: AuthSession, by: Rotation) -> AuthSession:
    return msgspec.structs.replace(session, last_used_at=by.at, address=by.address, expires_at=by.expires_at)


async def test_each_token_is_followed_by_its_successor(store: Store, rng: random.Random) -> None:
    session, token = await signed_in(rng, store)
    for step in range(1, 6):
        use = rotation(rng, token, NOW + step * 50_000)
        session = moved(session, use)
        assert await store.accounts.rotate(use) == Rotated(session, use.successor)
        assert await store.accounts.session(session.id) == session
        token = use.successor


async def test_of_uses_at_the_same_time_exactly_one_makes_the_successor(store: Store, rng: random.Random) -> None:
    session, token = await signed_in(rng, store)
    uses = [rotation(rng, token, NOW + 5) for _ in range(12)]
    answers: list[Rotated | Reused | None] = []

    async def use(one: Rotation) -> None:
        answers.append(await store.accounts.rotate(one))

    async with trio.open_nursery() as nursery:
        for one in uses:
            nursery.start_soon(use, one)
    assert all(isinstance(answer, Rotated) for answer in answers)
    successors = {answer.successor for answer in answers if isinstance(answer, Rotated)}
    assert len(successors) == 1
    assert successors <= {one.successor for one in uses}
    # Nobody else's proposal became a token.
    for one in uses:
        follow_up = await store.accounts.rotate(rotation(rng, one.successor, NOW + 6))
        assert isinstance(follow_up, Rotated) == (one.successor in successors)
    assert await store.accounts.session(session.id) is not None


@pytest.mark.parametrize("later", [0, GRACE])
async def test_inside_the_grace_the_lost_answer_is_given_again(store: Store, rng: random.Random, later: int) -> None:
    session, token = await signed_in(rng, store)
    first = rotation(rng, token, NOW + 5)
    await store.accounts.rotate(first)
    again = rotation(rng, token, NOW + 5 + later)
    assert await store.accounts.rotate(again) == Rotated(moved(session, first), first.successor)
    assert await store.accounts.rotate(rotation(rng, again.successor, NOW + 6)) is None


@pytest.mark.parametrize(("later", "client"), [(GRACE + 1, "browser"), (1, "another program")])
async def test_a_copy_used_later_or_elsewhere_ends_the_whole_session(
    store: Store, rng: random.Random, later: int, client: str
) -> None:
    session, token = await signed_in(rng, store)
    other, other_token = await signed_in(rng, store, user_id=session.user_id)
    first = rotation(rng, token, NOW + 5)
    await store.accounts.rotate(first)
    assert await store.accounts.rotate(rotation(rng, token, NOW + 5 + later, client=client)) == Reused(
        moved(session, first)
    )
    assert await store.accounts.session(session.id) is None
    assert await store.accounts.signed_in(session.id) is None
    for used in (token, first.successor):
        assert await store.accounts.rotate(rotation(rng, used, NOW + 6)) is None
    assert isinstance(await store.accounts.rotate(rotation(rng, other_token, NOW + 6)), Rotated)
    assert await store.accounts.session(other.id) is not None


async def test_unknown_and_expired_tokens_are_nothing(store: Store, rng: random.Random) -> None:
    session, token = await signed_in(rng, store)
    assert await store.accounts.rotate(rotation(rng, rng.randbytes(32), NOW)) is None
    assert await store.accounts.rotate(rotation(rng, token, session.expires_at)) is None
    assert await store.accounts.session(session.id) == session
    use = rotation(rng, token, session.expires_at - 1, expires_at=session.expires_at + 1)
    assert await store.accounts.rotate(use) == Rotated(moved(session, use), use.successor)
    # Used, and its session expired since: not a reuse any more.
    assert await store.accounts.rotate(rotation(rng, token, session.expires_at + 1)) is None


async def test_a_session_leads_to_its_account_as_it_is_now(store: Store, rng: random.Random) -> None:
    account = await store.accounts.create_account(new_account(rng))
    session, _ = await signed_in(rng, store, user_id=account.id)
    assert await store.accounts.signed_in(session.id) == account
    assert await store.accounts.signed_in(new_id(rng)) is None
    assert await store.accounts.session(new_id(rng)) is None


async def test_a_new_session_does_not_wake_or_harm_others(store: Store, rng: random.Random) -> None:
    old, old_token = await signed_in(rng, store, created_at=NOW)
    alive, alive_token = await signed_in(rng, store, created_at=NOW + 1)
    new, _ = await signed_in(rng, store, user_id=old.user_id, created_at=old.expires_at)
    assert await store.accounts.rotate(rotation(rng, old_token, old.expires_at)) is None
    assert await store.accounts.sessions_of(old.user_id, old.expires_at) == [new]
    assert await store.accounts.session(alive.id) == alive
    assert isinstance(await store.accounts.rotate(rotation(rng, alive_token, old.expires_at)), Rotated)


async def test_ending_a_session_while_it_rotates_is_final(store: Store, rng: random.Random) -> None:
    for _ in range(10):
        session, token = await signed_in(rng, store)
        use = rotation(rng, token, NOW + 5)
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(store.accounts.rotate, use)
                nursery.start_soon(store.accounts.revoke_sessions_of, session.user_id)
        assert await store.accounts.session(session.id) is None
        assert await store.accounts.rotate(rotation(rng, use.successor, NOW + 6)) is None


async def test_sessions_are_listed_last_used_first(store: Store, rng: random.Random) -> None:
    account = await store.accounts.create_account(new_account(rng))
    made = [await signed_in(rng, store, user_id=account.id, created_at=NOW + step) for step in (3, 1, 2)]
    stranger, _ = await signed_in(rng, store)
    order = [made[0][0].id, made[2][0].id, made[1][0].id]
    assert [one.id for one in await store.accounts.sessions_of(account.id, NOW)] == order
    await store.accounts.rotate(rotation(rng, made[1][1], NOW + 50_000))
    order = [made[1][0].id, made[0][0].id, made[2][0].id]
    assert [one.id for one in await store.accounts.sessions_of(account.id, NOW)] == order
    assert [one.id for one in await store.accounts.sessions_of(account.id, NOW + 100_002)] == order[:2]
    assert [one.id for one in await store.accounts.sessions_of(stranger.user_id, NOW)] == [stranger.id]


async def test_which_sessions_are_alive_is_told_of_many_at_once(store: Store, rng: random.Random) -> None:
    people = [await signed_in(rng, store) for _ in range(4)]
    ids = [session.id for session, _ in people]
    await store.accounts.revoke_session(people[1][0].user_id, ids[1])
    await store.account_admin.set_suspended(people[2][0].user_id, NOW)
    asked = [*ids, *(new_id(rng) for _ in range(600))]
    assert await store.accounts.alive_sessions(asked) == {ids[0], ids[3]}
    assert await store.accounts.alive_sessions(ids[1:2]) == frozenset()
    assert await store.accounts.alive_sessions([]) == frozenset()


async def test_a_session_is_ended_by_its_person_only(store: Store, rng: random.Random) -> None:
    session, token = await signed_in(rng, store)
    assert not await store.accounts.revoke_session(new_id(rng), session.id)
    assert await store.accounts.session(session.id) == session
    assert await store.accounts.revoke_session(session.user_id, session.id)
    assert not await store.accounts.revoke_session(session.user_id, session.id)
    assert await store.accounts.session(session.id) is None
    assert await store.accounts.rotate(rotation(rng, token, NOW + 1)) is None


@pytest.mark.parametrize("has_kept", [True, False])
async def test_all_sessions_of_a_person_end_but_the_kept_one(store: Store, rng: random.Random, has_kept: bool) -> None:
    account = await store.accounts.create_account(new_account(rng))
    mine = [(await signed_in(rng, store, user_id=account.id))[0].id for _ in range(3)]
    stranger, _ = await signed_in(rng, store)
    keep = mine[1] if has_kept else None
    ended = await store.accounts.revoke_sessions_of(account.id, keep=keep)
    assert sorted(ended) == sorted(one for one in mine if one != keep)
    assert [one for one in mine if await store.accounts.session(one)] == ([keep] if keep else [])
    assert await store.accounts.session(stranger.id) == stranger
    assert list(await store.accounts.revoke_sessions_of(new_id(rng))) == []
