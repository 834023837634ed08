"""`nvserver verify` finds nothing in a sound store, and each kind of damage in a damaged one."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

import pytest

from nvserver.core.changes import Author
from nvserver.core.client_history import Acked, Activated, Failed, Fenced, Injected, Line, Quiesced, Received
from nvserver.core.commands import AddMember, CreateNote, EditNote, RemoveMember, UpdateWorkspace
from nvserver.core.ot import Operation
from nvserver.ports.store import Store
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.history import HistoryFile
from nvserver.testing.sim_node import sim_node
from nvserver.workspace.messages import Submit
from nvserver.workspace.settings import WorkspaceSettings
from tests.faults.checking import findings_of
from tests.faults.stores import RealStore
from tests.test_cli import nvserver

HASH = blake2b(b"payload", digest_size=16)
OTHER_TEXT = '[3,"dEf"]'
NOBODY = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True, slots=True)
class Story:
    """A workspace with some past, and lines that tell of it truly. Entry 8 is the client's only numbered edit."""

    workspace_id: str
    note_id: str
    owner_id: str
    guest_id: str
    client_id: str
    head: int
    lines: Sequence[Line]


async def tell_story(store: Store, rng: random.Random) -> Story:
    """Entries: 1 created, 2 owner, 3 guest, 4 and 5 notes, 6 renamed, 7 and 8 edits, 9 guest removed, then edits."""

    def new_id() -> str:
        return str(UUID(int=rng.getrandbits(128)))

    owner, guest, client, note = new_id(), new_id(), new_id(), new_id()
    service = WorkspaceService(store.oplog, lambda: 1_000, new_id)
    workspace_id = (await service.create(owner, "Plans", "", None, None, "private")).info.id
    settings = WorkspaceSettings(snapshot_entries=4)
    async with sim_node(store.oplog, settings=settings) as node:
        one = Author(owner)
        numbered = Author(owner, client, 1, HASH.digest())
        commands = [
            (one, AddMember(guest, "member")),
            (one, CreateNote(note, "First", "abc")),
            (one, CreateNote(new_id(), "Second")),
            (one, UpdateWorkspace(name="Better plans")),
            (one, edit(note, 6, (3, "def"))),
            (numbered, edit(note, 7, (-2, 1, "xy"))),
            (one, RemoveMember(guest)),
            *((one, edit(note, seq, ("-",))) for seq in range(9, 14)),
        ]
        for author, command in commands:
            accepted = await node.call(workspace_id, Submit(author, command))
        await node.drain()
    assert accepted.seq == 14  # type: ignore[attr-defined]
    lines = [
        Acked(workspace_id, client, 1, 8, HASH.hexdigest(), "xy", "ab", "node"),
        Received(workspace_id, guest, note, 8, [{"d": 2}, 1, "xy"], client, 1),
        Quiesced(workspace_id, client, note, 8, "cxydef"),
        Quiesced(workspace_id, client, note, 14, "-----cxydef"),
        Failed(workspace_id, client, 2, "FORBIDDEN"),
        Activated(workspace_id, 1, "node", 2),
    ]
    return Story(workspace_id, note, owner, guest, client, accepted.seq, lines)  # type: ignore[attr-defined]


def edit(note_id: str, base_seq: int, op: Operation) -> EditNote:
    return EditNote(note_id, base_seq, op)


def written(path: Path, lines: Sequence[Line]) -> Path:
    with HistoryFile(path) as file:
        for line in lines:
            file.write(line)
    return path


async def test_a_sound_store_and_true_histories_are_right(
    real_store: RealStore, rng: random.Random, tmp_path: Path
) -> None:
    async with real_store.open() as store:
        stories = [await tell_story(store, rng) for _ in range(3)]
        files = [written(tmp_path / f"{number}.jsonl", story.lines) for number, story in enumerate(stories)]
        found, counts, _ = await findings_of(store, *files)
    assert found == []
    assert (counts.workspaces, counts.entries, counts.notes, counts.claims) == (3, 3 * 14, 6, 15)
    assert counts.snapshots >= 3


Damage = Callable[[RealStore, Story], str]
"""A statement that does the damage."""

