"""The events of the contract: their acknowledgements, their broadcasts, their errors."""

import re
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from tests.edge.realtime.harness import PEOPLE, SETTINGS, Client, Node, fast, new_id, running_node

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID = re.compile(r"[0-9a-f-]{36}")


@pytest.fixture(params=["own", "trio-websocket"])
async def node(request: pytest.FixtureRequest) -> AsyncIterator[Node]:
    async with running_node(replace(SETTINGS, websocket=request.param)) as node:
        yield node


@pytest.fixture
async def ada(node: Node) -> AsyncIterator[Client]:
    async with node.client("ada") as client:
        await client.join(node.workspace_id)
        yield client


@pytest.fixture
async def bob(node: Node) -> AsyncIterator[Client]:
    async with node.client("bob") as client:
        await client.join(node.workspace_id)
        yield client


def edit(node: Node, client: Client, base_seq: int, op: list[object], **more: object) -> dict[str, object]:
    payload = {"workspaceId": node.workspace_id, "noteId": node.note_id, "baseSeq": base_seq, "op": op}
    return client.numbered(**payload, **more)


def opening(node: Node, **more: object) -> dict[str, object]:
    return {"workspaceId": node.workspace_id, "noteId": node.note_id, **more}


async def test_join(node: Node) -> None:
    async with node.client("bob") as bob:
        joined = await bob.join(node.workspace_id)
    assert set(joined) == {
        *("workspaceId", "seq", "role", "clientId", "workspace", "notes", "collections", "connections", "presence"),
    }
    assert (joined["workspaceId"], joined["role"]) == (node.workspace_id, "member")
    workspace = joined["workspace"]
    assert set(workspace) == {
        *(
            "id",
            "name",
            "description",
            "icon",
            "color",
            "privacy",
            "ownerId",
            "role",
            "seq",
            "createdAt",
            "updatedAt",
            "searchLanguage",
        ),
    }
    assert ISO.fullmatch(workspace["createdAt"])
    (note,) = joined["notes"]
    assert set(note) == {
        *("id", "workspaceId", "title", "authorId", "collectionId", "position", "size", "color", "tags", "seq"),
        *("createdAt", "updatedAt", "excerpt", "openThreads"),
    }
    assert (note["id"], note["excerpt"], note["seq"]) == (node.note_id, "hello", joined["seq"])
    assert ISO.fullmatch(note["createdAt"])


async def test_join_with_since_brings_what_was_missed(node: Node, ada: Client) -> None:
    async with node.client("bob") as bob:
        seq = (await bob.join(node.workspace_id))["seq"]
    await ada.call("collaboration:edit", edit(node, ada, seq, ["x"]))
    await ada.call("collaboration:edit", edit(node, ada, seq + 1, ["y"]))
    await ada.call("note:delete", ada.numbered(workspaceId=node.workspace_id, noteId=node.note_id))
    async with node.client("bob") as bob:
        joined = await bob.join(node.workspace_id, since=seq)
    assert "notes" not in joined
    assert [(change["seq"], change["kind"]) for change in joined["catchUp"]] == [
        (seq + 2, "note.edited"),
        (seq + 3, "note.deleted"),
    ]
    assert joined["catchUp"][0]["excerpt"] == "yxhello"


async def test_presence_comes_and_goes(node: Node, ada: Client) -> None:
    async with node.client("bob") as bob:
        client_id = (await bob.join(node.workspace_id))["clientId"]
        joins: list[dict[str, Any]] = []
        while not any(join["clientId"] == client_id for join in joins):
            joins = (await ada.event("presence:update"))["joins"]
        presence = next(join for join in joins if join["clientId"] == client_id)
        assert set(presence) == {
            *("userId", "userName", "avatarUrl", "color", "status", "clientId", "noteId", "lastSeen"),
        }
        assert (presence["userId"], presence["userName"], presence["status"]) == (PEOPLE["bob"], "Bob", "online")
        assert await bob.call("presence:update", {"workspaceId": node.workspace_id, "status": "busy"}) == {}
        (update,) = (await ada.event("presence:update"))["updates"]
        assert update["status"] == "busy"
    (leave,) = (await ada.event("presence:update"))["leaves"]
    assert leave["clientId"] == client_id


