"""The base of a log: the same state and the same authors, whether reached in one go or from base to base."""

import itertools
import random

from nvserver.core.base import start_from
from nvserver.core.changes import Author, Change, Entry, MemberAdded, NoteCreated, NoteEdited, WorkspaceCreated
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import Position, Size
from nvserver.core.snapshot import decode_note, decode_workspace

LIMITS = WorkspaceLimits()
WRITERS = ("ada", "bob", "eve")


def written(rng: random.Random, edits: int) -> tuple[list[Entry], dict[str, list[tuple[str, str]]]]:
    """Entries, and for each note its characters with who wrote them, kept in the plainest way."""
    changes: list[tuple[str, Change]] = [
        ("ada", WorkspaceCreated("Base", "ada")),
        ("ada", MemberAdded("ada", "owner")),
        ("bob", NoteCreated("n1", "One", "start", Position(), Size())),
        ("eve", NoteCreated("n2", "Two", "", Position(), Size())),
    ]
    texts = {"n1": [("bob", c) for c in "start"], "n2": list[tuple[str, str]]()}
    writer = "ada"
    for _ in range(edits):
        writer = writer if rng.random() < 0.7 else rng.choice(WRITERS)
        note_id = rng.choice(tuple(texts))
        text = texts[note_id]
        at = rng.randint(0, len(text))
        skip: tuple[int | str, ...] = (at,) if at else ()
        if at < len(text) and rng.random() < 0.4:
            count = rng.randint(1, min(4, len(text) - at))
            del text[at : at + count]
            changes.append((writer, NoteEdited(note_id, (*skip, -count))))
        else:
            inserted = "".join(rng.choice("ab\U0001f680") for _ in range(rng.randint(1, 4)))
            text[at:at] = [(writer, c) for c in inserted]
            changes.append((writer, NoteEdited(note_id, (*skip, inserted))))
    return [Entry(seq, seq, Author(who), change) for seq, (who, change) in enumerate(changes, 1)], texts


def test_going_from_base_to_base_tells_who_wrote_each_character(rng: random.Random) -> None:
    for _ in range(30):
        entries, texts = written(rng, 120)
        cuts = sorted(rng.sample(range(1, len(entries)), 3))
        body: bytes | None = None
        checksum = b""
        for start, end in zip([0, *cuts], [*cuts, len(entries)], strict=True):
            builder = start_from(body, checksum, "w", LIMITS)
            builder.take(entries[start:end])
            body, checksum = builder.encode()
        assert body is not None
        workspace = decode_workspace(body, checksum, LIMITS)
        assert workspace.seq == len(entries)
        for note_id, characters in texts.items():
            assert str(workspace.notes[note_id].text) == "".join(c for _, c in characters)
            found = decode_note(body, checksum, note_id)
            assert found is not None
            content, authors = found
            assert content == str(workspace.notes[note_id].text)
            assert [one.user_id for one in authors for _ in range(one.length)] == [who for who, _ in characters]
            # Ranges of one person are joined, none is empty.
            assert all(one.length > 0 for one in authors)
            assert all(a.user_id != b.user_id for a, b in itertools.pairwise(authors))
        assert decode_note(body, checksum, "n3") is None
