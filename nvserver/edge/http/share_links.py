"""Routes of the links by which people join a workspace."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.permissions import Role
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import GivenRole, PageQuery, SecretToken, iso_time, milliseconds
from nvserver.edge.http.workspaces import WorkspaceAnswer, workspace_answer
from nvserver.errors import Conflict, Forbidden, LinkNotFound, PayloadTooLarge, WorkspaceNotFound
from nvserver.ports.invitations import ShareLink
from nvserver.services.share_links import ShareLinkService
from nvserver.workspace.router import Router


class NewShareLinkBody(msgspec.Struct, frozen=True, rename="camel"):
    """Without `expiresAt` it has no end, without `maxUses` any number of people may use it."""

    role: GivenRole = "viewer"
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    max_uses: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class ShareLinkItem(msgspec.Struct, frozen=True, rename="camel"):
    """`token` and `url` are told once, when the link is made."""

    id: str
    workspace_id: str
    role: Role
    creator_id: str
    created_at: str
    expires_at: str | None
    max_uses: int | None
    uses: int
    token: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class ShareLinkAnswer(msgspec.Struct, frozen=True, rename="camel"):
    link: ShareLinkItem


class ShareLinkList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[ShareLinkItem, ...]
    next_cursor: str | None


class ShareTokenBody(msgspec.Struct, frozen=True, rename="camel"):
    """`token` stands behind `#token=` in the link."""

    token: SecretToken


class SharePreviewItem(msgspec.Struct, frozen=True, rename="camel"):
    """What the holder of a link may join."""

    workspace_name: str
    role: Role
    expires_at: str | None


class SharePreviewAnswer(msgspec.Struct, frozen=True, rename="camel"):
    link: SharePreviewItem


class ShareLinkRoutes:
    """`/api/workspaces/{workspaceId}/share-links` and `/api/share-links`."""

    def __init__(self, links: ShareLinkService, router: Router) -> None:
        self._links = links
        self._router = router

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces/{workspaceId}/share-links"
        return (
            Route(
                "GET", base, self._list, "The workspace's share links, first made first (members:invite)",
                query=PageQuery, answer=ShareLinkList, errors=(WorkspaceNotFound, Forbidden),
            ),
            Route(
                "POST", base, self._create, "Make a link by which people join (members:invite)",
                body=NewShareLinkBody, answer=ShareLinkAnswer, status=201,
                errors=(WorkspaceNotFound, Forbidden, Conflict, PayloadTooLarge),
                has_secret_answer=True, act="share_link.create", act_fields=("role", "max_uses"),
            ),
            Route(
                "DELETE", f"{base}/{{linkId}}", self._revoke, "End a share link (members:invite)",
                status=204, errors=(WorkspaceNotFound, Forbidden, LinkNotFound), act="share_link.revoke",
            ),
            Route(
                "POST", "/api/share-links/preview", self._preview, "What a share link leads to",
                body=ShareTokenBody, answer=SharePreviewAnswer, errors=(LinkNotFound,), is_public=True,
            ),
            Route(
                "POST", "/api/share-links/join", self._join, "Join a workspace by a share link",
                body=ShareTokenBody, answer=WorkspaceAnswer, errors=(LinkNotFound, PayloadTooLarge),
                only="sign_in", act="share_link.join",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> ShareLinkList:
        links = await self._links.of_workspace(call.id_param("workspaceId", WorkspaceNotFound), call.user_id)
        page, next_cursor = page_of(links, lambda one: (one.created_at, one.id), call.query)
        return ShareLinkList(tuple(_item(one) for one in page), next_cursor)

    async def _create(self, call: Call[NewShareLinkBody, None]) -> ShareLinkAnswer:
        body = call.body
        made = await self._links.create(
            call.id_param("workspaceId", WorkspaceNotFound),
            call.user_id,
            body.role,
            milliseconds(body.expires_at),
            body.max_uses,
        )
        return ShareLinkAnswer(msgspec.structs.replace(_item(made.link), token=made.token, url=made.url))

    async def _revoke(self, call: Call[None, None]) -> None:
        await self._links.revoke(
            call.id_param("workspaceId", WorkspaceNotFound), call.user_id, call.id_param("linkId", LinkNotFound)
        )

    async def _preview(self, call: Call[ShareTokenBody, None]) -> SharePreviewAnswer:
        seen = await self._links.preview(call.body.token)
        return SharePreviewAnswer(SharePreviewItem(seen.workspace_name, seen.link.role, _time(seen.link.expires_at)))

    async def _join(self, call: Call[ShareTokenBody, None]) -> WorkspaceAnswer:
        workspace_id = await self._links.join(call.body.token, call.user_id)
        return await workspace_answer(self._router, workspace_id, call.user_id)


def _item(link: ShareLink) -> ShareLinkItem:
    return ShareLinkItem(
        link.id,
        link.workspace_id,
        link.role,
        link.creator_id,
        iso_time(link.created_at),
        _time(link.expires_at),
        link.max_uses,
        link.uses,
    )


def _time(at: int | None) -> str | None:
    return None if at is None else iso_time(at)
