"""Invitations and share links on SQL: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.invitations import Invitation, ShareLink

_COLUMNS: Final = "id, workspace_id, email, role, inviter_id, created_at, expires_at"

_DROP_EXPIRED: Final = "DELETE FROM invitations WHERE workspace_id = $1 AND expires_at <= $2"

# Holds the row of the workspace's log: of two that add the last one the second finds none left.
_ONE_AT_A_TIME: Final = "UPDATE logs SET head = head WHERE workspace_id = $1"

_ADD: Final = f"""
    INSERT INTO invitations ({_COLUMNS}, hash)
    SELECT $1::bytea, $2::bytea, $3::text, $4::text, $5::bytea, $6::bigint, $7::bigint, $8::bytea
    WHERE (SELECT COUNT(*) FROM invitations WHERE workspace_id = $2 AND email <> $3) < $9
    ON CONFLICT (workspace_id, email) DO UPDATE SET
        id = excluded.id, role = excluded.role, inviter_id = excluded.inviter_id,
        created_at = excluded.created_at, expires_at = excluded.expires_at, hash = excluded.hash
    RETURNING id"""

_OF_WORKSPACE: Final = f"""
    SELECT {_COLUMNS} FROM invitations WHERE workspace_id = $1 AND expires_at > $2 ORDER BY created_at, id"""

_OF_EMAIL: Final = f"SELECT {_COLUMNS} FROM invitations WHERE email = $1 AND expires_at > $2 ORDER BY created_at, id"

_WITH_TOKEN: Final = f"SELECT {_COLUMNS} FROM invitations WHERE hash = $1 AND expires_at > $2"

_RENEW: Final = f"""
    UPDATE invitations SET hash = $3, expires_at = $4 WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}"""

_REMOVE: Final = "DELETE FROM invitations WHERE workspace_id = $1 AND id = $2 RETURNING id"

_LINK_COLUMNS: Final = "id, workspace_id, role, creator_id, created_at, expires_at, max_uses, uses"

_DROP_EXPIRED_LINKS: Final = "DELETE FROM share_links WHERE workspace_id = $1 AND expires_at <= $2"

_ADD_LINK: Final = f"""
    INSERT INTO share_links ({_LINK_COLUMNS}, hash)
    SELECT $1::bytea, $2::bytea, $3::text, $4::bytea, $5::bigint, $6::bigint, $7::bigint, 0, $8::bytea
    WHERE (SELECT COUNT(*) FROM share_links WHERE workspace_id = $2) < $9 RETURNING id"""

_LINKS: Final = f"""
    SELECT {_LINK_COLUMNS} FROM share_links
    WHERE workspace_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at, id"""

_IS_USABLE: Final = "(expires_at IS NULL OR expires_at > $2) AND (max_uses IS NULL OR uses < max_uses)"

_LINK_WITH_TOKEN: Final = f"SELECT {_LINK_COLUMNS} FROM share_links WHERE hash = $1 AND {_IS_USABLE}"

_USE: Final = f"UPDATE share_links SET uses = uses + 1 WHERE id = $1 AND {_IS_USABLE} RETURNING id"

_GIVE_BACK: Final = "UPDATE share_links SET uses = uses - 1 WHERE id = $1 AND uses > 0"

_REMOVE_LINK: Final = "DELETE FROM share_links WHERE workspace_id = $1 AND id = $2 RETURNING id"


class SqlInvitations:
    """Fills the port `InvitationStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, invitation: Invitation, token_hash: bytes, *, most: int) -> bool:
        """See `InvitationStore.add`."""
        workspace = id_bytes(invitation.workspace_id)
        row = (
            id_bytes(invitation.id),
            workspace,
            invitation.email,
            invitation.role,
            id_bytes(invitation.inviter_id),
            invitation.created_at,
            invitation.expires_at,
            token_hash,
            most,
        )
        *_, rows = await self._database.write(
            Statement(_ONE_AT_A_TIME, (workspace,)),
            Statement(_DROP_EXPIRED, (workspace, invitation.created_at)),
            Statement(_ADD, row),
        )
        return bool(rows)

    async def of_workspace(self, workspace_id: str, at: int) -> Sequence[Invitation]:
        """See `InvitationStore.of_workspace`."""
        rows = await self._database.read(Statement(_OF_WORKSPACE, (id_bytes(workspace_id), at)))
        return [_invitation(row) for row in rows]

    async def of_email(self, email: str, at: int) -> Sequence[Invitation]:
        """See `InvitationStore.of_email`."""
        return [_invitation(row) for row in await self._database.read(Statement(_OF_EMAIL, (email, at)))]

    async def with_token(self, token_hash: bytes, at: int) -> Invitation | None:
        """See `InvitationStore.with_token`."""
        rows = await self._database.read(Statement(_WITH_TOKEN, (token_hash, at)))
        return _invitation(rows[0]) if rows else None

    async def renew(
        self, workspace_id: str, invitation_id: str, token_hash: bytes, expires_at: int
    ) -> Invitation | None:
        """See `InvitationStore.renew`."""
        arguments = (id_bytes(workspace_id), id_bytes(invitation_id), token_hash, expires_at)
        (rows,) = await self._database.write(Statement(_RENEW, arguments))
        return _invitation(rows[0]) if rows else None

    async def remove(self, workspace_id: str, invitation_id: str) -> bool:
        """See `InvitationStore.remove`."""
        (rows,) = await self._database.write(Statement(_REMOVE, (id_bytes(workspace_id), id_bytes(invitation_id))))
        return bool(rows)


class SqlShareLinks:
    """Fills the port `ShareLinkStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, link: ShareLink, token_hash: bytes, *, most: int) -> bool:
        """See `ShareLinkStore.add`."""
        workspace = id_bytes(link.workspace_id)
        row = (
            id_bytes(link.id),
            workspace,
            link.role,
            id_bytes(link.creator_id),
            link.created_at,
            link.expires_at,
            link.max_uses,
            token_hash,
            most,
        )
        *_, rows = await self._database.write(
            Statement(_ONE_AT_A_TIME, (workspace,)),
            Statement(_DROP_EXPIRED_LINKS, (workspace, link.created_at)),
            Statement(_ADD_LINK, row),
        )
        return bool(rows)

    async def of_workspace(self, workspace_id: str, at: int) -> Sequence[ShareLink]:
        """See `ShareLinkStore.of_workspace`."""
        return [_link(row) for row in await self._database.read(Statement(_LINKS, (id_bytes(workspace_id), at)))]

    async def with_token(self, token_hash: bytes, at: int) -> ShareLink | None:
        """See `ShareLinkStore.with_token`."""
        rows = await self._database.read(Statement(_LINK_WITH_TOKEN, (token_hash, at)))
        return _link(rows[0]) if rows else None

    async def use(self, link_id: str, at: int) -> bool:
        """See `ShareLinkStore.use`."""
        (rows,) = await self._database.write(Statement(_USE, (id_bytes(link_id), at)))
        return bool(rows)

    async def give_back(self, link_id: str) -> None:
        """See `ShareLinkStore.give_back`."""
        await self._database.write(Statement(_GIVE_BACK, (id_bytes(link_id),)))

    async def remove(self, workspace_id: str, link_id: str) -> bool:
        """See `ShareLinkStore.remove`."""
        (rows,) = await self._database.write(Statement(_REMOVE_LINK, (id_bytes(workspace_id), id_bytes(link_id))))
        return bool(rows)


def _invitation(row: Row) -> Invitation:
    invitation_id, workspace_id, email, role, inviter_id, created_at, expires_at = row
    return Invitation(
        id_text(invitation_id), id_text(workspace_id), email, role, id_text(inviter_id), created_at, expires_at
    )


def _link(row: Row) -> ShareLink:
    link_id, workspace_id, role, creator_id, *rest = row
    return ShareLink(id_text(link_id), id_text(workspace_id), role, id_text(creator_id), *rest)
