"""What a note's entries tell of its past: who wrote what when, and how to take part of it back.

All functions take the note's entries in seq order, from its making on, or those that follow what is given as known: a
text and who wrote it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from nvserver.core.changes import Entry, NoteCreated, NoteEdited
from nvserver.core.ot import Operation, Text, compose, invert, transform

EMPTY: Final = Text.of("")


class EditGroup(msgspec.Struct, frozen=True):
    """Neighbouring edits of one person. `at` in milliseconds since 1970 UTC; `inserted` and `deleted` count
    characters."""

    user_id: str
    from_seq: int
    to_seq: int
    from_at: int
    to_at: int
    edits: int
    inserted: int
    deleted: int


class AuthoredRange(msgspec.Struct, frozen=True):
    """`length` characters that one person wrote (None: it is not known who); ranges follow each other from the text's
    start."""

    user_id: str | None
    length: int


def group_edits(entries: Iterable[Entry], max_gap_ms: int) -> Sequence[EditGroup]:
    """The edits in groups, oldest first: a new one where the author changes or pauses longer than `max_gap_ms`."""
    groups: list[EditGroup] = []
    for entry in entries:
        inserted, deleted = _counts(entry)
        if inserted is None:
            continue
        last = groups[-1] if groups else None
        if last is not None and last.user_id == entry.author.user_id and entry.at - last.to_at <= max_gap_ms:
            groups[-1] = EditGroup(
                last.user_id,
                last.from_seq,
                entry.seq,
                last.from_at,
                entry.at,
                last.edits + 1,
                last.inserted + inserted,
                last.deleted + deleted,
            )
        else:
            groups.append(
                EditGroup(entry.author.user_id, entry.seq, entry.seq, entry.at, entry.at, 1, inserted, deleted)
            )
    return groups


def _counts(entry: Entry) -> tuple[int | None, int]:
    match entry.change:
        case NoteCreated(content=content):
            return len(content), 0
        case NoteEdited(op=op):
            inserted = sum(len(component) for component in op if isinstance(component, str))
            deleted = sum(-component for component in op if isinstance(component, int) and component < 0)
            return inserted, deleted
        case _:
            return None, 0


def authorship(entries: Iterable[Entry], known: Sequence[AuthoredRange] = ()) -> Sequence[AuthoredRange]:
    """Who wrote each part of the text as it is after the last entry."""
    ranges = list(known)
    for entry in entries:
        user_id = entry.author.user_id
        match entry.change:
            case NoteCreated(content=content):
                ranges = [AuthoredRange(user_id, len(content))] if content else []
            case NoteEdited(op=op):
                ranges = _edited_ranges(ranges, op, user_id)
    return ranges


def known_authors(authors: Sequence[AuthoredRange], length: int) -> Sequence[AuthoredRange]:
    """`authors`; where nothing is known of a text of `length` characters, one range of nobody known."""
    return authors or ((AuthoredRange(None, length),) if length else ())


def _edited_ranges(ranges: list[AuthoredRange], op: Operation, user_id: str) -> list[AuthoredRange]:
    result: list[AuthoredRange] = []
    rest = list(reversed(ranges))

    def keep(range_: AuthoredRange) -> None:
        if result and result[-1].user_id == range_.user_id:
            range_ = AuthoredRange(range_.user_id, result.pop().length + range_.length)
        result.append(range_)

    def take(count: int) -> Iterable[AuthoredRange]:
        while count:
            range_ = rest.pop()
            if range_.length > count:
                rest.append(AuthoredRange(range_.user_id, range_.length - count))
                range_ = AuthoredRange(range_.user_id, count)
            count -= range_.length
            yield range_

    for component in op:
        if isinstance(component, str):
            keep(AuthoredRange(user_id, len(component)))
        elif component > 0:
            for range_ in take(component):
                keep(range_)
        else:
            for _ in take(-component):
                pass
    for range_ in reversed(rest):
        keep(range_)
    return result


def undo_edits(entries: Iterable[Entry], is_undone: Callable[[Entry], bool], known: Text = EMPTY) -> Operation:
    """The operation on the text after the last entry that takes the chosen edits back and leaves all others.

    One pass: the undo so far is transformed over each edit that stays, and put behind the inverse of each that goes."""
    text = known
    undo: Operation = ()
    for entry in entries:
        match entry.change:
            case NoteCreated(content=content):
                text = Text.of(content)
            case NoteEdited(op=op):
                undo = compose(invert(op, text), undo) if is_undone(entry) else transform(undo, op, "right")
                text = text.apply(op)
    return undo


def text_after(entries: Iterable[Entry], known: Text = EMPTY) -> Text:
    """The text after the last entry."""
    text = known
    for entry in entries:
        match entry.change:
            case NoteCreated(content=content):
                text = Text.of(content)
            case NoteEdited(op=op):
                text = text.apply(op)
    return text
