"""People who may not, programs that lie, tokens that are forged: refused by code, nothing changed."""

import base64
from uuid import uuid4

import pytest
import trio

from nvserver.testing.realtime_client import ConnectRefused, open_realtime, open_transport
from tests.e2e.rooms import INVALID, LARGEST_NOTE, PATIENCE_SECONDS, TEXT, Room
from tests.edge.http.client import Client

STRANGE_ID = str(uuid4())


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
