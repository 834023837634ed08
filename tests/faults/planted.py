"""The server with a bug planted in it: `python -m tests.faults.planted BUG serve …`.

Each bug is one that servers of this kind really have had. They are here so that it can be shown that the checks find
them: a check that never found anything proves nothing.
"""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import msgspec

import nvserver.core.note
from nvserver import cli, failpoints
from nvserver.adapters.sql import oplog as sql_oplog
from nvserver.adapters.sqlite import oplog as sqlite_oplog
from nvserver.core import decisions, requests
from nvserver.core.note import Note
from nvserver.core.ot import transform
from nvserver.core.requests import RequestTable
from nvserver.errors import NoteVaultError, Unavailable
from nvserver.ports.oplog import AppendOutcome
from nvserver.workspace import lookback, snapshotter
from nvserver.workspace.attendance import Attendance
from nvserver.workspace.commit_queue import CommitQueue
from nvserver.workspace.log_writer import LogWriter, Written

CRASH_AT = 60
"""Appends."""


def acknowledge_before_the_commit() -> None:
    submit = LogWriter.submit

    def submit_and_tell(self: LogWriter, append: Any, on_written: Any) -> None:
        submit(self, append, lambda _written: None)
        on_written(Written.DURABLE)

    LogWriter.submit = submit_and_tell


def broadcast_before_the_commit() -> None:
    add_entries, finish = CommitQueue.add_entries, CommitQueue._finish

    def add_and_publish(self: CommitQueue, entries: Any, *rest: Any) -> None:
        add_entries(self, entries, *rest)
        self._publish(entries)

    def finish_in_silence(self: CommitQueue, steps: Any) -> None:
        publish, self._publish = self._publish, lambda _entries: None
        finish(self, steps)
        self._publish = publish

    CommitQueue.add_entries, CommitQueue._finish = add_and_publish, finish_in_silence


def take_silence_of_the_store_for_consent() -> None:
    async def append_once(self: LogWriter, appends: Sequence[Any]) -> Sequence[Written]:
        try:
            failpoints.hit("before_append")
            outcomes = await self._oplog.append(appends)
        except Unavailable:
            return [Written.DURABLE] * len(appends)
        return [Written.DURABLE if one is AppendOutcome.DURABLE else Written.FENCED for one in outcomes]

    LogWriter._append = append_once


def ask_for_no_epoch() -> None:
    sqlite_oplog._MOVE_HEAD = "UPDATE logs SET head = ? WHERE workspace_id = ? AND ? IS NOT NULL AND head = ?"


def activate_without_a_new_epoch() -> None:
    sql_oplog._ACTIVATE = sql_oplog._ACTIVATE.replace("epoch = epoch + 1", "epoch = max(epoch, 1)")


def write_head_and_entries_apart() -> None:
    """And the crash comes between the two."""
    store, appends = sqlite_oplog._store, count(1)

    def commit_and_store(connection: sqlite3.Connection, rows: Any) -> None:
        connection.execute("COMMIT")
        if next(appends) == CRASH_AT:
            os.kill(os.getpid(), signal.SIGKILL)
        connection.execute("BEGIN IMMEDIATE")
        store(connection, rows)

    sqlite_oplog._store = commit_and_store


def apply_resends_again() -> None:
    """The index that would refuse the second one is dropped by the test."""
    RequestTable.first_result = lambda self, author: None


def compare_no_payloads() -> None:
    requests.check_resend = lookback.check_resend = lambda payload_hash, first_hash: None


def answer_resends_with_the_newest_seq() -> None:
    first_result = RequestTable.first_result

    def newest_result(self: RequestTable, author: Any) -> int | None:
        first = first_result(self, author)
        return first and max(accepted.seq for accepted in self._recent.values())

    RequestTable.first_result = newest_result


def snapshot_another_moment() -> None:
    encode = snapshotter.encode_image
    snapshotter.encode_image = lambda image: encode(msgspec.structs.replace(image, seq=image.seq - 1))


def tell_those_who_were_removed() -> None:
    Attendance._let_go = lambda self, entries: None


def ask_for_rights_at_the_door_only() -> None:
    require = decisions.require

    def require_nothing(workspace: Any, user_id: str, permission: str, *, is_own: bool = False) -> Any:
        try:
            return require(workspace, user_id, permission, is_own=is_own)
        except NoteVaultError:
            return "member"

    decisions.require = require_nothing


def let_the_later_edit_stay_left() -> None:
    nvserver.core.note.transform = lambda op, other, _side: transform(op, other, "left")


def forget_the_first_missed_edit() -> None:
    entries_since = lookback.entries_since

    async def entries_after_the_next(oplog: Any, workspace_id: str, since: int, *rest: Any) -> Any:
        return await entries_since(oplog, workspace_id, since + 1, *rest)

    lookback.entries_since = entries_after_the_next


@dataclass(frozen=True, slots=True)
class Bug:
    """`finding`: words of the sentence by which `nvserver verify` must tell of it."""

    plant: Callable[[], None]
    finding: str


BUGS: Final[Mapping[str, Bug]] = {
    bug.plant.__name__.replace("_", "-"): bug
    for bug in (
        Bug(acknowledge_before_the_commit, "was told of entry"),
        Bug(broadcast_before_the_commit, "was told"),
        Bug(take_silence_of_the_store_for_consent, "was told"),
        Bug(ask_for_no_epoch, "was opened before it"),
        Bug(activate_without_a_new_epoch, "both opened it under epoch"),
        Bug(write_head_and_entries_apart, "its head says"),
        Bug(apply_resends_again, "is in the log again as"),
        Bug(compare_no_payloads, "is there with another payload"),
        Bug(answer_resends_with_the_newest_seq, "is not there: that entry is another's"),
        Bug(snapshot_another_moment, "is not what the log's first"),
        Bug(tell_those_who_were_removed, "without being a member then"),
        Bug(ask_for_rights_at_the_door_only, "who had no right to it then"),
        Bug(let_the_later_edit_stay_left, "shows another text"),
        Bug(forget_the_first_missed_edit, "shows another text"),
    )
}

POISON: Final = "☠"


def fail_at_a_word() -> None:
    """Not to be found in the log: whatever makes the server fail must never get there."""
    to_head = Note.to_head

    def fail_or_transform(self: Note, op: Any, *rest: Any) -> Any:
        if POISON in op:
            raise RuntimeError("a mistake of the program")
        return to_head(self, op, *rest)

    Note.to_head = fail_or_transform


def clock_by(seconds: int) -> Callable[[], None]:
    """No bug of ours: a machine whose wall clock is wrong."""

    def set_clock() -> None:
        tell, tell_ns = time.time, time.time_ns
        time.time = lambda: tell() + seconds
        time.time_ns = lambda: tell_ns() + seconds * 1_000_000_000

    return set_clock


PLANTS: Final = {
    **{name: bug.plant for name, bug in BUGS.items()},
    "fail-at-a-word": fail_at_a_word,
    "clock-ahead": clock_by(60),
    "clock-behind": clock_by(-60),
}

if __name__ == "__main__":
    if sys.argv[1] in PLANTS:
        PLANTS[sys.argv[1]]()
    sys.exit(cli.main(sys.argv[2:]))
