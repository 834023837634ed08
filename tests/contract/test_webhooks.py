"""The contract of webhooks."""

import random
from typing import Any

import trio
from msgspec.structs import replace

from nvserver.ports.store import Store
from nvserver.ports.webhooks import Delivery, Webhook, WebhookChange
from tests.contract.values import append_one, new_id, new_workspace

NOW = 1_000_000


def webhook(rng: random.Random, workspace_id: str, **fields: Any) -> Webhook:
    made = Webhook(new_id(rng), workspace_id, "https://x.test/", ("note.created",), new_id(rng), NOW, b"sealed", 1)
    return replace(made, **fields)


async def test_webhooks_are_kept_by_workspace_and_no_more_than_allowed(store: Store, rng: random.Random) -> None:
    (here, _), (there, _) = await new_workspace(rng, store), await new_workspace(rng, store)
    first, second = webhook(rng, here), webhook(rng, here, created_at=NOW + 1, kinds=())
    for one in (first, second):
        assert await store.webhooks.add(one, most=2)
    assert not await store.webhooks.add(webhook(rng, here), most=2)
    assert await store.webhooks.of_workspace(here) == [first, second]
    assert await store.webhooks.of_workspace(there) == []
    assert not await store.webhooks.remove(there, first.id)
    assert await store.webhooks.remove(here, first.id)
    assert not await store.webhooks.remove(here, first.id)
    assert await store.webhooks.of_workspace(here) == [second]


