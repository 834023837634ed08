"""One simulated run: clients, faults and crashes on a simulated clock, and what must be true at its end.

Everything that happens follows from the seed: the schedule of tasks too.
"""

import itertools
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from typing import cast

import structlog.testing
import trio
import trio.testing
from trio._core import _run as trio_run

from nvserver.adapters.memory.note_links import MemoryNoteLinks
from nvserver.adapters.memory.purging import MemoryNotePurging
from nvserver.adapters.memory.versions import MemoryVersionTexts
from nvserver.core.changes import Author, Change, Entry, MemberAdded, NoteCreated, WorkspaceCreated, encode_entry
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import Position, Size
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.errors import NoteVaultError
from nvserver.ports.oplog import OpLog
from nvserver.ports.purging import NotePurging
from nvserver.testing.faulty_oplog import FaultCounts, FaultRates, FaultyOpLog
from nvserver.testing.sim_checks import (
    Violation,
    check_purged,
    check_recovery,
    check_replays,
    check_rights,
    check_sequence,
    edits_of,
    read_entries,
)
from nvserver.testing.sim_client import SimClient
from nvserver.testing.sim_line import LineQuality, SimGateway, SimLine, sim_gateway
from nvserver.testing.sim_node import at_once, sim_node, trio_ms
from nvserver.testing.sim_people import SECRET, SimOwner, SimTrasher, SimWriter
from nvserver.testing.whole_log import WholeLog
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.compaction import Compacted, CompactionSettings, Compactor
from nvserver.workspace.log_writer import LogWriterSettings
from nvserver.workspace.purging import Purger, PurgingSettings
from nvserver.workspace.settings import WorkspaceSettings

WORKSPACE_ID = "00000000-0000-4000-8000-000000000001"
NOTE_ID = "00000000-0000-4000-8000-000000000002"
OWNER_ID, MEMBER_ID = "user 0", "user 1"
FIRST_CHARACTER = 0xF0000
"""Private use, two UTF-16 units each, none part of a word: a text comparison takes each for itself."""
_LIMIT_SECONDS = 10_000.0
"""Simulated; a run that has not come to rest by then hangs."""

_USUAL_RATES = FaultRates(fail=0.08, forget=0.12, max_delay_seconds=0.05)
_USUAL_LINE = LineQuality()
_SLOW_LINE = LineQuality(max_delay_seconds=0.05, window_bytes=500, stall_chance=0.05, max_stall_seconds=5.0)
REALTIME = RealtimeSettings(
    outbox_bytes=4_096,
    ping_interval_seconds=3,
    ping_timeout_seconds=6,
    connect_seconds=5,
    recovery_seconds=1,
    recovery_bytes=1_024,
    rate_limits=False,
)
_EAGER_PURGING = PurgingSettings(settle_seconds=0, slice_entries=2)


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a run and how much goes wrong in it. Every second client is another tab of the owner, the others are
    the member's; the first of them has a slow line."""

    clients: int = 3
    edits: int = 20
    """Of each client."""
    writes: int = 3
    """By REST."""
    removals: int = 1
    """How often the member loses the right to write for a while."""
    rates: FaultRates = _USUAL_RATES
    cut_chance: float = 0.05
    max_pause_seconds: float = 0.3
    crash_seconds: float = 6.0
    """A node lives at most this long before it is killed and started again."""
    late_entries: int = 40
    """An edit made before more than so many others is answered `BASE_TOO_OLD`, a client that missed more gets texts."""
    keep_entries: int | None = None
    """The log is shortened to its newest entries again and again (needs a `WholeLog`). None: it keeps everything."""
    purges: int = 0
    """Notes beside the one that are made, written and deleted for good (needs a `WholeLog`)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, counted."""

    entries: int = 0
    acknowledged: int = 0
    duplicates: int = 0
    cuts: int = 0
    resyncs: int = 0
    composed_edits: int = 0
    loaded_texts: int = 0
    undone_edits: int = 0
    refused_edits: int = 0
    recoveries: int = 0
    writes: int = 0
    merged_writes: int = 0
    crashes: int = 0
    refused_calls: int = 0
    forgotten_answers: int = 0
    fenced_appends: int = 0
    compactions: int = 0
    purges: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


NOTHING = Outcome()


def plan_of(seed: int) -> Plan:
    """Of every two seeds one is a long session of many, two hundred edits in all, on a node that lives a while; the
    other is short, and much goes wrong in it."""
    chance = random.Random(f"plan {seed}")  # noqa: S311 - chance of a simulation
    late_entries = chance.choice((15, 40, 2_000))
    if seed % 2:
        return Plan(crash_seconds=chance.choice((3.0, 6.0)), late_entries=late_entries)
    clients = chance.randint(3, 8)
    return Plan(
        clients,
        200 // clients,
        writes=6,
        rates=FaultRates(fail=0.02, forget=0.05, max_delay_seconds=chance.choice((0.005, 0.05))),
        cut_chance=0.01,
        max_pause_seconds=chance.choice((0.1, 0.3)),
        crash_seconds=chance.choice((6.0, 30.0)),
        late_entries=late_entries,
    )


