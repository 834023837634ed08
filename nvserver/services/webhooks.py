"""Webhooks: who may have them told what, and where to."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

import msgspec

from nvserver.errors import PayloadTooLarge, WebhookNotFound
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.ports.webhooks import Delivery, Webhook, WebhookStore
from nvserver.services.memberships import require_right
from nvserver.services.sealing import Sealer

MOST_WEBHOOKS: Final = 20
"""Of a workspace."""
SECRET_PREFIX: Final = "nvw_"  # noqa: S105 - no secret


class MadeWebhook(msgspec.Struct, frozen=True):
    """`secret` signs every delivery; nobody can be told it again."""

    webhook: Webhook
    secret: str


class WebhookService:
    """All of it needs `workspace:update`."""

    def __init__(
        self,
        store: WebhookStore,
        index: WorkspaceIndex,
        sealer: Sealer,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._index = index
        self._sealer = sealer
        self._now_ms = now_ms
        self._new_id = new_id

    async def create(self, workspace_id: str, user_id: str, url: str, kinds: Sequence[str], seq: int) -> MadeWebhook:
        """Tell what comes after `seq`. Raises `WorkspaceNotFound`, `Forbidden`, `PayloadTooLarge`."""
        await self._require(workspace_id, user_id)
        secret, webhook_id = SECRET_PREFIX + token_urlsafe(32), self._new_id()
        webhook = Webhook(
            webhook_id,
            workspace_id,
            url,
            tuple(sorted(set(kinds))),
            user_id,
            self._now_ms(),
            self._sealer.seal(secret.encode(), webhook_id),
            seq,
        )
        if not await self._store.add(webhook, most=MOST_WEBHOOKS):
            raise PayloadTooLarge(f"A workspace has at most {MOST_WEBHOOKS} webhooks")
        return MadeWebhook(webhook, secret)

    async def of_workspace(self, workspace_id: str, user_id: str) -> Sequence[Webhook]:
        """Raises `WorkspaceNotFound`, `Forbidden`."""
        await self._require(workspace_id, user_id)
        return await self._store.of_workspace(workspace_id)

    async def set_active(self, workspace_id: str, user_id: str, webhook_id: str, *, is_active: bool, seq: int) -> None:
        """On again it tells what comes after `seq`. Raises also `WebhookNotFound`."""
        await self._require(workspace_id, user_id)
        if not await self._store.set_active(workspace_id, webhook_id, is_active=is_active, position=seq):
            raise WebhookNotFound

    async def remove(self, workspace_id: str, user_id: str, webhook_id: str) -> None:
        """Raises also `WebhookNotFound`."""
        await self._require(workspace_id, user_id)
        if not await self._store.remove(workspace_id, webhook_id):
            raise WebhookNotFound

    async def deliveries(self, workspace_id: str, user_id: str, webhook_id: str, *, limit: int) -> Sequence[Delivery]:
        """How they went, newest first. Raises also `WebhookNotFound`."""
        if not any(one.id == webhook_id for one in await self.of_workspace(workspace_id, user_id)):
            raise WebhookNotFound
        return await self._store.deliveries(webhook_id, limit=limit)

    async def _require(self, workspace_id: str, user_id: str) -> None:
        await require_right(self._index, workspace_id, user_id, "workspace:update")
