"""Bad input of every kind: a clear error by code, nothing changed, the others undisturbed."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import trio

from nvserver.testing.realtime_client import ConnectRefused, open_realtime, open_transport
from tests.e2e.teams import Desk, Team, found_team
from tests.edge.http.client import Client
from tests.support.server import ServerProcess

PATIENCE_SECONDS = 60
TEXT = "héllo 😀 wörld"
LARGEST_NOTE = 2_000_000
LARGEST_MESSAGE = 4_194_304

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """`spoil` makes of a good payload a bad one."""

    name: str
    event: str
    spoil: Callable[[Payload], object]
    code: str


def without(*names: str) -> Callable[[Payload], object]:
    return lambda payload: {name: value for name, value in payload.items() if name not in names}


def but(**changes: Any) -> Callable[[Payload], object]:
    return lambda payload: {**payload, **changes}


def with_op(op: object) -> Callable[[Payload], object]:
    return but(op=op)


INVALID = "VALIDATION_FAILED"
STRANGE_ID = str(uuid4())

CASES = (
    Case("an unknown event", "collaboration:explode", but(), INVALID),
    Case("an event of the server's", "workspace:update", but(), INVALID),
    Case("no payload", "collaboration:edit", lambda _: None, INVALID),
    Case("a payload that is a list", "collaboration:edit", lambda payload: [payload], INVALID),
    Case("a payload that is a text", "collaboration:edit", json.dumps, INVALID),
    Case("no workspace", "collaboration:edit", without("workspaceId"), INVALID),
    Case("no note", "collaboration:edit", without("noteId"), INVALID),
    Case("no operation", "collaboration:edit", without("op"), INVALID),
    Case("no base", "collaboration:edit", without("baseSeq"), INVALID),
    Case("no number", "collaboration:edit", without("clientSeq"), INVALID),
    Case("no client", "collaboration:edit", without("clientId"), INVALID),
    Case("number zero", "collaboration:edit", but(clientSeq=0), INVALID),
    Case("a number beyond JavaScript's", "collaboration:edit", but(clientSeq=2**53), INVALID),
    Case("a number that is a text", "collaboration:edit", but(clientSeq="1"), INVALID),
    Case("a number with a fraction", "collaboration:edit", but(clientSeq=1.5), INVALID),
    Case("a base below zero", "collaboration:edit", but(baseSeq=-1), INVALID),
    Case("a base in the future", "collaboration:edit", but(baseSeq=10_000), INVALID),
    Case("another's client id", "collaboration:edit", but(clientId=STRANGE_ID), INVALID),
    Case("a note id that is none", "collaboration:edit", but(noteId="../1"), INVALID),
    Case("a workspace id that is none", "collaboration:edit", but(workspaceId="'; --"), INVALID),
    Case("an id in capitals", "collaboration:edit", lambda p: {**p, "noteId": p["noteId"].upper()}, INVALID),
    Case("an unknown note", "collaboration:edit", but(noteId=STRANGE_ID), "NOTE_NOT_FOUND"),
    Case("an unknown workspace", "collaboration:edit", but(workspaceId=STRANGE_ID), "WORKSPACE_NOT_FOUND"),
    Case("an operation that is a text", "collaboration:edit", with_op("x"), INVALID),
    Case("an operation past the end", "collaboration:edit", with_op([1_000, "x"]), INVALID),
    Case("a deletion past the end", "collaboration:edit", with_op([{"d": 1_000}]), INVALID),
    Case("a skip of zero", "collaboration:edit", with_op([0, "x"]), INVALID),
    Case("a skip below zero", "collaboration:edit", with_op([-1, "x"]), INVALID),
    Case("a skip with a fraction", "collaboration:edit", with_op([1.5, "x"]), INVALID),
    Case("a skip of true", "collaboration:edit", with_op([True, "x"]), INVALID),
    Case("a skip beyond all numbers", "collaboration:edit", with_op([10**30, "x"]), INVALID),
    Case("a component of null", "collaboration:edit", with_op([None]), INVALID),
    Case("a nested component", "collaboration:edit", with_op([[1]]), INVALID),
    Case("a deletion of nothing", "collaboration:edit", with_op([{"d": 0}]), INVALID),
    Case("a deletion of a text", "collaboration:edit", with_op([{"d": "hé"}]), INVALID),
    Case("an unknown component", "collaboration:edit", with_op([{"x": 1}]), INVALID),
    Case("a deletion and more", "collaboration:edit", with_op([{"d": 1, "x": 1}]), INVALID),
    Case("two insertions side by side", "collaboration:edit", with_op(["a", "b"]), INVALID),
    Case("two skips side by side", "collaboration:edit", with_op([1, 1, "b"]), INVALID),
    Case("a skip at the end", "collaboration:edit", with_op(["a", 1]), INVALID),
    Case("an empty insertion", "collaboration:edit", with_op([""]), INVALID),
    Case("a NUL", "collaboration:edit", with_op(["\0"]), INVALID),
    Case("a carriage return", "collaboration:edit", with_op(["a\r\n"]), INVALID),
    Case("too many components", "collaboration:edit", with_op([1, "x"] * 6_000), INVALID),
    Case("an over-long note", "collaboration:edit", with_op(["x" * LARGEST_NOTE]), "PAYLOAD_TOO_LARGE"),
    Case("no such status", "presence:update", but(status="asleep"), INVALID),
    Case("a join of nowhere", "workspace:join", but(workspaceId=STRANGE_ID), "WORKSPACE_NOT_FOUND"),
    Case("a join by no id", "workspace:join", but(workspaceId=7), INVALID),
    Case("a join since before all", "workspace:join", but(since=-1), INVALID),
    Case("opening no note", "note:open", but(noteId=STRANGE_ID), "NOTE_NOT_FOUND"),
    Case("a note without a title", "note:create", but(note={"content": "x"}), INVALID),
    Case("a note with an over-long title", "note:create", but(note={"title": "x" * 201}), INVALID),
    Case("a note with a NUL in it", "note:create", but(note={"title": "x", "content": "\0"}), INVALID),
    Case("a note in no collection", "note:create", but(note={"title": "x", "collectionId": STRANGE_ID}), INVALID),
    Case("an over-long note at once", "note:create", but(note={"title": "", "content": "x" * (LARGEST_NOTE + 1)}),
         "PAYLOAD_TOO_LARGE"),
    Case("a title of a number", "note:update", but(set={"title": 5}), INVALID),
    Case("a place of a text", "note:update", but(set={"position": {"x": "left", "y": 0}}), INVALID),
    Case("a colour that is none", "note:update", but(set={"color": "url(javascript:0)"}), INVALID),
    Case("too many tags", "note:update", but(tags={"add": [f"tag {n}" for n in range(51)]}), INVALID),
    Case("deleting no note", "note:delete", but(noteId=STRANGE_ID), "NOTE_NOT_FOUND"),
    Case("restoring no note", "note:restore", but(noteId=STRANGE_ID), "NOTE_NOT_FOUND"),
)  # fmt: skip

FRAMES = (
    ("no packet", "x"),
    ("an unknown packet of Engine.IO", "9"),
    ("a handshake from the client", "0{}"),
    ("an upgrade without a probe", "5"),
    ("an unknown packet of Socket.IO", "49"),
    ("an event that is no array", '42{"a":1}'),
    ("an event without a name", "42[]"),
    ("an event whose name is a number", "42[1,{}]"),
    ("an event that is not JSON", '42["collaboration:edit",{'),
    ("an event nested without end", f'42["collaboration:edit",{"[" * 100_000}'),
    ("a number of an acknowledgement without end", f'42{"1" * 100}["x"]'),
    ("a namespace that was not joined", '42/admin,["x"]'),
    ("an attachment that is not there", '451-["x",{"_placeholder":true,"num":0}]then text'),
    ("more attachments than may be", '45999-["x"]'),
    ("a second connect", '40{"token":"x"}'),
    ("a connect error from the client", "44{}"),
    ("bytes without a packet", b"\x00\x01"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """`bad` sends what is bad, `bystander` must not notice."""

    team: Team
    bad: Desk
    bystander: Desk

    async def check_undisturbed(self, seq: int) -> None:
        """The note and the seq are as before, and the bystander still edits."""
        note = await self.team.note()
        assert await self.team.seq() == seq
        assert note["content"] == TEXT
        added = await self.bystander.edit([len(TEXT), "!"], seq)
        assert added["seq"] == seq + 1
        removed = await self.bystander.edit([len(TEXT), {"d": 1}], seq + 1)
        assert removed["seq"] == seq + 2
        assert (await self.team.note())["content"] == TEXT

    def good(self, seq: int) -> Payload:
        """A payload that holds whatever an event may want."""
        return {
            "workspaceId": self.team.workspace_id,
            "noteId": self.team.note_id,
            "clientId": self.bad.client_id,
            "clientSeq": 1,
            "baseSeq": seq,
            "op": ["x"],
            "status": "online",
            "set": {},
        }


@pytest.fixture
async def room(server: ServerProcess) -> AsyncIterator[Room]:
    team = await found_team(server, TEXT, bob="member", eve="viewer", mallory="stranger")
    async with team.connect("ada") as bad, team.connect("bob") as bystander:
        yield Room(team, bad, bystander)


async def test_a_good_payload_is_good(room: Room) -> None:
    """Or the cases below would prove nothing."""
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        assert await room.bad.connection.call("collaboration:edit", room.good(seq)) == {
            "seq": seq + 1,
            "noteId": room.team.note_id,
        }
        for name in ("workspace:join", "note:open", "presence:update"):
            assert "error" not in await room.bad.connection.call(name, room.good(seq))


async def test_bad_events_are_told_by_code_and_change_nothing(room: Room) -> None:
    told = {}
    with trio.fail_after(PATIENCE_SECONDS):
        for case in CASES:
            seq = await room.team.seq()
            answer = await room.bad.connection.call(case.event, case.spoil(room.good(seq)))
            told[case.name] = answer.get("error", {}).get("code", answer)
            if "error" in answer:
                assert set(answer["error"]) == {"code", "message", "details", "timestamp", "requestId"}
                await room.check_undisturbed(seq)
    assert told == {case.name: case.code for case in CASES}


async def test_a_failure_is_told_though_no_answer_was_asked_for(room: Room) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        await room.bad.connection.emit("collaboration:edit", {**room.good(seq), "clientSeq": 7, "op": [1_000, "x"]})
        told = await room.bad.connection.event("error")
        assert (told["event"], told["clientSeq"], told["error"]["code"]) == ("collaboration:edit", 7, INVALID)
        await room.check_undisturbed(seq)


@pytest.mark.parametrize("frame", [frame for _, frame in FRAMES], ids=[name for name, _ in FRAMES])
async def test_a_malformed_frame_ends_its_connection_alone(room: Room, frame: str | bytes) -> None:
    token = room.team["ada"].token
    assert token is not None
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        async with open_realtime(room.team.server.url, token) as connection:
            if isinstance(frame, bytes):
                await connection.send_bytes(frame)
            else:
                for text in frame.partition("then text")[::2] if "then text" in frame else (frame,):
                    await connection.send_text(text or "42[]")
            closed = await connection.wait_closed()
            assert closed.code in (1002, 1009)
            assert closed.reason
        await room.check_undisturbed(seq)


async def test_an_over_long_message_ends_its_connection_alone(room: Room) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        async with open_transport(room.team.server.url) as connection:
            await connection.connect({"token": room.team["ada"].token})
            await connection.send_text("42" + json.dumps(["x", "y" * LARGEST_MESSAGE]))
            assert (await connection.wait_closed()).code == 1009
        await room.check_undisturbed(seq)


async def test_a_lone_surrogate_is_refused(room: Room) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        payload = json.dumps(["collaboration:edit", {**room.good(seq), "op": ["?"]}]).replace("?", "\\ud800")
        await room.bad.connection.send_text(f"42{payload}")
        assert (await room.bad.connection.event("error"))["error"]["code"] == INVALID
        await room.check_undisturbed(seq)


async def test_a_viewer_reads_and_changes_nothing(room: Room) -> None:
    note = {"note": {"title": "x"}}
    with trio.fail_after(PATIENCE_SECONDS):
        async with room.team.connect("eve") as viewer:
            assert viewer.joined["role"] == "viewer"
            assert viewer.opened["content"] == TEXT
            seq = await room.team.seq()
            for event in ("collaboration:edit", "note:create", "note:update", "note:delete"):
                payload = {**room.good(seq), "set": {"title": "x"}, **viewer.numbered(), **note}
                answer = await viewer.connection.call(event, payload)
                assert answer["error"]["code"] == "FORBIDDEN", event
            await room.check_undisturbed(seq)
            assert [edit["seq"] for edit in await viewer.edits()] == [seq + 1]


async def test_to_a_stranger_nothing_exists(room: Room) -> None:
    token = room.team["mallory"].token
    assert token is not None
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        async with open_realtime(room.team.server.url, token) as connection:
            for event in ("workspace:join", "note:open", "collaboration:edit", "note:update", "presence:update"):
                answer = await connection.call(event, room.good(seq))
                code = answer["error"]["code"]
                assert code in ("WORKSPACE_NOT_FOUND", INVALID), (event, code)
            await room.check_undisturbed(seq)
            names = {received.name for received in connection.take_kept() if hasattr(received, "name")}
            assert not names, "nothing of the workspace reached the stranger"


async def test_a_payload_cannot_say_who_sent_it(room: Room) -> None:
    """Identity is the server's: whatever a payload says of user, role or name is passed over."""
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        bob = room.team["bob"].user["id"]
        lie = {"userId": bob, "userName": "Bob", "role": "owner", "seq": 1, "at": 0}
        answer = await room.bad.connection.call("collaboration:edit", {**room.good(seq), **lie})
        assert answer["seq"] == seq + 1
        (edit,) = await room.bystander.edits()
        assert edit["userId"] == room.team["ada"].user["id"]
        await room.bad.connection.emit("collaboration:cursor", {**room.good(seq), **lie, "selection": [[0, 1]]})
        cursor = (await room.bystander.connection.event("collaboration:cursor"))["cursors"][0]
        assert (cursor["userId"], cursor["userName"]) == (room.team["ada"].user["id"], "Ada")