@dataclass(slots=True)
class _World:
    """All that a run is made of. `nodes` and `gateways`: the last of them is the one that lives."""

    oplog: OpLog
    faulty: FaultyOpLog
    chance: random.Random
    plan: Plan
    nodes: list[Catalog]
    gateways: list[SimGateway]
    compactions: int = 0


def simulate(seed: int, oplog: OpLog, plan: Plan) -> Outcome:
    """Run once. Raises `Violation`, or what the server or a client raised, with the seed in a note."""
    trio_run._ALLOW_DETERMINISTIC_SCHEDULING = True  # type: ignore[misc]
    trio_run._r.seed(seed)
    try:
        with structlog.testing.capture_logs() as logs:
            outcome = trio.run(_run, seed, oplog, plan, clock=trio.testing.MockClock(autojump_threshold=0))
        if errors := {str(line["event"]) for line in logs if line["log_level"] == "error"}:
            raise Violation(f"the server says: {', '.join(sorted(errors))}")
        return outcome
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise


async def _run(seed: int, oplog: OpLog, plan: Plan) -> Outcome:
    chance = random.Random(seed)  # noqa: S311 - chance of a simulation
    await found_workspace(oplog)
    world = _World(oplog, FaultyOpLog(oplog, plan.rates, chance), chance, plan, [], [])
    fresh = (chr(FIRST_CHARACTER + i) for i in itertools.count())
    clients = [
        SimClient((OWNER_ID, MEMBER_ID)[i % 2], WORKSPACE_ID, NOTE_ID, _connector(world, i), chance, fresh)
        for i in range(plan.clients)
    ]
    writer = SimWriter(OWNER_ID, WORKSPACE_ID, NOTE_ID, lambda: world.nodes[-1], chance, fresh)
    owner = SimOwner(OWNER_ID, MEMBER_ID, WORKSPACE_ID, lambda: world.nodes[-1], chance)
    note_ids = (f"00000000-0000-4000-9000-{i:012}" for i in itertools.count())
    trasher = SimTrasher(OWNER_ID, WORKSPACE_ID, note_ids, lambda: world.nodes[-1], chance)
    is_over = trio.Event()
    with trio.fail_after(_LIMIT_SECONDS):
        async with trio.open_nursery() as nursery:
            await nursery.start(_keep_a_node, world, is_over)
            if plan.keep_entries is not None:
                nursery.start_soon(_compact, world, plan.keep_entries, is_over)
            if plan.purges:
                nursery.start_soon(_purge, world, is_over)
            async with trio.open_nursery() as typing:
                for client in clients:
                    typing.start_soon(client.run, plan.edits, plan.cut_chance, plan.max_pause_seconds)
                typing.start_soon(writer.run, plan.writes, plan.max_pause_seconds)
                typing.start_soon(owner.run, plan.removals, plan.max_pause_seconds)
                typing.start_soon(trasher.run, plan.purges, plan.max_pause_seconds)
            newest = edits_of(_of_note(await read_entries(oplog, WORKSPACE_ID)))[-1].seq
            async with trio.open_nursery() as following:
                for client in clients:
                    following.start_soon(client.follow, newest)
            is_over.set()
    entries = await read_entries(oplog, WORKSPACE_ID)
    text = check_sequence(_of_note(entries), clients, writer)
    check_rights(entries)
    await check_recovery(oplog, WORKSPACE_ID, NOTE_ID, entries, text)
    if plan.purges:
        assert isinstance(oplog, WholeLog)
        purging = _purging(oplog)
        while await purging.pending(limit=1):
            await Purger(oplog, purging, at_once, _EAGER_PURGING, rest=0).purge_all()
        await check_purged(oplog, WORKSPACE_ID, SECRET)
        await check_recovery(oplog, WORKSPACE_ID, NOTE_ID, entries, text)
    outcome = _outcome(entries, clients, writer, len(world.nodes) - 1, world.faulty.counts)
    return replace(outcome, compactions=world.compactions, purges=trasher.purged)