DAMAGES: dict[str, tuple[Damage, str]] = {
    "a hole": (lambda s, t: f"DELETE FROM ops WHERE {at(s, t, 7)}", "entry 8 follows entry 6"),
    "a lost end": (lambda s, t: f"DELETE FROM ops WHERE {at(s, t, 14)}", "ends with entry 13, its head says 14"),
    "a place beyond the head": (lambda s, t: f"UPDATE ops SET seq = 16 WHERE {at(s, t, 14)}", "beyond the log's head"),
    "an epoch that falls": (lambda s, t: f"UPDATE ops SET epoch = 9 WHERE {at(s, t, 7)}", "entry 8 has epoch 1"),
    "an epoch above the log's": (lambda s, t: f"UPDATE logs SET epoch = 0 WHERE {of(s, t)}", "the log itself only 0"),
    "a body that is none": (
        lambda s, t: f"UPDATE ops SET body = {s.blob(b'[]')} WHERE {at(s, t, 7)}",
        "entry 7 cannot be replayed",
    ),
    "an edit past the end": (
        lambda s, t: f"UPDATE ops SET body = {s.blob(edited(t, '[99,-1]'))} WHERE {at(s, t, 7)}",
        "entry 7 cannot be replayed",
    ),
    "another text": (
        lambda s, t: f"UPDATE ops SET body = {s.blob(edited(t, OTHER_TEXT))} WHERE {at(s, t, 7)}",
        "shows another text",
    ),
    "a bit of a snapshot": (
        lambda s, t: f"UPDATE snapshots SET checksum = {s.blob(bytes(16))} WHERE {of(s, t)}",
        "is damaged: checksum differs",
    ),
    "a snapshot of another moment": (
        lambda s, t: f"UPDATE snapshots SET seq = seq - 1 WHERE {of(s, t)} AND seq = {newest(s, t)}",
        "is not what the log's first",
    ),
    "a snapshot of the future": (
        lambda s, t: f"UPDATE snapshots SET seq = 99 WHERE {of(s, t)} AND seq = {newest(s, t)}",
        "there is a snapshot of entry 99",
    ),
    "a role in the index": (
        lambda s, t: f"UPDATE members SET role = 'viewer' WHERE {of(s, t)}",
        "members who differ",
    ),
    "a member in the index": (
        lambda s, t: f"INSERT INTO members VALUES ({s.id(t.workspace_id)}, {s.id(t.guest_id)}, 'member', 1)",
        "members who differ",
    ),
    "a workspace out of the index": (
        lambda s, t: f"DELETE FROM workspaces WHERE id = {s.id(t.workspace_id)}",
        "describes the workspace otherwise",
    ),
    "a note out of the index": (
        lambda s, t: f"DELETE FROM note_index WHERE note_id = {s.id(t.note_id)}",
        "has its note",
    ),
    "a note too many in the index": (
        lambda s, t: f"INSERT INTO note_index VALUES ({s.id(t.owner_id)}, {s.id(t.workspace_id)})",
        "that its log lacks",
    ),
    "a payload": (
        lambda s, t: f"UPDATE ops SET payload_hash = {s.blob(bytes(16))} WHERE {at(s, t, 8)}",
        "with another payload",
    ),
    "an author without the right": (
        lambda s, t: f"UPDATE ops SET user_id = {s.id(t.guest_id)} WHERE {at(s, t, 10)}",
        "who had no right to it then",
    ),
    "a number": (lambda s, t: f"UPDATE ops SET client_seq = 7 WHERE {at(s, t, 8)}", "that entry is another's"),
}


def of(store: RealStore, story: Story) -> str:
    return f"workspace_id = {store.id(story.workspace_id)}"


def at(store: RealStore, story: Story, seq: int) -> str:
    return f"{of(store, story)} AND seq = {seq}"


def newest(store: RealStore, story: Story) -> str:
    return f"(SELECT max(seq) FROM snapshots WHERE {of(store, story)})"


def edited(story: Story, op: str) -> bytes:
    return f'{{"kind":"note.edited","noteId":"{story.note_id}","op":{op}}}'.encode()


