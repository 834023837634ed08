"""What must be true of a simulated run, told from its log with other means than the server's."""

from collections.abc import Sequence

from nvserver.core.changes import (
    Entry,
    MemberAdded,
    MemberRemoved,
    MemberUpdated,
    NoteEdited,
    decode_entry,
)
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.snapshot import decode_workspace, encode_image, take_image
from nvserver.core.workspace import Workspace
from nvserver.ports.oplog import OpLog
from nvserver.testing.history import inserted_by
from nvserver.testing.replica import apply_plain
from nvserver.testing.sim_client import SimClient
from nvserver.testing.sim_counts import Characters
from nvserver.testing.sim_people import SimWriter
from nvserver.testing.whole_log import WholeLog
from nvserver.workspace.recovery import load_workspace


class Violation(AssertionError):
    """A promise was broken."""


async def read_entries(oplog: OpLog, workspace_id: str) -> list[Entry]:
    """The whole sequence, straight from the log. Raises Violation when it has a gap."""
    if isinstance(oplog, WholeLog):
        return [decode_entry(logged) for logged in oplog.whole[workspace_id]]
    entries: list[Entry] = []
    while page := await oplog.read(workspace_id, len(entries)):
        if [logged.seq for logged in page] != list(range(len(entries) + 1, len(entries) + 1 + len(page))):
            raise Violation("the sequence has a gap")
        entries += [decode_entry(logged) for logged in page]
    return entries


def edits_of(entries: Sequence[Entry]) -> list[Entry]:
    """Those that change the text of a note."""
    return [entry for entry in entries if isinstance(entry.change, NoteEdited)]


def check_sequence(entries: Sequence[Entry], clients: Sequence[SimClient], writer: SimWriter) -> str:
    """No request twice, everything acknowledged at its place, nothing refused in the log, all copies equal, no
    character lost or doubled. Returns the text that the log ends at."""
    text = ""
    edits = edits_of(entries)
    by_number: dict[tuple[str | None, int | None], int] = {}
    for entry in edits:
        assert isinstance(entry.change, NoteEdited)
        text = apply_plain(text, entry.change.op)
        if entry.author.client_id is None:
            continue
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
        for client_seq in client.refused:
            if (client.client_id, client_seq) in by_number:
                raise Violation(f"refused edit {client_seq} of {client.client_id} is in the log")
    _check_characters(text, edits, clients, writer)
    return text


def _check_characters(text: str, edits: Sequence[Entry], clients: Sequence[SimClient], writer: SimWriter) -> None:
    logged = {one for entry in edits if isinstance(entry.change, NoteEdited) for one in inserted_by(entry.change.op)}
    all_of_them = Characters()
    for characters in [*(client.characters for client in clients), writer.characters(logged)]:
        all_of_them.add(characters)
    shown = set(text)
    kept = all_of_them.typed - all_of_them.deleted
    if lost := kept - shown:
        raise Violation(f"{len(lost)} typed characters were lost")
    if returned := shown - kept - all_of_them.unsure:
        raise Violation(f"{len(returned)} characters were never typed, refused, or deleted for good")
    if any(text.count(one) > 1 for one in kept):
        raise Violation("a typed character stands twice")


def check_rights(entries: Sequence[Entry]) -> None:
    """Nobody edited who had no right to at that place of the sequence."""
    roles: dict[str, str] = {}
    for entry in entries:
        match entry.change:
            case MemberAdded(user_id, role) | MemberUpdated(user_id, role):
                roles[user_id] = role
            case MemberRemoved(user_id):
                del roles[user_id]
            case NoteEdited() if roles.get(entry.author.user_id) not in ("owner", "admin", "member"):
                raise Violation(f"entry {entry.seq} was made without the right to")


async def check_purged(oplog: WholeLog, workspace_id: str, secret: str) -> None:
    """What was deleted for good is in no entry and no state any more."""
    entries, states = oplog.logs[workspace_id].entries, await oplog.snapshots(workspace_id)
    if any(secret.encode() in body for body in (*(one.body for one in entries), *(one.body for one in states))):
        raise Violation("what was purged is still in the store")


def check_replays(oplog: WholeLog, workspace_id: str) -> None:
    """From whichever state one begins at this moment, what follows can be replayed, and leads to the same."""
    log = oplog.logs[workspace_id]
    kept = [one for one in oplog.snapshots_kept.get(workspace_id, {}).values() if one.seq > log.horizon]
    begun = [decode_workspace(one.body, one.checksum, WorkspaceLimits()) for one in (*kept, log.base) if one]
    ends = set()
    for workspace in begun if log.horizon else (*begun, Workspace(workspace_id, WorkspaceLimits())):
        for logged in log.entries[workspace.seq - log.swept :]:
            workspace.apply(decode_entry(logged))
        ends.add(encode_image(take_image(workspace)))
    if len(ends) != 1:
        raise Violation("states and what follows them lead to different ends")


async def check_recovery(oplog: OpLog, workspace_id: str, note_id: str, entries: Sequence[Entry], text: str) -> None:
    """What is opened from snapshots and log is what the log alone tells."""
    workspace, _ = await load_workspace(oplog, workspace_id, entries[-1].seq, WorkspaceLimits())
    if str(workspace.notes[note_id].text) != text:
        raise Violation("a snapshot and the log after it end at another text than the log")