async def test_edits_reach_everyone_who_has_the_note_open_the_author_too(node: Node, ada: Client, bob: Client) -> None:
    opened = await ada.call("note:open", opening(node))
    assert set(opened) == {"noteId", "seq", "content", "meta", "cursors"}
    assert (opened["content"], opened["meta"]["id"]) == ("hello", node.note_id)
    await bob.call("note:open", opening(node))
    seq = opened["seq"]
    result = await ada.call("collaboration:edit", edit(node, ada, seq, [5, " world", {"d": 0}][:2]))
    assert result == {"seq": seq + 1, "noteId": node.note_id}
    for client in (ada, bob):
        event = await client.event("collaboration:edit")
        assert (event["workspaceId"], event["noteId"]) == (node.workspace_id, node.note_id)
        assert event["edits"] == [
            {"seq": seq + 1, "op": [5, " world"], "userId": PEOPLE["ada"], "clientId": ada.client_id, "clientSeq": 1}
        ]
    assert (await bob.call("note:open", opening(node, since=seq)))["edits"] == event["edits"]
    assert await bob.call("note:close", opening(node)) == {}
    await ada.call("collaboration:edit", edit(node, ada, seq + 1, [{"d": 1}]))
    update = await bob.event("workspace:update")
    (change,) = update["changes"]
    assert (change["kind"], change["noteId"], change["excerpt"]) == ("note.edited", node.note_id, "ello world")
    assert not [event for event in bob.events if event.name == "collaboration:edit"]


async def test_who_does_not_have_a_note_open_hears_of_its_edits_in_their_order_too(
    node: Node, ada: Client, bob: Client
) -> None:
    """Whoever has processed a change and comes back by its seq would never hear of an edit before it."""
    seq = (await ada.call("note:open", opening(node)))["seq"]
    await ada.emit("collaboration:edit", edit(node, ada, seq, ["x"]))
    await ada.emit("collaboration:edit", edit(node, ada, seq + 1, ["y"]))
    await ada.call("note:update", ada.numbered(workspaceId=node.workspace_id, noteId=node.note_id, set={"title": "t"}))
    seen: list[tuple[int, str]] = []
    while len(seen) < 2:
        seen += [(change["seq"], change["kind"]) for change in (await bob.event("workspace:update"))["changes"]]
    assert seen == [(seq + 2, "note.edited"), (seq + 3, "note.updated")]


async def test_who_opens_a_note_that_was_made_since_gets_its_text(node: Node, ada: Client, bob: Client) -> None:
    """Edits alone would be of a text that he cannot have."""
    since = (await ada.join(node.workspace_id))["seq"]
    made = await bob.call(
        "note:create", bob.numbered(workspaceId=node.workspace_id, note={"title": "", "content": "a"})
    )
    place = {"workspaceId": node.workspace_id, "noteId": made["note"]["id"]}
    await bob.call("collaboration:edit", bob.numbered(**place, baseSeq=made["seq"], op=[1, "b"]))
    opened = await ada.call("note:open", {**place, "since": since})
    assert (opened["content"], "edits" in opened) == ("ab", False)
    assert len((await ada.call("note:open", {**place, "since": made["seq"]}))["edits"]) == 1


async def test_an_acknowledgement_overtakes_nothing(node: Node, ada: Client) -> None:
    seq = (await ada.call("note:open", opening(node)))["seq"]
    await ada.ask("collaboration:edit", edit(node, ada, seq, ["x"]))
    names = []
    while not names or not names[-1].startswith("43"):
        message = await ada.websocket.receive()
        assert isinstance(message, str)
        names.append(message)
    assert [name for name in names if "collaboration:edit" in name or name.startswith("43")] == names[-2:]


