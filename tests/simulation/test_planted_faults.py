"""Faults put into the server on purpose: the simulation finds each. Those that nothing finds are not tested for."""

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.adapters.memory.purging import MemoryNotePurging
from nvserver.core import decisions, note
from nvserver.core.changes import redacted_body
from nvserver.core.ot import transform
from nvserver.core.requests import RequestTable
from nvserver.core.workspace import Workspace
from nvserver.edge.realtime import overflow
from nvserver.errors import Unavailable
from nvserver.ports.oplog import Append
from nvserver.ports.purging import Purge
from nvserver.testing.simulation import plan_of, simulate
from nvserver.testing.whole_log import WholeLog
from nvserver.workspace.attendance import Attendance
from nvserver.workspace.commit_queue import CommitQueue
from nvserver.workspace.events import EditsCommitted
from nvserver.workspace.log_writer import LogWriter, Written

SEEDS = 400

Plant = Callable[[pytest.MonkeyPatch], None]


def telling_what_follows_a_lost_append(patch: pytest.MonkeyPatch) -> None:
    """The simulation found this one by itself once."""

    def written(queue: CommitQueue, written: Written) -> None:
        steps = queue._in_flight.popleft()
        if written is Written.DURABLE:
            queue._finish(steps)
        else:
            for step in steps:
                step.fail()
            queue._is_lost = True
            queue._on_lost(written)
        if queue._settled is not None and queue.is_settled:
            queue._settled.set()

    patch.setattr(CommitQueue, "_written", written)


def taking_silence_of_the_store_for_success(patch: pytest.MonkeyPatch) -> None:
    async def append(writer: LogWriter, appends: Sequence[Append]) -> Sequence[Written]:
        with contextlib.suppress(Unavailable):
            await writer._oplog.append(appends)
        return [Written.DURABLE] * len(appends)

    patch.setattr(LogWriter, "_append", append)


def forgetting_what_was_accepted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RequestTable, "first_result", lambda table, author: None)


def putting_the_late_edit_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(note, "transform", lambda op, other, side: transform(op, other, "left"))


def judging_rights_only_at_the_door(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decisions, "require", lambda workspace, user_id, *more, **words: "member")


def composing_a_clients_own_edits_too(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(overflow, "_foreign_edits_of", lambda item, client_id: _edits_of(item.event))


def _edits_of(event: Any) -> tuple[str, str] | None:
    return (event.workspace_id, event.note_id) if isinstance(event, EditsCommitted) else None


def leaving_events_out_without_a_word(patch: pytest.MonkeyPatch) -> None:
    without_events = overflow.without_events
    patch.setattr(overflow, "without_events", lambda items: (without_events(items)[0], set()))


def letting_a_note_be_watched_before_its_edits_are_durable(patch: pytest.MonkeyPatch) -> None:
    """The actor's question answered at its turn, not behind what was decided before it."""
    patch.setattr(CommitQueue, "add_action", lambda queue, action, on_reply=None: _answer(action(), on_reply))


def _answer(reply: object, on_reply: Callable[[object], None] | None) -> None:
    if on_reply is not None:
        on_reply(reply)


def telling_only_the_last_of_a_commit(patch: pytest.MonkeyPatch) -> None:
    publish = Attendance.publish
    patch.setattr(Attendance, "publish", lambda attendance, entries: publish(attendance, entries[-1:]))


def counting_in_utf16(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decisions, "base_length", lambda op: 2 * sum(abs(part) for part in op if isinstance(part, int)))


def applying_an_entry_twice_at_recovery(patch: pytest.MonkeyPatch) -> None:
    apply = Workspace.apply

    def apply_twice(workspace: Workspace, entry: Any) -> None:
        apply(workspace, entry)
        if workspace.seq % 50 == 0 and getattr(entry.change, "op", None):
            workspace.seq -= 1
            try:
                apply(workspace, entry)
            except ValueError:
                workspace.seq += 1

    patch.setattr(Workspace, "apply", apply_twice)


PLANTS: list[Plant] = [
    telling_what_follows_a_lost_append,
    taking_silence_of_the_store_for_success,
    forgetting_what_was_accepted,
    putting_the_late_edit_first,
    judging_rights_only_at_the_door,
    composing_a_clients_own_edits_too,
    leaving_events_out_without_a_word,
    letting_a_note_be_watched_before_its_edits_are_durable,
    telling_only_the_last_of_a_commit,
    counting_in_utf16,
    applying_an_entry_twice_at_recovery,
]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises((Exception, BaseExceptionGroup)) as found:
        for seed in range(SEEDS):
            simulate(seed, MemoryOpLog(MemoryIndex()), plan_of(seed))
    assert any(note.startswith("seed ") for note in found.value.__notes__)


def redacting_the_oldest_first(patch: pytest.MonkeyPatch) -> None:
    async def redact(purging: MemoryNotePurging, purge: Purge, _before: int, *, limit: int) -> Sequence[int]:
        log, body = purging._oplog.logs[purge.workspace_id], redacted_body(purge.note_id)
        about = [one for one in enumerate(log.entries) if one[1].note_id == purge.note_id and one[1].seq < purge.seq]
        oldest = [(place, entry) for place, entry in about if entry.body != body][:limit]
        for place, entry in oldest:
            log.entries[place] = replace(entry, body=body)
        return [purge.seq] * len(oldest)

    patch.setattr(MemoryNotePurging, "redact", redact)


def test_a_fault_planted_in_purging_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    redacting_the_oldest_first(monkeypatch)
    with pytest.raises((Exception, BaseExceptionGroup)) as found:
        for seed in range(SEEDS):
            simulate(seed, WholeLog(), dataclasses.replace(plan_of(seed), keep_entries=seed % 3 * 10, purges=3))
    assert any(note.startswith("seed ") for note in found.value.__notes__)
