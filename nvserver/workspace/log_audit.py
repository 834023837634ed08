"""Holds one workspace's log against itself, its snapshots, its index and what clients were told.

Pure: entries go in one by one, findings (sentences; never note text) come out. Replaying runs the code that the actor
runs, so what clients show, worked out by code of their own, is the judge of that.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from nvserver.core.changes import LoggedEntry, NoteEdited, decode_entry
from nvserver.core.client_history import Acked, Activated, Claim, Quiesced, Received
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.number_set import NumberSet
from nvserver.core.ot import Operation, OperationError, Text, from_wire
from nvserver.core.permissions import role_allows
from nvserver.core.snapshot import SnapshotDamaged, decode_workspace, encode_image, image_without, take_image
from nvserver.core.workspace import Workspace
from nvserver.ports.audit import StoredEntry, StoredWorkspace
from nvserver.ports.oplog import Snapshot


class LogAudit:
    """`take` every entry in the order of the store, then `finish`; `findings` is what is wrong.

    `claims` and `activations` come in order of their seq. Memory: the workspace's state, its snapshots, and for each
    client the ranges of its numbers."""

    def __init__(
        self,
        workspace_id: str,
        limits: WorkspaceLimits,
        snapshots: Sequence[Snapshot],
        claims: Iterator[Claim],
        activations: Iterator[Activated],
        horizon: int = 0,
        purges: Mapping[str, int] | None = None,
    ) -> None:
        """Of a log with a `horizon` the oldest snapshot is the base: what follows is held against that. `purges`: by
        note id where it was purged. What is told of it before is on its way out of log and states, so these are
        compared without it."""
        self.findings: list[str] = []
        self.is_broken = False
        """Whether the log cannot be replayed further; then nothing more is asked of it."""
        self.workspace = Workspace(workspace_id, limits)
        self.claims = 0
        """How many were held against the log."""
        self.claims_behind = 0
        """How many are about entries that are no longer kept, so that they can be neither proved nor refuted."""
        self._limits = limits
        self._purges = purges or {}
        self._snapshots = {snapshot.seq: snapshot for snapshot in snapshots}
        self._claims = claims
        self._next_claim = next(claims, None)
        self._activations = activations
        self._next_activation = next(activations, None)
        self._opened_epoch = 0
        self._epoch = 0
        self._node: str | None = None
        self._numbers: dict[str, NumberSet] = {}
        if horizon:
            self._begin(horizon)

    def take(self, stored: StoredEntry) -> None:
        """Check the next entry and apply it."""
        logged, seq = stored.entry, stored.entry.seq
        if seq != self.workspace.seq + 1:
            self._break(f"entry {seq} follows entry {self.workspace.seq}")
            return
        self._check_epoch(stored.epoch, seq)
        self._check_number(logged)
        self._check_author(logged)
        claims = list(self._claims_upto(seq))
        for claim in claims:
            self._check_before(claim, logged)
        if not self._apply(logged):
            return
        for claim in claims:
            if isinstance(claim, Quiesced):
                self._check_text(claim)
        snapshot = self._snapshots.pop(seq, None)
        if snapshot is not None:
            self._check_snapshot(snapshot)

    def finish(self, stored: StoredWorkspace) -> None:
        """The log has ended, at the moment of `stored`."""
        if self.is_broken:
            return
        workspace = self.workspace
        if workspace.seq != stored.head:
            self._find(f"the log ends with entry {workspace.seq}, its head says {stored.head}")
        if self._epoch > stored.epoch:
            self._find(f"entry {workspace.seq} has epoch {self._epoch}, the log itself only {stored.epoch}")
        for claim in self._claims_upto(None):
            self._find(f"{_teller(claim)} was told of entry {claim.seq}, the log ends with {workspace.seq}")
        for seq in sorted(self._snapshots):
            self._find(f"there is a snapshot of entry {seq}, the log ends with {workspace.seq}")
        info = None if workspace.is_deleted else workspace.info
        members = () if workspace.is_deleted else tuple(workspace.members.values())
        if stored.info != info:
            self._find("the index describes the workspace otherwise than the log")
        if {member.user_id: member for member in stored.members} != {member.user_id: member for member in members}:
            self._find(f"the index has {len(stored.members)} members who differ from the log's {len(members)}")

    def _begin(self, horizon: int) -> None:
        """Start from the base; from the next sound snapshot when it is damaged."""
        kept = sorted(self._snapshots)
        if not kept or kept[0] != horizon:
            self._find(f"the log begins after entry {horizon}, and there is no base")
        if len(kept) < 2:
            self._find(f"the base at entry {horizon} is all there is to begin from: no snapshot follows it")
        for seq in kept:
            snapshot = self._snapshots.pop(seq)
            try:
                self.workspace = decode_workspace(snapshot.body, snapshot.checksum, self._limits)
                break
            except SnapshotDamaged as damage:
                name = "base" if seq == horizon else "snapshot"
                self._find(f"the {name} of entry {seq} is damaged: {damage}")
        else:
            self._break("no snapshot is sound")
        start = self.workspace.seq
        if start > horizon and not self.is_broken:
            self._find(f"the entries {horizon + 1} to {start} were not checked")
        while self._next_claim is not None and self._next_claim.seq <= start:
            self.claims_behind += 1
            self._next_claim = next(self._claims, None)

    # --- the log itself ------------------------------------------------------------------------------------------

    def _check_epoch(self, epoch: int, seq: int) -> None:
        if epoch < self._epoch:
            self._find(f"entry {seq} has epoch {epoch}, an entry before it has {self._epoch}")
        elif epoch > self._epoch:
            self._epoch, self._node = epoch, None
        while self._next_activation is not None and (self._next_activation.seq or 0) < seq:
            self._opened_epoch = max(self._opened_epoch, self._next_activation.epoch)
            self._next_activation = next(self._activations, None)
        if epoch < self._opened_epoch:
            self._find(f"entry {seq} has epoch {epoch}, though epoch {self._opened_epoch} was opened before it")

    def _check_number(self, logged: LoggedEntry) -> None:
        if logged.client_id is None or logged.client_seq is None:
            return
        if not self._numbers.setdefault(logged.client_id, NumberSet()).add(logged.client_seq):
            self._find(f"request {logged.client_seq} of client {logged.client_id} is in the log again as {logged.seq}")

    def _check_author(self, logged: LoggedEntry) -> None:
        if _operation(logged) and not role_allows(self.workspace.role_of(logged.user_id), "notes:update"):
            self._find(f"entry {logged.seq} is an edit of person {logged.user_id}, who had no right to it then")

    def _apply(self, logged: LoggedEntry) -> bool:
        try:
            self.workspace.apply(decode_entry(logged))
        except Exception as error:  # noqa: BLE001 - whatever a damaged entry makes of itself is a finding
            self._break(f"entry {logged.seq} cannot be replayed ({type(error).__name__})")
        return not self.is_broken

    def _check_snapshot(self, snapshot: Snapshot) -> None:
        try:
            restored = decode_workspace(snapshot.body, snapshot.checksum, self._limits)
        except SnapshotDamaged as damage:
            self._find(f"the snapshot of entry {snapshot.seq} is damaged: {damage}")
            return
        gone = frozenset(note_id for note_id, seq in self._purges.items() if seq > snapshot.seq)
        images = [image_without(take_image(one), gone) for one in (restored, self.workspace)]
        if encode_image(images[0]) != encode_image(images[1]):
            self._find(f"the snapshot of entry {snapshot.seq} is not what the log's first {snapshot.seq} entries give")

    # --- what clients were told ----------------------------------------------------------------------------------

    def _claims_upto(self, seq: int | None) -> Iterator[Claim]:
        while self._next_claim is not None and (seq is None or self._next_claim.seq <= seq):
            self.claims += 1
            claim, self._next_claim = self._next_claim, next(self._claims, None)
            yield claim

    def _check_before(self, claim: Claim, logged: LoggedEntry) -> None:
        if claim.seq != logged.seq:
            self._find(f"{_teller(claim)} was told of entry {claim.seq}, which there cannot be")
        elif logged.note_id is not None and self._purges.get(logged.note_id, 0) > logged.seq:
            self.claims_behind += 1
        elif isinstance(claim, Acked):
            self._check_ack(claim, logged)
        elif isinstance(claim, Received):
            self._check_received(claim, logged)

    def _check_ack(self, ack: Acked, logged: LoggedEntry) -> None:
        request = f"request {ack.client_seq} of client {ack.client_id}, acknowledged as entry {ack.seq},"
        if (logged.client_id, logged.client_seq) != (ack.client_id, ack.client_seq):
            self._find(f"{request} is not there: that entry is another's")
            return
        if ack.payload_hash is not None and (logged.payload_hash or b"").hex() != ack.payload_hash:
            self._find(f"{request} is there with another payload")
        if ack.node is not None and (self._node or ack.node) != ack.node:
            self._find(f"nodes {self._node} and {ack.node} both acknowledged entries of epoch {self._epoch}")
        self._node = ack.node or self._node
        op = _operation(logged)
        if ack.inserted is not None and "".join(part for part in op if isinstance(part, str)) != ack.inserted:
            self._find(f"{request} does not insert the {len(ack.inserted)} characters that were typed")
        if ack.deleted is not None and Counter(self._deleted(logged, op)) - Counter(ack.deleted):
            self._find(f"{request} deletes characters that its author did not mean")

    def _check_received(self, received: Received, logged: LoggedEntry) -> None:
        told = f"person {received.user_id} was told entry {received.seq}"
        if self.workspace.role_of(received.user_id) is None:
            self._find(f"{told} without being a member then")
        try:
            is_same = _operation(logged) == from_wire(received.op)
        except OperationError:
            is_same = False
        author = (received.client_id, received.client_seq)
        if not is_same or logged.note_id != received.note_id or author != (logged.client_id, logged.client_seq):
            self._find(f"{told} otherwise than it is in the log")

    def _check_text(self, quiesced: Quiesced) -> None:
        if self._purges.get(quiesced.note_id, 0) > quiesced.seq:
            self.claims_behind += 1
            return
        note = self.workspace.notes.get(quiesced.note_id)
        if note is None or note.text != Text.of(quiesced.text):
            self._find(
                f"client {quiesced.client_id} shows another text of note {quiesced.note_id} after entry {quiesced.seq}"
            )

    def _deleted(self, logged: LoggedEntry, op: Operation) -> str:
        note = self.workspace.notes.get(logged.note_id or "")
        pieces, position = [], 0
        for part in op:
            if isinstance(part, int):
                if part < 0 and note is not None:
                    pieces.append(note.text.slice(position, position - part))
                position += abs(part)
        return "".join(pieces)

    def _find(self, sentence: str) -> None:
        self.findings.append(f"workspace {self.workspace.id}: {sentence}")

    def _break(self, sentence: str) -> None:
        self.is_broken = True
        self._find(f"{sentence}; the rest of its log was not checked")


def _operation(logged: LoggedEntry) -> Operation:
    """Of an edit; nothing for other entries."""
    try:
        change = decode_entry(logged).change
    except msgspec.DecodeError:
        return ()
    return change.op if isinstance(change, NoteEdited) else ()


def _teller(claim: Claim) -> str:
    return f"person {claim.user_id}" if isinstance(claim, Received) else f"client {claim.client_id}"
