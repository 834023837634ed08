"""From the op log to a workspace's state: newest sound snapshot, then the entries after it."""

from collections.abc import AsyncIterator, Iterable
from typing import Final

import msgspec
import structlog
import trio

from nvserver.core.changes import Entry, LoggedEntry, NoteCreated, NoteEdited, decode_entry, is_of_unknown_kind
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.ot import Text
from nvserver.core.snapshot import SnapshotDamaged, decode_workspace
from nvserver.core.workspace import Workspace
from nvserver.errors import BaseTooOld, WrittenByNewerVersion
from nvserver.ports.oplog import OpLog

log = structlog.get_logger()

PAGE_ENTRIES = 2_000
_STEP_BYTES: Final = 100_000
_ENTRY_BYTES: Final = 200
"""What an entry costs besides its bytes, in bytes."""


class LogBroken(Exception):
    """The log's entries do not follow each other. Nothing is served from it, and nothing stored over it."""


async def load_workspace(oplog: OpLog, workspace_id: str, upto: int, limits: WorkspaceLimits) -> tuple[Workspace, int]:
    """The state after the entry `upto`, and the seq of the snapshot it was made from (0: none).

    Raises `LogBroken` when the entries up to there are not all to be had, `BaseTooOld` for a moment before the
    horizon."""
    try:
        return await _load(oplog, workspace_id, upto, limits)
    except BaseTooOld:
        if await oplog.horizon(workspace_id) > upto:
            raise
        return await _load(oplog, workspace_id, upto, limits)  # the horizon moved on between two reads


async def _load(oplog: OpLog, workspace_id: str, upto: int, limits: WorkspaceLimits) -> tuple[Workspace, int]:
    workspace = await newest_sound(oplog, workspace_id, upto, limits)
    snapshot_seq = workspace.seq
    while workspace.seq < upto:
        page = await oplog.read(workspace_id, workspace.seq, upto, limit=PAGE_ENTRIES)
        if not page:
            raise LogBroken(f"workspace {workspace_id}: no entries between {workspace.seq} and {upto}")
        async for entry in decoded(page):
            if entry.seq != workspace.seq + 1:
                raise LogBroken(f"workspace {workspace_id}: entry {entry.seq} follows {workspace.seq}")
            workspace.apply(entry)
    return workspace, snapshot_seq


async def newest_sound(oplog: OpLog, workspace_id: str, upto: int, limits: WorkspaceLimits) -> Workspace:
    """The newest state before or at `upto` that a snapshot gives, empty where the log tells everything; a damaged one
    is passed over. The log has all entries after it.

    Raises `LogBroken` when all of them are damaged and the log begins later, `BaseTooOld` for a moment before the
    horizon."""
    for limit in (1, 10):  # nearly always the newest is sound: the others are not worth reading
        for snapshot in await oplog.snapshots(workspace_id, upto, limit=limit):
            try:
                return decode_workspace(snapshot.body, snapshot.checksum, limits)
            except SnapshotDamaged as damage:
                log.error("snapshot damaged", workspace=workspace_id, seq=snapshot.seq, reason=str(damage))
    horizon = await oplog.horizon(workspace_id)
    if horizon > upto:
        raise BaseTooOld(details={"horizon": horizon})
    if horizon:
        raise LogBroken(f"workspace {workspace_id}: no snapshot is sound, and the log begins after entry {horizon}")
    return Workspace(workspace_id, limits)


async def text_at(oplog: OpLog, workspace_id: str, note_id: str, seq: int, limits: WorkspaceLimits) -> Text:
    """The note's text as it was after the entry `seq`. Raises `BaseTooOld` when it was not made by then, and as
    `newest_sound` does."""
    base = await newest_sound(oplog, workspace_id, seq, limits)
    note = base.notes.get(note_id)
    text = None if note is None else note.text
    async for entry in note_entries(oplog, workspace_id, note_id, base.seq, seq):
        match entry.change:
            case NoteCreated(content=content):
                text = Text.of(content)
            case NoteEdited(op=op) if text is not None:
                text = text.apply(op)
    if text is None:
        raise BaseTooOld("The note was not made yet; read it again")
    return text


async def note_entries(
    oplog: OpLog, workspace_id: str, note_id: str, after: int, upto: int | None = None
) -> AsyncIterator[Entry]:
    """The note's entries with `after < seq <= upto`, read a page at a time. Raises `BaseTooOld`."""
    while page := await oplog.read(workspace_id, after, upto, note_id=note_id, limit=PAGE_ENTRIES):
        async for entry in decoded(page):
            yield entry
        after = page[-1].seq


async def decoded(page: Iterable[LoggedEntry]) -> AsyncIterator[Entry]:
    """The entries; however large they are, others are served in between. Raises `WrittenByNewerVersion`."""
    worked = 0
    for logged in page:
        try:
            yield decode_entry(logged)
        except msgspec.ValidationError as error:
            if is_of_unknown_kind(logged.body):
                raise WrittenByNewerVersion from error
            raise
        worked += len(logged.body) + _ENTRY_BYTES
        if worked >= _STEP_BYTES:
            worked = 0
            await trio.lowlevel.checkpoint()
