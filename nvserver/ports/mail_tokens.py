"""Where the secrets of mails are kept: each lets its holder do one thing once."""

from typing import Literal, Protocol, TypeAlias

import msgspec

Purpose: TypeAlias = Literal["reset", "verify", "email"]
"""`email`: the address that the mail went to becomes the account's."""


class MailToken(msgspec.Struct, frozen=True):
    """`hash` is the token's (32 bytes), `email` the address it was sent to, `expires_at` milliseconds since 1970."""

    hash: bytes
    user_id: str
    purpose: Purpose
    email: str
    expires_at: int


class MailTokenStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def add(self, token: MailToken, at: int) -> None:
        """Keep it instead of the person's others of the same purpose. Those that are expired at `at` may be deleted."""
        ...

    async def use(self, token_hash: bytes, purpose: Purpose, at: int) -> MailToken | None:
        """Take the token out, if it is of that purpose and not expired (`expires_at > at`). Of any number of uses at
        the same time exactly one gets it. A token of another purpose stays."""
        ...

    async def drop(self, user_id: str, purpose: Purpose) -> None:
        """Forget the person's tokens of that purpose."""
        ...
