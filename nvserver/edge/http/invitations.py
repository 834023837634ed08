"""Routes of invitations to a workspace."""

import msgspec
from msgspec import UNSET, UnsetType

from nvserver.core.permissions import Role
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import PageQuery, SecretToken, iso_time
from nvserver.edge.http.workspaces import WorkspaceAnswer, workspace_answer
from nvserver.errors import Forbidden, InvitationNotFound, PayloadTooLarge, WorkspaceNotFound
from nvserver.ports.invitations import Invitation
from nvserver.services.invitations import InvitationService, Sent
from nvserver.workspace.router import Router


class InvitationItem(msgspec.Struct, frozen=True, rename="camel"):
    """`token` and `url` only when it is sent: with them whoever is signed in joins, so they are for the invited one."""

    id: str
    workspace_id: str
    email: str
    role: Role
    inviter_id: str
    created_at: str
    expires_at: str
    token: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class InvitationAnswer(msgspec.Struct, frozen=True, rename="camel"):
    invitation: InvitationItem


class InvitationList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[InvitationItem, ...]
    next_cursor: str | None


class InvitationTokenBody(msgspec.Struct, frozen=True, rename="camel"):
    """`token` stands behind `#token=` in the link of the mail."""

    token: SecretToken


class InvitationPreview(msgspec.Struct, frozen=True, rename="camel"):
    """What the holder of a token is invited to."""

    workspace_name: str
    inviter_name: str
    email: str
    role: Role
    expires_at: str


class InvitationPreviewAnswer(msgspec.Struct, frozen=True, rename="camel"):
    invitation: InvitationPreview


class InvitationRoutes:
    """`/api/workspaces/{workspaceId}/invitations` and `/api/invitations`."""

    def __init__(self, invitations: InvitationService, router: Router) -> None:
        self._invitations = invitations
        self._router = router

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces/{workspaceId}/invitations"
        return (
            Route(
                "GET", base, self._list, "Who was invited and has not come yet (members:invite)",
                query=PageQuery, answer=InvitationList, errors=(WorkspaceNotFound, Forbidden),
            ),
            Route(
                "POST", f"{base}/{{invitationId}}/resend", self._resend,
                "Send another link; the one before ends (members:invite)",
                answer=InvitationAnswer, status=202, errors=(WorkspaceNotFound, Forbidden, InvitationNotFound),
                has_secret_answer=True, act="invitation.resend",
            ),
            Route(
                "DELETE", f"{base}/{{invitationId}}", self._revoke, "Take an invitation back (members:invite)",
                status=204, errors=(WorkspaceNotFound, Forbidden, InvitationNotFound), act="invitation.revoke",
            ),
            Route(
                "POST", "/api/invitations/preview", self._preview, "What a token invites to",
                body=InvitationTokenBody, answer=InvitationPreviewAnswer, errors=(InvitationNotFound,), is_public=True,
            ),
            Route(
                "POST", "/api/invitations/accept", self._accept, "Join by an invitation's token",
                body=InvitationTokenBody, answer=WorkspaceAnswer,
                errors=(InvitationNotFound, PayloadTooLarge), only="sign_in", act="invitation.accept",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> InvitationList:
        waiting = await self._invitations.of_workspace(call.id_param("workspaceId", WorkspaceNotFound), call.user_id)
        page, next_cursor = page_of(waiting, lambda one: (one.created_at, one.id), call.query)
        return InvitationList(tuple(invitation_item(one) for one in page), next_cursor)

    async def _resend(self, call: Call[None, None]) -> Answer:
        sent = await self._invitations.resend(
            call.id_param("workspaceId", WorkspaceNotFound),
            call.user_id,
            call.id_param("invitationId", InvitationNotFound),
            call.origin.address,
        )
        return sent_answer(sent)

    async def _revoke(self, call: Call[None, None]) -> None:
        await self._invitations.revoke(
            call.id_param("workspaceId", WorkspaceNotFound),
            call.user_id,
            call.id_param("invitationId", InvitationNotFound),
        )

    async def _preview(self, call: Call[InvitationTokenBody, None]) -> InvitationPreviewAnswer:
        seen = await self._invitations.preview(call.body.token)
        invitation = seen.invitation
        return InvitationPreviewAnswer(
            InvitationPreview(
                seen.workspace_name,
                seen.inviter_name,
                invitation.email,
                invitation.role,
                iso_time(invitation.expires_at),
            )
        )

    async def _accept(self, call: Call[InvitationTokenBody, None]) -> WorkspaceAnswer:
        workspace_id = await self._invitations.accept(call.body.token, call.user_id)
        return await workspace_answer(self._router, workspace_id, call.user_id)


def invitation_item(invitation: Invitation) -> InvitationItem:
    """The invitation as those who may invite see it."""
    return InvitationItem(
        invitation.id,
        invitation.workspace_id,
        invitation.email,
        invitation.role,
        invitation.inviter_id,
        iso_time(invitation.created_at),
        iso_time(invitation.expires_at),
    )


def sent_answer(sent: Sent) -> Answer:
    """202 with the invitation that is on its way."""
    item = msgspec.structs.replace(invitation_item(sent.invitation), token=sent.token, url=sent.link)
    return Answer(InvitationAnswer(item), 202)
