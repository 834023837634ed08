"""Routes of administrators of the whole system: people."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.edge.http.account_shapes import (
    AdminSignInList,
    AdminUser,
    SignInList,
    admin_sign_in_of,
    admin_user_of,
    sign_in_list,
)
from nvserver.edge.http.cursors import decode_cursor, encode_cursor
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Milliseconds, PageQuery
from nvserver.errors import Conflict, UserNotFound
from nvserver.ports.accounts import SystemRole
from nvserver.ports.clock import NewId
from nvserver.problems import Problem
from nvserver.services.admin import AdminService


class UserSearch(PageQuery, frozen=True, rename="camel", kw_only=True):
    """`q`: what the address or the name holds."""

    q: Annotated[
        str,
        Meta(
            max_length=100,
            pattern=r"^[^\x00]*$",
            description="text without NUL",
            extra={"problem": Problem.BAD_CHARACTERS},
        ),
    ] = ""


class AdminUserAnswer(msgspec.Struct, frozen=True, rename="camel"):
    user: AdminUser


class AdminUserList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[AdminUser, ...]
    next_cursor: str | None


class AdminUserBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay."""

    role: SystemRole | UnsetType = UNSET
    suspended: bool | UnsetType = UNSET


class AnnouncementBody(msgspec.Struct, frozen=True):
    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2000,
            pattern=r"^[^\x00]*[^\s\x00][^\x00]*$",
            description="text that is not blank",
            extra={"problem": Problem.EMPTY},
        ),
    ]


class AnnouncementAnswer(msgspec.Struct, frozen=True):
    """`told`: how many people were notified."""

    told: int


class AdminRoutes:
    """`/api/admin/users`, `/api/admin/sessions` and `/api/admin/announcements`."""

    def __init__(self, admin: AdminService, new_id: NewId) -> None:
        self._admin = admin
        self._new_id = new_id

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/admin/users"
        one = f"{base}/{{accountId}}"
        return (
            Route(
                "GET", base, self._list, "Everybody's accounts, first registered first",
                query=UserSearch, answer=AdminUserList, only="admin",
            ),
            Route("GET", one, self._get, "An account", answer=AdminUserAnswer, errors=(UserNotFound,), only="admin"),
            Route(
                "PUT", one, self._update, "Change a role, or suspend somebody: that ends sign-ins and API tokens",
                body=AdminUserBody, answer=AdminUserAnswer, errors=(UserNotFound, Conflict),
                only="admin", act="admin.user", act_fields=("role", "suspended"),
            ),
            Route(
                "GET", f"{one}/sessions", self._list_sessions, "Somebody's sign-ins, last used first",
                query=PageQuery, answer=SignInList, errors=(UserNotFound,), only="admin",
            ),
            Route(
                "DELETE", f"{one}/sessions", self._end_sessions, "End all of somebody's sign-ins and API tokens",
                status=204, errors=(UserNotFound,), only="admin", act="admin.sessions_end",
            ),
            Route(
                "GET", "/api/admin/sessions", self._list_everybodys_sessions, "Everybody's sign-ins, newest first",
                query=PageQuery, answer=AdminSignInList, only="admin",
            ),
            Route(
                "POST", "/api/admin/announcements", self._announce, "Notify everybody",
                body=AnnouncementBody, answer=AnnouncementAnswer, status=201, only="admin", act="admin.announcement",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, UserSearch]) -> AdminUserList:
        query = call.query
        key = decode_cursor(query.cursor, tuple[Milliseconds, UUID])
        after = (key[0], str(key[1])) if key else None
        found = await self._admin.users(query.q, after, limit=query.limit + 1)
        page = found[: query.limit]
        last = page[-1] if len(found) > query.limit else None
        return AdminUserList(
            tuple(admin_user_of(account) for account in page),
            encode_cursor((last.created_at, last.id) if last else None),
        )

    async def _get(self, call: Call[None, None]) -> AdminUserAnswer:
        return AdminUserAnswer(admin_user_of(await self._admin.user(_id(call))))

    async def _update(self, call: Call[AdminUserBody, None]) -> AdminUserAnswer:
        user_id = _id(call)
        account = await self._admin.user(user_id)
        if call.body.role is not UNSET:
            account = await self._admin.set_role(user_id, call.body.role)
        if call.body.suspended is not UNSET:
            account = await self._admin.set_suspended(user_id, is_suspended=call.body.suspended)
        return AdminUserAnswer(admin_user_of(account))

    async def _list_sessions(self, call: Call[None, PageQuery]) -> SignInList:
        sessions = await self._admin.sessions(_id(call))
        return sign_in_list(sessions, call.query, call.principal.auth_session_id)

    async def _list_everybodys_sessions(self, call: Call[None, PageQuery]) -> AdminSignInList:
        key, limit = decode_cursor(call.query.cursor, tuple[Milliseconds, UUID]), call.query.limit
        found = await self._admin.everybodys_sessions((key[0], str(key[1])) if key else None, limit=limit + 1)
        page, last = found[:limit], found[limit - 1] if len(found) > limit else None
        return AdminSignInList(
            tuple(admin_sign_in_of(session, call.principal.auth_session_id) for session in page),
            encode_cursor((last.created_at, last.id) if last else None),
        )

    async def _end_sessions(self, call: Call[None, None]) -> None:
        await self._admin.revoke_access((await self._admin.user(_id(call))).id)

    async def _announce(self, call: Call[AnnouncementBody, None]) -> AnnouncementAnswer:
        return AnnouncementAnswer(await self._admin.announce(self._new_id(), call.user_id, call.body.text.strip()))


def _id(call: Call[AdminUserBody, None] | Call[None, PageQuery] | Call[None, None]) -> str:
    return call.id_param("accountId", UserNotFound)
