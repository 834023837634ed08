"""What administrators do with accounts."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from nvserver.ports.accounts import Account, AuthSession, SystemRole


class Counts(msgspec.Struct, frozen=True):
    """How much the store holds. `sessions`: sign-ins that are not expired; `entries`: of all op logs."""

    users: int
    sessions: int
    workspaces: int
    notes: int
    entries: int
    store_bytes: int
    """The database on disk; 0 where that is not known."""


class AccountAdmin(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def search(self, text: str, after: tuple[int, str] | None, *, limit: int) -> Sequence[Account]:
        """Accounts whose address or name holds `text` (ASCII letters in either case; empty: all), by
        `(created_at, id)`, those that follow `after`."""
        ...

    async def set_role(self, user_id: str, role: SystemRole) -> Account | None:
        """The account after it, None for an unknown one. Raises `Conflict`, and changes nothing, when nobody would be
        an administrator who is not suspended."""
        ...

    async def set_suspended(self, user_id: str, suspended_at: int | None) -> Account | None:
        """As `set_role`; None lifts it."""
        ...

    async def set_verified(self, user_id: str, email: str) -> Account | None:
        """The address is the person's. None, and nothing changes, unless it is the account's."""
        ...

    async def set_email(self, user_id: str, email: str) -> Account | None:
        """Another address for the account, which is the person's. None, and nothing changes, for an unknown account and
        for an address that another one has."""
        ...

    async def sessions(self, at: int, after: tuple[int, str] | None, *, limit: int) -> Sequence[AuthSession]:
        """Everybody's sign-ins that are not expired at `at`, newest first by `(created_at, id)`, those that follow
        `after` in that order."""
        ...

    async def counts(self, at: int) -> Counts:
        """What the store holds."""
        ...
