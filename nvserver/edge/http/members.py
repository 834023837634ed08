"""Routes of a workspace's members."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from nvserver.core.changes import Author
from nvserver.core.commands import AddMember, Command, RemoveMember, UpdateMember
from nvserver.core.model import Member
from nvserver.core.permissions import Role
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.invitations import InvitationAnswer, sent_answer
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import Email, GivenRole, PageQuery, iso_time
from nvserver.errors import (
    Conflict,
    Forbidden,
    MemberNotFound,
    UserNotFound,
    ValidationFailed,
    WorkspaceNotFound,
)
from nvserver.ports.accounts import Account
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.problems import Problem
from nvserver.services.accounts import AccountService
from nvserver.services.invitations import InvitationService
from nvserver.services.memberships import require_right
from nvserver.workspace.messages import ListMembers, MemberList, Submit
from nvserver.workspace.router import Router


class NewMemberBody(msgspec.Struct, frozen=True, rename="camel"):
    """Either `email` or `userId`."""

    role: GivenRole
    email: Email | UnsetType = UNSET
    user_id: UUID | UnsetType = UNSET


class MemberBody(msgspec.Struct, frozen=True, rename="camel"):
    role: GivenRole


class MemberItem(msgspec.Struct, frozen=True, rename="camel"):
    user_id: str
    display_name: str
    avatar_url: str | None
    role: Role
    joined_at: str
    online: bool


class MemberAnswer(msgspec.Struct, frozen=True, rename="camel"):
    member: MemberItem


class MemberListAnswer(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[MemberItem, ...]
    next_cursor: str | None


class MemberRoutes:
    """`/api/workspaces/{workspaceId}/members`."""

    def __init__(
        self, accounts: AccountService, invitations: InvitationService, index: WorkspaceIndex, router: Router
    ) -> None:
        self._accounts = accounts
        self._invitations = invitations
        self._index = index
        self._router = router

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces/{workspaceId}/members"
        one = f"{base}/{{userId}}"
        return (
            Route(
                "GET", base, self._list, "The members, first joined first (workspace:read)",
                query=PageQuery, answer=MemberListAnswer, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", base, self._add, "Add a person, or invite an address that nobody here has (members:invite)",
                body=NewMemberBody, answer=MemberAnswer, status=201, other_answers=((202, InvitationAnswer),),
                errors=(WorkspaceNotFound, Forbidden, UserNotFound, Conflict), has_secret_answer=True,
                act="member.add", act_fields=("email", "user_id", "role"),
            ),
            Route(
                "PUT", one, self._update, "Change a member's role (members:update)",
                body=MemberBody, answer=MemberAnswer,
                errors=(WorkspaceNotFound, Forbidden, MemberNotFound, Conflict),
                act="member.role", act_fields=("role",),
            ),
            Route(
                "DELETE", one, self._remove, "Remove a member (members:remove), or leave",
                status=204, errors=(WorkspaceNotFound, Forbidden, MemberNotFound, Conflict), act="member.remove",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> MemberListAnswer:
        listed = await self._members(call)
        page, next_cursor = page_of(listed.members, _join_order, call.query)
        accounts = await self._accounts.accounts(frozenset(member.user_id for member in page))
        items = tuple(_item(member, accounts.get(member.user_id), listed) for member in page)
        return MemberListAnswer(items, next_cursor)

    async def _add(self, call: Call[NewMemberBody, None]) -> MemberAnswer | Answer:
        # Whether somebody has an address is told only to those who may add him.
        workspace_id, body = call.id_param("workspaceId", WorkspaceNotFound), call.body
        await require_right(self._index, workspace_id, call.user_id, "members:invite")
        try:
            account = await self._account(body)
        except UserNotFound:
            if body.email is UNSET:
                raise
            origin = call.origin.address
            sent = await self._invitations.invite(workspace_id, call.user_id, body.email, body.role, origin)
            return sent_answer(sent)
        await self._submit(call, AddMember(account.id, call.body.role))
        return await self._member(call, account.id)

    async def _update(self, call: Call[MemberBody, None]) -> MemberAnswer:
        user_id = call.id_param("userId", MemberNotFound)
        await self._submit(call, UpdateMember(user_id, call.body.role))
        return await self._member(call, user_id)

    async def _remove(self, call: Call[None, None]) -> None:
        await self._submit(call, RemoveMember(call.id_param("userId", MemberNotFound)))

    async def _account(self, body: NewMemberBody) -> Account:
        if body.email is not UNSET and body.user_id is UNSET:
            return await self._accounts.account_with_email(body.email)
        if body.user_id is not UNSET and body.email is UNSET:
            return await self._accounts.account(str(body.user_id))
        raise ValidationFailed.at("", "give either email or userId", Problem.NOT_TOGETHER)

    async def _members(self, call: Call[Any, Any]) -> MemberList:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        listed: MemberList = await self._router.call(workspace_id, ListMembers(call.user_id))
        return listed

    async def _member(self, call: Call[Any, Any], user_id: str) -> MemberAnswer:
        listed = await self._members(call)
        member = next((member for member in listed.members if member.user_id == user_id), None)
        if member is None:  # gone again meanwhile
            raise MemberNotFound
        accounts = await self._accounts.accounts(frozenset({user_id}))
        return MemberAnswer(_item(member, accounts.get(user_id), listed))

    async def _submit(self, call: Call[Any, Any], command: Command) -> None:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        await self._router.call(workspace_id, Submit(Author(call.user_id), command))


def _join_order(member: Member) -> tuple[int, str]:
    return member.joined_at, member.user_id


def _item(member: Member, account: Account | None, listed: MemberList) -> MemberItem:
    return MemberItem(
        member.user_id,
        account.display_name if account else "",
        account.avatar_url if account else None,
        member.role,
        iso_time(member.joined_at),
        member.user_id in listed.online,
    )
