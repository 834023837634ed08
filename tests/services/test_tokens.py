"""Who is behind a token, as things stand now."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import trio

from nvserver.adapters.memory.store import open_memory
from nvserver.errors import Unauthenticated
from nvserver.ports.accounts import AccountStore, AuthSession, NewAccount, ProfileUpdate
from nvserver.ports.api_tokens import ApiTokenStore
from nvserver.services.access_tokens import AccessTokens, TokenSettings
from nvserver.services.tokens import TokenVerifier

NOW = 1_900_000_000_000


class World:
    """One signed-in person, and a clock."""

    def __init__(self, store: AccountStore, api_tokens: ApiTokenStore) -> None:
        self.now = NOW
        self.store = store
        self.api_tokens = api_tokens
        self.settings = TokenSettings(recheck_seconds=10)
        self.tokens = AccessTokens((b"k" * 32,), self.settings, lambda: str(uuid4()))
        self.user_id, self.session_id = str(uuid4()), str(uuid4())
        self.token = ""

    async def sign_in(self) -> None:
        account = await self.store.create_account(NewAccount(self.user_id, "a@b.c", "Ada", "hash", NOW))
        session = AuthSession(self.session_id, self.user_id, "", "", NOW, NOW, NOW + 86_400_000)
        await self.store.create_session(session, b"r" * 32)
        self.token = self.tokens.sign(account, self.session_id, [], NOW).text

    def verifier(self) -> TokenVerifier:
        """One node's."""
        return TokenVerifier(self.tokens, self.store, self.api_tokens, self.settings, lambda: self.now)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_memory() as store:
        made = World(store.accounts, store.api_tokens)
        await made.sign_in()
        yield made


async def test_a_good_token_tells_who_and_until_when(world: World) -> None:
    known = await world.verifier().verify(world.token)
    principal = known.principal
    assert (principal.user_id, principal.display_name, principal.auth_session_id) == (
        world.user_id,
        "Ada",
        world.session_id,
    )
    assert principal.system_role == "admin"
    assert known.expires_at == NOW + 900_000


async def test_a_sign_in_that_was_looked_up_waits_for_no_store(world: World) -> None:
    node, asked = world.verifier(), []
    signed_in = world.store.signed_in

    async def counted(session_id: str) -> object:
        asked.append(session_id)
        return await signed_in(session_id)

    world.store.signed_in = counted  # type: ignore[method-assign, assignment]
    await node.look_up(world.session_id)
    assert (await node.verify(world.token)).principal.user_id == world.user_id
    assert asked == [world.session_id]
    node.revoke(world.session_id)
    with pytest.raises(Unauthenticated):
        await node.look_up(world.session_id)


async def test_a_revocation_counts_at_once_here_and_soon_elsewhere(world: World) -> None:
    here, there = world.verifier(), world.verifier()
    for node in (here, there):
        await node.verify(world.token)
    assert await world.store.revoke_session(world.user_id, world.session_id)
    here.revoke(world.session_id)
    with pytest.raises(Unauthenticated):
        await here.verify(world.token)
    world.now += 9_999
    await there.verify(world.token)
    world.now += 1
    with pytest.raises(Unauthenticated):
        await there.verify(world.token)


async def test_a_revocation_while_the_store_is_asked_counts(world: World) -> None:
    node = world.verifier()
    asked, go_on = trio.Event(), trio.Event()
    signed_in = world.store.signed_in

    async def slow(session_id: str) -> object:
        account = await signed_in(session_id)
        asked.set()
        await go_on.wait()
        return account

    world.store.signed_in = slow  # type: ignore[method-assign, assignment]
    outcomes: list[type[BaseException] | None] = []

    async def verify() -> None:
        try:
            await node.verify(world.token)
            outcomes.append(None)
        except Unauthenticated as error:
            outcomes.append(type(error))

    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(verify)
            await asked.wait()
            node.revoke(world.session_id)
            go_on.set()
    assert outcomes == [Unauthenticated]


async def test_a_changed_profile_is_seen(world: World) -> None:
    node = world.verifier()
    await node.verify(world.token)
    await world.store.update_profile(world.user_id, ProfileUpdate("Countess"))
    node.forget(world.user_id)
    assert (await node.verify(world.token)).principal.display_name == "Countess"


async def test_a_token_whose_session_is_another_persons_is_refused(world: World) -> None:
    other = await world.store.create_account(NewAccount(str(uuid4()), "b@b.c", "Bob", "hash", NOW))
    token = world.tokens.sign(other, world.session_id, [], NOW).text
    with pytest.raises(Unauthenticated):
        await world.verifier().verify(token)


async def test_revocations_are_forgotten_when_their_tokens_have_ended(world: World) -> None:
    node = world.verifier()
    for _ in range(100):
        node.revoke(str(uuid4()))
        world.now += 60_000
    assert len(node._revoked) <= 17
