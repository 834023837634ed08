"""Who gets in, for how long, and as whom."""

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import trio

from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.websocket import WebSocketTransport
from tests.edge.realtime.harness import PEOPLE, SETTINGS, Client, Node, fast, new_id, running_node


@pytest.fixture(params=["own", "trio-websocket"])
async def node(request: pytest.FixtureRequest) -> AsyncIterator[Node]:
    settings = replace(SETTINGS, websocket=request.param)
    async with running_node(settings, origins=("https://notes.example", "http://localhost:5173")) as node:
        yield node


async def test_the_handshake_tells_the_settings(node: Node) -> None:
    async with node.client() as client:
        assert client.handshake["pingInterval"] == 23_000
        assert client.handshake["pingTimeout"] == 20_000
        assert client.handshake["maxPayload"] == 4_194_304
        assert client.handshake["sid"]


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        ({}, "UNAUTHENTICATED"),
        ({"token": None}, "UNAUTHENTICATED"),
        ({"token": "nobody"}, "UNAUTHENTICATED"),
        ({"token": "old"}, "TOKEN_EXPIRED"),
        ({"token": 7}, "VALIDATION_FAILED"),
        ({"token": "t" * 9_000}, "VALIDATION_FAILED"),
        ({"token": "ada", "clientId": "mine"}, "VALIDATION_FAILED"),
        ([1], "VALIDATION_FAILED"),
    ],
)
async def test_bad_tokens_are_turned_away_and_may_try_again(node: Node, auth: object, code: str) -> None:
    async with node.websocket() as websocket:
        client = Client(websocket)
        await client.connect(auth)
        assert client.refusal is not None
        assert client.refusal["data"] == {"code": code}
        assert client.refusal["message"]
        await websocket.send('40{"token":"ada"}')
        answer = await websocket.receive()
        assert isinstance(answer, str)
        assert answer.startswith('40{"sid":')


async def test_a_token_in_the_query_is_not_looked_at(node: Node) -> None:
    async with node.websocket("/socket.io/?EIO=4&transport=websocket&token=ada") as websocket:
        await websocket.receive()
        await websocket.send("40")
        assert str(await websocket.receive()).startswith("44")


async def test_who_shows_no_token_is_closed() -> None:
    async with running_node(fast(connect_seconds=0.1)) as node:
        for first in ([], ['40{"token":"never"}'], ['40{"token":"nobody"}'], ['40{"token":"ada"}', "41"]):
            async with node.websocket() as websocket:
                if len(first) == 2:
                    await websocket.receive()
                    await websocket.send(first.pop(0))
                    await websocket.receive()
                await websocket.send(*first)
                message = None
                while isinstance(message := await websocket.receive(), str):
                    continue
                assert message.code == 1008  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 101),
        ("https://notes.example", 101),
        ("http://localhost:5173", 101),
        ("(own)", 101),
        ("null", 403),
        ("https://evil.example", 403),
        ("https://notes.example.evil.example", 403),
        ("https://evil-notes.example", 403),
        ("https://notes.example:444", 403),
        ("http://notes.example", 403),
        ("https://NOTES.example", 403),
        ("https://notes.example.", 403),
        ("https://notes.example/", 403),
        ("https://a@notes.example", 403),
        ("https://notes.example https://evil.example", 403),
        ("", 403),
    ],
)
async def test_only_known_origins_get_in(node: Node, origin: str | None, status: int) -> None:
    if origin == "(own)":
        origin = f"http://127.0.0.1:{node.port}"
    headers = [] if origin is None else [("Origin", origin)]
    async with node.websocket(headers=headers) as websocket:
        assert websocket.status == status


async def test_a_client_keeps_its_id_and_nobody_else_gets_it(node: Node) -> None:
    async with node.client("ada") as ada:
        first = (await ada.join(node.workspace_id))["clientId"]
    async with node.client("ada", clientId=first) as ada:
        assert (await ada.join(node.workspace_id))["clientId"] == first
    async with node.client("bob", clientId=first) as bob:
        assert (await bob.join(node.workspace_id))["clientId"] != first
    invented = str(uuid.uuid4())
    async with node.client("ada", clientId=invented) as ada:
        assert (await ada.join(node.workspace_id))["clientId"] not in (first, invented)


