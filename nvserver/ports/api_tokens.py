"""Where personal API tokens are kept: keys that a person makes for his programs."""

from collections.abc import Collection, Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

from nvserver.ports.accounts import Account

Scope: TypeAlias = Literal["read", "write", "admin"]
"""`read`: what a GET tells. `write`: everything else and the realtime connection. `admin`: what only system
administrators may, for those who are."""


class ApiToken(msgspec.Struct, frozen=True):
    """Times are milliseconds since 1970 UTC."""

    id: str
    user_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: int
    expires_at: int
    last_used_at: int | None = None


class TokenOwner(msgspec.Struct, frozen=True):
    """A token and whose it is, both as they are now."""

    token: ApiToken
    account: Account


class ApiTokenStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`. Expired tokens may be deleted at any time."""

    async def add(self, token: ApiToken, token_hash: bytes, *, most: int) -> bool:
        """Keep it under the hash of its text (32 bytes). False, and nothing is kept, when the person has `most` tokens
        that are not expired at `token.created_at`."""
        ...

    async def use(self, token_hash: bytes, at: int) -> TokenOwner | None:
        """The token that is not expired (`expires_at > at`) and its owner. Its `last_used_at` becomes `at`."""
        ...

    async def alive(self, token_ids: Collection[str], at: int) -> frozenset[str]:
        """Those of the tokens that are neither revoked nor expired at `at` and whose owner is not suspended."""
        ...

    async def of_user(self, user_id: str, at: int) -> Sequence[ApiToken]:
        """The person's tokens that are not expired at `at`, by `(created_at, id)`."""
        ...

    async def revoke(self, user_id: str, token_id: str) -> bool:
        """Forget the token if it is that person's; answers whether there was one."""
        ...

    async def revoke_all(self, user_id: str) -> Sequence[str]:
        """Forget all of the person's tokens; their ids."""
        ...
