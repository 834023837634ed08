"""Notifications: with an entry or alone, once each, listed, read, deleted, and switched off by kind."""

import random

from msgspec.structs import replace

from nvserver.core.notices import KINDS, NoticeData, NoticeKind
from nvserver.ports.notifications import Channels, Notification
from nvserver.ports.oplog import NotificationIndexed
from nvserver.ports.store import Store
from tests.contract.values import DURABLE, FENCED, append_one, new_id, new_workspace


def notification(rng: random.Random, user_id: str, workspace_id: str | None = None) -> Notification:
    data = NoticeData(new_id(rng), workspace_id, "Zoë's", role="admin")
    read_at = rng.choice([None, None, 9])
    return Notification(new_id(rng), user_id, rng.choice(KINDS), data, rng.randrange(4), read_at)


async def test_everything_that_can_be_done_with_them(store: Store, rng: random.Random) -> None:
    users = [new_id(rng) for _ in range(2)]
    kept: dict[str, Notification] = {}
    channels: dict[str, dict[str, Channels]] = {user: {} for user in users}
    for step in range(60):
        user = rng.choice(users)
        own = [one.id for one in kept.values() if one.user_id == user]
        some_id = rng.choice([*kept, new_id(rng)])
        match rng.randrange(7):
            case 0 | 1 | 2:
                new = [notification(rng, user) for _ in range(rng.randrange(3))]
                await store.notifications.add([*new, *[replace(one, created_at=99) for one in new]])
                kept |= {one.id: one for one in new}
            case 3:
                assert await store.notifications.mark_read(user, some_id, step) == (some_id in own)
                if some_id in own and kept[some_id].read_at is None:
                    kept[some_id] = replace(kept[some_id], read_at=step)
            case 4 if step % 5 == 0:
                await store.notifications.mark_all_read(user, step)
                kept |= {key: replace(kept[key], read_at=step) for key in own if kept[key].read_at is None}
            case 5:
                assert await store.notifications.delete(user, some_id) == (some_id in own)
                if some_id in own:
                    del kept[some_id]
            case 6:
                some = {rng.choice(KINDS): Channels(rng.random() < 0.5, rng.random() < 0.5)}
                await store.notifications.set_preferences(user, some)
                channels[user] |= some
        assert dict(await store.notifications.preferences(user)) == channels[user]
        shown = sorted(
            (one for one in kept.values() if one.user_id == user and channels[user].get(one.kind, Channels()).in_app),
            key=lambda one: (one.created_at, one.id),
            reverse=True,
        )
        unread = [one for one in shown if one.read_at is None]
        is_unread_only = rng.random() < 0.5
        seen: list[Notification] = []
        while True:
            before = (seen[-1].created_at, seen[-1].id) if seen else None
            page = await store.notifications.notifications(
                user, is_unread_only=is_unread_only, before=before, limit=rng.randrange(1, 5)
            )
            assert page.unread_count == len(unread)
            if not page.items:
                break
            seen += page.items
        assert seen == (unread if is_unread_only else shown)


async def test_with_an_entry_they_are_stored_once_and_only_if_it_is(store: Store, rng: random.Random) -> None:
    workspace_id, _ = await new_workspace(rng, store)
    older = await store.oplog.activate(workspace_id, "node-a")
    one = notification(rng, new_id(rng), workspace_id)
    again = NotificationIndexed(replace(one, created_at=99))
    assert await append_one(rng, store, older, NotificationIndexed(one), again) is DURABLE
    newer = await store.oplog.activate(workspace_id, "node-b")
    other = notification(rng, one.user_id, workspace_id)
    assert await append_one(rng, store, older, NotificationIndexed(other)) is FENCED
    assert await append_one(rng, store, newer, again) is DURABLE
    page = await store.notifications.notifications(one.user_id, is_unread_only=False, before=None, limit=9)
    assert list(page.items) == [one]


async def test_what_is_to_be_mailed_is_given_out_once(store: Store, rng: random.Random) -> None:
    wants, other = new_id(rng), new_id(rng)
    await store.notifications.set_preferences(wants, {"mention.note": Channels(False, True), "reply.chat": Channels()})
    data = NoticeData(None, None, "W")

    async def tell(user: str, at: int, kind: NoticeKind = "mention.note", read_at: int | None = None) -> Notification:
        made = Notification(new_id(rng), user, kind, data, at, read_at)
        await store.notifications.add([made])
        return made

    due = [await tell(wants, at) for at in (14, 11, 13)]
    await tell(wants, 10)
    late = await tell(wants, 21)
    await tell(wants, 12, "reply.chat")
    await tell(wants, 12, "announcement")
    await tell(wants, 12, read_at=12)
    await tell(other, 12)
    expected = sorted(due, key=lambda one: one.created_at)
    assert list(await store.notifications.claim_unmailed(10, 20, limit=2)) == expected[:2]
    assert list(await store.notifications.claim_unmailed(10, 20, limit=2)) == expected[2:]
    assert list(await store.notifications.claim_unmailed(10, 20, limit=2)) == []
    assert list(await store.notifications.claim_unmailed(10, 21, limit=2)) == [late]
