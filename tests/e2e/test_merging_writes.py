"""`PUT /api/notes/:id` beside a live editor: both keep their words."""

import random

import pytest
import trio

from nvserver.testing.note_client import NoteClient
from tests.e2e.characters import Typist, unlike_characters
from tests.e2e.op_log import fold, read_log
from tests.e2e.teams import Team, found_team
from tests.support.server import ServerProcess

WRITES = 1_000
PATIENCE_SECONDS = 200


class Writer:
    """A program that reads the note, changes the text for itself, and puts it back, again and again."""

    def __init__(self, team: Team, typist: Typist) -> None:
        self.writes = 0
        self.merges = 0
        self._team = team
        self._typist = typist

    async def write(self) -> None:
        note = await self._team.note()
        op = self._typist.next_edit(note["content"])
        skip = op[0] if isinstance(op[0], int) and op[0] > 0 else 0
        change = op[-1]
        assert isinstance(change, str), "this typist only inserts"
        content = note["content"][:skip] + change + note["content"][skip:]
        reply = await self._team["ada"]("PUT", self._team.note_path, {"content": content, "baseSeq": note["seq"]})
        assert reply.status == 200, reply.body
        self.writes += 1
        self.merges += reply.json["merged"]


@pytest.mark.timeout(PATIENCE_SECONDS + 60)
async def test_a_thousand_mixed_writes_lose_no_word(server: ServerProcess, rng: random.Random) -> None:
    team = await found_team(server, "", bob="member")
    characters = unlike_characters()
    editor_typist = Typist(random.Random(rng.random()), characters, delete_share=0)
    writer_typist = Typist(random.Random(rng.random()), characters, delete_share=0)
    writer = Writer(team, writer_typist)
    token = team["bob"].token
    assert token is not None
    editor = NoteClient(server.url, token, team.workspace_id, team.note_id, editor_typist.next_edit)

    def is_enough() -> bool:
        return writer.writes + len(editor.acknowledged) >= WRITES

    with trio.fail_after(PATIENCE_SECONDS):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(editor.run, is_enough)
            while not is_enough():
                await writer.write()
        note = await team.note()
        await editor.follow(note["seq"])
    print(f"{writer.writes} PUTs, {writer.merges} merged; {len(editor.acknowledged)} edits")
    text = note["content"]
    assert writer.merges > 0
    assert len(editor.acknowledged) > 0
    assert set(text) == editor_typist.typed | writer_typist.typed
    assert len(text) == len(set(text))
    assert editor.replica.text == text
    assert fold(read_log(server.database, team.workspace_id), team.note_id) == text


async def test_a_write_without_a_base_is_taken_as_made_now(server: ServerProcess) -> None:
    team = await found_team(server, "one two", bob="member")
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("bob") as bob:
            read = await team.note()
            await bob.edit([7, " three"], bob.opened["seq"])
            merged = await team["ada"]("PUT", team.note_path, {"content": "1 two", "baseSeq": read["seq"]})
            assert (merged.json["merged"], merged.json["note"]["content"]) == (True, "1 two three")
            plain = await team["ada"]("PUT", team.note_path, {"content": "1\r\ntwo"})
            assert (plain.json["merged"], plain.json["note"]["content"]) == (False, "1\ntwo")
            edits = await bob.edits() + await bob.edits() + await bob.edits()
            assert [edit["seq"] for edit in edits] == [read["seq"] + 1, read["seq"] + 2, read["seq"] + 3]
            assert {edit["userId"] for edit in edits[1:]} == {team["ada"].user["id"]}
