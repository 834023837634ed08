"""Routes of webhooks."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import END, Limit, PageQuery, checked_url, iso_time
from nvserver.errors import (
    BaseTooOld,
    DeliveryNotFound,
    Forbidden,
    PayloadTooLarge,
    WebhookNotFound,
    WorkspaceNotFound,
)
from nvserver.ports.web_client import NoAnswer
from nvserver.ports.webhooks import Delivery, Webhook, WebhookChange
from nvserver.problems import Problem
from nvserver.services.webhooks import WebhookService
from nvserver.workspace.messages import GetWorkspace, WorkspaceView
from nvserver.workspace.router import Router

Url = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=rf"^https?://[A-Za-z0-9.:\[\]-]+(/[!-~]*)?{END}",
        description="an address that begins with http:// or https://",
        extra={"problem": Problem.NOT_A_URL},
    ),
]
Kind = Annotated[str, Meta(max_length=50, pattern=rf"^[a-z]+\.[a-z]+{END}", description="a kind such as note.edited")]
Kinds = Annotated[tuple[Kind, ...], Meta(max_length=50)]


WhyNoAnswer = Literal["NOT_PUBLIC", "NO_CONNECTION", "TOO_SLOW", "NOT_HTTP"]
_REASONS: Final[Mapping[NoAnswer, WhyNoAnswer]] = {
    NoAnswer.NOT_PUBLIC: "NOT_PUBLIC",
    NoAnswer.NO_CONNECTION: "NO_CONNECTION",
    NoAnswer.TOO_SLOW: "TOO_SLOW",
    NoAnswer.NOT_HTTP: "NOT_HTTP",
}


class NewWebhookBody(msgspec.Struct, frozen=True, rename="camel"):
    """`kinds` as in `workspace:update` (`note.created`, `member.added`, …); none: all of them."""

    url: Url
    kinds: Kinds = ()


class WebhookBody(msgspec.Struct, frozen=True, rename="camel"):
    """What is left out stays, and so does the secret. No `kinds`: everything. On again, it starts with what happens
    from now on."""

    url: Url | UnsetType = UNSET
    kinds: Kinds | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class WebhookItem(msgspec.Struct, frozen=True, rename="camel"):
    """`position`: the seq up to which everything was told. `failures`: deliveries given up in a row; after too many it
    is no longer `active`. `secret`, which signs, is told once, when it is made."""

    id: str
    workspace_id: str
    url: str
    kinds: tuple[str, ...]
    creator_id: str
    created_at: str
    position: int
    failures: int
    active: bool
    secret: str | UnsetType = UNSET


class WebhookAnswer(msgspec.Struct, frozen=True, rename="camel"):
    webhook: WebhookItem


class WebhookList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[WebhookItem, ...]
    next_cursor: str | None


class DeliveryQuery(msgspec.Struct, frozen=True, rename="camel"):
    """The newest ones."""

    limit: Limit = 50


class DeliveryItem(msgspec.Struct, frozen=True, rename="camel"):
    """One attempt to tell the entries `fromSeq` to `toSeq`. `status` is the receiver's, null when none answered;
    then `error` says why in English, and `noAnswer` to programs. `redeliveryOf`: the delivery that somebody had sent
    again. `nextAttemptAt`: about when the same is tried again by itself; null: it is not."""

    id: str
    at: str
    from_seq: int
    to_seq: int
    attempt: int
    status: int | None
    error: str | None
    milliseconds: int
    redelivery_of: str | None
    no_answer: WhyNoAnswer | None
    next_attempt_at: str | None


class DeliveryAnswer(msgspec.Struct, frozen=True, rename="camel"):
    delivery: DeliveryItem


class DeliveryList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[DeliveryItem, ...]
    next_cursor: None = None


class WebhookRoutes:
    """`/api/workspaces/{workspaceId}/webhooks`."""

    def __init__(self, webhooks: WebhookService, router: Router) -> None:
        self._webhooks = webhooks
        self._router = router

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/workspaces/{workspaceId}/webhooks"
        one, missing = f"{base}/{{webhookId}}", (WorkspaceNotFound, Forbidden, WebhookNotFound)
        return (
            Route(
                "GET", base, self._list, "The workspace's webhooks, first made first (workspace:update)",
                query=PageQuery, answer=WebhookList, errors=(WorkspaceNotFound, Forbidden),
            ),
            Route(
                "POST", base, self._create, "Have an address told what happens (workspace:update)",
                body=NewWebhookBody, answer=WebhookAnswer, status=201,
                errors=(WorkspaceNotFound, Forbidden, PayloadTooLarge),
                has_secret_answer=True, act="webhook.create", act_fields=("url",),
            ),
            Route(
                "PUT", one, self._update,
                "Change a webhook's address and kinds, switch it off or on again (workspace:update)",
                body=WebhookBody, answer=WebhookAnswer, errors=missing,
                act="webhook.update", act_fields=("url", "active"),
            ),
            Route(
                "DELETE", one, self._remove, "End a webhook (workspace:update)",
                status=204, errors=missing, act="webhook.remove",
            ),
            Route(
                "GET", f"{one}/deliveries", self._deliveries, "How its deliveries went (workspace:update)",
                query=DeliveryQuery, answer=DeliveryList, errors=missing,
            ),
            Route(
                "POST", f"{one}/deliveries/{{deliveryId}}/redeliver", self._redeliver,
                "Deliver it again, at once and once; the answer tells how that went (workspace:update)",
                answer=DeliveryAnswer, status=201, errors=(*missing, DeliveryNotFound, BaseTooOld),
                act="webhook.redeliver",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> WebhookList:
        webhooks = await self._webhooks.of_workspace(_workspace(call), call.user_id)
        page, next_cursor = page_of(webhooks, lambda one: (one.created_at, one.id), call.query)
        return WebhookList(tuple(_item(one) for one in page), next_cursor)

    async def _create(self, call: Call[NewWebhookBody, None]) -> WebhookAnswer:
        workspace_id = _workspace(call)
        seq = await self._seq(workspace_id, call.user_id)
        made = await self._webhooks.create(
            workspace_id, call.user_id, checked_url(call.body.url, "url"), call.body.kinds, seq
        )
        return WebhookAnswer(msgspec.structs.replace(_item(made.webhook), secret=made.secret))

    async def _update(self, call: Call[WebhookBody, None]) -> WebhookAnswer:
        workspace_id, webhook_id = _workspace(call), call.id_param("webhookId", WebhookNotFound)
        seq = await self._seq(workspace_id, call.user_id)
        body = call.body
        change = WebhookChange(
            None if body.url is UNSET else checked_url(body.url, "url"),
            None if body.kinds is UNSET else body.kinds,
            None if body.active is UNSET else body.active,
        )
        return WebhookAnswer(_item(await self._webhooks.change(workspace_id, call.user_id, webhook_id, change, seq)))

    async def _remove(self, call: Call[None, None]) -> None:
        await self._webhooks.remove(_workspace(call), call.user_id, call.id_param("webhookId", WebhookNotFound))

    async def _deliveries(self, call: Call[None, DeliveryQuery]) -> DeliveryList:
        found = await self._webhooks.deliveries(
            _workspace(call), call.user_id, call.id_param("webhookId", WebhookNotFound), limit=call.query.limit
        )
        return DeliveryList(tuple(_delivery(one.delivery, one.next_attempt_at) for one in found))

    async def _redeliver(self, call: Call[None, None]) -> DeliveryAnswer:
        made = await self._webhooks.redeliver(
            _workspace(call),
            call.user_id,
            call.id_param("webhookId", WebhookNotFound),
            call.id_param("deliveryId", DeliveryNotFound),
        )
        return DeliveryAnswer(_delivery(made))

    async def _seq(self, workspace_id: str, user_id: str) -> int:
        view: WorkspaceView = await self._router.call(workspace_id, GetWorkspace(user_id))
        return view.seq


def _workspace(call: Call[Any, Any]) -> str:
    return call.id_param("workspaceId", WorkspaceNotFound)


def _item(webhook: Webhook) -> WebhookItem:
    return WebhookItem(
        webhook.id,
        webhook.workspace_id,
        webhook.url,
        webhook.kinds,
        webhook.creator_id,
        iso_time(webhook.created_at),
        webhook.position,
        webhook.failures,
        webhook.is_active,
    )


def _delivery(one: Delivery, next_attempt_at: int | None = None) -> DeliveryItem:
    no_answer = next((name for words, name in _REASONS.items() if (one.error or "").startswith(words)), None)
    return DeliveryItem(
        one.id,
        iso_time(one.at),
        one.from_seq,
        one.to_seq,
        one.attempt,
        one.status,
        one.error,
        one.milliseconds,
        one.redelivery_of,
        no_answer,
        None if next_attempt_at is None else iso_time(next_attempt_at),
    )