async def test_who_is_behind_the_log_is_found_until_it_is_told_or_off(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    one = webhook(rng, here)
    await store.webhooks.add(one, most=5)
    assert await store.webhooks.behind(limit=5) == []
    activation = await store.oplog.activate(here, "node")
    await append_one(rng, store, activation)
    assert await store.webhooks.behind(limit=5) == [one]
    assert await store.webhooks.behind(limit=0) == []
    assert await store.webhooks.move(one, 2, 3, is_active=True)
    assert await store.webhooks.behind(limit=5) == []
    told = replace(one, position=2, failures=3)
    assert await store.webhooks.move(told, 1, 4, is_active=False)
    assert await store.webhooks.behind(limit=5) == []
    off = replace(one, position=1, failures=4, is_active=False)
    assert await store.webhooks.of_workspace(here) == [off]
    assert not await store.webhooks.move(off, 1, 4, is_active=True)  # what was switched off stays off
    assert await store.webhooks.behind(limit=5) == []
    on = WebhookChange(is_active=True)
    assert await store.webhooks.change(new_id(rng), one.id, on, position=1) is None
    assert await store.webhooks.change(here, one.id, on, position=1) == one
    assert await store.webhooks.behind(limit=5) == [one]


async def test_what_is_changed_of_a_webhook_and_nothing_else(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    one, other = webhook(rng, here, created_at=NOW - 1), webhook(rng, here)
    for each in (one, other):
        await store.webhooks.add(each, most=5)
        await store.webhooks.move(each, 4, 3, is_active=True)
    expected = replace(one, position=4, failures=3)
    for change, fields in (
        (WebhookChange(), {}),
        (WebhookChange(url=one.url), {}),
        (WebhookChange(kinds=("chat.posted", "note.edited")), {"kinds": ("chat.posted", "note.edited")}),
        (WebhookChange(url="https://y.test/"), {"url": "https://y.test/", "failures": 0}),
        (WebhookChange(is_active=True), {}),  # it was on: what it was not told yet it is told
        (WebhookChange(kinds=(), is_active=False), {"kinds": (), "is_active": False}),
        (WebhookChange(url="https://z.test/"), {"url": "https://z.test/"}),
        (WebhookChange(is_active=True), {"is_active": True, "position": 9}),
    ):
        expected = replace(expected, **fields)
        assert await store.webhooks.change(here, one.id, change, position=9) == expected
        assert await store.webhooks.of_workspace(here) == [expected, replace(other, position=4, failures=3)]
    assert await store.webhooks.change(here, new_id(rng), WebhookChange(url="https://y.test/"), position=9) is None


async def test_of_all_who_claim_a_webhook_one_has_it(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    one = webhook(rng, here)
    await store.webhooks.add(one, most=5)
    won: list[bool] = []

    async def claim() -> None:
        found = await store.webhooks.claim(one.id, NOW, NOW + 100)
        assert found in (None, one)
        won.append(found is not None)

    async with trio.open_nursery() as nursery:
        for _ in range(6):
            nursery.start_soon(claim)
    assert sum(won) == 1
    assert not await store.webhooks.claim(one.id, NOW + 99, NOW + 200)
    assert await store.webhooks.claim(one.id, NOW + 100, NOW + 200) == one
    await store.webhooks.move(one, 1, 0, is_active=True)
    changed = await store.webhooks.change(here, one.id, WebhookChange(url="https://y.test/"), position=1)
    assert await store.webhooks.claim(one.id, NOW + 101, NOW + 200) == changed
    assert not await store.webhooks.claim(new_id(rng), NOW, NOW + 1)


async def test_what_was_told_of_a_webhook_that_was_changed_meanwhile_counts_for_nothing(
    store: Store, rng: random.Random
) -> None:
    here, _ = await new_workspace(rng, store)
    one = webhook(rng, here)
    await store.webhooks.add(one, most=5)
    off, on = WebhookChange(is_active=False), WebhookChange(is_active=True)
    told = one
    for changes in ([WebhookChange(url="https://y.test/")], [off], [on]):
        assert await store.webhooks.claim(one.id, NOW, NOW + 100) is not None
        for change in changes:
            now = await store.webhooks.change(here, one.id, change, position=9)
        assert not await store.webhooks.move(told, 5, 1, is_active=False)
        assert await store.webhooks.of_workspace(here) == [now]
        assert now is not None
        told = now
    assert told.position == 9
    # Other kinds are no other webhook, and each time the claim was let go of.
    assert await store.webhooks.claim(one.id, NOW, NOW + 100) == told
    await store.webhooks.change(here, one.id, WebhookChange(kinds=()), position=9)
    assert await store.webhooks.move(told, 11, 0, is_active=True)
    assert await store.webhooks.of_workspace(here) == [replace(told, position=11, kinds=())]


async def test_the_log_of_deliveries_keeps_the_newest(store: Store, rng: random.Random) -> None:
    here, _ = await new_workspace(rng, store)
    one, other = webhook(rng, here), webhook(rng, here)
    for each in (one, other):
        await store.webhooks.add(each, most=5)
    made = [Delivery(new_id(rng), one.id, NOW + step, step, step, 1, 500, None, 12) for step in range(5)]
    unanswered = Delivery(new_id(rng), other.id, NOW, 1, 2, 3, None, "no connection", 0)
    for delivery in (*made, unanswered):
        await store.webhooks.record(delivery, keep=3)
    await store.webhooks.record(replace(unanswered, webhook_id=new_id(rng)), keep=3)  # gone meanwhile: nothing
    assert await store.webhooks.deliveries(one.id, limit=9) == made[:1:-1]
    assert await store.webhooks.deliveries(one.id, limit=1) == made[-1:]
    assert await store.webhooks.deliveries(other.id, limit=9) == [unanswered]
    again = replace(made[4], id=new_id(rng), at=NOW + 9, redelivery_of=made[4].id)
    await store.webhooks.record(again, keep=3)
    assert await store.webhooks.deliveries(one.id, limit=1) == [again]
    assert await store.webhooks.delivery(one.id, again.id) == again
    assert await store.webhooks.delivery(one.id, made[0].id) is None  # it made room
    assert await store.webhooks.delivery(other.id, again.id) is None
    await store.webhooks.remove(here, one.id)
    assert await store.webhooks.deliveries(one.id, limit=9) == []
    assert await store.webhooks.deliveries(other.id, limit=9) == [unanswered]