async def test_each_damage_is_found_and_laid_to_its_workspace(
    real_store: RealStore, rng: random.Random, tmp_path: Path
) -> None:
    async with real_store.open() as store:
        whole = await tell_story(store, rng)
        stories = {name: await tell_story(store, rng) for name in DAMAGES}
        lines = [line for story in (whole, *stories.values()) for line in story.lines]
        file = written(tmp_path / "history.jsonl", lines)
        for name, story in stories.items():
            real_store.damage(DAMAGES[name][0](real_store, story))
        found, counts, _ = await findings_of(store, file)
    for name, story in stories.items():
        of_it = [one for one in found if story.workspace_id in one]
        assert any(DAMAGES[name][1] in one for one in of_it), (name, of_it)
    assert not any(whole.workspace_id in one for one in found), found
    assert counts.findings == len(found)


LIES: dict[str, tuple[Callable[[Story], Line], str]] = {
    "an edit that is not there": (lambda t: Acked(t.workspace_id, t.client_id, 5, 99), "the log ends with 14"),
    "an edit before the first": (lambda t: Acked(t.workspace_id, t.client_id, 5, 0), "which there cannot be"),
    "another's edit": (lambda t: Acked(t.workspace_id, t.client_id, 5, 9), "that entry is another's"),
    "another seq": (lambda t: Acked(t.workspace_id, t.client_id, 1, 9), "that entry is another's"),
    "a text that was not typed": (lambda t: ack(t, inserted="xyz"), "does not insert the 3 characters"),
    "a deletion that was not meant": (lambda t: ack(t, deleted="a"), "did not mean"),
    "a second node in one epoch": (lambda t: ack(t, node="other"), "nodes node and other both acknowledged"),
    "a second activation": (lambda t: Activated(t.workspace_id, 1, "other"), "nodes node and other both opened it"),
    "an older epoch after a newer one": (
        lambda t: Activated(t.workspace_id, 2, "other", 9),
        "entry 10 has epoch 1, though epoch 2 was opened before it",
    ),
    "a refusal of what happened": (lambda t: Failed(t.workspace_id, t.client_id, 1, "CONFLICT"), ""),
    "what is told to a stranger": (
        lambda t: Received(t.workspace_id, NOBODY, t.note_id, 8, [{"d": 2}, 1, "xy"], t.client_id, 1),
        "without being a member",
    ),
    "what is told to one who was removed": (
        lambda t: Received(t.workspace_id, t.guest_id, t.note_id, 10, ["-"], None, None),
        "without being a member",
    ),
    "another operation": (
        lambda t: Received(t.workspace_id, t.owner_id, t.note_id, 8, [{"d": 2}, 1, "yx"], t.client_id, 1),
        "otherwise than it is in the log",
    ),
    "another text": (
        lambda t: Quiesced(t.workspace_id, t.client_id, t.note_id, 14, "-----cyxdef"),
        "shows another text",
    ),
    "a workspace that is not there": (lambda t: Acked(NOBODY, t.client_id, 1, 1), "there is no log of it"),
}


def ack(story: Story, inserted: str = "xy", deleted: str = "ab", node: str = "node") -> Acked:
    return Acked(story.workspace_id, story.client_id, 1, 8, None, inserted, deleted, node)


@pytest.mark.parametrize("name", LIES)
async def test_what_a_client_was_told_wrongly_is_found(name: str, rng: random.Random, tmp_path: Path) -> None:
    lie, sentence = LIES[name]
    async with RealStore(tmp_path).open() as store:
        story = await tell_story(store, rng)
        found, *_ = await findings_of(store, written(tmp_path / "history.jsonl", [*story.lines, lie(story)]))
    if sentence:
        assert any(sentence in one for one in found), found
    else:  # the client says both: then the acknowledgement is the later word
        assert found == []


async def test_a_refused_request_that_is_in_the_log_is_found(rng: random.Random, tmp_path: Path) -> None:
    async with RealStore(tmp_path).open() as store:
        story = await tell_story(store, rng)
        refused = Failed(story.workspace_id, story.client_id, 1, "CONFLICT")
        found, *_ = await findings_of(store, written(tmp_path / "history.jsonl", [refused]))
    assert len(found) == 1
    assert "was refused with CONFLICT and is in the log as entry 8" in found[0]


