"""One note of a workspace: its text, what is known of it, and its latest edits."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from nvserver.core.model import NoteMeta
from nvserver.core.ot import Operation, Selection, Text, transform, transform_selection
from nvserver.errors import Conflict

EXCERPT_CHARACTERS = 200
_MAX_EDITS_OVER_SELECTION = 256

RememberedEdit: TypeAlias = tuple[int, Operation, str | None]
"""Seq, operation, and the id of the client that made it."""


def transform_steps(op: Operation, edits: Sequence[RememberedEdit]) -> int:
    """About how many components are walked over to bring `op` over `edits`; a step costs about a microsecond."""
    return len(op) * len(edits) + sum([len(other) for _, other, _ in edits])


class EditsMissing(Exception):
    """The note's edits from `after` (exclusive) to `upto` (inclusive) are needed and not in memory: read them from the
    op log, give them to `Note.remember_older`, try again."""

    def __init__(self, note_id: str, after: int, upto: int) -> None:
        super().__init__(f"edits of note {note_id} in ({after}, {upto}] are not in memory")
        self.note_id = note_id
        self.after = after
        self.upto = upto


class FarBehind(Exception):
    """Bringing the operation to the head takes more steps than may be done at once: do it with `Note.edits_after` and
    `bring_over`, slice by slice, then ask again with what came out, made on the head."""


def bring_over(op: Operation, edits: Iterable[RememberedEdit], client_id: str | None) -> Operation:
    """`op` transformed one by one over `edits`, which were committed before it: at the same place they stay left.

    Raises `Conflict` when one of them is the client's own: it must have processed that one before it makes the next."""
    for seq, other, other_client_id in edits:
        if client_id is not None and other_client_id == client_id:
            raise Conflict("baseSeq is older than your own last accepted edit of this note", {"seq": seq})
        op = transform(op, other, "right")
    return op


class Note:
    """Mutable; changed only by `Workspace.apply`.

    Invariant: `_seqs`, `_ops` and `_client_ids` are parallel, ascending by seq, and hold every edit of the note with
    seq > `_floor`.
    """

    __slots__ = ("_client_ids", "_floor", "_meta", "_ops", "_seqs", "seq", "text", "updated_at")

    def __init__(self, meta: NoteMeta, text: Text) -> None:
        self._meta = meta
        self.text = text
        self.seq = meta.seq
        self.updated_at = meta.updated_at
        self._floor = meta.seq
        self._seqs: list[int] = []
        self._ops: list[Operation] = []
        self._client_ids: list[str | None] = []

    @property
    def meta(self) -> NoteMeta:
        """All of the note but its text, as of now."""
        meta = self._meta
        if meta.seq != self.seq:
            meta = self._meta = replace(meta, seq=self.seq, updated_at=self.updated_at)
        return meta

    @property
    def author_id(self) -> str:
        return self._meta.author_id

    @property
    def is_deleted(self) -> bool:
        return self._meta.deleted_at is not None

    @property
    def excerpt(self) -> str:
        """The first 200 characters of the text."""
        return self.text.slice(0, EXCERPT_CHARACTERS)

    def change_meta(self, meta: NoteMeta) -> None:
        """Take `meta` over, its `seq` and `updated_at` too."""
        self._meta = meta
        self.seq = meta.seq
        self.updated_at = meta.updated_at

    def edit(self, seq: int, at: int, op: Operation, client_id: str | None, max_remembered: int) -> None:
        """Apply `op`, committed as `seq`."""
        self.text = self.text.apply(op)
        self.seq = seq
        self.updated_at = at
        self._seqs.append(seq)
        self._ops.append(op)
        self._client_ids.append(client_id)
        if len(self._seqs) > 2 * max_remembered:  # trimmed by halves, so that the cost per edit is constant
            self.forget_older(max_remembered)

    def forget_older(self, keep: int) -> None:
        """Keep only the newest `keep` edits in memory."""
        excess = len(self._seqs) - keep
        if excess > 0:
            self._floor = self._seqs[excess - 1]
            del self._seqs[:excess]
            del self._ops[:excess]
            del self._client_ids[:excess]

    def remember_older(self, after: int, edits: Iterable[RememberedEdit]) -> None:
        """Add the edits that lie between `after` and what is in memory."""
        older = [edit for edit in edits if after < edit[0] <= self._floor]
        self._seqs[:0] = [seq for seq, _, _ in older]
        self._ops[:0] = [op for _, op, _ in older]
        self._client_ids[:0] = [client_id for _, _, client_id in older]
        self._floor = min(self._floor, after)

    def to_head(self, op: Operation, base_seq: int, client_id: str | None, max_steps: int) -> Operation:
        """`op`, made by `client_id` on the text at `base_seq`, transformed one by one over all edits after it.

        Raises `EditsMissing`, `FarBehind`, and as `bring_over` does.
        """
        seqs = self._seqs
        if not seqs or base_seq >= seqs[-1]:
            if base_seq < self._floor:
                raise EditsMissing(self._meta.id, base_seq, self._floor)
            return op
        edits = self.edits_after(base_seq)
        if transform_steps(op, edits) > max_steps:
            raise FarBehind
        return bring_over(op, edits, client_id)

    def selection_to_head(self, selection: Selection, base_seq: int) -> Selection:
        """The selection, taken at `base_seq`, as it stands in the text now. Raises `EditsMissing`, also for one that
        was taken more than 256 edits ago: it is not worth the time, the next one is near."""
        missed = self._after(base_seq)
        if len(missed) > _MAX_EDITS_OVER_SELECTION:
            raise EditsMissing(self._meta.id, base_seq, self._floor)
        for index in missed:
            selection = transform_selection(selection, self._ops[index])
        return selection

    def edits_after(self, seq: int) -> Sequence[RememberedEdit]:
        """The edits after `seq`. Raises `EditsMissing`."""
        return [(self._seqs[i], self._ops[i], self._client_ids[i]) for i in self._after(seq)]

    def _after(self, base_seq: int) -> range:
        """The indexes of the edits with seq > `base_seq`."""
        if base_seq < self._floor:
            raise EditsMissing(self._meta.id, base_seq, self._floor)
        seqs = self._seqs
        index = len(seqs)
        while index and seqs[index - 1] > base_seq:  # late arrivals are few behind; no bisection needed
            index -= 1
        return range(index, len(seqs))
