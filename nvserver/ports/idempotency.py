"""What a request with an `Idempotency-Key` was answered the first time."""

from typing import Final, Protocol

import msgspec

DAY_MS: Final = 86_400_000
WAIT_SECONDS: Final = 10.0
HOLD_MS: Final = 120_000
"""How long a key is held at most by a node that died over it; no request is worked on for so long."""


class RequestKey(msgspec.Struct, frozen=True):
    """Which request: `scope` is who asked for what (user, method, path), `key` the header's value."""

    scope: str
    key: str


class StoredAnswer(msgspec.Struct, frozen=True):
    """An answer to give again, byte for byte."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class IdempotencyStore(Protocol):
    """Remembers answers for 24 hours, as far as its bound allows; the oldest are dropped first. `at` is the time of
    the call, milliseconds since 1970 UTC."""

    async def claim(self, request: RequestKey, fingerprint: bytes, at: int) -> StoredAnswer | None:
        """The first answer, or None: then the caller holds the key, does the work and calls `settle`.

        While another caller holds the key this waits for him; after `WAIT_SECONDS` it raises `Unavailable`. Raises
        `Conflict` when the key was used with another `fingerprint` (a hash of what was sent)."""
        ...

    async def settle(self, request: RequestKey, answer: StoredAnswer | None, at: int) -> None:
        """Keep the answer and let go of the key. None keeps nothing: the next caller does the work."""
        ...