async def test_nothing_need_be_waited_for(node: Node) -> None:
    """Join, open and edit in one write, while the workspace has yet to be found."""
    async with node.client("ada") as first:
        client_id = (await first.join(node.workspace_id))["clientId"]
    async with node.client("ada", clientId=client_id) as client:
        client.client_id = client_id
        join = await client.ask("workspace:join", {"workspaceId": node.workspace_id})
        open_ = await client.ask("note:open", opening(node))
        edits = [await client.ask("collaboration:edit", edit(node, client, 4 + i, [f"{i}"])) for i in range(3)]
        status = await client.ask("presence:update", {"workspaceId": node.workspace_id, "status": "away"})
        assert (await client.answer(join))["seq"] == 4
        assert (await client.answer(open_))["seq"] == 4
        assert [(await client.answer(ack))["seq"] for ack in edits] == [5, 6, 7]
        assert await client.answer(status) == {}


async def test_a_resend_gets_the_first_result(node: Node, ada: Client) -> None:
    payloads = {
        "collaboration:edit": edit(node, ada, 4, ["x"]),
        "note:create": ada.numbered(workspaceId=node.workspace_id, note={"title": "New", "content": "abc"}),
        "note:update": ada.numbered(workspaceId=node.workspace_id, noteId=node.note_id, set={"title": "Second"}),
        "note:delete": ada.numbered(workspaceId=node.workspace_id, noteId=node.note_id),
    }
    first = {name: await ada.call(name, payload) for name, payload in payloads.items()}
    again = {name: await ada.call(name, payload) for name, payload in payloads.items()}
    for name in payloads:
        assert "duplicate" not in first[name]
        assert again[name] == first[name] | {"duplicate": True} | (
            {"note": again[name]["note"]} if "note" in first[name] else {}
        )
    assert again["note:create"]["note"]["id"] == first["note:create"]["note"]["id"]
    assert [result["seq"] for result in first.values()] == [5, 6, 7, 8]
    other = payloads["collaboration:edit"] | {"op": ["y"]}
    assert (await ada.call("collaboration:edit", other))["error"]["code"] == "CONFLICT"


async def test_notes_are_made_changed_deleted_and_restored(node: Node, ada: Client, bob: Client) -> None:
    note = {"title": "New", "content": "text", "position": {"x": 1.5, "y": -2}, "size": {"width": 9, "height": 8}}
    created = await ada.call("note:create", ada.numbered(workspaceId=node.workspace_id, note={**note, "tags": ["a"]}))
    assert set(created) == {"seq", "note"}
    note_id = created["note"]["id"]
    assert UUID.fullmatch(note_id)
    assert {name: created["note"][name] for name in note} == note
    (change,) = (await bob.event("workspace:update"))["changes"]
    assert (change["kind"], change["noteId"], change["note"]["title"]) == ("note.created", note_id, "New")
    assert (change["note"]["excerpt"], change["note"]["tags"]) == ("text", ["a"])
    assert (change["userId"], change["clientId"], change["clientSeq"]) == (PEOPLE["ada"], ada.client_id, 1)
    assert ISO.fullmatch(change["at"])

    def about(**more: object) -> dict[str, object]:
        return ada.numbered(workspaceId=node.workspace_id, noteId=note_id, **more)

    changes = {"set": {"title": "Newer", "color": None}, "tags": {"add": ["b"], "remove": ["a"]}}
    assert await ada.call("note:update", about(**changes)) == {"seq": created["seq"] + 1}
    (change,) = (await bob.event("workspace:update"))["changes"]
    assert change["kind"] == "note.updated"
    assert change["set"]["title"] == "Newer"
    assert change["tags"] == {"add": ["b"], "remove": ["a"]}
    for event, kind in (("note:delete", "note.deleted"), ("note:restore", "note.restored")):
        result = await ada.call(event, about())
        (change,) = (await bob.event("workspace:update"))["changes"]
        assert (change["kind"], change["noteId"], change["seq"]) == (kind, note_id, result["seq"])


