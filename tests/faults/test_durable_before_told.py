"""A16: nobody is told of an edit before its commit, and no commit is answered before it is synced.

The first is asked of both stores, each time somebody is told. The second is what the store is set to; in the long runs,
where `strace` is there, the server's own calls to the system are looked at, one by one.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import trio

from nvserver.ports.store import Store
from tests.e2e.teams import Desk, Team, found_team
from tests.faults.faulty_server import FaultyServer, faulty_server
from tests.faults.reporting import Report
from tests.faults.sizes import PATIENCE_SECONDS, size
from tests.faults.stores import RealStore

EDITS = size(200, 1_000)
WRITERS = 4
HELD_UP = "before_commit=sleep:0.003@*"
"""Makes room for whoever would be told too early."""
STRACE = shutil.which("strace")


class Writer:
    """Edits, and at the first word of an edit looks whether others could read it by now."""

    def __init__(self, desk: Desk, store: Store, words: Iterator[str]) -> None:
        self.told = 0
        self._desk = desk
        self._store = store
        self._words = words

    async def write(self, edits: int) -> None:
        desk = self._desk
        seq = desk.opened["seq"]
        for _ in range(edits):
            number = desk.next_number
            asked = await desk.connection.ask(
                "collaboration:edit",
                {
                    "workspaceId": desk.workspace_id,
                    "noteId": desk.note_id,
                    **desk.numbered(),
                    "baseSeq": seq,
                    "op": [next(self._words)],
                },
            )
            seq = await self._first_word(number)
            found = await self._store.oplog.find(desk.workspace_id, desk.client_id, number)
            assert found is not None, "told before it was committed"
            assert found.seq == seq
            self.told += 1
            await desk.connection.answer(asked)
            desk.connection.take_kept()

    async def _first_word(self, number: int) -> int:
        """The seq, from the edit that comes back: it comes before the acknowledgement."""
        while True:
            for edit in await self._desk.edits():
                if (edit["clientId"], edit["clientSeq"]) == (self._desk.client_id, number):
                    return int(edit["seq"])


async def write_together(team: Team, store: Store, edits: int) -> int:
    """All writers at once; how often they were told of an edit of theirs."""
    words = (f"word-{number:06};" for number in count())
    async with trio.open_nursery() as nursery:
        writers: list[Writer] = []

        async def write() -> None:
            async with team.connect("ada") as desk:
                writers.append(Writer(desk, store, words))
                await writers[-1].write(edits // WRITERS)

        for _ in range(WRITERS):
            nursery.start_soon(write)
    return sum(writer.told for writer in writers)


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_nobody_is_told_before_the_commit(real_store: RealStore, report: Report) -> None:
    async with real_store.open():
        pass
    with faulty_server(real_store) as server, trio.fail_after(PATIENCE_SECONDS):
        await trio.to_thread.run_sync(server.start, HELD_UP)
        team = await found_team(server)
        async with real_store.open() as store:
            told = await write_together(team, store, EDITS)
    assert told == EDITS
    report("A16", real_store, {"looked into the store": told}, told=told)


# --- by the server's calls to the system -----------------------------------------------------------------------------


@contextmanager
def traced(server: FaultyServer, file: Path) -> Iterator[None]:
    """Write down the server's calls that store, sync and send, in the order in which they end."""
    assert STRACE is not None
    command = [STRACE, "-f", "-qq", "-s", "5000", "-e", "trace=pwrite64,fdatasync,fsync,sendto,sendmsg,write"]
    tracer = subprocess.Popen(
        [*command, "-o", str(file), "-p", str(server.pid)], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        while "TracerPid:\t0" in Path(f"/proc/{server.pid}/status").read_text():
            assert tracer.poll() is None, "strace may not look at the server"
        yield
    finally:
        tracer.terminate()
        tracer.communicate()


def sent_before_synced(trace: Sequence[str]) -> tuple[list[str], int]:
    """The words that were sent before the thread that stored them had synced, and how many were sent at all."""
    stored: dict[str, set[str]] = {}
    synced: set[str] = set()
    early: list[str] = []
    sent: set[str] = set()
    for line in trace:
        thread = line.split(maxsplit=1)[0]
        words = set(re.findall(r"word-\d{6};", line))
        if "pwrite64(" in line:
            stored.setdefault(thread, set()).update(words)
        elif "fdatasync" in line or "fsync" in line:
            if "unfinished" not in line:
                synced |= stored.pop(thread, set())
        elif words and ("sendto(" in line or "sendmsg(" in line or "write(" in line):
            early.extend(words - synced)
            sent |= words
    return early, len(sent)


def test_the_judge_of_traces_finds_what_was_sent_too_early() -> None:
    stored, synced, sent = '1 pwrite64(7, "word-000001;"', "1 fdatasync(7) = 0", '2 sendto(9, "word-000001;"'
    assert sent_before_synced([stored, synced, sent]) == ([], 1)
    for wrong in (
        [sent, stored, synced],
        [stored, sent, synced],
        [stored, "1 fdatasync(7 <unfinished ...>", sent],
        [stored, "3 fdatasync(8) = 0", sent],
    ):
        assert sent_before_synced(wrong) == (["word-000001;"], 1)


if STRACE:

    @pytest.mark.faults
    @pytest.mark.timeout(PATIENCE_SECONDS + 60)
    async def test_nothing_is_sent_before_it_is_synced(tmp_path: Path, report: Report) -> None:
        store = RealStore(tmp_path / "data")
        store.data_dir.mkdir()
        trace = tmp_path / "trace"
        with faulty_server(store) as server, trio.fail_after(PATIENCE_SECONDS):
            await trio.to_thread.run_sync(server.start)
            team = await found_team(server)
            with traced(server, trace):
                async with store.open() as opened:
                    told = await write_together(team, opened, EDITS)
        calls = trace.read_text(errors="replace").splitlines()
        early, sent = sent_before_synced(calls)
        assert early == []
        assert sent == told == EDITS
        report("A16", store, {"calls looked at": len(calls)}, told=told, sent=sent)
