"""A workspace's state under random commands: a refused one changes nothing, replay and snapshot give the same state."""

import random
from typing import Any

import pytest

from nvserver.core import commands as c
from nvserver.core.changes import Author, Change, Entry, MemberAdded, WorkspaceCreated, decode_entry, encode_entry
from nvserver.core.decisions import decide
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.model import Anchor, CalendarEvent, Connection, FileInfo, Position, Size
from nvserver.core.note import EditsMissing
from nvserver.core.permissions import ROLES, Role, role_allows
from nvserver.core.snapshot import SnapshotDamaged, checksum, decode_workspace, encode_image, take_image
from nvserver.core.workspace import Workspace
from nvserver.errors import CallerError, Conflict, Forbidden, NoteNotFound, PayloadTooLarge, WorkspaceNotFound

USERS = ("owner", "admin", "member", "viewer", "stranger")
LIMITS = WorkspaceLimits(
    max_notes=6,
    max_note_characters=60,
    max_members=5,
    max_collections=4,
    max_connections=4,
    max_files=4,
    max_files_bytes=150,
    max_threads=3,
    max_thread_comments=3,
)


class History:
    """A workspace and the entries that made it."""

    def __init__(self) -> None:
        self.workspace = Workspace("w", LIMITS)
        self.entries: list[Entry] = []
        changes: list[Change] = [WorkspaceCreated("W", "owner"), MemberAdded("owner", "owner")]
        changes += [MemberAdded(role, role) for role in ("admin", "member", "viewer")]
        for change in changes:
            self.commit(Author("owner"), change)

    def commit(self, author: Author, change: Change) -> None:
        entry = Entry(self.workspace.seq + 1, 1000 + len(self.entries), author, change)
        self.workspace.apply(entry)
        self.entries.append(entry)

    def do(self, user: str, command: c.Command) -> tuple[Change, ...]:
        changes = decide(self.workspace, command, Author(user))
        for change in changes:
            self.commit(Author(user), change)
        return changes


def image(workspace: Workspace) -> Any:
    """All that can be known of the state, as plain data."""
    return encode_image(take_image(workspace))


def random_event(rng: random.Random, user: str, note_id: str) -> CalendarEvent:
    event_id = f"e{rng.randint(0, 999)}"
    return CalendarEvent(event_id, "w", event_id, "E", 1, 2, user, 0, 0, note_id=note_id)


def random_command(rng: random.Random, workspace: Workspace) -> c.Command:
    note_id = rng.choice([*workspace.notes, "missing"])
    user = rng.choice(USERS)
    role: Role = rng.choice(ROLES)
    text = "".join(rng.choice("ab😀\n") for _ in range(rng.randint(0, 30)))
    collection_id = rng.choice([*workspace.collections, None, "missing"])
    length = len(workspace.notes[note_id].text) if note_id in workspace.notes else 5
    skip = rng.randint(0, length + 1)
    op = tuple(x for x in (skip, rng.choice(["x", "yz"]), -rng.randint(0, 2)) if x)
    thread_id = f"t{rng.randint(0, 5)}"
    comment_id = f"{thread_id}{rng.choice('abc')}"
    anchor = rng.choice([None, Anchor(min(skip, 3), rng.randint(0, length + 1))])
    return rng.choice(
        [
            c.StartThread(note_id, thread_id, f"{thread_id}a", text, anchor, rng.choice([None, workspace.seq])),
            c.ReplyToThread(note_id, thread_id, comment_id, text),
            c.EditComment(note_id, thread_id, comment_id, text),
            c.DeleteComment(note_id, thread_id, comment_id),
            c.ResolveThread(note_id, thread_id, rng.random() < 0.5),
            c.EditNote(note_id, rng.randint(max(0, workspace.seq - 5), workspace.seq + 1), op),
            c.EditNote(note_id, workspace.seq, op),
            c.CreateNote(f"n{rng.randint(0, 9)}", "T", text, tags=("a", "b", "a"), collection_id=collection_id),
            c.UpdateNote(note_id, title="x" * rng.choice([1, 201]), position=Position(1.5, -2.0), size=Size(3.0, 4.0)),
            c.UpdateNote(note_id, tags_added=("new",), tags_removed=("a",), collection_id=collection_id),
            c.UpdateNote(note_id),
            c.DeleteNote(note_id),
            c.RestoreNote(note_id),
            c.PurgeNote(note_id),
            c.PurgeNotes((note_id, "missing", note_id)),
            c.AddEvents((random_event(rng, user, note_id),)),
            c.UpdateWorkspace(name=rng.choice(["", "Name", "x" * 101])),
            c.AddMember(user, role),
            c.UpdateMember(user, role),
            c.RemoveMember(user),
            c.TransferOwnership(user),
            c.CreateCollection(f"c{rng.randint(0, 5)}", "C", collection_id),
            c.UpdateCollection(rng.choice([*workspace.collections, "missing"]), parent_id=collection_id),
            c.DeleteCollection(rng.choice([*workspace.collections, "missing"])),
            c.CreateConnection(Connection(f"l{rng.randint(0, 5)}", note_id, rng.choice([*workspace.notes, "missing"]))),
            c.UpdateConnection(rng.choice([*workspace.connections, "missing"]), label="x" * rng.choice([1, 201])),
            c.AddFiles(
                (FileInfo(f"f{rng.randint(0, 9)}", "w", "F", "text/plain", rng.choice([1, 40, 90]), "", user, 5),)
            ),
            c.RemoveFile(rng.choice([*workspace.files, "missing"])),
            c.WatchNote(note_id, rng.random() < 0.7),
            c.DeleteConnection(rng.choice([*workspace.connections, "missing"])),
        ]
    )


