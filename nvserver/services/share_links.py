"""Links by which whoever has them joins a workspace."""

from collections.abc import Sequence
from typing import Final

import msgspec

from nvserver.core.permissions import Role
from nvserver.errors import (
    Forbidden,
    LinkNotFound,
    NoteVaultError,
    PayloadTooLarge,
    ValidationFailed,
    WorkspaceNotFound,
)
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.invitations import ShareLink, ShareLinkStore
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.problems import Problem
from nvserver.services.mail_links import LONGEST_TOKEN, MailLinks
from nvserver.services.memberships import Memberships, check_grant, require_right
from nvserver.services.refresh_tokens import token_hash

MOST_LINKS: Final = 100
"""Of one workspace, or of one note."""


class MadeLink(msgspec.Struct, frozen=True):
    """`url` and the secret in it, which nobody can be told again."""

    link: ShareLink
    url: str
    token: str


class SharePreview(msgspec.Struct, frozen=True):
    """A link as whoever has it sees it."""

    link: ShareLink
    workspace_name: str


class ShareLinkService:
    """The creator's right is judged again at every use: a link never grants more than he may."""

    def __init__(
        self,
        store: ShareLinkStore,
        index: WorkspaceIndex,
        memberships: Memberships,
        links: MailLinks,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._index = index
        self._memberships = memberships
        self._links = links
        self._now_ms = now_ms
        self._new_id = new_id

    async def create(
        self, workspace_id: str, creator_id: str, role: Role, expires_at: int | None, max_uses: int | None
    ) -> MadeLink:
        """Raises `WorkspaceNotFound`, `Forbidden`, `Conflict`, `PayloadTooLarge`, `ValidationFailed`."""
        check_grant(await require_right(self._index, workspace_id, creator_id, "members:invite"), role)
        now = self._now_ms()
        check_end(expires_at, now)
        link = ShareLink(self._new_id(), workspace_id, role, creator_id, now, expires_at, max_uses)
        url, token = self._links.secret("join")
        if not await self._store.add(link, token_hash(token), most=MOST_LINKS):
            raise PayloadTooLarge(f"A workspace has at most {MOST_LINKS} share links")
        return MadeLink(link, url, token)

    async def of_workspace(self, workspace_id: str, user_id: str) -> Sequence[ShareLink]:
        """Raises `WorkspaceNotFound`, `Forbidden`."""
        await require_right(self._index, workspace_id, user_id, "members:invite")
        return await self._store.of_workspace(workspace_id, self._now_ms())

    async def revoke(self, workspace_id: str, user_id: str, link_id: str) -> None:
        """Raises also `LinkNotFound`."""
        await require_right(self._index, workspace_id, user_id, "members:invite")
        if not await self._store.remove(workspace_id, link_id):
            raise LinkNotFound

    async def preview(self, token: str) -> SharePreview:
        """What the link is to. Raises `LinkNotFound`."""
        link = await self._with_token(token)
        try:
            return SharePreview(link, await self._memberships.name(link.workspace_id, link.creator_id))
        except WorkspaceNotFound:
            raise LinkNotFound from None

    async def join(self, token: str, user_id: str) -> str:
        """Make the holder a member; the workspace's id. Who is one already stays what he is and uses nothing up.
        Raises `LinkNotFound`, `PayloadTooLarge`."""
        link = await self._with_token(token)
        if await self._index.role_of(link.workspace_id, user_id) is not None:
            return link.workspace_id
        if not await self._store.use(link.id, self._now_ms()):
            raise LinkNotFound
        try:
            await self._memberships.add(link.workspace_id, user_id, link.role, by=link.creator_id)
        except NoteVaultError as error:
            await self._store.give_back(link.id)
            if isinstance(error, WorkspaceNotFound | Forbidden):
                raise LinkNotFound from None
            if await self._index.role_of(link.workspace_id, user_id) is None:
                raise
        return link.workspace_id

    async def _with_token(self, token: str) -> ShareLink:
        found = None
        if len(token) <= LONGEST_TOKEN:
            found = await self._store.with_token(token_hash(token), self._now_ms())
        if found is None:
            raise LinkNotFound
        return found


def check_end(expires_at: int | None, now: int) -> None:
    """Raises `ValidationFailed` for an end that has passed."""
    if expires_at is not None and expires_at <= now:
        raise ValidationFailed.at("expiresAt", "has passed already", Problem.IN_THE_PAST)
