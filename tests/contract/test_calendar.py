"""Calendars without their workspaces: as new as the log, read by members alone, their schedule never lost."""

import random

from msgspec.structs import replace

from nvserver.core.model import CalendarEvent, Member
from nvserver.ports.calendar import Feed
from nvserver.ports.oplog import (
    Activation,
    AppendOutcome,
    EventDropped,
    EventIndexed,
    IndexChange,
    MemberDropped,
    MemberIndexed,
    WorkspaceDropped,
)
from nvserver.ports.store import Store
from tests.contract.values import append_of, entry, new_id, new_workspace


class Log:
    """A workspace that goes on."""

    def __init__(self, store: Store, rng: random.Random, owner: str) -> None:
        self.store, self.rng, self.owner = store, rng, owner
        self.id = ""
        self.activation: Activation

    async def open(self) -> "Log":
        self.id, _ = await new_workspace(self.rng, self.store, owner_id=self.owner)
        self.activation = await self.store.oplog.activate(self.id, "node")
        return self

    async def add(self, *changes: IndexChange) -> None:
        made = append_of(self.activation, [entry(self.rng, self.activation.head + 1)], *changes)
        assert list(await self.store.oplog.append([made])) == [AppendOutcome.DURABLE]
        self.activation = Activation(self.id, self.activation.epoch, self.activation.head + 1)

    def event(self, **more: object) -> CalendarEvent:
        made = CalendarEvent(new_id(self.rng), self.id, "uid", "T", 1000, 2000, self.owner, 1, 1)
        return replace(made, **more)


async def test_events_are_read_by_members_alone(store: Store, rng: random.Random) -> None:
    owner, guest, stranger = (new_id(rng) for _ in range(3))
    log, other = await Log(store, rng, owner).open(), await Log(store, rng, stranger).open()
    first, second, foreign = log.event(title="é"), log.event(uid="other", rule="FREQ=DAILY"), other.event()
    await log.add(MemberIndexed(Member(guest, "viewer", 1)), EventIndexed(first), EventIndexed(second))
    await other.add(EventIndexed(foreign))
    for person, readable in ((owner, 2), (guest, 2), (stranger, 0)):
        assert len(await store.calendar.events(person, log.id)) == readable
        assert (await store.calendar.event(person, first.id) == first) == bool(readable)
    changed = replace(first, title="New")
    await log.add(EventIndexed(changed))
    assert await store.calendar.event(guest, first.id) == changed
    assert list(await store.calendar.series(log.id, "other")) == [second]
    assert sorted(await store.calendar.members(log.id)) == sorted([owner, guest])
    await log.add(MemberDropped(guest), EventDropped(second.id))
    assert await store.calendar.event(guest, first.id) is None
    assert list(await store.calendar.events(owner, log.id)) == [changed]
    await log.add(WorkspaceDropped())
    assert await store.calendar.event(owner, first.id) is None
    assert await store.calendar.event(stranger, foreign.id) == foreign


async def test_a_workspace_cannot_change_the_events_of_another(store: Store, rng: random.Random) -> None:
    owner = new_id(rng)
    log, other = await Log(store, rng, owner).open(), await Log(store, rng, owner).open()
    event = log.event()
    await log.add(EventIndexed(event))
    await other.add(EventIndexed(replace(event, workspace_id=other.id, title="Stolen")))
    assert await store.calendar.event(owner, event.id) == event


async def test_the_schedule_goes_on_where_it_was(store: Store, rng: random.Random) -> None:
    log = await Log(store, rng, new_id(rng)).open()
    event, silent = log.event(reminders=(10,)), log.event()
    await log.add(EventIndexed(event), EventIndexed(silent))
    (due,) = await store.calendar.due(5, limit=10)
    assert (due.event, due.due_at) == (event, 0)
    (listed,) = await store.index.workspaces_of(log.owner, after=None, limit=1)
    assert due.workspace_name == listed.info.name
    assert await store.calendar.set_due(due, 100)
    assert not await store.calendar.set_due(due, 200)  # it is no longer as it was found
    assert list(await store.calendar.due(99, limit=10)) == []
    (again,) = await store.calendar.due(100, limit=10)
    assert again.due_at == 100
    await log.add(EventIndexed(replace(event, title="New")))
    assert not await store.calendar.set_due(again, 300)
    (changed,) = await store.calendar.due(5, limit=10)
    assert changed.due_at == 0
    assert await store.calendar.set_due(changed, None)
    assert list(await store.calendar.due(2**60, limit=10)) == []


async def test_feeds(store: Store, rng: random.Random) -> None:
    user, workspace = new_id(rng), new_id(rng)
    first, second = (Feed(rng.randbytes(32), user, workspace, at) for at in (1, 2))
    other = Feed(rng.randbytes(32), user, new_id(rng), 3)
    for feed in (first, other, second):
        await store.calendar.put_feed(feed)
    assert await store.calendar.feed(first.hash) is None
    assert await store.calendar.feed(second.hash) == second
    assert await store.calendar.drop_feed(user, workspace)
    assert not await store.calendar.drop_feed(user, workspace)
    assert await store.calendar.feed(second.hash) is None
    assert await store.calendar.feed(other.hash) == other
