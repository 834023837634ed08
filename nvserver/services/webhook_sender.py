"""Tells webhooks what happened. The op log is their queue: each has its position in it, so nothing is lost by a crash,
a full queue or a receiver that is away, and nothing waits in memory. Delivered at least once, in order."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import msgspec
import structlog
import trio

from nvserver.core.changes import Entry, decode_entry
from nvserver.errors import BaseTooOld, Unavailable
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.oplog import OpLog
from nvserver.ports.web_client import WebClient
from nvserver.ports.webhooks import Delivery, Webhook, WebhookStore
from nvserver.services.sealing import Sealer

View: TypeAlias = Callable[[str, Entry], Mapping[str, Any]]
"""The entry of the workspace as receivers see it; `kind` names what happened."""

log = structlog.get_logger()

KEPT_DELIVERIES: Final = 100
"""In a webhook's log."""
_ENTRIES_AT_ONCE: Final = 100
_WEBHOOKS_AT_ONCE: Final = 100
_CLAIM_MS: Final = 120_000
_TOGETHER_SECONDS: Final = 1.0
"""What happens within it is told together, and the store is asked no oftener."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Section `[webhooks]`."""

    tries: int = field(default=6, metadata={"min": 1, "max": 20})
    """How often a delivery is tried before it is given up."""
    retry_seconds: float = field(default=10.0, metadata={"min": 0.01, "max": 3600})
    """The pause after the first failure; each further one is twice as long."""
    max_failures: int = field(default=10, metadata={"min": 1})
    """After so many deliveries given up in a row the webhook is switched off."""
    look_seconds: float = field(default=5.0, metadata={"min": 0.05, "max": 600})
    """How often is looked for what other nodes left."""
    at_once: int = field(default=8, metadata={"min": 1, "max": 100})
    """Receivers that are told at the same time."""


