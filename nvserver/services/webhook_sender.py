"""Tells webhooks what happened. The op log is their queue: each has its position in it, so nothing is lost by a crash,
a full queue or a receiver that is away, and nothing waits in memory. Delivered at least once, in order."""

from dataclasses import dataclass, field
from typing import Final

import structlog
import trio

from nvserver.errors import BaseTooOld, Unavailable
from nvserver.ports.clock import NowMs
from nvserver.ports.oplog import OpLog
from nvserver.ports.webhooks import Webhook, WebhookStore
from nvserver.services.webhook_delivery import KEPT_DELIVERIES, WebhookDelivery

log = structlog.get_logger()

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
    redeliver_burst: int = field(default=10, metadata={"min": 1})
    """Deliveries of a webhook that people may have sent again at once; one more every `redeliver_seconds`."""
    redeliver_seconds: float = field(default=6.0, metadata={"min": 0.01})
    """How long until one more is allowed."""

    def pause_seconds(self, tries: int) -> float:
        """How long is waited after so many failures of a delivery."""
        return self.retry_seconds * 2.0 ** max(0, tries - 1)


@dataclass(frozen=True, slots=True)
class _Pace:
    """`tries`: how often `url` has failed to take what is its turn. It is not told before `until`, milliseconds since
    1970 UTC; another address is told at once."""

    url: str
    until: int
    tries: int


class WebhookSender:
    """`mark` is called when something became durable; `run` tells until cancelled."""

    def __init__(
        self,
        store: WebhookStore,
        oplog: OpLog,
        delivery: WebhookDelivery,
        settings: WebhookSettings,
        now_ms: NowMs,
    ) -> None:
        self._store = store
        self._oplog = oplog
        self._delivery = delivery
        self._settings = settings
        self._now_ms = now_ms
        self._marked = trio.Event()
        self._paces: dict[str, _Pace] = {}
        """Of webhooks that are being told, or wait to be tried again."""

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
                    pace = self._paces.get(webhook.id)
                    if pace is None or pace.until <= now or pace.url != webhook.url:
                        tries = pace.tries if pace is not None and pace.url == webhook.url else 0
                        self._paces[webhook.id] = _Pace(webhook.url, now + _CLAIM_MS, tries)
                        nursery.start_soon(self._tell, webhook, limiter)
                with trio.move_on_after(self._settings.look_seconds):
                    await self._marked.wait()
                    await trio.sleep(min(_TOGETHER_SECONDS, self._settings.look_seconds))

    async def _tell(self, found: Webhook, limiter: trio.CapacityLimiter) -> None:
        async with limiter:
            try:
                now = self._now_ms()
                webhook = await self._store.claim(found.id, now, now + _CLAIM_MS)
                if webhook is not None:
                    await self._deliver(webhook)
                else:
                    self._wait(found, self._settings.look_seconds)
            except Unavailable as error:
                log.warning("webhook not told", webhook=found.id, reason=error.message)
                self._pause(found)
            except Exception:
                log.exception("webhook not told", webhook=found.id)
                self._pause(found)

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
        first, last = logged[0].seq, logged[-1].seq
        events, attempt = self._delivery.events(webhook, logged), self._tries(webhook) + 1
        delivery = await self._delivery.attempt(webhook, events, first, last, attempt) if events else None
        if delivery is None:
            await self._settle(webhook, last, webhook.failures)
            return
        await self._store.record(delivery, keep=KEPT_DELIVERIES)
        if delivery.is_taken:
            await self._settle(webhook, last, 0)
        elif attempt < self._settings.tries:
            if await self._store.move(webhook, webhook.position, webhook.failures, is_active=True):
                self._pause(webhook, attempt)
            else:
                self._start_anew(webhook)
        else:
            log.warning("webhook delivery given up", webhook=webhook.id, to_seq=last)
            await self._settle(webhook, last, webhook.failures + 1)

    async def _settle(self, webhook: Webhook, position: int, failures: int) -> None:
        """What was told while the webhook was changed counts for nothing: the address that it has now is told too."""
        is_active = failures < self._settings.max_failures
        await self._store.move(webhook, position, failures, is_active=is_active)
        self._start_anew(webhook)

    def _start_anew(self, webhook: Webhook) -> None:
        self._paces.pop(webhook.id, None)
        self._marked.set()  # there may be more

    def _tries(self, webhook: Webhook) -> int:
        """How often its address has failed to take what is its turn."""
        pace = self._paces.get(webhook.id)
        return pace.tries if pace is not None and pace.url == webhook.url else 0

    def _pause(self, webhook: Webhook, tries: int = 0) -> None:
        tries = tries or self._tries(webhook)
        self._wait(webhook, self._settings.pause_seconds(tries), tries)

    def _wait(self, webhook: Webhook, seconds: float, tries: int = 0) -> None:
        until = self._now_ms() + round(seconds * 1000)
        self._paces[webhook.id] = _Pace(webhook.url, until, tries or self._tries(webhook))
