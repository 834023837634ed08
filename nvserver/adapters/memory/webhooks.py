"""Webhooks in memory."""

from collections.abc import Sequence

import trio
from msgspec.structs import replace

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.ports.webhooks import Delivery, Webhook, WebhookChange


class MemoryWebhooks:
    """Fills the port `WebhookStore`."""

    def __init__(self, oplog: MemoryOpLog, index: MemoryIndex) -> None:
        self._oplog = oplog
        self._index = index
        self._webhooks: dict[str, Webhook] = {}
        self._claims: dict[str, int] = {}
        self._deliveries: list[Delivery] = []

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._webhooks = {key: one for key, one in self._webhooks.items() if one.creator_id != user_id}
        self._deliveries = [one for one in self._deliveries if one.webhook_id in self._webhooks]

    async def add(self, webhook: Webhook, *, most: int) -> bool:
        """See `WebhookStore.add`."""
        if len(await self.of_workspace(webhook.workspace_id)) >= most:
            return False
        self._webhooks[webhook.id] = webhook
        return True

    async def of_workspace(self, workspace_id: str) -> Sequence[Webhook]:
        """See `WebhookStore.of_workspace`."""
        await trio.lowlevel.checkpoint()
        found = [one for one in self._webhooks.values() if one.workspace_id == workspace_id]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    async def behind(self, *, limit: int) -> Sequence[Webhook]:
        """See `WebhookStore.behind`."""
        await trio.lowlevel.checkpoint()
        found = [
            one
            for one in self._webhooks.values()
            if one.is_active
            and one.workspace_id in self._index.infos
            and self._oplog.logs[one.workspace_id].head > one.position
        ]
        return sorted(found, key=lambda one: one.id)[:limit]

    async def claim(self, webhook_id: str, at: int, until: int) -> Webhook | None:
        """See `WebhookStore.claim`."""
        await trio.lowlevel.checkpoint()
        if webhook_id not in self._webhooks or self._claims.get(webhook_id, 0) > at:
            return None
        self._claims[webhook_id] = until
        return self._webhooks[webhook_id]

    async def record(self, delivery: Delivery, *, keep: int) -> None:
        """See `WebhookStore.record`."""
        await trio.lowlevel.checkpoint()
        if delivery.webhook_id not in self._webhooks:
            return
        self._deliveries.append(delivery)
        mine = await self.deliveries(delivery.webhook_id, limit=keep)
        others = [one for one in self._deliveries if one.webhook_id != delivery.webhook_id]
        self._deliveries = [*others, *mine]

    async def move(self, told: Webhook, position: int, failures: int, *, is_active: bool) -> bool:
        """See `WebhookStore.move`."""
        await trio.lowlevel.checkpoint()
        self._claims.pop(told.id, None)
        now = self._webhooks.get(told.id)
        if now is None or not now.is_active or _progress(now) != _progress(told):
            return False
        self._webhooks[told.id] = replace(now, position=position, failures=failures, is_active=is_active)
        return True

    async def change(
        self, workspace_id: str, webhook_id: str, change: WebhookChange, *, position: int
    ) -> Webhook | None:
        """See `WebhookStore.change`."""
        await trio.lowlevel.checkpoint()
        old = self._webhooks.get(webhook_id)
        if old is None or old.workspace_id != workspace_id:
            return None
        is_same = change.url in (None, old.url) and change.is_active is None
        new = replace(
            old,
            url=old.url if change.url is None else change.url,
            kinds=old.kinds if change.kinds is None else change.kinds,
            is_active=old.is_active if change.is_active is None else change.is_active,
            position=position if change.is_active and not old.is_active else old.position,
            failures=old.failures if is_same else 0,
        )
        self._webhooks[webhook_id] = new
        return new

    async def deliveries(self, webhook_id: str, *, limit: int) -> Sequence[Delivery]:
        """See `WebhookStore.deliveries`."""
        await trio.lowlevel.checkpoint()
        mine = [one for one in self._deliveries if one.webhook_id == webhook_id]
        return sorted(mine, key=lambda one: (one.at, one.id), reverse=True)[:limit]

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """See `WebhookStore.delivery`."""
        await trio.lowlevel.checkpoint()
        mine = (one for one in self._deliveries if one.webhook_id == webhook_id)
        return next((one for one in mine if one.id == delivery_id), None)

    async def remove(self, workspace_id: str, webhook_id: str) -> bool:
        """See `WebhookStore.remove`."""
        await trio.lowlevel.checkpoint()
        webhook = self._webhooks.get(webhook_id)
        if webhook is None or webhook.workspace_id != workspace_id:
            return False
        del self._webhooks[webhook_id]
        self._deliveries = [one for one in self._deliveries if one.webhook_id != webhook_id]
        return True


def _progress(webhook: Webhook) -> tuple[str, int, int]:
    return webhook.url, webhook.position, webhook.failures