async def test_the_command_tells_in_sentences_and_by_its_exit_code(
    real_store: RealStore, rng: random.Random, tmp_path: Path
) -> None:
    async with real_store.open() as store:
        story = await tell_story(store, rng)
    file = str(written(tmp_path / "history.jsonl", story.lines))
    where = ("--data-dir", str(real_store.data_dir))
    sound = nvserver("verify", *where, "--acks", file, **real_store.variables)
    assert (sound.returncode, sound.stderr) == (0, "")
    told, checked = sound.stdout.splitlines()
    assert told == "the histories tell of 0 faults injected, 1 acknowledgements and 0 fence hits"
    assert checked.startswith("checked 1 workspaces, 14 entries, ")
    assert sound.stdout.endswith(" 2 notes, 5 lines of clients: nothing is wrong\n")
    real_store.damage(f"UPDATE members SET role = 'viewer' WHERE {of(real_store, story)}")
    wrong = nvserver("verify", *where, "--workspace", story.workspace_id, **real_store.variables)
    assert wrong.returncode == 1
    assert wrong.stdout.splitlines()[0].startswith(f"workspace {story.workspace_id}: the index has 1 members")
    assert wrong.stdout.splitlines()[-1].endswith("1 things are wrong")
    past = nvserver("replay", story.workspace_id, "--to", "8", "--note", story.note_id, *where, **real_store.variables)
    assert '"content": "cxydef"' in past.stdout
    page = nvserver("replay", story.workspace_id, "--format", "markdown", *where, **real_store.variables)
    assert page.stdout == "# First\n\n-----cxydef\n\n# Second\n\n\n"


async def test_a_drill_in_which_nothing_happened_is_no_proof(rng: random.Random, tmp_path: Path) -> None:
    async with RealStore(tmp_path).open() as store:
        story = await tell_story(store, rng)
    happened = [Injected("kill", 2), Fenced(story.workspace_id), story.lines[0]]
    where = ("verify", "--drill", "--data-dir", str(tmp_path), "--acks")
    proof = nvserver(*where, str(written(tmp_path / "whole.jsonl", happened)))
    assert proof.returncode == 0
    assert proof.stdout.startswith(
        "the histories tell of 2 faults injected, 1 acknowledgements and 1 fence hits\nchecked"
    )
    for number in range(len(happened)):
        rest = [line for line in happened if line is not happened[number]]
        none = nvserver(*where, str(written(tmp_path / f"{number}.jsonl", rest)))
        assert none.returncode == 1
        assert none.stdout.splitlines()[1] == "the drill proves nothing: one of these never happened"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify"], "there is no database"),
        (["verify", "--acks", "/does/not/exist"], "/does/not/exist"),
        (["replay", NOBODY], "there is no database"),
    ],
)
def test_mistakes_are_told_in_one_sentence(tmp_path: Path, arguments: Sequence[str], words: str) -> None:
    result = nvserver(*arguments, "--data-dir", str(tmp_path))
    assert result.returncode == 3
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


async def test_a_line_cut_off_by_a_kill_is_left_out_and_a_wrong_one_is_told(rng: random.Random, tmp_path: Path) -> None:
    async with RealStore(tmp_path).open() as store:
        story = await tell_story(store, rng)
    file = written(tmp_path / "history.jsonl", story.lines)
    with file.open("ab") as more:
        more.write(b'{"kind":"ack","workspaceId":"')
    where = ("--data-dir", str(tmp_path))
    cut = nvserver("verify", *where, "--acks", str(file))
    assert (cut.returncode, cut.stdout.count("\n")) == (0, 2), cut.stdout
    with file.open("ab") as more:
        more.write(b"\n")
    told = nvserver("verify", *where, "--acks", str(file))
    assert told.returncode == 3
    assert "history.jsonl line 7 is not a line of a client history" in told.stderr
    assert "not the id" in nvserver("verify", *where, "--workspace", "x").stderr
    assert "there is no entry 15" in nvserver("replay", story.workspace_id, "--to", "15", *where).stderr
