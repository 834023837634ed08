"""Accounts and sign-ins as the API tells them, and the answer that signs somebody in."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from werkzeug.http import dump_cookie

from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import Answer
from nvserver.edge.http.wire import PageQuery, iso_time, optional_iso_time
from nvserver.ports.accounts import Account, AuthSession, SystemRole
from nvserver.services.sign_ins import SignedIn

Delivery = Literal["cookie", "body"]
"""How the refresh token travels."""


class User(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    email: str
    display_name: str
    avatar_url: str | None
    email_verified: bool
    role: SystemRole
    created_at: str


class AdminUser(User, frozen=True, rename="camel"):
    """`suspendedAt` is null for who may sign in."""

    suspended_at: str | None


class ProofBody(msgspec.Struct, frozen=True, rename="camel"):
    """Who the caller is, shown once more: the `password` if he has one (else he has to have signed in within ten
    minutes), and the `code` of the second factor if he has one."""

    password: str | None = None
    code: Annotated[str, Meta(min_length=1, max_length=40)] | None = None


class SessionAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`expiresIn`: seconds. `refreshToken` only with `delivery: body`."""

    user: User
    access_token: str
    expires_in: int
    refresh_token: str | UnsetType = UNSET


class SignInItem(msgspec.Struct, frozen=True, rename="camel"):
    """`isCurrent`: the one this request came by."""

    id: str
    client: str
    address: str
    created_at: str
    last_used_at: str
    expires_at: str
    is_current: bool


class SignInList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[SignInItem, ...]
    next_cursor: str | None


class AdminSignInItem(SignInItem, frozen=True, rename="camel"):
    user_id: str


class AdminSignInList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[AdminSignInItem, ...]
    next_cursor: str | None


class SessionAnswers:
    """Answers that sign somebody in: browsers get the refresh token in a cookie that no script reads."""

    def __init__(self, *, is_secure: bool) -> None:
        """`is_secure`: browsers come by https, so the cookie is for https only."""
        self._is_secure = is_secure
        self.cookie = "__Secure-nv_refresh" if is_secure else "nv_refresh"

    def answer(self, signed_in: SignedIn, delivery: Delivery, *headers: tuple[str, str]) -> Answer:
        """The new tokens."""
        user, access = user_of(signed_in.account), signed_in.access
        if delivery == "body":
            session = SessionAnswer(user, access.text, access.expires_in, signed_in.refresh_token)
            return Answer(session, headers=headers, actor_id=user.id)
        session = SessionAnswer(user, access.text, access.expires_in)
        carried = self.carry(signed_in.refresh_token, signed_in.refresh_seconds)
        return Answer(session, headers=(carried, *headers), actor_id=user.id)

    def carry(self, token: str, seconds: int) -> tuple[str, str]:
        """The header that puts the refresh token into the browser for so long."""
        cookie = dump_cookie(
            self.cookie,
            token,
            max_age=seconds,
            path="/api/auth",
            httponly=True,
            secure=self._is_secure,
            samesite="Strict",
            sync_expires=False,
        )
        return "Set-Cookie", cookie


def user_of(account: Account) -> User:
    """The account as its owner sees it."""
    return User(*_told(account))


def admin_user_of(account: Account) -> AdminUser:
    """The account as administrators see it."""
    return AdminUser(*_told(account), optional_iso_time(account.suspended_at))


def _told(account: Account) -> tuple[str, str, str, str | None, bool, SystemRole, str]:
    return (
        account.id,
        account.email,
        account.display_name,
        account.avatar_url,
        account.email_verified,
        account.system_role,
        iso_time(account.created_at),
    )


def sign_in_list(sessions: Sequence[AuthSession], query: PageQuery, current: str) -> SignInList:
    """The asked page of sign-ins, last used first; `current`: the one that asks."""
    page, next_cursor = page_of(sessions, lambda session: (-session.last_used_at, session.id), query)
    return SignInList(tuple(_sign_in_item(session, current) for session in page), next_cursor)


def admin_sign_in_of(session: AuthSession, current: str) -> AdminSignInItem:
    """As administrators see it; `current`: the one that asks."""
    return AdminSignInItem(**msgspec.structs.asdict(_sign_in_item(session, current)), user_id=session.user_id)


def _sign_in_item(session: AuthSession, current: str) -> SignInItem:
    return SignInItem(
        session.id,
        session.client,
        session.address,
        iso_time(session.created_at),
        iso_time(session.last_used_at),
        iso_time(session.expires_at),
        session.id == current,
    )