def test_client_ids_are_bound_by_any_of_the_keys() -> None:
    old, new, foreign = ClientIds([b"old"]), ClientIds([b"new", b"old"]), ClientIds([b"foreign"])
    ids = {old.new("user") for _ in range(100)}
    assert len(ids) == 100
    for client_id in ids:
        assert str(uuid.UUID(client_id)) == client_id
        assert uuid.UUID(client_id).version == 8
        assert uuid.UUID(client_id).variant == uuid.RFC_4122
        assert new.is_bound(client_id, "user")
        assert not new.is_bound(client_id, "other")
        assert not foreign.is_bound(client_id, "user")
    assert not new.is_bound("no uuid", "user")
    assert not old.is_bound(new.new("user"), "user")


async def test_an_expiring_token_is_asked_for_and_refreshed() -> None:
    async with running_node(fast(auth_grace_seconds=0.3)) as node:
        node.tokens.lifetimes["ada"] = 0.4
        async with node.client("ada") as client:
            await client.event("auth:expired")
            assert (await client.call("auth:refresh", {"token": "old"}))["error"]["code"] == "TOKEN_EXPIRED"
            assert (await client.call("auth:refresh", {"token": "bob"}))["error"]["code"] == "FORBIDDEN"
            assert await client.call("auth:refresh", {"token": "ada/new"}) == {}
            assert "seq" in await client.join(node.workspace_id)
        async with node.client("ada") as client:
            await client.event("auth:expired")
            assert (await client.wait_closed()).code == 1008


async def test_a_revoked_sign_in_is_told_and_closed_at_once(node: Node) -> None:
    async with node.client("ada/one") as one, node.client("ada/two") as two, node.client("bob") as bob:
        node.gateway.close_auth_session("one")
        node.gateway.close_auth_session("unknown")
        await one.event("auth:revoked")
        await one.event("(disconnected)")
        assert (await one.wait_closed()).code == 1008
        for other in (two, bob):
            assert "seq" in await other.join(node.workspace_id)


async def test_a_refresh_moves_the_connection_to_the_new_sign_in(node: Node) -> None:
    async with node.client("ada/one") as client:
        assert await client.call("auth:refresh", {"token": "ada/two"}) == {}
        node.gateway.close_auth_session("one")
        assert "seq" in await client.join(node.workspace_id)
        node.gateway.close_auth_session("two")
        assert (await client.wait_closed()).code == 1008


async def test_a_person_is_told_on_all_connections_and_no_one_else(node: Node) -> None:
    async with node.client("ada/one") as one, node.client("ada/two") as two, node.client("bob") as bob:
        node.gateway.tell_user(PEOPLE["ada"], "notification", {"id": 1})
        assert await one.event("notification") == {"id": 1}
        assert await two.event("notification") == {"id": 1}
        node.gateway.tell_user(PEOPLE["bob"], "notification", {"id": 2})
        assert await bob.event("notification") == {"id": 2}


async def test_draining_tells_when_to_come_back(node: Node) -> None:
    async with node.client("ada") as ada, node.client("bob") as bob:
        node.gateway.drain()
        for client in (ada, bob):
            assert 1_000 <= (await client.event("server:draining"))["reconnectInMs"] <= 2_000
            assert (await client.wait_closed()).code == 1001


async def test_a_silent_client_is_closed_and_a_living_one_is_not() -> None:
    settings = fast(ping_interval_seconds=0.1, ping_timeout_seconds=0.2)
    async with running_node(settings) as node, node.websocket() as living, trio.open_nursery() as nursery:
        pings: list[object] = []

        async def live() -> None:
            while isinstance(message := await living.receive(), str):
                if message == "2":
                    pings.append(message)
                    await living.send("3")

        await living.send('40{"token":"ada"}')
        nursery.start_soon(live)
        for _ in range(2):
            async with node.client("bob") as silent:
                messages = []
                while isinstance(message := await silent.websocket.receive(), str):
                    messages.append(message)
                assert messages == ["2"]
        assert len(pings) >= 3
        nursery.cancel_scope.cancel()


