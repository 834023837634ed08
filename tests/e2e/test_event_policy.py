"""Who may send what: every actor with every realtime event, from the table of `tests/policy.yaml` (C12), and whom the
server takes a caller for (C13)."""

from contextlib import AsyncExitStack
from typing import Any

import jwt
import trio

from nvserver.edge.realtime.events import WORKSPACE_EVENTS
from nvserver.testing.realtime_client import ConnectRefused, RealtimeConnection, open_realtime
from tests.e2e.teams import PASSWORD, found_team, register
from tests.edge.http.client import Client
from tests.edge.http.policy import ACTORS, EVENTS, MEMBER, NOBODY, RANKS, SYSTEM_ADMIN, expected, filled
from tests.support.server import ServerProcess

PATIENCE_SECONDS = 60
UNANSWERED = "collaboration:cursor"
"""Nothing acknowledges it; only a refusal is told."""


def test_every_event_has_a_row() -> None:
    assert set(EVENTS) == {*WORKSPACE_EVENTS, "auth:refresh"}


async def tokens_of_all(server: ServerProcess, root: Client, people: dict[str, Client]) -> dict[str, str | None]:
    """By actor."""
    owner = people["owner"]
    claims = jwt.decode(owner.token or "", options={"verify_signature": False})
    kid = jwt.get_unverified_header(owner.token or "")["kid"]
    key = (server.data_dir / "secret.key").read_bytes().strip()
    login = {"email": owner.user["email"], "password": PASSWORD, "delivery": "body"}
    refresh_token = (await Client(server.port).post("/api/auth/login", login))["refreshToken"]
    await root.put(f"/api/admin/users/{people['disabled'].user['id']}", {"suspended": True})
    return {
        "anonymous": None,
        "expired": jwt.encode({**claims, "exp": claims["iat"]}, key, "HS256", {"kid": kid}),
        "made up": jwt.encode(claims, b"x" * 32, "HS256", {"kid": kid}),
        "refresh token": refresh_token,
        "system admin": root.token,
        **{name: client.token for name, client in people.items()},
    }


async def test_every_actor_with_every_event(own_server: ServerProcess) -> None:
    with trio.fail_after(PATIENCE_SECONDS):
        root = await register(own_server, "root")
        team = await found_team(own_server, "text", viewer="viewer", member="member", admin="admin", removed="admin")
        people = {**team.people, "owner": team["ada"]}
        await team["ada"]("DELETE", f"/api/workspaces/{team.workspace_id}/members/{team['removed'].user['id']}")
        for name in ("non-member", "other owner", "disabled"):
            people[name] = await register(own_server, name.replace(" ", "-"))
        await people["other owner"].post("/api/workspaces", {"name": "Other"})
        tokens = await tokens_of_all(own_server, root, people)
        cells = 0
        for actor in ACTORS:
            if actor in NOBODY or actor == "expired":
                try:
                    async with open_realtime(own_server.url, tokens[actor]):  # type: ignore[arg-type]
                        raise AssertionError(f"{actor} was let in")
                except ConnectRefused as refused:
                    assert refused.code == ("TOKEN_EXPIRED" if actor == "expired" else "UNAUTHENTICATED"), actor
                    cells += len(EVENTS)
                continue
            async with AsyncExitStack() as stack:
                connection = await stack.enter_async_context(open_realtime(own_server.url, tokens[actor] or ""))
                ids: dict[str, Any] = {"token": tokens[actor], "noteId": await team.add_note("T")}
                ids["seq"] = await team.seq()
                own = {**ids, "noteId": await own_note(people[actor], team.workspace_id)} if actor == MEMBER else None
                person = root if actor == SYSTEM_ADMIN else people[actor]
                mine = (await person.post("/api/workspaces", {"name": "Mine"}))["workspace"]["id"]
                client_id = (await connection.call("workspace:join", {"workspaceId": mine}))["clientId"]
                cells += await check(connection, client_id, actor, team.workspace_id, ids, own)
        assert cells == len(ACTORS) * len(EVENTS) > 150


async def own_note(person: Client, workspace_id: str) -> str:
    made = await person.post(f"/api/workspaces/{workspace_id}/notes", {"title": "Own"})
    return str(made["note"]["id"])


async def check(
    connection: RealtimeConnection,
    client_id: str,
    actor: str,
    workspace_id: str,
    ids: dict[str, Any],
    own: dict[str, Any] | None,
) -> int:
    """How many events were asked."""
    number = 0
    for event, row in EVENTS.items():
        number += 1
        numbered = {"clientId": client_id, "clientSeq": number}
        payload = {"workspaceId": workspace_id, **filled(row.body or {}, ids), **numbered}
        _, code = expected(actor, row)
        if event == UNANSWERED and code is None:
            await connection.emit(event, payload)
            continue
        answer = await connection.call(event, payload)
        seen = answer["error"]["code"] if "error" in answer else None
        assert seen == code, (actor, event, answer)
        if own is not None and row.own:
            number += 1
            numbered["clientSeq"] = number
            answer = await connection.call(event, {"workspaceId": workspace_id, **filled(row.body, own), **numbered})
            assert "error" not in answer, (actor, event, answer)
    for unknown in ("workspace:destroy", "__proto__", ""):
        assert (await connection.call(unknown, {}))["error"]["code"] == "VALIDATION_FAILED"
    return len(EVENTS)


async def test_what_a_payload_says_of_its_sender_counts_for_nothing(server: ServerProcess) -> None:
    """The server's own values win in every event (C13)."""
    team = await found_team(server, "text", viewer="viewer", member="member")
    ada, lie = team["ada"].user, {"role": "owner", "userName": "Ada", "system_role": "admin", "scopes": ["admin"]}
    with trio.fail_after(PATIENCE_SECONDS):
        async with team.connect("member") as member, team.connect("viewer") as viewer:
            lies = {**lie, "userId": ada["id"], "authorId": ada["id"], "user_id": ada["id"]}
            made = await member.change("note:create", note={"title": "T", **lies}, **lies)
            assert made["note"]["authorId"] == team["member"].user["id"]
            assert (await viewer.change_of("note.created"))["userId"] == team["member"].user["id"]
            await member.edit(["x"], made["seq"])
            (edit,) = await viewer.edits()
            assert edit["userId"] == team["member"].user["id"]
            said = await member.change("chat:message", text="Hi", **lies)
            assert said["message"]["userId"] == team["member"].user["id"]
            cursor = {"workspaceId": team.workspace_id, "noteId": team.note_id, "selection": [[0, 0]], **lies}
            await member.connection.emit("collaboration:cursor", cursor)
            (cursor,) = (await viewer.connection.event("collaboration:cursor"))["cursors"]
            assert (cursor["userId"], cursor["userName"]) == (team["member"].user["id"], "Member")
            for event, row in EVENTS.items():
                if row.needs in RANKS[1:]:
                    ids = {"noteId": team.note_id, "seq": made["seq"]}
                    answer = await viewer.change(event, **filled(row.body, ids), **lies)
                    assert answer["error"]["code"] == "FORBIDDEN", event
            foreign = {"clientId": viewer.client_id, "clientSeq": 1}
            answer = await member.call("note:create", note={"title": "T"}, **foreign)
            assert "error" in answer
