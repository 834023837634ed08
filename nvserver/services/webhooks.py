"""Webhooks: who may have them told what, and where to."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

import msgspec
from msgspec.structs import replace

from nvserver.errors import DeliveryNotFound, PayloadTooLarge, Unavailable, WebhookNotFound
from nvserver.ports.clock import NewId, NowMs, Seconds
from nvserver.ports.oplog import OpLog, WorkspaceIndex
from nvserver.ports.webhooks import Delivery, Webhook, WebhookChange, WebhookStore
from nvserver.services.memberships import require_right
from nvserver.services.sealing import Sealer
from nvserver.services.throttle import Rate, Throttle, Unlimited
from nvserver.services.webhook_delivery import KEPT_DELIVERIES, WebhookDelivery
from nvserver.services.webhook_sender import WebhookSettings

MOST_WEBHOOKS: Final = 20
"""Of a workspace."""
SECRET_PREFIX: Final = "nvw_"  # noqa: S105 - no secret


class MadeWebhook(msgspec.Struct, frozen=True):
    """`secret` signs every delivery; nobody can be told it again."""

    webhook: Webhook
    secret: str


class ToldDelivery(msgspec.Struct, frozen=True):
    """`next_attempt_at`: about when the same is tried again by itself, milliseconds since 1970 UTC; None: it is not."""

    delivery: Delivery
    next_attempt_at: int | None


class WebhookService:
    """All of it needs `workspace:update`."""

    def __init__(
        self,
        store: WebhookStore,
        index: WorkspaceIndex,
        oplog: OpLog,
        delivery: WebhookDelivery,
        redeliveries: Throttle | Unlimited,
        settings: WebhookSettings,
        sealer: Sealer,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        """`redeliveries` counts them by webhook."""
        self._store = store
        self._index = index
        self._oplog = oplog
        self._delivery = delivery
        self._redeliveries = redeliveries
        self._settings = settings
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
            _kinds(kinds),
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

    async def change(
        self, workspace_id: str, user_id: str, webhook_id: str, change: WebhookChange, seq: int
    ) -> Webhook:
        """From the next attempt on. On again it tells what comes after `seq`; its secret and its log stay. Raises also
        `WebhookNotFound`."""
        await self._require(workspace_id, user_id)
        if change.kinds is not None:
            change = replace(change, kinds=_kinds(change.kinds))
        changed = await self._store.change(workspace_id, webhook_id, change, position=seq)
        if changed is None:
            raise WebhookNotFound
        return changed

    async def remove(self, workspace_id: str, user_id: str, webhook_id: str) -> None:
        """Raises also `WebhookNotFound`."""
        await self._require(workspace_id, user_id)
        if not await self._store.remove(workspace_id, webhook_id):
            raise WebhookNotFound

    async def deliveries(
        self, workspace_id: str, user_id: str, webhook_id: str, *, limit: int
    ) -> Sequence[ToldDelivery]:
        """How they went, newest first. Raises also `WebhookNotFound`."""
        webhook = await self._webhook(workspace_id, user_id, webhook_id)
        found = await self._store.deliveries(webhook_id, limit=limit)
        newest = next((one for one in found if one.redelivery_of is None), None)
        return [ToldDelivery(one, self._next(webhook, one) if one is newest else None) for one in found]

    def _next(self, webhook: Webhook, newest: Delivery) -> int | None:
        is_due = webhook.is_active and not newest.is_taken and newest.to_seq > webhook.position
        if not is_due or newest.attempt >= self._settings.tries:
            return None
        return newest.at + newest.milliseconds + round(self._settings.pause_seconds(newest.attempt) * 1000)

    async def redeliver(self, workspace_id: str, user_id: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Tell the same entries again, at once and once, also by a webhook that is off; how that went. How far the
        webhook was told stays. Raises also `WebhookNotFound`, `DeliveryNotFound`, `BaseTooOld` for entries that are no
        longer kept, `RateLimited`."""
        webhook = await self._webhook(workspace_id, user_id, webhook_id)
        known = await self._store.delivery(webhook_id, delivery_id)
        if known is None:
            raise DeliveryNotFound
        self._redeliveries.take(webhook_id)
        logged = await self._oplog.read(workspace_id, known.from_seq - 1, known.to_seq)
        events = self._delivery.events(webhook, logged)
        made = await self._delivery.attempt(webhook, events, known.from_seq, known.to_seq, 1, known.id)
        if made is None:
            raise Unavailable("The secret of this webhook was made under a key that the server no longer has")
        await self._store.record(made, keep=KEPT_DELIVERIES)
        return made

    async def _webhook(self, workspace_id: str, user_id: str, webhook_id: str) -> Webhook:
        found = [one for one in await self.of_workspace(workspace_id, user_id) if one.id == webhook_id]
        if not found:
            raise WebhookNotFound
        return found[0]

    async def _require(self, workspace_id: str, user_id: str) -> None:
        await require_right(self._index, workspace_id, user_id, "workspace:update")


def _kinds(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(given)))


def redelivery_throttle(settings: WebhookSettings, seconds: Seconds, *, is_on: bool) -> Throttle | Unlimited:
    """Of each webhook, at this node."""
    return Throttle(Rate(settings.redeliver_burst, settings.redeliver_seconds), seconds) if is_on else Unlimited()
