"""One delivery to a webhook: what is told of a part of the log, and an attempt to tell it."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
import trio

from nvserver.core.changes import Entry, LoggedEntry, NoteRedacted, decode_entry
from nvserver.errors import Unavailable
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.web_client import WebClient
from nvserver.ports.webhooks import Delivery, Webhook
from nvserver.services.sealing import Sealer

View: TypeAlias = Callable[[str, Entry], Mapping[str, Any]]
"""The entry of the workspace as receivers see it; `kind` names what happened."""

KEPT_DELIVERIES: Final = 100
"""In a webhook's log."""


class WebhookDelivery:
    """Signed with the webhook's own secret."""

    def __init__(self, client: WebClient, sealer: Sealer, view: View, now_ms: NowMs, new_id: NewId) -> None:
        self._client = client
        self._sealer = sealer
        self._view = view
        self._now_ms = now_ms
        self._new_id = new_id

    def events(self, webhook: Webhook, logged: Sequence[LoggedEntry]) -> list[Mapping[str, Any]]:
        """What the webhook is told of these entries."""
        entries = [decode_entry(entry) for entry in logged]
        events = [self._view(webhook.workspace_id, one) for one in entries if not isinstance(one.change, NoteRedacted)]
        return _together([event for event in events if not webhook.kinds or event["kind"] in webhook.kinds])

    async def attempt(
        self,
        webhook: Webhook,
        events: Sequence[Mapping[str, Any]],
        first: int,
        last: int,
        attempt: int,
        redelivery_of: str | None = None,
    ) -> Delivery | None:
        """Tell the events of the entries `first` to `last`, and how that went. None: the secret was sealed under a key
        that is no longer ours, and nothing was sent."""
        secret = self._sealer.open(webhook.sealed, webhook.id)
        if secret is None:
            return None
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
        if redelivery_of is not None:
            headers["X-NoteVault-Redelivery-Of"] = redelivery_of
        started, status, error = trio.current_time(), None, None
        try:
            status = (await self._client.post(webhook.url, headers, body)).status
        except Unavailable as unavailable:
            error = unavailable.message
        took = round((trio.current_time() - started) * 1000)
        return Delivery(delivery_id, webhook.id, at, first, last, attempt, status, error, took, redelivery_of)


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
