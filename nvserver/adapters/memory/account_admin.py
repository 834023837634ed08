"""What administrators do with accounts, in memory."""

from collections.abc import Sequence

import msgspec
import trio

from nvserver.adapters.memory.accounts import MemoryAccountStore
from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.errors import Conflict
from nvserver.ports.account_admin import Counts
from nvserver.ports.accounts import Account, AuthSession, SystemRole


class MemoryAccountAdmin:
    """Fills the port `AccountAdmin`."""

    def __init__(self, accounts: MemoryAccountStore, index: MemoryIndex, oplog: MemoryOpLog) -> None:
        self._accounts = accounts
        self._index = index
        self._oplog = oplog

    async def search(self, text: str, after: tuple[int, str] | None, *, limit: int) -> Sequence[Account]:
        """See `AccountAdmin.search`."""
        await trio.lowlevel.checkpoint()
        wanted = text.lower()
        found = [
            account
            for account in self._accounts.by_id.values()
            if wanted in account.email.lower() or wanted in account.display_name.lower()
        ]
        found.sort(key=_place)
        return [account for account in found if after is None or _place(account) > after][:limit]

    async def set_role(self, user_id: str, role: SystemRole) -> Account | None:
        """See `AccountAdmin.set_role`."""
        await trio.lowlevel.checkpoint()
        account = self._accounts.by_id.get(user_id)
        return account and self._store(msgspec.structs.replace(account, system_role=role))

    async def set_suspended(self, user_id: str, suspended_at: int | None) -> Account | None:
        """See `AccountAdmin.set_suspended`."""
        await trio.lowlevel.checkpoint()
        account = self._accounts.by_id.get(user_id)
        return account and self._store(msgspec.structs.replace(account, suspended_at=suspended_at))

    async def set_verified(self, user_id: str, email: str) -> Account | None:
        """See `AccountAdmin.set_verified`."""
        await trio.lowlevel.checkpoint()
        account = self._accounts.by_id.get(user_id)
        if account is None or account.email != email:
            return None
        return self._store(msgspec.structs.replace(account, email_verified=True))

    async def set_email(self, user_id: str, email: str) -> Account | None:
        """See `AccountAdmin.set_email`."""
        await trio.lowlevel.checkpoint()
        account = self._accounts.by_id.get(user_id)
        if account is None or any(one.email == email and one.id != user_id for one in self._accounts.by_id.values()):
            return None
        return self._store(msgspec.structs.replace(account, email=email, email_verified=True))

    async def sessions(self, at: int, after: tuple[int, str] | None, *, limit: int) -> Sequence[AuthSession]:
        """See `AccountAdmin.sessions`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._accounts.sessions_by_id.values() if one.expires_at > at]
        found.sort(key=_place, reverse=True)
        return [one for one in found if after is None or _place(one) < after][:limit]

    async def counts(self, at: int) -> Counts:
        """See `AccountAdmin.counts`."""
        await trio.lowlevel.checkpoint()
        sessions = sum(session.expires_at > at for session in self._accounts.sessions_by_id.values())
        entries = sum(log.head for log in self._oplog.logs.values())
        infos, notes = len(self._index.infos), len(self._index.notes)
        return Counts(len(self._accounts.by_id), sessions, infos, notes, entries, 0)

    def _store(self, account: Account) -> Account:
        before = self._accounts.by_id[account.id]
        if is_last_admin(before, self._accounts) and not _is_admin(account):
            raise Conflict("Nobody would be an administrator any more")
        self._accounts.by_id[account.id] = account
        return account


def _is_admin(account: Account) -> bool:
    return account.system_role == "admin" and account.suspended_at is None


def is_last_admin(account: Account, accounts: MemoryAccountStore) -> bool:
    """Whether the account is the only administrator's who is not suspended."""
    others = (one for one in accounts.by_id.values() if one.id != account.id)
    return _is_admin(account) and not any(_is_admin(one) for one in others)


def _place(one: Account | AuthSession) -> tuple[int, str]:
    return one.created_at, one.id
