"""What a client that reads too slowly goes without, least harm first. Pure functions on what waits for it.

The policy, each step only when the one before did not make room:
1. Cursors wait no longer: the next move brings the newest anyway; nor does who types in the chat, nor how
   far an upload is.
2. Neighbouring edits of one note, none of them its own, become one composed edit.
3. All events of its workspaces go; it is told to join anew (`workspace:resync`).
4. What is left are answers to its own requests: the connection is closed, with the reason.
"""

from collections.abc import Iterable
from functools import reduce
from itertools import groupby
from typing import TypeAlias

from nvserver.core.changes import Entry, NoteEdited
from nvserver.core.ot import Operation, compose
from nvserver.edge.realtime.broadcasts import encode_event
from nvserver.edge.realtime.outbox import Outgoing
from nvserver.workspace.events import ChatTyping, CursorsMoved, EditsCommitted, EditsComposed, ProgressMade

_Run: TypeAlias = tuple[str, str] | None


def without_cursors(items: list[Outgoing]) -> list[Outgoing]:
    """Step 1."""
    return [item for item in items if type(item.event) not in (CursorsMoved, ChatTyping, ProgressMade)]


def with_composed_edits(items: list[Outgoing], client_id: str) -> list[Outgoing]:
    """Step 2. Nothing moves past anything, so `seq` order stays."""
    composed: list[Outgoing] = []
    for place, group in groupby(items, lambda item: _foreign_edits_of(item, client_id)):
        run = list(group)
        composed += run if place is None or len(run) == 1 else [_compose(*place, run)]
    return composed


def without_events(items: list[Outgoing]) -> tuple[list[Outgoing], set[str]]:
    """Step 3: what is left, and the workspaces whose events are gone."""
    left = [item for item in items if item.event is None]
    return left, {item.event.workspace_id for item in items if item.event is not None}


def _foreign_edits_of(item: Outgoing, client_id: str) -> _Run:
    """The workspace and note whose edits the item carries, if none of them is the client's own."""
    match item.event:
        case EditsComposed(workspace_id, note_id):
            return workspace_id, note_id
        case EditsCommitted(workspace_id, note_id, entries):
            is_foreign = all(entry.author.client_id != client_id for entry in entries)
            return (workspace_id, note_id) if is_foreign else None
        case _:
            return None


def _compose(workspace_id: str, note_id: str, run: list[Outgoing]) -> Outgoing:
    first_seqs: list[int] = []
    seqs: list[int] = []
    ops: list[Operation] = []
    for item in run:
        match item.event:
            case EditsComposed(_, _, from_seq, seq, op):
                first_seqs.append(from_seq)
                seqs.append(seq)
                ops.append(op)
            case EditsCommitted(_, _, entries):
                first_seqs += [entry.seq for entry in entries]
                seqs += [entry.seq for entry in entries]
                ops += _operations(entries)
    return encode_event(EditsComposed(workspace_id, note_id, first_seqs[0], seqs[-1], reduce(compose, ops)))


def _operations(entries: Iterable[Entry]) -> list[Operation]:
    return [entry.change.op for entry in entries if isinstance(entry.change, NoteEdited)]
