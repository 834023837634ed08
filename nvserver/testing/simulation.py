"""One simulated run: clients, faults and crashes on a simulated clock, and what must be true at its end.

Everything that happens follows from the seed: the schedule of tasks too.
"""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import trio
import trio.testing
from trio._core import _run as trio_run

from nvserver.core.changes import (
    Author,
    Change,
    Entry,
    MemberAdded,
    NoteCreated,
    NoteEdited,
    WorkspaceCreated,
    decode_entry,
    encode_entry,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import Position, Size
from nvserver.ports.oplog import OpLog
from nvserver.testing.faulty_oplog import FaultRates, FaultyOpLog
from nvserver.testing.replica import apply_plain
from nvserver.testing.sim_client import SimClient
from nvserver.testing.sim_node import sim_node
from nvserver.workspace.log_writer import LogWriterSettings
from nvserver.workspace.router import Router
from nvserver.workspace.settings import WorkspaceSettings

WORKSPACE_ID = "00000000-0000-4000-8000-000000000001"
NOTE_ID = "00000000-0000-4000-8000-000000000002"
_LIMIT_SECONDS = 100_000.0
"""Simulated; a run that has not come to rest by then hangs."""


_USUAL_RATES = FaultRates(fail=0.08, forget=0.12, max_delay_seconds=0.05)


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a run and how much goes wrong in it."""

    clients: int = 3
    edits: int = 25
    """Of each client."""
    rates: FaultRates = _USUAL_RATES
    cut_chance: float = 0.05
    max_pause_seconds: float = 0.3
    crash_seconds: float = 6.0
    """A node lives at most this long before it is killed and started again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened, counted."""

    entries: int
    acknowledged: int
    duplicates: int
    cuts: int
    crashes: int
    refused_calls: int
    forgotten_answers: int
    fenced_appends: int

    def __add__(self, other: "Outcome") -> "Outcome":
        names = Outcome.__dataclass_fields__
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in names))


NOTHING = Outcome(0, 0, 0, 0, 0, 0, 0, 0)


class Violation(AssertionError):
    """A promise was broken."""


def simulate(seed: int, oplog: OpLog, plan: Plan) -> Outcome:
    """Run once. Raises `Violation`, or what the server or a client raised, with the seed in a note."""
    trio_run._ALLOW_DETERMINISTIC_SCHEDULING = True  # type: ignore[misc]
    trio_run._r.seed(seed)
    try:
        return trio.run(_run, seed, oplog, plan, clock=trio.testing.MockClock(autojump_threshold=0))
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise


async def _run(seed: int, oplog: OpLog, plan: Plan) -> Outcome:
    chance = random.Random(seed)  # noqa: S311 - chance of a simulation
    await _found(oplog)
    faulty = FaultyOpLog(oplog, plan.rates, chance)
    nodes: list[Router] = []
    fresh = (chr(0x10000 + i) for i in itertools.count())
    clients = [_client(i, lambda: nodes[-1], chance, fresh) for i in range(plan.clients)]
    is_over = trio.Event()
    with trio.fail_after(_LIMIT_SECONDS):
        async with trio.open_nursery() as nursery:
            await nursery.start(_keep_a_node, faulty, nodes, chance, plan, is_over)
            async with trio.open_nursery() as typing:
                for client in clients:
                    typing.start_soon(client.run, plan.edits, plan.cut_chance, plan.max_pause_seconds)
            newest = (await _edits(oplog))[-1].seq
            async with trio.open_nursery() as following:
                for client in clients:
                    following.start_soon(client.follow, newest)
            is_over.set()
    entries = await _edits(oplog)
    _check(entries, clients)
    counts = faulty.counts
    return Outcome(
        len(entries),
        sum(len(client.acked) for client in clients),
        sum(client.duplicates for client in clients),
        sum(client.cuts for client in clients),
        len(nodes) - 1,
        counts.failed,
        counts.forgotten,
        counts.fenced,
    )


def _client(number: int, router: Callable[[], Router], chance: random.Random, fresh: Iterator[str]) -> SimClient:
    return SimClient(f"client {number}", f"user {number % 2}", WORKSPACE_ID, NOTE_ID, router, chance, fresh)


async def _found(oplog: OpLog) -> None:
    changes: list[Change] = [
        WorkspaceCreated("Simulated", "user 0"),
        MemberAdded("user 0", "owner"),
        MemberAdded("user 1", "member"),
        NoteCreated(NOTE_ID, "Note", "", Position(), Size()),
    ]
    entries = [Entry(seq, 0, Author("user 0"), change) for seq, change in enumerate(changes, 1)]
    await oplog.create(WORKSPACE_ID, [encode_entry(entry) for entry in entries], [])


async def _keep_a_node(
    oplog: OpLog,
    nodes: list[Router],
    chance: random.Random,
    plan: Plan,
    is_over: trio.Event,
    *,
    task_status: trio.TaskStatus[None],
) -> None:
    """A node, killed and started again until the run is over. Its memory is small, so that it must often look things
    up."""
    while not is_over.is_set():
        async with sim_node(
            oplog,
            settings=WorkspaceSettings(snapshot_entries=10, idle_seconds=1.0),
            limits=WorkspaceLimits(max_remembered_edits=4, max_remembered_requests=4),
            writer_settings=LogWriterSettings(give_up_seconds=0.3),
        ) as node:
            nodes.append(node)
            if len(nodes) == 1:
                task_status.started()
            with trio.move_on_after(chance.random() * plan.crash_seconds):
                await is_over.wait()


async def _edits(oplog: OpLog) -> list[Entry]:
    """All edits of the note, straight from the log."""
    entries: list[Entry] = []
    seq = 0
    while page := await oplog.read(WORKSPACE_ID, seq):
        if [logged.seq for logged in page] != list(range(seq + 1, seq + 1 + len(page))):
            raise Violation("the sequence has a gap")
        seq = page[-1].seq
        entries += [decode_entry(logged) for logged in page]
    return [entry for entry in entries if isinstance(entry.change, NoteEdited)]


def _check(entries: list[Entry], clients: list[SimClient]) -> None:
    text = ""
    by_number: dict[tuple[str | None, int | None], int] = {}
    for entry in entries:
        assert isinstance(entry.change, NoteEdited)
        text = apply_plain(text, entry.change.op)
        number = (entry.author.client_id, entry.author.client_seq)
        if number in by_number:
            raise Violation(f"request {number} was applied twice")
        by_number[number] = entry.seq
    for client in clients:
        if client.text != text:
            raise Violation(f"{client.client_id} has another text than the log")
        for client_seq, seq in client.acked:
            if by_number.get((client.client_id, client_seq)) != seq:
                raise Violation(f"acknowledged edit {client_seq} of {client.client_id} is not at seq {seq}")
    typed = set().union(*(client.typed for client in clients))
    deleted = set().union(*(client.deleted for client in clients))
    if set(text) != typed - deleted or len(set(text)) != len(text):
        raise Violation("a typed character was lost, or stands twice")


def describe(outcome: Outcome) -> str:
    """One line."""
    return ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in asdict(outcome).items())