def _forged(token: str) -> list[tuple[object, str]]:
    head, claims, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return [
        ("", "UNAUTHENTICATED"),
        ("x", "UNAUTHENTICATED"),
        (f"{head}.{claims}.", "UNAUTHENTICATED"),
        (f"{unsigned}.{claims}.", "UNAUTHENTICATED"),
        (f"{head}.{claims}.{signature[::-1]}", "UNAUTHENTICATED"),
        ("x" * 9_000, INVALID),
        (7, INVALID),
        (None, "UNAUTHENTICATED"),
    ]


async def test_a_bad_token_lets_nobody_in(room: Room) -> None:
    token = room.team["ada"].token
    assert token is not None
    with trio.fail_after(PATIENCE_SECONDS):
        for forged, code in _forged(token):
            async with open_transport(room.team.server.url) as connection:
                with pytest.raises(ConnectRefused) as refused:
                    await connection.connect({"token": forged})
                assert refused.value.code == code
        async with open_transport(room.team.server.url) as connection:
            with pytest.raises(ConnectRefused) as refused:
                await connection.connect([])
            assert refused.value.code in (INVALID, "UNAUTHENTICATED")
        assert (await Client(room.team.server.port, "x")("GET", room.team.note_path)).code == "UNAUTHENTICATED"