def test_random_histories(rng: random.Random) -> None:
    accepted = refused = 0
    for _ in range(90):
        history = History()
        for _ in range(120):
            before = image(history.workspace)
            command = random_command(rng, history.workspace)
            try:
                changes = decide(history.workspace, command, author := Author(rng.choice(USERS)))
            except (CallerError, EditsMissing):
                refused += 1
                assert image(history.workspace) == before
                continue
            assert image(history.workspace) == before, "deciding changed something"
            for change in changes:
                history.commit(author, change)
            accepted += bool(changes)
            check_invariants(history.workspace)
        check_recovery(history, rng)
    assert accepted > 300
    assert refused > 1000


def check_invariants(workspace: Workspace) -> None:
    owners = [member.user_id for member in workspace.members.values() if member.role == "owner"]
    assert workspace.info is not None
    assert owners == [workspace.info.owner_id]
    assert len(workspace.members) <= LIMITS.max_members
    assert len(workspace.notes) <= LIMITS.max_notes
    assert len(workspace.collections) <= LIMITS.max_collections
    assert len(workspace.files) <= LIMITS.max_files
    assert sum(file.size_bytes for file in workspace.files.values()) <= LIMITS.max_files_bytes
    for note in workspace.notes.values():
        assert len(note.text) <= LIMITS.max_note_characters
        assert note.meta.collection_id in (None, *workspace.collections)
        assert len(set(note.meta.tags)) == len(note.meta.tags)
        assert note.meta.seq == note.seq <= workspace.seq
    for collection in workspace.collections.values():
        seen = set()
        while collection.parent_id is not None:
            assert collection.id not in seen, "collections lie in a circle"
            seen.add(collection.id)
            collection = workspace.collections[collection.parent_id]


def check_recovery(history: History, rng: random.Random) -> None:
    """Snapshot anywhere + the rest of the encoded log = the state; and so is the whole log."""
    cut = rng.randint(0, len(history.entries))
    partly = Workspace("w", LIMITS)
    for entry in history.entries[:cut]:
        partly.apply(entry)
    body = image(partly)
    recovered = decode_workspace(body, checksum(body), LIMITS)
    for entry in history.entries[cut:]:
        recovered.apply(decode_entry(encode_entry(entry)))
    assert image(recovered) == image(history.workspace)


def test_an_entry_out_of_order_is_refused() -> None:
    history = History()
    for seq in (history.workspace.seq, history.workspace.seq + 2):
        with pytest.raises(ValueError, match="does not follow"):
            history.workspace.apply(Entry(seq, 0, Author("owner"), MemberAdded("x", "viewer")))


@pytest.mark.parametrize("damage", [0, 17, -1])
def test_a_damaged_snapshot_is_found_out(damage: int) -> None:
    body = image(History().workspace)
    broken = bytearray(body)
    broken[damage] ^= 1
    with pytest.raises(SnapshotDamaged):
        decode_workspace(bytes(broken), checksum(body), LIMITS)
    with pytest.raises(SnapshotDamaged):
        decode_workspace(b'{"seq": 1}', checksum(b'{"seq": 1}'), LIMITS)


