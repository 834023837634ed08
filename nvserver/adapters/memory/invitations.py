"""Invitations and share links in memory."""

from collections.abc import Sequence

import trio
from msgspec.structs import replace

from nvserver.ports.invitations import Invitation, ShareLink


class MemoryInvitations:
    """Fills the port `InvitationStore`."""

    def __init__(self) -> None:
        self._by_hash: dict[bytes, Invitation] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._by_hash = {key: one for key, one in self._by_hash.items() if one.inviter_id != user_id}

    async def add(self, invitation: Invitation, token_hash: bytes, *, most: int) -> bool:
        """See `InvitationStore.add`."""
        others = [
            one
            for one in await self.of_workspace(invitation.workspace_id, invitation.created_at)
            if one.email != invitation.email
        ]
        if len(others) >= most:
            return False
        for key, one in list(self._by_hash.items()):
            if (one.workspace_id, one.email) == (invitation.workspace_id, invitation.email):
                del self._by_hash[key]
        self._by_hash[token_hash] = invitation
        return True

    async def of_workspace(self, workspace_id: str, at: int) -> Sequence[Invitation]:
        """See `InvitationStore.of_workspace`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._by_hash.values() if one.workspace_id == workspace_id and one.expires_at > at]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def of_email(self, email: str, at: int) -> Sequence[Invitation]:
        """See `InvitationStore.of_email`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._by_hash.values() if one.email == email and one.expires_at > at]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def with_token(self, token_hash: bytes, at: int) -> Invitation | None:
        """See `InvitationStore.with_token`."""
        await trio.lowlevel.checkpoint()
        found = self._by_hash.get(token_hash)
        return found if found is not None and found.expires_at > at else None

    async def renew(
        self, workspace_id: str, invitation_id: str, token_hash: bytes, expires_at: int
    ) -> Invitation | None:
        """See `InvitationStore.renew`."""
        await trio.lowlevel.checkpoint()
        key = self._key(workspace_id, invitation_id)
        if key is None:
            return None
        renewed = self._by_hash[token_hash] = replace(self._by_hash.pop(key), expires_at=expires_at)
        return renewed

    async def remove(self, workspace_id: str, invitation_id: str) -> bool:
        """See `InvitationStore.remove`."""
        await trio.lowlevel.checkpoint()
        key = self._key(workspace_id, invitation_id)
        return key is not None and self._by_hash.pop(key) is not None

    def _key(self, workspace_id: str, invitation_id: str) -> bytes | None:
        wanted = workspace_id, invitation_id
        return next((key for key, one in self._by_hash.items() if (one.workspace_id, one.id) == wanted), None)


class MemoryShareLinks:
    """Fills the port `ShareLinkStore`."""

    def __init__(self) -> None:
        self._by_hash: dict[bytes, ShareLink] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._by_hash = {key: one for key, one in self._by_hash.items() if one.creator_id != user_id}

    async def add(self, link: ShareLink, token_hash: bytes, *, most: int) -> bool:
        """See `ShareLinkStore.add`."""
        if len(await self.of_workspace(link.workspace_id, link.created_at)) >= most:
            return False
        self._by_hash[token_hash] = link
        return True

    async def of_workspace(self, workspace_id: str, at: int) -> Sequence[ShareLink]:
        """See `ShareLinkStore.of_workspace`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._by_hash.values() if one.workspace_id == workspace_id and not _is_over(one, at)]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def with_token(self, token_hash: bytes, at: int) -> ShareLink | None:
        """See `ShareLinkStore.with_token`."""
        await trio.lowlevel.checkpoint()
        found = self._by_hash.get(token_hash)
        return found if found is not None and _is_usable(found, at) else None

    async def use(self, link_id: str, at: int) -> bool:
        """See `ShareLinkStore.use`."""
        await trio.lowlevel.checkpoint()
        key = self._key(link_id)
        if key is None or not _is_usable(self._by_hash[key], at):
            return False
        self._count(key, 1)
        return True

    async def give_back(self, link_id: str) -> None:
        """See `ShareLinkStore.give_back`."""
        await trio.lowlevel.checkpoint()
        key = self._key(link_id)
        if key is not None and self._by_hash[key].uses > 0:
            self._count(key, -1)

    async def remove(self, workspace_id: str, link_id: str) -> bool:
        """See `ShareLinkStore.remove`."""
        await trio.lowlevel.checkpoint()
        key = self._key(link_id)
        if key is None or self._by_hash[key].workspace_id != workspace_id:
            return False
        del self._by_hash[key]
        return True

    def _key(self, link_id: str) -> bytes | None:
        return next((key for key, one in self._by_hash.items() if one.id == link_id), None)

    def _count(self, key: bytes, by: int) -> None:
        self._by_hash[key] = replace(self._by_hash[key], uses=self._by_hash[key].uses + by)


def _is_over(link: ShareLink, at: int) -> bool:
    return link.expires_at is not None and link.expires_at <= at


def _is_usable(link: ShareLink, at: int) -> bool:
    return not _is_over(link, at) and (link.max_uses is None or link.uses < link.max_uses)
