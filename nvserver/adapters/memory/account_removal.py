"""How accounts end, in memory."""

from collections.abc import Sequence
from typing import Protocol

import trio

from nvserver.adapters.memory.account_admin import is_last_admin
from nvserver.adapters.memory.accounts import MemoryAccountStore
from nvserver.errors import Conflict
from nvserver.ports.accounts import Account


class KeepsPersonalThings(Protocol):
    """A store that has some of what is a person's alone."""

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        ...


class MemoryAccountRemoval:
    """Fills the port `AccountRemoval`."""

    def __init__(self, accounts: MemoryAccountStore, others: Sequence[KeepsPersonalThings]) -> None:
        self._accounts = accounts
        self._others = others

    async def is_last_administrator(self, user_id: str) -> bool:
        """See `AccountRemoval.is_last_administrator`."""
        await trio.lowlevel.checkpoint()
        account = self._accounts.by_id.get(user_id)
        return account is not None and is_last_admin(account, self._accounts)

    async def remove(self, user_id: str) -> Account | None:
        """See `AccountRemoval.remove`."""
        await trio.lowlevel.checkpoint()
        account = self._accounts.by_id.get(user_id)
        if account is None:
            return None
        if is_last_admin(account, self._accounts):
            raise Conflict("Nobody would be an administrator any more")
        for one in (self._accounts, *self._others):
            one.forget_person(user_id)
        return account
