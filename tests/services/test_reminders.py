"""Reminders: told once, to everybody in the workspace, after restarts and crashes too."""

import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from nvserver.adapters import sqlite
from nvserver.adapters.memory import open_memory
from nvserver.core.model import CalendarEvent, Member
from nvserver.ports.notifications import Notification
from nvserver.ports.oplog import Activation, EventIndexed, IndexChange, MemberIndexed
from nvserver.ports.store import Store
from nvserver.services.reminders import ReminderService, ReminderSettings
from nvserver.testing.sim_node import at_once
from tests.contract.values import append_of, entry, new_id, new_workspace

MINUTE, DAY = 60_000, 86_400_000
NOW = 1_774_252_800_000  # 2026-03-23 08:00 UTC


class World:
    def __init__(self, store: Store, rng: random.Random) -> None:
        self.store, self.rng, self.now = store, rng, NOW
        self.told: list[Notification] = []
        self.owner, self.guest = new_id(rng), new_id(rng)
        self.activation = Activation("", 0, 0)

    async def open(self) -> "World":
        workspace_id, _ = await new_workspace(self.rng, self.store, owner_id=self.owner)
        self.activation = await self.store.oplog.activate(workspace_id, "node")
        await self.add(MemberIndexed(Member(self.guest, "viewer", 1)))
        return self

    async def add(self, *changes: IndexChange) -> None:
        made = append_of(self.activation, [entry(self.rng, self.activation.head + 1)], *changes)
        await self.store.oplog.append([made])
        self.activation = replace(self.activation, head=self.activation.head + 1)

    def event(self, start: int, **more: object) -> CalendarEvent:
        workspace_id = self.activation.workspace_id
        made = CalendarEvent(new_id(self.rng), workspace_id, "u", "Tea", start, start, self.owner, self.now, self.now)
        return replace(made, reminders=(10,), **more)

    def service(self) -> ReminderService:
        """A node's, freshly started."""
        store = self.store
        return ReminderService(
            store.calendar, store.notifications, self.told.extend, at_once, ReminderSettings(), lambda: self.now
        )

    async def listed(self, user_id: str) -> list[int]:
        page = await self.store.notifications.notifications(user_id, is_unread_only=False, before=None, limit=100)
        assert all((one.kind, one.data.text) == ("calendar.reminder", "Tea") for one in page.items)
        return [one.created_at for one in page.items]


@pytest.fixture(params=["memory", "sqlite"])
async def world(request: pytest.FixtureRequest, rng: random.Random, tmp_path: Path):  # type: ignore[no-untyped-def]
    opening = open_memory() if request.param == "memory" else sqlite.open_sqlite(tmp_path / "n.sqlite3")
    async with opening as store:
        yield await World(store, rng).open()


async def test_everybody_is_reminded_once(world: World) -> None:
    await world.add(EventIndexed(world.event(NOW + 30 * MINUTE)))
    for minutes, told in ((0, 0), (19, 0), (20, 1), (21, 1), (60, 1)):
        world.now = NOW + minutes * MINUTE
        await world.service().tell_due()
        await world.service().tell_due()
        assert len(await world.listed(world.owner)) == len(await world.listed(world.guest)) == told, minutes
    assert await world.listed(world.owner) == [NOW + 20 * MINUTE]
    assert sorted(one.user_id for one in world.told) == sorted([world.owner, world.guest])
    assert list(await world.store.calendar.due(2**60, limit=5)) == []


async def test_a_series_reminds_each_time_also_after_a_rest(world: World) -> None:
    await world.add(EventIndexed(world.event(NOW + DAY, rule="FREQ=DAILY")))
    await world.service().tell_due()
    for day in range(1, 4):
        world.now = NOW + day * DAY
        await world.service().tell_due()
    assert await world.listed(world.owner) == [NOW + day * DAY - 10 * MINUTE for day in (3, 2, 1)]
    world.now = NOW + 10 * DAY  # no node ran for a week: only the last day is made up for
    await world.service().tell_due()
    assert len(await world.listed(world.owner)) == 4


async def test_a_rare_series_is_looked_at_again(world: World) -> None:
    await world.add(EventIndexed(world.event(NOW + DAY, rule="FREQ=YEARLY")))
    for day in range(800):
        world.now = NOW + day * DAY
        await world.service().tell_due()
    assert len(world.told) == 2 * 3


async def test_what_was_told_before_a_crash_is_not_told_again(world: World) -> None:
    await world.add(EventIndexed(world.event(NOW + 30 * MINUTE)))
    world.now = NOW + 20 * MINUTE
    (due,) = await world.store.calendar.due(world.now, limit=5)
    service = world.service()
    told = await service._notices(due, type("R", (), {"at": world.now, "start": NOW + 30 * MINUTE, "minutes": 10})())
    await world.store.notifications.add(told)  # and here it crashed
    await world.service().tell_due()
    assert len(await world.listed(world.owner)) == 1


async def test_a_moved_event_reminds_at_its_new_time(world: World) -> None:
    event = world.event(NOW + 30 * MINUTE)
    await world.add(EventIndexed(event))
    await world.service().tell_due()
    later = replace(event, start=NOW + 90 * MINUTE, end=NOW + 90 * MINUTE, updated_at=NOW + 1)
    await world.add(EventIndexed(later))
    for minutes, told in ((25, 0), (79, 0), (80, 1)):
        world.now = NOW + minutes * MINUTE
        await world.service().tell_due()
        assert len(await world.listed(world.guest)) == told
    gone = replace(later, reminders=(), updated_at=NOW + 2)
    await world.add(EventIndexed(gone))
    assert list(await world.store.calendar.due(2**60, limit=5)) == []
