"""Purged notes: a log without what it told of them gives the states without them, however far the work has come."""

import random
from collections.abc import Collection, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from nvserver.core import commands as c
from nvserver.core.base import BaseBuilder
from nvserver.core.changes import Author, Entry, NotePurged, NoteRedacted, encode_entry, redacted_body
from nvserver.core.decisions import decide
from nvserver.core.model import Connection
from nvserver.core.note import EditsMissing
from nvserver.core.requests import check_resend
from nvserver.core.snapshot import checksum, decode_workspace, encode_image, image_without, stored_without, take_image
from nvserver.core.workspace import Workspace
from nvserver.errors import CallerError, Conflict, Forbidden, NoteNotFound
from tests.core.test_workspace import LIMITS, USERS, History, random_command


def note_of(entry: Entry) -> str | None:
    return getattr(entry.change, "note_id", None)


def redacted(entry: Entry) -> Entry:
    author = Author(entry.author.user_id, entry.author.client_id, entry.author.client_seq)
    return replace(entry, author=author, change=NoteRedacted(note_of(entry) or ""))


def random_history(rng: random.Random) -> History:
    """In which notes are purged, and made again under the same id."""
    history = History()
    for _ in range(150):
        command = random_command(rng, history.workspace)
        trashed = [note_id for note_id, note in history.workspace.notes.items() if note.is_deleted]
        if trashed and rng.random() < 0.3:
            command = c.PurgeNote(rng.choice(trashed))
        elif history.workspace.notes and rng.random() < 0.1:
            command = c.DeleteNote(rng.choice([*history.workspace.notes]))
        try:
            changes = decide(history.workspace, command, author := Author(rng.choice(USERS)))
        except (CallerError, EditsMissing):
            continue
        for change in changes:
            history.commit(author, change)
    return history


def state(entries: Sequence[Entry]) -> Workspace:
    workspace = Workspace("w", LIMITS)
    for entry in entries:
        workspace.apply(entry)
    return workspace


def shown(workspace: Workspace, without: Collection[str] = ()) -> Any:
    return encode_image(image_without(take_image(workspace), frozenset(without)))


def test_any_log_without_what_it_told_of_purged_notes_gives_its_states_without_them(rng: random.Random) -> None:
    purged_notes = 0
    for _ in range(80):
        history = random_history(rng)
        purges = [(entry.seq, note_of(entry)) for entry in history.entries if isinstance(entry.change, NotePurged)]
        purged_notes += len(purges)
        entries = list(history.entries)
        for purge_seq, note_id in purges:
            about = [
                place
                for place, entry in enumerate(entries)
                if entry.seq < purge_seq and note_of(entry) == note_id and not isinstance(entry.change, NoteRedacted)
            ]
            # The newest first: at any moment it can be replayed, and ends as before.
            for place in about[::-1]:
                entries[place] = redacted(entries[place])
                if rng.random() < 0.1:
                    assert shown(state(entries)) == shown(history.workspace)
        assert shown(state(entries)) == shown(history.workspace)
        for cut in rng.sample(range(len(entries)), 5):
            gone = {note_id for seq, note_id in purges if seq > cut and note_id is not None}
            kept, told = state(history.entries[:cut]), state(entries[:cut])
            assert shown(told) == shown(kept, gone)
            # So it is with a stored state, and with what follows on it.
            body = encode_image(take_image(kept))
            without = stored_without(body, checksum(body), gone)
            assert (without is None) == (shown(kept) == shown(kept, gone))
            begun = decode_workspace(*(without or (body, checksum(body))), LIMITS)
            assert shown(begun) == shown(told)
            for entry in entries[cut:]:
                begun.apply(entry)
            assert shown(begun) == shown(history.workspace)
    assert purged_notes > 60


def test_a_base_loses_the_note_its_authors_and_the_hashes_of_what_was_sent() -> None:
    history = History()
    history.do("owner", c.CreateNote("n", "Secret title", "secret words"))
    history.do("owner", c.CreateNote("m", "Other", "other words"))
    numbered = Author("owner", "client", 1, b"h" * 16)
    history.commit(numbered, *decide(history.workspace, c.EditNote("n", history.workspace.seq, ("x",)), numbered))
    builder = BaseBuilder(Workspace("w", LIMITS), {})
    builder.take(history.entries)
    body, told = builder.encode()
    assert b"ecret" in body
    without = stored_without(body, told, {"n"})
    assert without is not None and b"ecret" not in without[0]
    assert b"other words" in without[0] and b'"payload_hash":null' in without[0]
    assert stored_without(*without, {"n"}) is None
    later = body.replace(b'{"workspace_id"', b'{"of_a_newer_program":[1],"workspace_id"')
    kept = stored_without(later, checksum(later), {"n"})
    assert kept is not None and b'"of_a_newer_program":[1]' in kept[0]


def test_only_what_is_in_the_trash_is_purged_by_who_may_delete_it() -> None:
    history = History()
    for user in ("owner", "member"):
        history.do(user, c.CreateNote(user, "T"))
    with pytest.raises(NoteNotFound):
        history.do("owner", c.PurgeNote("owner"))
    with pytest.raises(NoteNotFound):
        history.do("owner", c.PurgeNote("missing"))
    assert history.do("owner", c.PurgeNotes(("owner", "member", "missing"))) == ()
    for user in ("owner", "member"):
        history.do("owner", c.DeleteNote(user))
    for user, note_id in (("member", "owner"), ("viewer", "member")):
        with pytest.raises(Forbidden):
            history.do(user, c.PurgeNote(note_id))
    with pytest.raises(Forbidden):
        history.do("viewer", c.PurgeNotes(()))
    assert history.do("member", c.PurgeNotes(("owner", "member", "member"))) == (NotePurged("member"),)
    with pytest.raises(NoteNotFound):
        history.do("owner", c.RestoreNote("member"))
    assert history.do("admin", c.PurgeNote("owner")) == (NotePurged("owner"),)
    assert history.workspace.notes == {}


def test_lines_go_before_the_note_and_a_resend_about_it_gets_its_first_result() -> None:
    history = History()
    for note_id in ("a", "b"):
        history.do("owner", c.CreateNote(note_id, "T"))
    history.do("owner", c.CreateConnection(Connection("l", "a", "b")))
    history.do("owner", c.DeleteNote("b"))
    line, last = history.do("owner", c.PurgeNote("b"))
    assert (type(line).__name__, last) == ("ConnectionDeleted", NotePurged("b"))
    assert history.workspace.connections == {}
    check_resend(b"x" * 16, None)
    with pytest.raises(Conflict):
        check_resend(b"x" * 16, b"y" * 16)


def test_the_body_of_a_redacted_entry_is_that_of_the_change() -> None:
    entry = Entry(1, 0, Author("owner"), NoteRedacted("n"))
    assert encode_entry(entry).body == redacted_body("n")
    assert encode_entry(entry).note_id == "n"
