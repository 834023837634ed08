"""Where people's accounts and their sign-ins are kept.

A sign-in is an *auth session*: one family of refresh tokens, each used once and followed by its successor. The store
sees only hashes of tokens and passwords. Times are milliseconds since 1970 UTC, given by the caller; ids UUID strings.
"""

from collections.abc import Collection, Sequence
from typing import Final, Literal, Protocol, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

SystemRole: TypeAlias = Literal["user", "admin"]


NO_PASSWORD: Final = "!"  # noqa: S105 - no password
"""Stands where the hash of a password would, for accounts that have none: nothing fits it."""


class NewAccount(msgspec.Struct, frozen=True):
    """What a registration brings. `email` comes in the one form it is compared in, see `services.accounts`."""

    id: str
    email: str
    display_name: str
    password_hash: str
    created_at: int


class Account(msgspec.Struct, frozen=True):
    """A person. `system_role` is of the whole system, not of a workspace. Who is suspended cannot sign in."""

    id: str
    email: str
    display_name: str
    avatar_url: str | None
    email_verified: bool
    system_role: SystemRole
    created_at: int
    suspended_at: int | None = None


class Credentials(msgspec.Struct, frozen=True):
    """An account with what its password is checked against (an argon2 string, or `NO_PASSWORD`)."""

    account: Account
    password_hash: str


class ProfileUpdate(msgspec.Struct, frozen=True):
    """Fields left UNSET stay."""

    display_name: str | UnsetType = UNSET
    avatar_url: str | UnsetType | None = UNSET


class AuthSession(msgspec.Struct, frozen=True):
    """A sign-in. It ends at `expires_at`, which every rotation moves on, or when it is revoked.

    `client` names the program that signed in (its `User-Agent`, cut); `address` is where its last token was used from.
    """

    id: str
    user_id: str
    client: str
    address: str
    created_at: int
    last_used_at: int
    expires_at: int


class Rotation(msgspec.Struct, frozen=True):
    """One use of a refresh token. `successor` is the hash of the token that follows the presented one: the hash that
    the first use proposed, so that every use inside the grace is told the same successor."""

    presented: bytes
    successor: bytes
    client: str
    address: str
    at: int
    expires_at: int
    grace_ms: int


class Rotated(msgspec.Struct, frozen=True):
    """The token was good: `successor` is the hash of the one that now follows it (not always the one proposed)."""

    session: AuthSession
    successor: bytes


class Reused(msgspec.Struct, frozen=True):
    """The token had been used before: somebody holds a copy. The whole auth session is revoked by now."""

    session: AuthSession


class AccountStore(Protocol):
    """Accounts and auth sessions. Everything is durable when a call returns.

    Every method raises `Unavailable` when the store cannot be reached or does not answer in time.
    """

    # --- accounts ---

    async def create_account(self, new: NewAccount) -> Account:
        """Make the account. The first one of an empty store is `admin`, every other `user`; of two made at the same
        time on an empty store exactly one is `admin`. Raises `EmailTaken`, and stores nothing, when an account has the
        address."""
        ...

    async def account(self, user_id: str) -> Account | None:
        """The account with that id."""
        ...

    async def accounts(self, user_ids: Collection[str]) -> Sequence[Account]:
        """Those of the accounts that exist, in any order, each once."""
        ...

    async def credentials(self, email: str) -> Credentials | None:
        """The account with that address (compared exactly; see `NewAccount.email`)."""
        ...

    async def set_password_hash(self, user_id: str, password_hash: str, *, replaces: str | None = None) -> bool:
        """Store another hash; where `replaces` is given, only while that is the present one (a rehash at sign-in must
        not undo a password changed meanwhile). Answers whether it was stored: False also for an unknown account."""
        ...

    async def update_profile(self, user_id: str, update: ProfileUpdate) -> Account | None:
        """Store the given fields; the account after it, or None for an unknown one."""
        ...

    # --- auth sessions ---

    async def create_session(self, session: AuthSession, refresh_hash: bytes) -> None:
        """Start a family whose one usable refresh token has that hash (32 bytes). Sessions that are expired at
        `session.created_at` may be deleted with it, tokens and all."""
        ...

    async def rotate(self, rotation: Rotation) -> Rotated | Reused | None:
        """Use a refresh token, atomically: of any number of uses at the same time exactly one makes a successor.

        - Not used yet: it is marked used at `rotation.at`, `rotation.successor` becomes usable, the session's
          `last_used_at`, `address` and `expires_at` become the rotation's. `Rotated`.
        - Used at most `grace_ms` before, by the same `client` (equal to the session's): its answer was lost, or
          two requests of one program crossed. Nothing changes; `Rotated` with the successor that exists.
        - Used before otherwise: the session is revoked. `Reused`.
        - Unknown, expired (`expires_at <= rotation.at`) or revoked: None, nothing changes.

        In SQL: `UPDATE tokens SET used_at, successor WHERE hash AND used_at IS NULL RETURNING`, the rest only when that
        touched no row. Hashes of used tokens are kept as long as their session.
        """
        ...

    async def signed_in(self, session_id: str) -> Account | None:
        """The account of the session, both as they are now; None for a session that is unknown or revoked."""
        ...

    async def alive_sessions(self, session_ids: Collection[str]) -> frozenset[str]:
        """Those of the sessions that are not revoked and whose account is not suspended."""
        ...

    async def sessions_of(self, user_id: str, at: int) -> Sequence[AuthSession]:
        """The person's sessions that are neither revoked nor expired at `at`, last used first."""
        ...

    async def revoke_session(self, user_id: str, session_id: str) -> bool:
        """End the session if it is that person's; answers whether there was one to end. Final: it is forgotten."""
        ...

    async def revoke_sessions_of(self, user_id: str, *, keep: str | None = None) -> Sequence[str]:
        """End all of the person's sessions but `keep`; their ids."""
        ...