class WebhookSender:
    """`mark` is called when something became durable; `run` tells until cancelled."""

    def __init__(
        self,
        store: WebhookStore,
        oplog: OpLog,
        client: WebClient,
        sealer: Sealer,
        view: View,
        settings: WebhookSettings,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._oplog = oplog
        self._client = client
        self._sealer = sealer
        self._view = view
        self._settings = settings
        self._now_ms = now_ms
        self._new_id = new_id
        self._marked = trio.Event()
        self._busy: dict[str, int] = {}
        """Webhooks that are being told, or wait to be tried again until that time."""
        self._tries: dict[str, int] = {}

    def mark(self, _workspace_id: str) -> None:
        """Something happened somewhere. Never blocks."""
        self._marked.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        limiter = trio.CapacityLimiter(self._settings.at_once)
        async with trio.open_nursery() as nursery:
            while True:
                self._marked = trio.Event()
                try:
                    behind = await self._store.behind(limit=_WEBHOOKS_AT_ONCE)
                except Unavailable as error:
                    log.warning("webhooks not looked at", reason=error.message)
                    behind = []
                now = self._now_ms()
                for webhook in behind:
                    if self._busy.get(webhook.id, 0) <= now:
                        self._busy[webhook.id] = now + _CLAIM_MS
                        nursery.start_soon(self._tell, webhook, limiter)
                with trio.move_on_after(self._settings.look_seconds):
                    await self._marked.wait()
                    await trio.sleep(min(_TOGETHER_SECONDS, self._settings.look_seconds))

    async def _tell(self, webhook: Webhook, limiter: trio.CapacityLimiter) -> None:
        async with limiter:
            try:
                now = self._now_ms()
                if await self._store.claim(webhook.id, now, now + _CLAIM_MS):
                    await self._deliver(webhook)
                else:
                    self._busy[webhook.id] = now + round(self._settings.look_seconds * 1000)
            except Unavailable as error:
                log.warning("webhook not told", webhook=webhook.id, reason=error.message)
                self._pause(webhook)
            except Exception:
                log.exception("webhook not told", webhook=webhook.id)
                self._pause(webhook)

    async def _deliver(self, webhook: Webhook) -> None:
        try:
            logged = await self._oplog.read(webhook.workspace_id, webhook.position, limit=_ENTRIES_AT_ONCE)
        except BaseTooOld:
            horizon = await self._oplog.horizon(webhook.workspace_id)
            log.warning("webhook told of nothing before the horizon", webhook=webhook.id, horizon=horizon)
            await self._settle(webhook, max(horizon, webhook.position), webhook.failures)
            return
        if not logged:
            await self._settle(webhook, webhook.position, webhook.failures)
            return
        entries = [decode_entry(entry) for entry in logged]
        last = entries[-1].seq
        events = [self._view(webhook.workspace_id, entry) for entry in entries]
        events = _together([event for event in events if not webhook.kinds or event["kind"] in webhook.kinds])
        secret = self._sealer.open(webhook.sealed, webhook.id)
        if not events or secret is None:
            await self._settle(webhook, last, webhook.failures)
            return
        attempt = self._tries.get(webhook.id, 0) + 1
        delivery = await self._attempt(webhook, secret, events, entries[0].seq, last, attempt)
        await self._store.record(delivery, keep=KEPT_DELIVERIES)
        if delivery.status is not None and 200 <= delivery.status < 300:
            await self._settle(webhook, last, 0)
        elif attempt < self._settings.tries:
            self._tries[webhook.id] = attempt
            await self._store.move(webhook.id, webhook.position, webhook.failures, is_active=True)
            self._pause(webhook)
        else:
            log.warning("webhook delivery given up", webhook=webhook.id, to_seq=last)
            await self._settle(webhook, last, webhook.failures + 1)

    async def _attempt(
        self, webhook: Webhook, secret: bytes, events: Sequence[Mapping[str, Any]], first: int, last: int, attempt: int
    ) -> Delivery:
        delivery_id, at = self._new_id(), self._now_ms()
        body = msgspec.json.encode(
            {
                "id": f"{webhook.id}:{last}",
                "webhookId": webhook.id,
                "workspaceId": webhook.workspace_id,
                "fromSeq": first,
                "toSeq": last,
                "events": events,
            }
        )
        headers = {
            "Content-Type": "application/json",
            "X-NoteVault-Delivery": delivery_id,
            "X-NoteVault-Signature": signature(secret, at // 1000, body),
        }
        started, status, error = trio.current_time(), None, None
        try:
            status = (await self._client.post(webhook.url, headers, body)).status
        except Unavailable as unavailable:
            error = unavailable.message
        took = round((trio.current_time() - started) * 1000)
        return Delivery(delivery_id, webhook.id, at, first, last, attempt, status, error, took)

    async def _settle(self, webhook: Webhook, position: int, failures: int) -> None:
        is_active = failures < self._settings.max_failures
        self._tries.pop(webhook.id, None)
        await self._store.move(webhook.id, position, failures, is_active=is_active)
        self._busy.pop(webhook.id, None)
        self._marked.set()  # there may be more

    def _pause(self, webhook: Webhook) -> None:
        seconds = self._settings.retry_seconds * 2 ** max(0, self._tries.get(webhook.id, 1) - 1)
        self._busy[webhook.id] = self._now_ms() + round(seconds * 1000)


def signature(secret: bytes, seconds: int, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`, so that a delivery caught on its way cannot be sent again
    later."""
    return f"t={seconds},v1={hmac.digest(secret, f'{seconds}.'.encode() + body, hashlib.sha256).hex()}"


def _together(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a note's edits that stand together only the last."""
    kept: list[Mapping[str, Any]] = []
    for event in events:
        if kept and event["kind"] == "note.edited" == kept[-1]["kind"] and event["noteId"] == kept[-1]["noteId"]:
            kept.pop()
        kept.append(event)
    return kept
