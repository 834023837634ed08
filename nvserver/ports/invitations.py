"""Where invitations and share links are kept: secrets that let their holder join a workspace."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from nvserver.core.permissions import Role


class Invitation(msgspec.Struct, frozen=True):
    """Somebody with that address was asked to join. `email` is in its normal form; times are milliseconds since 1970
    UTC."""

    id: str
    workspace_id: str
    email: str
    role: Role
    inviter_id: str
    created_at: int
    expires_at: int


class InvitationStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`. Expired ones may be deleted at any time."""

    async def add(self, invitation: Invitation, token_hash: bytes, *, most: int) -> bool:
        """Keep it under the hash of its token (32 bytes) instead of the workspace's other of the same address. False,
        and nothing changes, when the workspace has `most` that are not expired at `created_at`."""
        ...

    async def of_workspace(self, workspace_id: str, at: int) -> Sequence[Invitation]:
        """Those that are not expired at `at`, by `(created_at, id)`."""
        ...

    async def of_email(self, email: str, at: int) -> Sequence[Invitation]:
        """Those of the address that are not expired at `at`."""
        ...

    async def with_token(self, token_hash: bytes, at: int) -> Invitation | None:
        """The one with that token, if it is not expired at `at`."""
        ...

    async def renew(
        self, workspace_id: str, invitation_id: str, token_hash: bytes, expires_at: int
    ) -> Invitation | None:
        """Another token and another end; the invitation after it. None for an unknown one."""
        ...

    async def remove(self, workspace_id: str, invitation_id: str) -> bool:
        """Forget it; answers whether there was one."""
        ...


class ShareLink(msgspec.Struct, frozen=True):
    """Whoever has the link joins with `role`, until `expires_at` and at most `max_uses` times (None: no such end)."""

    id: str
    workspace_id: str
    role: Role
    creator_id: str
    created_at: int
    expires_at: int | None = None
    max_uses: int | None = None
    uses: int = 0


class ShareLinkStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def add(self, link: ShareLink, token_hash: bytes, *, most: int) -> bool:
        """Keep it under the hash of its token. False, and nothing changes, when the workspace has `most`; those that
        are expired at `created_at` may be deleted."""
        ...

    async def of_workspace(self, workspace_id: str, at: int) -> Sequence[ShareLink]:
        """Those that are not expired at `at`, by `(created_at, id)`."""
        ...

    async def with_token(self, token_hash: bytes, at: int) -> ShareLink | None:
        """The one with that token, if it can be used at `at`."""
        ...

    async def use(self, link_id: str, at: int) -> bool:
        """Count a use, if one is left at `at`: of any number at the same time as many succeed as are left."""
        ...

    async def give_back(self, link_id: str) -> None:
        """The use came to nothing."""
        ...

    async def remove(self, workspace_id: str, link_id: str) -> bool:
        """Forget it; answers whether there was one."""
        ...
