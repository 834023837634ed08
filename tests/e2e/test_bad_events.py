"""Bad events: a clear error by code, nothing changed, the others undisturbed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import trio

from tests.e2e.rooms import INVALID, LARGEST_NOTE, PATIENCE_SECONDS, Payload, Room


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


async def test_a_lone_surrogate_is_refused(room: Room) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        seq = await room.team.seq()
        payload = json.dumps(["collaboration:edit", {**room.good(seq), "op": ["?"]}]).replace("?", "\\ud800")
        await room.bad.connection.send_text(f"42{payload}")
        assert (await room.bad.connection.event("error"))["error"]["code"] == INVALID
        await room.check_undisturbed(seq)
