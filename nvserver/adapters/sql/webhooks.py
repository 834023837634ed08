"""Webhooks on SQL: one text for both databases."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Database, Row, Statement
from nvserver.adapters.sql.ids import id_bytes, id_text
from nvserver.ports.webhooks import Delivery, Webhook, WebhookChange

_COLUMNS: Final = "id, workspace_id, url, kinds, creator_id, created_at, secret, position, failures, is_active"

_ALL: Final = (
    "h.id, h.workspace_id, h.url, h.kinds, h.creator_id, h.created_at, h.secret, h.position, h.failures, h.is_active"
)

# Holds the row of the workspace's log: of two that add the last one the second finds none left.
_ONE_AT_A_TIME: Final = "UPDATE logs SET head = head WHERE workspace_id = $1"

_ADD: Final = f"""
    INSERT INTO webhooks ({_COLUMNS}, claimed_until)
    SELECT $1::bytea, $2::bytea, $3::text, $4::text, $5::bytea, $6::bigint, $7::bytea, $8::bigint, 0, TRUE, 0
    WHERE (SELECT COUNT(*) FROM webhooks WHERE workspace_id = $2) < $9 RETURNING id"""

_OF_WORKSPACE: Final = f"SELECT {_COLUMNS} FROM webhooks WHERE workspace_id = $1 ORDER BY created_at, id"

_BEHIND: Final = f"""
    SELECT {_ALL} FROM webhooks h JOIN logs l ON l.workspace_id = h.workspace_id
    JOIN workspaces w ON w.id = h.workspace_id
    WHERE h.is_active AND l.head > h.position ORDER BY h.id LIMIT $1"""

_CLAIM: Final = f"UPDATE webhooks SET claimed_until = $3 WHERE id = $1 AND claimed_until <= $2 RETURNING {_COLUMNS}"

_DELIVERY: Final = "id, webhook_id, at, from_seq, to_seq, attempt, status, error, milliseconds, redelivery_of"

_RECORD: Final = f"""
    INSERT INTO webhook_deliveries ({_DELIVERY})
    SELECT $1::bytea, $2::bytea, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::text, $9::bigint,
        $10::bytea
    WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = $2)"""

_CUT: Final = """
    DELETE FROM webhook_deliveries WHERE webhook_id = $1 AND id NOT IN (
        SELECT id FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY at DESC, id DESC LIMIT $2)"""

_MOVE: Final = """
    UPDATE webhooks SET position = $2, failures = $3, is_active = $4
    WHERE id = $1 AND is_active AND url = $5 AND position = $6 AND failures = $7 RETURNING id"""

_LET_GO: Final = "UPDATE webhooks SET claimed_until = 0 WHERE id = $1"

_CHANGE: Final = f"""
    UPDATE webhooks SET
        url = COALESCE($3::text, url), kinds = COALESCE($4::text, kinds), is_active = COALESCE($5::boolean, is_active),
        position = CASE WHEN $5::boolean AND NOT is_active THEN $6::bigint ELSE position END,
        failures = CASE WHEN COALESCE($3::text, url) = url AND $5::boolean IS NULL THEN failures ELSE 0 END
    WHERE workspace_id = $1 AND id = $2 RETURNING {_COLUMNS}"""

_DELIVERIES: Final = f"""
    SELECT {_DELIVERY}
    FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY at DESC, id DESC LIMIT $2"""

_ONE_DELIVERY: Final = f"SELECT {_DELIVERY} FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2"

_REMOVE: Final = "DELETE FROM webhooks WHERE workspace_id = $1 AND id = $2 RETURNING id"

_DROP_LOG: Final = "DELETE FROM webhook_deliveries WHERE webhook_id NOT IN (SELECT id FROM webhooks)"


class SqlWebhooks:
    """Fills the port `WebhookStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, webhook: Webhook, *, most: int) -> bool:
        """See `WebhookStore.add`."""
        workspace = id_bytes(webhook.workspace_id)
        row = (
            id_bytes(webhook.id),
            workspace,
            webhook.url,
            " ".join(webhook.kinds),
            id_bytes(webhook.creator_id),
            webhook.created_at,
            webhook.sealed,
            webhook.position,
            most,
        )
        _, rows = await self._database.write(Statement(_ONE_AT_A_TIME, (workspace,)), Statement(_ADD, row))
        return bool(rows)

    async def of_workspace(self, workspace_id: str) -> Sequence[Webhook]:
        """See `WebhookStore.of_workspace`."""
        rows = await self._database.read(Statement(_OF_WORKSPACE, (id_bytes(workspace_id),)))
        return [_webhook(row) for row in rows]

    async def behind(self, *, limit: int) -> Sequence[Webhook]:
        """See `WebhookStore.behind`."""
        return [_webhook(row) for row in await self._database.read(Statement(_BEHIND, (limit,)))]

    async def claim(self, webhook_id: str, at: int, until: int) -> Webhook | None:
        """See `WebhookStore.claim`."""
        (rows,) = await self._database.write(Statement(_CLAIM, (id_bytes(webhook_id), at, until)))
        return _webhook(rows[0]) if rows else None

    async def record(self, delivery: Delivery, *, keep: int) -> None:
        """See `WebhookStore.record`."""
        webhook = id_bytes(delivery.webhook_id)
        row = (
            id_bytes(delivery.id),
            webhook,
            delivery.at,
            delivery.from_seq,
            delivery.to_seq,
            delivery.attempt,
            delivery.status,
            delivery.error,
            delivery.milliseconds,
            None if delivery.redelivery_of is None else id_bytes(delivery.redelivery_of),
        )
        await self._database.write(Statement(_RECORD, row), Statement(_CUT, (webhook, keep)))

    async def move(self, told: Webhook, position: int, failures: int, *, is_active: bool) -> bool:
        """See `WebhookStore.move`."""
        webhook = id_bytes(told.id)
        row = (webhook, position, failures, is_active, told.url, told.position, told.failures)
        rows, _ = await self._database.write(Statement(_MOVE, row), Statement(_LET_GO, (webhook,)))
        return bool(rows)

    async def change(
        self, workspace_id: str, webhook_id: str, change: WebhookChange, *, position: int
    ) -> Webhook | None:
        """See `WebhookStore.change`."""
        kinds = None if change.kinds is None else " ".join(change.kinds)
        arguments = (id_bytes(workspace_id), id_bytes(webhook_id), change.url, kinds, change.is_active, position)
        (rows,) = await self._database.write(Statement(_CHANGE, arguments))
        return _webhook(rows[0]) if rows else None

    async def deliveries(self, webhook_id: str, *, limit: int) -> Sequence[Delivery]:
        """See `WebhookStore.deliveries`."""
        rows = await self._database.read(Statement(_DELIVERIES, (id_bytes(webhook_id), limit)))
        return [_delivery(row) for row in rows]

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """See `WebhookStore.delivery`."""
        rows = await self._database.read(Statement(_ONE_DELIVERY, (id_bytes(webhook_id), id_bytes(delivery_id))))
        return _delivery(rows[0]) if rows else None

    async def remove(self, workspace_id: str, webhook_id: str) -> bool:
        """See `WebhookStore.remove`."""
        arguments = (id_bytes(workspace_id), id_bytes(webhook_id))
        rows, _ = await self._database.write(Statement(_REMOVE, arguments), Statement(_DROP_LOG))
        return bool(rows)


def _delivery(row: Row) -> Delivery:
    delivery_id, webhook_id, at, first, last, attempt, status, error, took, redelivery_of = row
    again = None if redelivery_of is None else id_text(redelivery_of)
    return Delivery(id_text(delivery_id), id_text(webhook_id), at, first, last, attempt, status, error, took, again)


def _webhook(row: Row) -> Webhook:
    webhook_id, workspace_id, url, kinds, creator_id, created_at, sealed, position, failures, is_active = row
    return Webhook(
        id_text(webhook_id),
        id_text(workspace_id),
        url,
        tuple(kinds.split()),
        id_text(creator_id),
        created_at,
        bytes(sealed),
        position,
        failures,
        bool(is_active),
    )