async def test_cursors_are_passed_on(node: Node, ada: Client, bob: Client) -> None:
    await ada.call("note:open", opening(node))
    await bob.emit("collaboration:cursor", opening(node, selection=[[1, 3]], position={"x": 1, "y": 2}, baseSeq=4))
    event = await ada.event("collaboration:cursor")
    (cursor,) = event["cursors"]
    assert set(cursor) == {
        *("userId", "userName", "color", "clientId", "noteId", "position", "selection", "timestamp"),
    }
    assert (cursor["userId"], cursor["clientId"], cursor["selection"]) == (PEOPLE["bob"], bob.client_id, [[1, 3]])
    assert ISO.fullmatch(cursor["timestamp"])


async def test_whoever_asks_for_an_answer_to_a_cursor_or_to_typing_gets_one(node: Node, ada: Client) -> None:
    assert await ada.call("collaboration:cursor", opening(node, position={"x": 1, "y": 2})) == {}
    assert await ada.call("chat:typing", {"workspaceId": node.workspace_id, "typing": True}) == {}


async def test_the_newest_cursor_wins_however_many_come(node: Node, ada: Client, bob: Client) -> None:
    for i in range(200):
        await bob.emit("collaboration:cursor", opening(node, position={"x": i, "y": 0}))
    positions = []
    while not positions or positions[-1] != 199:
        positions += [cursor["position"]["x"] for cursor in (await ada.event("collaboration:cursor"))["cursors"]]
    assert positions == sorted(positions)
    assert len(positions) < 100


async def test_leaving(node: Node, ada: Client, bob: Client) -> None:
    assert await bob.call("workspace:leave", {"workspaceId": node.workspace_id}) == {}
    await ada.call("note:update", ada.numbered(workspaceId=node.workspace_id, noteId=node.note_id, set={"title": "T"}))
    assert (await bob.call("note:open", opening(node)))["error"]["code"] == "WORKSPACE_NOT_FOUND"
    assert not [event for event in bob.events if event.name == "workspace:update"]
    assert (await bob.join(node.workspace_id))["seq"] == 5


async def test_join_and_leave_may_follow_each_other_at_once(node: Node) -> None:
    async with node.client("bob") as bob:
        where = {"workspaceId": node.workspace_id}
        acks = [await bob.ask(f"workspace:{what}", where) for what in ("join", "leave", "join")]
        answers = [await bob.answer(ack) for ack in acks]
        assert ["seq" in answer for answer in answers] == [True, False, True]
        assert "content" in await bob.call("note:open", opening(node))


NOT_FOUND = "WORKSPACE_NOT_FOUND"


def events_of(node: Node, client: Client) -> dict[str, dict[str, object]]:
    """One well-formed event of every kind."""
    return {
        "workspace:join": {"workspaceId": node.workspace_id},
        "workspace:leave": {"workspaceId": node.workspace_id},
        "note:open": opening(node),
        "note:close": opening(node),
        "collaboration:edit": edit(node, client, 4, ["x"]),
        "note:create": client.numbered(workspaceId=node.workspace_id, note={"title": "T"}),
        "note:update": client.numbered(workspaceId=node.workspace_id, noteId=node.note_id, set={}),
        "note:delete": client.numbered(workspaceId=node.workspace_id, noteId=node.note_id),
        "note:restore": client.numbered(workspaceId=node.workspace_id, noteId=node.note_id),
        "presence:update": {"workspaceId": node.workspace_id, "status": "away"},
    }


async def test_who_is_no_member_gets_nothing(node: Node, ada: Client) -> None:
    async with node.client("eve") as eve:
        eve.client_id = str(uuid.uuid4())
        for name, payload in events_of(node, eve).items():
            error = (await eve.call(name, payload))["error"]
            if "clientSeq" in payload:
                assert error["code"] == "VALIDATION_FAILED"
            else:
                assert error["code"] == NOT_FOUND
        everything = [await eve.ask(name, payload) for name, payload in events_of(node, eve).items()]
        for ack in everything:
            assert "error" in await eve.answer(ack)
    assert (await ada.join(node.workspace_id))["seq"] == 4