SEED_PERMISSIONS = {
    "owner": {"anything:at-all"},
    "admin": {
        *("workspace:read", "workspace:update", "workspace:delete", "members:invite", "members:remove"),
        *("members:update", "notes:create", "notes:read", "notes:update", "notes:delete", "files:upload"),
        *("files:read", "files:delete"),
    },
    "member": {"workspace:read", "notes:create", "notes:read", "notes:update", "files:upload", "files:read"},
    "viewer": {"workspace:read", "notes:read", "files:read"},
}


@pytest.mark.parametrize("role", ROLES)
def test_the_roles_are_those_of_the_owners_table(role: Role) -> None:
    everything = set().union(*SEED_PERMISSIONS.values())
    allowed = {permission for permission in everything if role_allows(role, permission)}
    assert allowed == (everything if role == "owner" else SEED_PERMISSIONS[role])
    own = {p for p in ("notes:delete", "files:delete") if role_allows(role, p, is_own=True)}
    assert own == (set() if role == "viewer" else {"notes:delete", "files:delete"})
    assert not role_allows(None, "workspace:read")


def test_an_edit_is_judged_at_its_turn() -> None:
    history = History()
    history.do("member", c.CreateNote("n", "T", "text"))
    history.do("member", c.EditNote("n", history.workspace.seq, (4, "!")))
    history.do("owner", c.UpdateMember("member", "viewer"))
    with pytest.raises(Forbidden):
        history.do("member", c.EditNote("n", history.workspace.seq, ("no",)))
    history.do("owner", c.RemoveMember("member"))
    with pytest.raises(WorkspaceNotFound):
        history.do("member", c.EditNote("n", history.workspace.seq, ("no",)))
    history.do("owner", c.DeleteNote("n"))
    with pytest.raises(NoteNotFound):
        history.do("owner", c.EditNote("n", history.workspace.seq, ("no",)))
    history.do("owner", c.DeleteWorkspace())
    with pytest.raises(WorkspaceNotFound):
        history.do("owner", c.UpdateWorkspace(name="late"))


def test_what_was_committed_first_stays_left() -> None:
    history = History()
    history.do("member", c.CreateNote("n", "T"))
    base = history.workspace.seq
    for user in ("owner", "admin", "member"):
        history.do(user, c.EditNote("n", base, (user[0],)))
    assert str(history.workspace.notes["n"].text) == "oam"


def test_a_client_must_have_seen_its_own_last_edit() -> None:
    history = History()
    history.do("member", c.CreateNote("n", "T"))
    base = history.workspace.seq
    author = Author("member", "client", 1, b"h")
    (change,) = decide(history.workspace, c.EditNote("n", base, ("a",)), author)
    history.commit(author, change)
    with pytest.raises(Conflict):
        decide(history.workspace, c.EditNote("n", base, ("b",)), Author("member", "client", 2, b"h"))
    assert decide(history.workspace, c.EditNote("n", base, ("b",)), Author("member", "other client", 1, b"h"))


def test_edits_that_memory_has_let_go_are_asked_for() -> None:
    limits = WorkspaceLimits(max_remembered_edits=4)
    history = History()
    history.workspace.limits = limits
    history.do("member", c.CreateNote("n", "T"))
    bases = [history.workspace.seq]
    ops = []
    for number in range(20):
        op = (number, "x") if number else ("x",)
        history.do("member", c.EditNote("n", history.workspace.seq, op))
        ops.append((history.workspace.seq, op, None))
        bases.append(history.workspace.seq)
    note = history.workspace.notes["n"]
    with pytest.raises(EditsMissing) as missing:
        note.edits_after(bases[0])
    assert missing.value.after == bases[0]
    note.remember_older(missing.value.after, [edit for edit in ops if edit[0] <= missing.value.upto])
    assert list(note.edits_after(bases[0])) == ops
    assert list(note.edits_after(bases[7])) == ops[7:]


def test_a_note_that_would_grow_too_long_stays() -> None:
    history = History()
    history.do("member", c.CreateNote("n", "T", "x" * 59))
    with pytest.raises(PayloadTooLarge):
        history.do("member", c.EditNote("n", history.workspace.seq, ("ab",)))
    history.do("member", c.EditNote("n", history.workspace.seq, ("a",)))
    with pytest.raises(PayloadTooLarge):
        history.do("member", c.CreateNote("m", "T", "x" * 61))
