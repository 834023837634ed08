"""Accounts: making one, proving to be its owner, changing it."""

import re
from typing import Final

import msgspec

from nvserver.errors import AccountSuspended, Unauthenticated, UserNotFound, ValidationFailed
from nvserver.ports.accounts import NO_PASSWORD, Account, AccountStore, NewAccount, ProfileUpdate
from nvserver.ports.clock import NewId, NowMs
from nvserver.problems import Problem
from nvserver.services.passwords import Passwords
from nvserver.services.sign_in_limits import SignInLimits
from nvserver.services.tokens import TokenVerifier

MAX_EMAIL_CHARACTERS: Final = 254
_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+")


class Origin(msgspec.Struct, frozen=True):
    """Where a request comes from: the program (its `User-Agent`, cut) and the network address."""

    client: str
    address: str


class AccountService:
    """What people can do with their accounts."""

    def __init__(
        self,
        store: AccountStore,
        passwords: Passwords,
        limits: SignInLimits,
        verifier: TokenVerifier,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._limits = limits
        self._verifier = verifier
        self._now_ms = now_ms
        self._new_id = new_id

    async def register(self, email: str, password: str, display_name: str, origin: Origin) -> Account:
        """A new account. Raises `ValidationFailed`, `EmailTaken`, `RateLimited`, `Unavailable`."""
        normal = normal_email(email)
        self._passwords.check_new(password)
        self._limits.before_registration(origin.address)
        # Hashed before looking for the address, so that a taken one takes as long.
        password_hash = await self._passwords.hashed(password)
        return await self._store.create_account(
            NewAccount(self._new_id(), normal, display_name, password_hash, self._now_ms())
        )

    async def register_without_password(self, email: str, display_name: str, origin: Origin) -> Account:
        """A new account for who signs in by a provider; a password comes by the mail for a forgotten one. Raises as
        `register`."""
        self._limits.before_registration(origin.address)
        new = NewAccount(self._new_id(), normal_email(email), display_name, NO_PASSWORD, self._now_ms())
        return await self._store.create_account(new)

    async def has_password(self, account: Account) -> bool:
        """Whether the account can be signed in to by one."""
        credentials = await self._store.credentials(account.email)
        return credentials is not None and credentials.password_hash != NO_PASSWORD

    async def prove(self, email: str, password: str, origin: Origin) -> Account:
        """The account whose password that is. Raises `Unauthenticated` whatever is wrong, after the same time;
        `AccountSuspended` only with the right password."""
        normal = normal_email(email)
        self._passwords.check_length(password)
        self._limits.before_password(normal, origin.address)
        credentials = await self._store.credentials(normal)
        password_hash = credentials.password_hash if credentials else None
        if password_hash == NO_PASSWORD:
            password_hash = None  # nothing fits, after the same time
        if not await self._passwords.is_right(password_hash, password) or credentials is None:
            raise Unauthenticated("The e-mail address or the password is wrong")
        self._limits.after_right_password(normal, origin.address)
        if credentials.account.suspended_at is not None:
            raise AccountSuspended
        if self._passwords.is_outdated(credentials.password_hash):
            new_hash = await self._passwords.hashed(password)
            await self._store.set_password_hash(credentials.account.id, new_hash, replaces=credentials.password_hash)
        return credentials.account

    async def account(self, user_id: str) -> Account:
        """Raises `UserNotFound`."""
        account = await self._store.account(user_id)
        if account is None:
            raise UserNotFound
        return account

    async def account_with_email(self, email: str) -> Account:
        """Raises `UserNotFound`, or `ValidationFailed` for what is no address."""
        credentials = await self._store.credentials(normal_email(email))
        if credentials is None:
            raise UserNotFound("Nobody has registered with this e-mail address")
        return credentials.account

    async def accounts(self, user_ids: frozenset[str]) -> dict[str, Account]:
        """Those of the accounts that exist, by id."""
        return {account.id: account for account in await self._store.accounts(user_ids)}

    async def update_profile(self, user_id: str, update: ProfileUpdate) -> Account:
        """The account after it. Raises `UserNotFound`."""
        account = await self._store.update_profile(user_id, update)
        if account is None:
            raise UserNotFound
        self._verifier.forget(user_id)
        return account


def normal_email(email: str) -> str:
    """The one form in which addresses are kept and compared. Raises `ValidationFailed` for what is no address."""
    normal = email.strip().lower()
    if len(normal) > MAX_EMAIL_CHARACTERS or not _EMAIL.fullmatch(normal):
        raise ValidationFailed.at("email", "is not an e-mail address", Problem.NOT_AN_EMAIL)
    return normal
