"""Where webhooks are kept, how far each has been told, and how its deliveries went."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Webhook(msgspec.Struct, frozen=True):
    """What happens in the workspace is told to `url`: the kinds given, or all. `sealed` is the secret that signs,
    encrypted. `position` is the seq up to which everything was delivered or given up. Times are milliseconds since 1970
    UTC."""

    id: str
    workspace_id: str
    url: str
    kinds: tuple[str, ...]
    creator_id: str
    created_at: int
    sealed: bytes
    position: int
    failures: int = 0
    """Deliveries given up in a row."""
    is_active: bool = True


class WebhookChange(msgspec.Struct, frozen=True):
    """What changes of a webhook; None stays."""

    url: str | None = None
    kinds: tuple[str, ...] | None = None
    is_active: bool | None = None


class Delivery(msgspec.Struct, frozen=True):
    """One attempt: entries `from_seq` to `to_seq`. `status` is the receiver's, None when none answered; then `error`
    says why. `redelivery_of`: the delivery that somebody had sent again."""

    id: str
    webhook_id: str
    at: int
    from_seq: int
    to_seq: int
    attempt: int
    status: int | None
    error: str | None
    milliseconds: int
    redelivery_of: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


class WebhookStore(Protocol):
    """Durable when a call returns. Every method raises `Unavailable`."""

    async def add(self, webhook: Webhook, *, most: int) -> bool:
        """False, and nothing is kept, when the workspace has `most`."""
        ...

    async def of_workspace(self, workspace_id: str) -> Sequence[Webhook]:
        """By `(created_at, id)`."""
        ...

    async def behind(self, *, limit: int) -> Sequence[Webhook]:
        """Active ones whose workspace is in the index and has entries after their position, at most `limit`."""
        ...

    async def claim(self, webhook_id: str, at: int, until: int) -> Webhook | None:
        """Of any number of nodes one may tell this webhook's receiver until `until`: it gets the webhook as it is now.
        A claim before is over at `at`."""
        ...

    async def record(self, delivery: Delivery, *, keep: int) -> None:
        """Add to the webhook's log, whose newest `keep` stay."""
        ...

    async def move(self, told: Webhook, position: int, failures: int, *, is_active: bool) -> bool:
        """How far the webhook has been told, as it was claimed; lets go of the claim. False, and nothing else changes,
        when it has another address or position by now, other failures, or is off: that was of a webhook which it no
        longer is."""
        ...

    async def change(
        self, workspace_id: str, webhook_id: str, change: WebhookChange, *, position: int
    ) -> Webhook | None:
        """The webhook as it is then, or None if there is none. On again it starts at `position`: one that was on keeps
        its own. Of another address, and of one switched on or off, the failures before do not count."""
        ...

    async def deliveries(self, webhook_id: str, *, limit: int) -> Sequence[Delivery]:
        """Newest first."""
        ...

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """That one of the webhook's log."""
        ...

    async def remove(self, workspace_id: str, webhook_id: str) -> bool:
        """Forget it and its log; answers whether there was one."""
        ...
