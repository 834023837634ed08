"""Passwords: which are taken, and hashing them with argon2id (RFC 9106) without letting it starve the server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from secrets import token_hex
from typing import TypeVar

import trio
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from nvserver.errors import Unavailable, ValidationFailed
from nvserver.problems import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """The cost of a hash (about 40 ms of one core) and how many run and wait at once. Section `[passwords]`."""

    memory_kib: int = field(default=19_456, metadata={"min": 8})
    """Memory that one hash takes (Argon2id), in KiB."""
    passes: int = field(default=2, metadata={"min": 1})
    """How often a hash goes over that memory."""
    max_hashing: int = field(default=2, metadata={"min": 1})
    """Hashes that are made at the same time."""
    max_waiting: int = field(default=32, metadata={"min": 0})
    """Sign-ins that wait for a hash; more are answered `UNAVAILABLE`."""
    min_bytes: int = field(default=8, metadata={"min": 8})
    """The shortest password."""
    max_bytes: int = field(default=1024, metadata={"min": 64})
    """The longest password; it is refused before anything is hashed."""


class Passwords:
    """Hashes and checks passwords in threads; more than `max_waiting` callers in line are answered `Unavailable`."""

    def __init__(self, settings: PasswordSettings) -> None:
        self._settings = settings
        self._hasher = PasswordHasher(time_cost=settings.passes, memory_cost=settings.memory_kib, parallelism=1)
        self._limiter = trio.CapacityLimiter(settings.max_hashing)
        self._nobodys_hash = self._hasher.hash(token_hex(16))
        """Checked for addresses nobody has, so that they take as long as the others."""

    def check_new(self, password: str, field: str = "password") -> None:
        """Raises `ValidationFailed`, at `field`, for a password that nobody should have."""
        self.check_new_length(password, field)
        if password.lower() in _common_passwords():
            raise ValidationFailed.at(field, "is one of the most used ones; choose another", Problem.TOO_COMMON)

    def check_new_length(self, password: str, field: str = "password") -> None:
        """Raises `ValidationFailed`, at `field`."""
        self.check_length(password, field)
        if len(password.encode()) < self._settings.min_bytes:
            raise ValidationFailed.at(
                field,
                f"must have at least {self._settings.min_bytes} bytes",
                Problem.TOO_SHORT,
                self._settings.min_bytes,
            )

    def check_length(self, password: str, field: str = "password") -> None:
        """Raises `ValidationFailed` for what no password can be. Called before any hashing, so that a huge one costs
        nothing. A short one is just a wrong one: what is asked of new ones may have been less before."""
        if len(password.encode()) > self._settings.max_bytes:
            raise ValidationFailed.at(
                field,
                f"must have at most {self._settings.max_bytes} bytes",
                Problem.TOO_MANY_BYTES,
                self._settings.max_bytes,
            )

    async def hashed(self, password: str) -> str:
        """An argon2id string with a salt of its own."""
        return await self._in_thread(lambda: self._hasher.hash(password))

    async def is_right(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; None (nobody has the address) never fits and takes as long."""
        is_match = await self._in_thread(lambda: self._verify(password_hash or self._nobodys_hash, password))
        return is_match and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with another cost than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._limiter.statistics().tasks_waiting >= self._settings.max_waiting:
            raise Unavailable("Too many people sign in at the moment; try again")
        return await trio.to_thread.run_sync(work, limiter=self._limiter)


@lru_cache(1)
def _common_passwords() -> frozenset[str]:
    # Imported at first use: the lists take 40 ms and 13 MB.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return frozenset(FREQUENCY_LISTS["passwords"])
