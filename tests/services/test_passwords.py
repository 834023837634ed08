"""Hashing: which passwords, at what cost, and how many at once."""

import random

import argon2
import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from nvserver.errors import Unavailable, ValidationFailed
from nvserver.services.passwords import Passwords, PasswordSettings

CHEAP = PasswordSettings(memory_kib=8, passes=1)


def test_the_default_cost_is_the_documented_one() -> None:
    settings = PasswordSettings()
    assert (settings.memory_kib, settings.passes, settings.max_hashing, settings.max_waiting) == (19_456, 2, 2, 32)


async def test_a_hash_is_salted_argon2id_of_that_cost(rng: random.Random) -> None:
    passwords = Passwords(CHEAP)
    password = "".join(chr(rng.randrange(0x20, 0x3000)) for _ in range(40))
    first, second = [await passwords.hashed(password) for _ in range(2)]
    assert first != second
    parameters = argon2.extract_parameters(first)
    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (8, 1, 1)
    assert argon2.PasswordHasher().verify(first, password)
    assert await passwords.is_right(first, password)
    assert not await passwords.is_right(first, password + " ")
    assert not passwords.is_outdated(first)
    assert Passwords(PasswordSettings(memory_kib=16, passes=1)).is_outdated(first)


async def test_nobodys_password_is_never_right_and_a_damaged_hash_neither() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.is_right(None, "whatever it is")
    assert not await passwords.is_right("damaged", "whatever it is")


async def test_an_unknown_address_costs_a_hash_of_the_same_cost() -> None:
    passwords = Passwords(CHEAP)
    checked = argon2.extract_parameters(passwords._nobodys_hash)
    assert checked == argon2.extract_parameters(await passwords.hashed("a password"))


@pytest.mark.parametrize("password", ["1234567", "é" * 513, "x" * 1025, "password", "PASSWORD1", "qwertyuiop"])
def test_passwords_nobody_should_have(password: str) -> None:
    with pytest.raises(ValidationFailed):
        Passwords(CHEAP).check_new(password)


@pytest.mark.parametrize("password", ["8 bytes.", "éééé", "x" * 1024, " " * 8])
def test_any_other_password_will_do(password: str) -> None:
    Passwords(CHEAP).check_new(password)


async def test_only_so_many_may_wait() -> None:
    passwords = Passwords(PasswordSettings(memory_kib=8, passes=1, max_hashing=2, max_waiting=3))
    for _ in range(2):
        passwords._limiter.acquire_on_behalf_of_nowait(object())
    outcomes: list[str] = []

    async def check() -> None:
        try:
            await passwords.is_right(None, "some password")
            outcomes.append("checked")
        except Unavailable:
            outcomes.append("refused")

    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            for _ in range(8):
                nursery.start_soon(check)
            await wait_all_tasks_blocked()
            assert outcomes == ["refused"] * 5
            passwords._limiter.total_tokens = 4
    assert outcomes == ["refused"] * 5 + ["checked"] * 3
