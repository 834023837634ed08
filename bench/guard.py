"""What the parts of an edit cost in this process, against a fixed piece of Python: a guard that needs no quiet machine.

    python -m bench.guard [--write]

Each part and the yardstick run in turn, in short rounds; the cheapest round of each counts, so that what neighbours
take does not. A part whose ratio is more than a third above that in `bench/guard.json` fails the run. `--write` takes
the ratios of now over. CPU time of this thread; no network, no disk: what those cost tells `make bench`.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from nvserver.actors.timer import Timer
from nvserver.adapters.sql.entries import entry_rows
from nvserver.core import commands as c
from nvserver.core.changes import Author, Entry, MemberAdded, NoteCreated, WorkspaceCreated, encode_entry
from nvserver.core.decisions import decide
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import Position, Size
from nvserver.core.wire import socketio
from nvserver.core.wire.websocket import FrameReader
from nvserver.core.workspace import Workspace
from nvserver.edge.realtime.broadcasts import encode_event
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.events import WORKSPACE_EVENTS, payload_hash, split_event
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.workspace.events import EditsCommitted

RATIOS: Final = Path(__file__).with_name("guard.json")
TOLERANCE: Final = 4 / 3
ROUNDS: Final = 60
ITERATIONS: Final = 300

_USER, _CLIENT, _SPACE, _NOTE = (f"00000000-0000-4000-8000-00000000000{digit}" for digit in "1234")
_TEXT = (
    f'42["collaboration:edit",{{"workspaceId":"{_SPACE}","noteId":"{_NOTE}","baseSeq":2,"op":[500,"x"],'
    f'"clientId":"{_CLIENT}","clientSeq":1}}]'
)
_ID_BYTES: Final = b"\0" * 16


def masked_frame(payload: bytes) -> bytes:
    """A client's text frame of 126 to 65,535 bytes, masked with zeros."""
    return b"\x81\xfe" + len(payload).to_bytes(2, "big") + b"\0\0\0\0" + payload


class _Sink:
    """A transport and occupant of which nothing comes."""

    def flush_soon(self) -> None: ...

    def flush_nowait(self) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def received(self, text: str) -> None: ...

    def received_binary(self, data: bytes) -> None: ...

    def make_room(self, outbox: Outbox, item: Outgoing) -> bool:
        return True

    def closed(self, reason: str) -> None: ...


def yardstick() -> None:
    """About what the server's Python is made of: calls, dictionaries, short strings."""
    seen: dict[str, int] = {}
    for number in range(40):
        key = f"{number % 7}:{number}"
        seen[key] = seen.get(key, 0) + len(key)
    sorted(seen.values())


def parts() -> dict[str, Callable[[], object]]:
    """The parts of an edit; each call does one."""
    reader, frame = FrameReader(100_000), masked_frame(_TEXT.encode())
    edit_type = WORKSPACE_EVENTS["collaboration:edit"]

    def decode() -> None:
        packet, _ = socketio.decode_head(_TEXT[1:])
        _, payloads = split_event(packet.data)
        payload_hash("collaboration:edit", edit_type.decoder.decode((payloads or [])[0]))

    workspace = Workspace(_SPACE, WorkspaceLimits())
    author = Author(_USER)
    workspace.apply(Entry(1, 0, author, WorkspaceCreated("W", _USER)))
    workspace.apply(Entry(2, 0, author, MemberAdded(_USER, "owner")))
    text = "the quick brown fox jumps over the lazy dog\n" * 25
    workspace.apply(Entry(workspace.seq + 1, 0, author, NoteCreated(_NOTE, "N", text, Position(), Size())))
    numbers = iter(range(1, sys.maxsize))

    def decide_and_apply() -> Entry:
        seq = workspace.seq
        who = Author(_USER, _CLIENT, next(numbers), _ID_BYTES)
        (change,) = decide(workspace, c.EditNote(_NOTE, seq, (500, "x")), who)
        entry = Entry(seq + 1, 0, who, change)
        workspace.apply(entry)
        return entry

    entry = decide_and_apply()
    event = EditsCommitted(_SPACE, _NOTE, (entry,))
    packet = encode_event(event)
    sink = _Sink()
    outbox = Outbox(1_000_000)
    session = EngineSession("s", RealtimeSettings(), Timer(), outbox)
    session._transport, session._occupant = sink, sink  # opening it would need a running loop

    def receive() -> None:
        session.send(packet)
        outbox.take(65_536)

    return {
        "read the frame": lambda: list(reader.feed(frame)),
        "decode and hash": decode,
        "decide and apply": decide_and_apply,
        "make the log's row": lambda: entry_rows(_ID_BYTES, 1, [encode_entry(entry)]),
        "encode the broadcast": lambda: encode_event(event),
        "one receiver's outbox": receive,
    }


def cheapest(work: Callable[[], object]) -> float:
    """Seconds of CPU for one call."""
    began = time.thread_time()
    for _ in range(ITERATIONS):
        work()
    return (time.thread_time() - began) / ITERATIONS


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    works = {"yardstick": yardstick, **parts()}
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            best[name] = min(best[name], cheapest(work))
    ratios = {name: round(seconds / best["yardstick"], 3) for name, seconds in best.items()}
    if arguments.write:
        RATIOS.write_text(json.dumps(ratios, indent=1) + "\n")
    known = json.loads(RATIOS.read_text())
    slower = []
    for name, ratio in ratios.items():
        is_slower = ratio > known[name] * TOLERANCE
        slower += [name] * is_slower
        print(
            f"{name:24}{best[name] * 1e6:8.2f} µs  ratio {ratio:7.3f}  known {known[name]:7.3f}{'  SLOWER' * is_slower}"
        )
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