async def test_a_foreign_and_a_missing_workspace_look_the_same(node: Node) -> None:
    async with node.client("eve") as eve:
        foreign = await eve.call("workspace:join", {"workspaceId": node.workspace_id})
        missing = await eve.call("workspace:join", {"workspaceId": new_id()})
    for answer in (foreign, missing):
        del answer["error"]["timestamp"], answer["error"]["requestId"]
    assert foreign == missing
    assert foreign["error"]["code"] == NOT_FOUND


MALFORMED: list[tuple[str, dict[str, object], str]] = [
    ("workspace:join", {}, "workspaceId"),
    ("workspace:join", {"workspaceId": "x"}, "workspaceId"),
    ("workspace:join", {"workspaceId": 7}, "workspaceId"),
    ("workspace:join", {"workspaceId": "(own)", "since": -1}, "since"),
    ("workspace:join", {"workspaceId": "(own)", "since": 2**60}, "since"),
    ("collaboration:edit", {"op": "x"}, "op"),
    ("collaboration:edit", {"op": [True]}, "op"),
    ("collaboration:edit", {"op": [-1]}, "op"),
    ("collaboration:edit", {"op": [1.5]}, "op"),
    ("collaboration:edit", {"op": [{"d": 0}]}, "op"),
    ("collaboration:edit", {"op": [{"e": 1}]}, "op"),
    ("collaboration:edit", {"op": ["a\r\n"]}, "op"),
    ("collaboration:edit", {"op": ["a", "b"]}, "op"),
    ("collaboration:edit", {"op": ["\ud800"]}, ""),
    ("collaboration:edit", {"clientSeq": 0}, "clientSeq"),
    ("collaboration:edit", {"clientSeq": "1"}, "clientSeq"),
    ("collaboration:edit", {"clientId": "00000000-0000-4000-8000-000000000000"}, "clientId"),
    ("collaboration:edit", {"baseSeq": None}, "baseSeq"),
    ("note:create", {"note": {}}, "note.title"),
    ("note:create", {"note": {"title": "t" * 201}}, "note.title"),
    ("note:create", {"note": {"title": "t", "content": "\0"}}, "note.content"),
    ("note:create", {"note": {"title": "t", "position": {"x": "1", "y": 1}}}, "note.position.x"),
    ("note:create", {"note": {"title": "t", "size": {"width": 0, "height": 1}}}, "note.size.width"),
    ("note:update", {"set": {"title": None}}, "set.title"),
    ("note:update", {"set": {"position": {"x": 1}}}, "set.position.y"),
    ("note:update", {"set": {"position": {"x": 1e10, "y": 0}}}, "set.position.x"),
    ("note:update", {"set": {"size": {"width": 1, "height": -1}}}, "set.size.height"),
    ("note:update", {"tags": {"add": ["x" * 51]}}, "tags.add"),
    ("presence:update", {"workspaceId": "(own)", "status": "asleep"}, "status"),
    ("collaboration:cursor", {"workspaceId": "(own)", "position": {"x": 1}}, "position.y"),
    ("collaboration:cursor", {"workspaceId": "(own)", "selection": [[1]]}, "selection"),
    ("collaboration:cursor", {"workspaceId": "(own)", "selection": [[0, -1]]}, "selection"),
]


@pytest.mark.parametrize(("name", "payload", "path"), MALFORMED)
async def test_malformed_payloads_change_nothing_and_tell_the_place(
    node: Node, ada: Client, name: str, payload: dict[str, object], path: str
) -> None:
    base = events_of(node, ada).get(name, {}) if name.startswith(("collaboration:edit", "note")) else {}
    payload = {**base, **payload}
    if payload.get("workspaceId") == "(own)":
        payload["workspaceId"] = node.workspace_id
    error = (await ada.call(name, payload))["error"]
    assert error["code"] == "VALIDATION_FAILED"
    assert error["details"][0]["path"].startswith(path)
    assert ISO.fullmatch(error["timestamp"])
    assert UUID.fullmatch(error["requestId"])
    assert (await ada.join(node.workspace_id))["seq"] == 4