async def test_bad_writes_by_rest_change_nothing(room: Room) -> None:
    team = room.team
    cases = (
        ("PUT", team.note_path, b"{", 400, "INVALID_JSON"),
        ("PUT", team.note_path, {"content": 5}, 422, INVALID),
        ("PUT", team.note_path, {"content": "a\0"}, 422, INVALID),
        ("PUT", team.note_path, {"content": "x" * (LARGEST_NOTE + 1)}, 413, "PAYLOAD_TOO_LARGE"),
        ("PUT", team.note_path, {"content": "x", "baseSeq": 10_000}, 422, INVALID),
        ("PUT", "/api/notes/nonsense", {"content": "x"}, 404, "NOTE_NOT_FOUND"),
        ("PUT", f"/api/notes/{STRANGE_ID}", {"content": "x"}, 404, "NOTE_NOT_FOUND"),
        ("PATCH", team.note_path, {"content": "x"}, 405, "METHOD_NOT_ALLOWED"),
    )
    with trio.fail_after(PATIENCE_SECONDS):
        for method, path, body, status, code in cases:
            seq = await team.seq()
            reply = await team["ada"](method, path, body)
            assert reply.status == status, (method, path, reply.body[:200])
            assert reply.code == code
            await room.check_undisturbed(seq)
        for name, status in (("eve", 403), ("mallory", 404)):
            seq = await team.seq()
            assert (await team[name]("PUT", team.note_path, {"content": "x"})).status == status
            await room.check_undisturbed(seq)
