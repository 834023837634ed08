"""Accounts and auth sessions in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
import trio
from msgspec import UNSET

from nvserver.errors import EmailTaken
from nvserver.ports.accounts import (
    Account,
    AuthSession,
    Credentials,
    NewAccount,
    ProfileUpdate,
    Reused,
    Rotated,
    Rotation,
)


@dataclass(slots=True)
class _Token:
    """A refresh token; `used_at` and `successor` are None until its first use."""

    session_id: str
    used_at: int | None = None
    successor: bytes | None = None


class MemoryAccountStore:
    """Fills the port `AccountStore`. Every method first lets others run, then does all at once."""

    def __init__(self) -> None:
        self.by_id: dict[str, Account] = {}
        self._password_hashes: dict[str, str] = {}
        self.sessions_by_id: dict[str, AuthSession] = {}
        self._tokens: dict[bytes, _Token] = {}

    async def create_account(self, new: NewAccount) -> Account:
        """See `AccountStore.create_account`."""
        await trio.lowlevel.checkpoint()
        if any(account.email == new.email for account in self.by_id.values()):
            raise EmailTaken
        account = Account(
            new.id,
            new.email,
            new.display_name,
            avatar_url=None,
            email_verified=False,
            system_role="user" if self.by_id else "admin",
            created_at=new.created_at,
        )
        self.by_id[new.id] = account
        self._password_hashes[new.id] = new.password_hash
        return account

    async def account(self, user_id: str) -> Account | None:
        """See `AccountStore.account`."""
        await trio.lowlevel.checkpoint()
        return self.by_id.get(user_id)

    async def accounts(self, user_ids: Collection[str]) -> Sequence[Account]:
        """See `AccountStore.accounts`."""
        await trio.lowlevel.checkpoint()
        return [self.by_id[user_id] for user_id in set(user_ids) if user_id in self.by_id]

    async def credentials(self, email: str) -> Credentials | None:
        """See `AccountStore.credentials`."""
        await trio.lowlevel.checkpoint()
        for account in self.by_id.values():
            if account.email == email:
                return Credentials(account, self._password_hashes[account.id])
        return None

    async def set_password_hash(self, user_id: str, password_hash: str, *, replaces: str | None = None) -> bool:
        """See `AccountStore.set_password_hash`."""
        await trio.lowlevel.checkpoint()
        present = self._password_hashes.get(user_id)
        if present is None or (replaces is not None and present != replaces):
            return False
        self._password_hashes[user_id] = password_hash
        return True

    async def update_profile(self, user_id: str, update: ProfileUpdate) -> Account | None:
        """See `AccountStore.update_profile`."""
        await trio.lowlevel.checkpoint()
        account = self.by_id.get(user_id)
        if account is None:
            return None
        if update.display_name is not UNSET:
            account = msgspec.structs.replace(account, display_name=update.display_name)
        if update.avatar_url is not UNSET:
            account = msgspec.structs.replace(account, avatar_url=update.avatar_url)
        self.by_id[user_id] = account
        return account

    async def create_session(self, session: AuthSession, refresh_hash: bytes) -> None:
        """See `AccountStore.create_session`."""
        await trio.lowlevel.checkpoint()
        for old in list(self.sessions_by_id.values()):
            if old.expires_at <= session.created_at:
                self._forget(old.id)
        self.sessions_by_id[session.id] = session
        self._tokens[refresh_hash] = _Token(session.id)

    async def rotate(self, rotation: Rotation) -> Rotated | Reused | None:
        """See `AccountStore.rotate`."""
        await trio.lowlevel.checkpoint()
        token = self._tokens.get(rotation.presented)
        if token is None:
            return None
        session = self.sessions_by_id[token.session_id]
        if session.expires_at <= rotation.at:
            return None
        if token.used_at is None or token.successor is None:
            token.used_at, token.successor = rotation.at, rotation.successor
            self._tokens[rotation.successor] = _Token(session.id)
            session = msgspec.structs.replace(
                session, last_used_at=rotation.at, address=rotation.address, expires_at=rotation.expires_at
            )
            self.sessions_by_id[session.id] = session
            return Rotated(session, rotation.successor)
        if rotation.at - token.used_at <= rotation.grace_ms and rotation.client == session.client:
            return Rotated(session, token.successor)
        self._forget(session.id)
        return Reused(session)

    async def session(self, session_id: str) -> AuthSession | None:
        """See `AccountStore.session`."""
        await trio.lowlevel.checkpoint()
        return self.sessions_by_id.get(session_id)

    async def signed_in(self, session_id: str) -> Account | None:
        """See `AccountStore.signed_in`."""
        await trio.lowlevel.checkpoint()
        session = self.sessions_by_id.get(session_id)
        return None if session is None else self.by_id.get(session.user_id)

    async def alive_sessions(self, session_ids: Collection[str]) -> frozenset[str]:
        """See `AccountStore.alive_sessions`."""
        await trio.lowlevel.checkpoint()
        found = [self.sessions_by_id[one] for one in session_ids if one in self.sessions_by_id]
        return frozenset(one.id for one in found if self.by_id[one.user_id].suspended_at is None)

    async def sessions_of(self, user_id: str, at: int) -> Sequence[AuthSession]:
        """See `AccountStore.sessions_of`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self.sessions_by_id.values() if one.user_id == user_id and one.expires_at > at]
        return sorted(found, key=lambda session: (-session.last_used_at, session.id))

    async def revoke_session(self, user_id: str, session_id: str) -> bool:
        """See `AccountStore.revoke_session`."""
        await trio.lowlevel.checkpoint()
        session = self.sessions_by_id.get(session_id)
        if session is None or session.user_id != user_id:
            return False
        self._forget(session_id)
        return True

    async def revoke_sessions_of(self, user_id: str, *, keep: str | None = None) -> Sequence[str]:
        """See `AccountStore.revoke_sessions_of`."""
        await trio.lowlevel.checkpoint()
        ended = [one.id for one in self.sessions_by_id.values() if one.user_id == user_id and one.id != keep]
        for session_id in ended:
            self._forget(session_id)
        return ended

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        for session_id in [one.id for one in self.sessions_by_id.values() if one.user_id == user_id]:
            self._forget(session_id)
        del self.by_id[user_id], self._password_hashes[user_id]

    def _forget(self, session_id: str) -> None:
        del self.sessions_by_id[session_id]
        for refresh_hash in [key for key, token in self._tokens.items() if token.session_id == session_id]:
            del self._tokens[refresh_hash]