@pytest.mark.parametrize(
    "arguments",
    ['["chat:nonsense",{}]', '["workspace:join"]', '["workspace:join",{},{}]', '["workspace:join",[]]', '["",null]'],
)
async def test_unknown_events_and_odd_arguments_are_told(node: Node, ada: Client, arguments: str) -> None:
    await ada.websocket.send("42" + arguments)
    error = await ada.event("error")
    assert error["error"]["code"] == "VALIDATION_FAILED"


async def test_deep_and_huge_json_is_refused_quickly(node: Node, ada: Client) -> None:
    for payload in ("[" * 900 + "]" * 900, "{" + '"a":{' * 900 + "}" * 901, '{"workspaceId":1e999}', "9" * 4_000):
        await ada.websocket.send(f'42["workspace:join",{payload}]')
        assert (await ada.event("error"))["error"]["code"] == "VALIDATION_FAILED"
    await ada.websocket.send('42["workspace:join",' + "[" * 100_000 + "]" * 100_000 + "]")
    assert (await ada.wait_closed()).code == 1002


HOSTILE = {
    "a number of a million digits": "9" * 1_000_000,
    "a million zeros": "[" + "0," * 1_000_000 + "0]",
    "not a number": '{"workspaceId":NaN}',
    "infinity": '{"workspaceId":Infinity}',
    "a lone surrogate": '{"workspaceId":"\\ud800"}',
    "a name of prototypes": '{"__proto__":{"workspaceId":"x"},"constructor":{"prototype":1}}',
    "many names": "{" + ",".join(f'"{number}":0' for number in range(100_000)) + "}",
    "many times one name": "{" + ",".join(['"workspaceId":0'] * 100_000) + "}",
    "an attachment that is not there": '{"_placeholder":true,"num":0}',
    "an attachment before the first": '{"_placeholder":true,"num":-1}',
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_json_is_refused_at_little_cost(node: Node, ada: Client, payload: str) -> None:
    """Well below what holds others up, also on a busy machine: it is CPU time that is counted."""
    for event in ("workspace:join", "collaboration:edit", "auth:refresh", "nothing"):
        before = time.process_time()
        await ada.websocket.send(f'42["{event}",{payload}]')
        error = await ada.event("error")
        assert error["error"]["code"] == "VALIDATION_FAILED"
        assert time.process_time() - before < 0.5


async def test_of_a_name_given_twice_the_last_counts(node: Node, ada: Client) -> None:
    """As in JavaScript, so that no two readers of one message see different things."""
    twice = f'{{"workspaceId":"{new_id()}","workspaceId":"{node.workspace_id}"}}'
    await ada.websocket.send(f'427["workspace:join",{twice}]')
    assert "seq" in await ada.answer(7)


async def test_without_an_acknowledgement_failures_come_as_error(node: Node, ada: Client) -> None:
    await ada.emit("collaboration:edit", edit(node, ada, 4, [99, "x"]))
    error = await ada.event("error")
    assert (error["event"], error["clientSeq"]) == ("collaboration:edit", 1)
    assert set(error["error"]) == {"code", "message", "details", "timestamp", "requestId"}
    await ada.emit("workspace:join", {})
    assert set(await ada.event("error")) == {"event", "error"}


async def test_identity_is_the_servers(node: Node, ada: Client, bob: Client) -> None:
    await ada.call("note:open", opening(node))
    payload = edit(node, bob, 4, ["x"], userId=PEOPLE["ada"], role="owner", seq=1, authorId=PEOPLE["ada"])
    await bob.call("collaboration:edit", payload)
    (edited,) = (await ada.event("collaboration:edit"))["edits"]
    assert (edited["userId"], edited["clientId"]) == (PEOPLE["bob"], bob.client_id)
    note = {"title": "t", "authorId": PEOPLE["ada"], "id": node.note_id, "seq": 1}
    created = await bob.call("note:create", bob.numbered(workspaceId=node.workspace_id, note=note))
    assert created["note"]["authorId"] == PEOPLE["bob"]
    assert created["note"]["id"] != node.note_id
    await bob.emit("collaboration:cursor", opening(node, userId=PEOPLE["ada"], clientId=ada.client_id))
    (cursor,) = (await ada.event("collaboration:cursor"))["cursors"]
    assert (cursor["userId"], cursor["clientId"]) == (PEOPLE["bob"], bob.client_id)


async def test_too_many_edits_are_limited_and_a_flood_is_closed() -> None:
    settings = fast(changes_per_second=0.1, changes_burst=2, messages_per_second=1, messages_burst=20)
    async with running_node(settings) as node, node.client("ada") as ada:
        await ada.join(node.workspace_id)
        results = [await ada.call("collaboration:edit", edit(node, ada, 4 + i, ["x"])) for i in range(3)]
        assert [result.get("seq") for result in results] == [5, 6, None]
        error = results[2]["error"]
        assert error["code"] == "RATE_LIMITED"
        assert 0 < error["details"]["retryAfterSeconds"] <= 10
        await ada.websocket.send(*["3"] * 30)
        assert (await ada.wait_closed()).code == 1008


async def test_rate_limits_can_be_lifted() -> None:
    settings = fast(changes_burst=1, messages_burst=1, rate_limits=False)
    async with running_node(settings) as node, node.client("ada") as ada:
        await ada.join(node.workspace_id)
        for i in range(30):
            assert "seq" in await ada.call("collaboration:edit", edit(node, ada, 4 + i, ["x"]))


@pytest.mark.parametrize("text", ["", "7", "0", "5", "49", '42["a"', "42{}", "43[]", '42[1,"a"]', "41{}", "43", "40"])
async def test_breaches_of_the_protocol_close_the_connection(node: Node, text: str) -> None:
    async with node.client("ada") as ada:
        await ada.websocket.send(text)
        assert (await ada.wait_closed()).code == 1002
        await node.catalog.find(node.workspace_id)


async def test_binary_events_are_understood_and_refused(node: Node, ada: Client) -> None:
    await ada.websocket.send('451-1["file",{"_placeholder":true,"num":0}]', b"\x01\x02")
    ada._next_ack = 1
    assert (await ada.answer(1))["error"]["code"] == "VALIDATION_FAILED"
    await ada.websocket.send('451-["file",{"_placeholder":true,"num":0}]', b"\x01\x02")
    assert (await ada.event("error"))["event"] == "file"
    await ada.websocket.send('4511-1["file"]')
    assert (await ada.wait_closed()).code == 1009


async def test_a_connection_is_in_a_limited_number_of_workspaces() -> None:
    async with running_node(fast(max_workspaces=1)) as node, node.client("ada") as ada:
        await ada.join(node.workspace_id)
        assert (await ada.call("workspace:join", {"workspaceId": new_id()}))["error"]["code"] == "VALIDATION_FAILED"
        assert "seq" in await ada.join(node.workspace_id)


async def test_when_a_workspace_closes_its_clients_join_again_and_resend(node: Node, ada: Client) -> None:
    ref = await node.catalog.find(node.workspace_id)
    ref.close()
    assert (await ada.event("workspace:resync"))["workspaceId"] == node.workspace_id
    payload = edit(node, ada, 4, ["x"])
    assert (await ada.call("collaboration:edit", payload))["error"]["code"] in {"UNAVAILABLE", "WORKSPACE_NOT_FOUND"}
    assert (await ada.join(node.workspace_id))["seq"] == 4
    assert (await ada.call("collaboration:edit", payload))["seq"] == 5
