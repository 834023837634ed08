"""Who people are at providers of OpenID Connect."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Identity(msgspec.Struct, frozen=True):
    """A person at a provider: `subject` is unique at the `issuer` and never given to somebody else (OpenID Connect
    Core, 2). `linked_at`: milliseconds since 1970 UTC."""

    issuer: str
    subject: str
    user_id: str
    linked_at: int


class IdentityStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def owner(self, issuer: str, subject: str) -> str | None:
        """The id of the account that it belongs to."""
        ...

    async def link(self, identity: Identity) -> bool:
        """It belongs to that account from now on. False, and nothing changes, when it belongs to one already."""
        ...

    async def of_user(self, user_id: str) -> Sequence[Identity]:
        """All that the account has, oldest first."""
        ...

    async def unlink(self, user_id: str, issuer: str, subject: str, *, keeps_one: bool = False) -> bool:
        """It belongs to nobody any more. False, and nothing changes, unless it was that account's, and with `keeps_one`
        unless the account has another: of two taken away at once one stays."""
        ...