async def test_heartbeats_and_other_events_go_on_while_a_handler_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace that cannot be opened holds its own events up and nothing else."""
    stuck = new_id()
    async with running_node(fast(ping_interval_seconds=0.05, ping_timeout_seconds=10)) as node:
        find = node.catalog.find

        async def slow(workspace_id: str) -> object:
            if workspace_id == stuck:
                await trio.sleep_forever()
            return await find(workspace_id)

        monkeypatch.setattr(node.catalog, "find", slow)
        async with node.websocket() as websocket:

            async def join(ack_id: int, workspace_id: str) -> None:
                payload = json.dumps(["workspace:join", {"workspaceId": workspace_id}])
                await websocket.send(f"42{ack_id}{payload}")

            await websocket.send('40{"token":"ada"}')
            pings, answers = 0, []
            while pings < 5 or not answers:
                message = await websocket.receive()
                assert isinstance(message, str)
                if message == "2":
                    pings += 1
                    await websocket.send("3")
                    if pings == 3:
                        await join(1, node.workspace_id)
                elif message.startswith("40"):
                    await join(0, stuck)
                elif message.startswith("43"):
                    answers.append(message[:3])
            assert answers == ["431"], "only the workspace that is there has answered"


async def test_who_waits_for_an_answer_costs_nothing_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent after a question waits for its answer, not for long; asking again and again would be CPU."""
    calls = 0
    readable = WebSocketTransport.readable

    def counted(transport: WebSocketTransport) -> None:
        nonlocal calls
        calls += 1
        readable(transport)

    stuck = new_id()
    async with running_node() as node:
        find = node.catalog.find

        async def slow(workspace_id: str) -> object:
            if workspace_id == stuck:
                await trio.sleep_forever()
            return await find(workspace_id)

        monkeypatch.setattr(node.catalog, "find", slow)
        monkeypatch.setattr(WebSocketTransport, "readable", counted)
        async with node.client() as ada:
            calls = 0
            for ack_id, workspace_id in enumerate((stuck, node.workspace_id)):
                payload = json.dumps(["workspace:join", {"workspaceId": workspace_id}])
                await ada.websocket.send(f"42{ack_id}{payload}")
            while not str(message := await ada.websocket.receive()).startswith("43"):
                pass
            assert str(message).startswith("431"), "only the workspace that is there has answered"
            assert 0 < calls < 8


async def test_pings_of_the_websocket_are_answered(node: Node) -> None:
    async with node.client() as client:
        await client.websocket.ping(b"payload")
        answer = await client.websocket.receive()
        assert bytes(answer.payload) == b"payload"  # type: ignore[union-attr]


async def test_other_namespaces_are_refused(node: Node) -> None:
    async with node.client() as client:
        await client.websocket.send("40/admin,")
        assert await client.websocket.receive() == '44/admin,{"message":"Invalid namespace"}'
        assert "seq" in await client.join(node.workspace_id)


async def test_leaving_the_namespace_leaves_the_workspaces(node: Node) -> None:
    async with node.client("ada") as ada, node.client("bob") as bob:
        await ada.join(node.workspace_id)
        await bob.join(node.workspace_id)
        await ada.event("presence:update")
        await bob.websocket.send("41")
        with trio.fail_after(20):
            leaves: list[dict[str, str]] = []
            while not leaves:
                leaves = (await ada.event("presence:update"))["leaves"]
        assert [leave["userId"] for leave in leaves] == [PEOPLE["bob"]]
        await bob.websocket.send('40{"token":"bob"}')
        while not (message := str(await bob.websocket.receive())).startswith("40"):
            assert message.startswith("42")