def _of_note(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Those that are not about another note."""
    return [entry for entry in entries if getattr(entry.change, "note_id", NOTE_ID) == NOTE_ID]


def _connector(world: _World, number: int) -> Callable[[], SimLine]:
    quality = _SLOW_LINE if number == 1 else _USUAL_LINE
    return lambda: world.gateways[-1].connect(quality)


def _outcome(
    entries: Sequence[Entry], clients: Sequence[SimClient], writer: SimWriter, crashes: int, faults: FaultCounts
) -> Outcome:
    counts = [client.counts for client in clients]
    return Outcome(
        entries=len(entries),
        acknowledged=sum(len(client.acked) for client in clients),
        duplicates=sum(one.duplicates for one in counts),
        cuts=sum(one.cuts for one in counts),
        resyncs=sum(one.resyncs for one in counts),
        composed_edits=sum(one.composed_edits for one in counts),
        loaded_texts=sum(one.loaded_texts for one in counts),
        undone_edits=sum(one.undone_edits for one in counts),
        refused_edits=sum(one.refused_edits for one in counts),
        recoveries=sum(one.recoveries for one in counts),
        writes=len(writer.puts),
        merged_writes=writer.merged,
        crashes=crashes,
        refused_calls=faults.failed,
        forgotten_answers=faults.forgotten,
        fenced_appends=faults.fenced,
    )


async def found_workspace(oplog: OpLog, workspace_id: str = WORKSPACE_ID) -> None:
    """A workspace with its owner, a member and one empty note."""
    changes: list[Change] = [
        WorkspaceCreated("Simulated", OWNER_ID),
        MemberAdded(OWNER_ID, "owner"),
        MemberAdded(MEMBER_ID, "member"),
        NoteCreated(NOTE_ID, "Note", "", Position(), Size()),
    ]
    entries = [Entry(seq, 0, Author(OWNER_ID), change) for seq, change in enumerate(changes, 1)]
    await oplog.create(workspace_id, [encode_entry(entry) for entry in entries], [])


async def _keep_a_node(world: _World, is_over: trio.Event, *, task_status: trio.TaskStatus[None]) -> None:
    """A node, killed and started again until the run is over. Its memory is small, so that it must often look things
    up."""
    plan, chance = world.plan, world.chance
    while not is_over.is_set():
        async with (
            sim_node(
                world.faulty,
                settings=WorkspaceSettings(
                    snapshot_entries=10,
                    idle_seconds=1.0,
                    catch_up_entries=plan.late_entries,
                    late_entries=plan.late_entries,
                ),
                limits=WorkspaceLimits(max_remembered_edits=4, max_remembered_requests=4),
                writer_settings=LogWriterSettings(give_up_seconds=0.3),
            ) as node,
            sim_gateway(node, REALTIME, chance) as gateway,
        ):
            world.nodes.append(node)
            world.gateways.append(gateway)
            if len(world.nodes) == 1:
                task_status.started()
            with trio.move_on_after(chance.random() * plan.crash_seconds):
                await is_over.wait()


async def _compact(world: _World, keep_entries: int, is_over: trio.Event) -> None:
    """As a node does, which asks who is in the workspace, and as a command does, which cannot; in no time, or so slowly
    that much happens meanwhile."""
    chance = world.chance
    settings = CompactionSettings(keep_days=0, keep_entries=keep_entries, min_entries=1, slice_entries=5)

    async def reach(workspace_id: str) -> int | None:
        return await world.nodes[-1].reach(workspace_id)

    async def nobody(_workspace_id: str) -> None:
        return None

    def count(_workspace_id: str, done: Compacted) -> None:
        world.compactions += done.horizon > done.horizon_before

    while not is_over.is_set():
        with trio.move_on_after(chance.random() * 2):
            await is_over.wait()
        compactor = Compactor(
            world.faulty,
            world.faulty,
            (chance.choice((reach, nobody)),),
            at_once,
            trio_ms,
            settings,
            WorkspaceLimits(),
            rest=chance.choice((0.0, 40.0)),
        )
        with suppress(NoteVaultError):
            await compactor.compact_all(count)


async def _purge(world: _World, is_over: trio.Event) -> None:
    """As nodes do, of which none lives long: each is cut off where the store fails, and nothing settles."""
    assert isinstance(world.oplog, WholeLog)
    faulty = FaultyOpLog(_purging(world.oplog), world.plan.rates, world.chance)  # type: ignore[arg-type]
    while not is_over.is_set():
        with trio.move_on_after(world.chance.random()):
            await is_over.wait()
        purger = Purger(world.faulty, cast("NotePurging", faulty), at_once, _EAGER_PURGING, rest=0)
        with suppress(NoteVaultError):
            await purger.purge_all()
        check_replays(world.oplog, WORKSPACE_ID)


def _purging(oplog: WholeLog) -> NotePurging:
    return MemoryNotePurging(oplog, oplog.index, MemoryVersionTexts(), MemoryNoteLinks())


def describe(outcome: Outcome) -> str:
    """One line."""
    return ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in asdict(outcome).items())
