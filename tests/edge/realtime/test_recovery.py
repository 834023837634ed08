"""Connection state recovery of the Socket.IO protocol, for clients that ask for it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from nvserver.edge.realtime.outbox import Outgoing
from nvserver.edge.realtime.recall import Recall
from tests.edge.realtime.harness import PATIENCE_SECONDS, Client, Node, WebSocket, fast, new_id, running_node

_streams: list[trio.SocketStream] = []
"""What `ada_and_bob` closes at the end."""


class Recoverable:
    """A client that asked for recovery: its connections are opened and dropped by hand."""

    def __init__(self, node: Node, user: str = "ada") -> None:
        self.node = node
        self.user = user
        self.greeting: dict[str, Any] = {}
        self.number: str | None = None
        self.seen: list[tuple[str, Any]] = []
        self._next_ack = 0
        self._websocket: WebSocket

    async def connect(self, **auth: object) -> bool:
        """Whether it was recovered."""
        known_by, before = {"pid": self.greeting.get("pid"), "offset": self.number}, self.greeting
        auth = {"token": self.user, "recovery": True} | {k: v for k, v in known_by.items() if v is not None} | auth
        stream = await trio.open_tcp_stream("127.0.0.1", self.node.port)
        _streams.append(stream)
        self._websocket = WebSocket(stream)
        await self._websocket.open(self.node.port, "/socket.io/?EIO=4&transport=websocket", [])
        assert str(await self._websocket.receive()).startswith("0")
        await self._websocket.send("40" + json.dumps(auth))
        answer = await self._websocket.receive()
        assert isinstance(answer, str)
        assert answer.startswith("40"), answer
        self.greeting = json.loads(answer[2:])
        is_recovered = bool(before) and self.greeting == before
        if not is_recovered:
            self.number = None
        return is_recovered

    async def lose(self) -> None:
        """The connection breaks, without a word."""
        await self._websocket.stream.aclose()

    async def call(self, name: str, payload: object) -> Any:
        self._next_ack += 1
        ack_id = self._next_ack
        await self._websocket.send(f"42{ack_id}" + json.dumps([name, payload]))
        while True:
            message = await self._take()
            if message.startswith(f"43{ack_id}["):
                return json.loads(message[message.index("[") :])[0]

    async def event(self, name: str) -> Any:
        """The payload of the next event of that name."""
        while True:
            for index, (seen, payload) in enumerate(self.seen):
                if seen == name:
                    del self.seen[: index + 1]
                    return payload
            await self._take()

    async def leave(self) -> None:
        """The namespace, as a program does that disconnects."""
        await self._websocket.send("41")

    async def _take(self) -> str:
        message = await self._websocket.receive()
        assert isinstance(message, str), message
        if message.startswith("42"):
            name, payload, self.number = json.loads(message[2:])
            self.seen.append((name, payload))
        return message


@asynccontextmanager
async def ada_and_bob(**settings: Any) -> AsyncIterator[tuple[Recoverable, Client]]:
    """Both in the workspace with its note open."""
    async with running_node(fast(**settings)) as node, node.client("bob") as bob:
        ada = Recoverable(node)
        assert not await ada.connect()
        where = {"workspaceId": node.workspace_id}
        await bob.join(node.workspace_id)
        await ada.call("workspace:join", where)
        while not (await bob.event("presence:update"))["joins"]:
            continue
        for client in (ada, bob):
            await client.call("note:open", {**where, "noteId": node.note_id})
        try:
            yield ada, bob
        finally:
            while _streams:
                await _streams.pop().aclose()


async def edit(node: Node, bob: Client, text: str) -> None:
    where = {"workspaceId": node.workspace_id, "noteId": node.note_id}
    base = (await bob.call("note:open", where))["seq"]
    answer = await bob.call("collaboration:edit", {**where, "baseSeq": base, "op": [text], **bob.numbered()})
    assert "seq" in answer, answer


async def noticed(ada: Recoverable) -> None:
    """Until the server knows that the connection is lost."""
    with trio.fail_after(PATIENCE_SECONDS):
        while ada.node.gateway.connections == 2:
            await trio.lowlevel.checkpoint()


async def left(bob: Client) -> None:
    """Until Bob has heard that somebody left."""
    while not (await bob.event("presence:update"))["leaves"]:
        continue


async def test_who_was_lost_gets_what_was_missed_and_is_where_it_was() -> None:
    async with ada_and_bob() as (ada, bob):
        node = ada.node
        await edit(node, bob, "before ")
        assert (await ada.event("collaboration:edit"))["edits"][0]["op"] == ["before "]
        for round_number in range(3):
            await ada.lose()
            for part in ("one ", "two "):
                await edit(node, bob, f"{round_number} {part}")
            assert await ada.connect()
            for part in ("one ", "two "):
                assert (await ada.event("collaboration:edit"))["edits"][0]["op"] == [f"{round_number} {part}"]
        where = {"workspaceId": node.workspace_id, "noteId": node.note_id}
        opened = await ada.call("note:open", where)
        assert opened["content"].startswith("2 two 2 one 1 two ")
        assert [event.name for event in bob.events if event.name == "presence:update" and event.payload["leaves"]] == []
        await ada.lose()
        await edit(node, bob, "last ")
        assert await ada.connect()
        assert (await ada.event("collaboration:edit"))["edits"][0]["op"] == ["last "]


async def test_who_comes_back_before_the_loss_was_noticed_takes_its_place() -> None:
    async with ada_and_bob() as (ada, bob):
        before = ada._websocket
        assert await ada.connect()
        assert getattr(await before.receive(), "code", None) == 1000
        await edit(ada.node, bob, "x")
        assert (await ada.event("collaboration:edit"))["edits"][0]["op"] == ["x"]
        assert ada.node.gateway.connections == 2


async def test_what_is_sent_while_nobody_is_there_is_bounded_and_then_all_begins_anew() -> None:
    async with ada_and_bob(recovery_bytes=1_024) as (ada, bob):
        await ada.lose()
        for count in range(8):
            await edit(ada.node, bob, f"{count} " * 80)
        bob.events.clear()
        assert not await ada.connect()
        await left(bob)
        joined = await ada.call("workspace:join", {"workspaceId": ada.node.workspace_id})
        assert "notes" in joined


async def test_a_session_is_nobody_elses() -> None:
    async with ada_and_bob() as (ada, bob):
        thief = Recoverable(ada.node, "bob")
        thief.greeting, thief.number = ada.greeting, "0"
        assert not await thief.connect()
        await ada.lose()
        thief.greeting, thief.number = ada.greeting, "0"
        assert not await thief.connect()
        unknown = Recoverable(ada.node)
        unknown.greeting = {"pid": new_id()}
        assert not await unknown.connect()
        await edit(ada.node, bob, "x")
        assert await ada.connect()
        assert (await ada.event("collaboration:edit"))["edits"][0]["op"] == ["x"]


@pytest.mark.parametrize("number", ["99999", "-1", "x", "\u0663", "1e3"])
async def test_a_number_that_was_never_given_recovers_nothing_or_all(number: str) -> None:
    """What is no number counts as none: everything is told from the beginning."""
    async with ada_and_bob() as (ada, bob):
        await ada.lose()
        await edit(ada.node, bob, "x")
        is_recovered = await ada.connect(offset=number)
        assert is_recovered == (number != "99999")
        if is_recovered:
            assert (await ada.event("collaboration:edit"))["edits"][0]["op"] == ["x"]


async def test_who_left_by_himself_is_not_waited_for() -> None:
    async with ada_and_bob() as (ada, bob):
        await ada.leave()
        await left(bob)
        assert not await ada.connect()


@pytest.mark.parametrize("settings", [{"recovery_seconds": 0.05}, {"max_recoveries": 0}])
async def test_who_is_not_waited_for_any_longer_has_left(settings: dict[str, float]) -> None:
    async with ada_and_bob(**settings) as (ada, bob):
        await ada.lose()
        await left(bob)
        assert not await ada.connect()


async def test_a_server_may_recover_nobody() -> None:
    async with running_node(fast(recovery_seconds=0)) as node, node.client(recovery=True) as ada:
        await ada.join(node.workspace_id)
        assert (await ada.event("presence:update"))["joins"], "of one argument, as the client reads it"


async def test_who_is_put_out_while_away_does_not_come_back() -> None:
    async with ada_and_bob() as (ada, bob):
        await ada.lose()
        await noticed(ada)
        ada.node.gateway.close_auth_session("ada-sign-in")
        await left(bob)
        assert not await ada.connect()


async def test_a_stopping_server_waits_for_nobody() -> None:
    async with ada_and_bob() as (ada, bob):
        await ada.lose()
        await noticed(ada)
        ada.node.gateway.drain()
        assert (await bob.wait_closed()).code == 1001
        assert not await ada.connect()


@given(st.lists(st.one_of(st.integers(1, 60), st.just("clear")), max_size=60), st.integers(20, 400), st.data())
def test_what_is_kept_is_all_that_was_missed_or_nothing(
    steps: list[int | str], max_bytes: int, data: st.DataObject
) -> None:
    recall = Recall("secret", max_bytes)
    sent: list[tuple[int, Outgoing]] = []
    kept_from = 1
    for step in steps:
        if step == "clear":
            recall.clear()
            kept_from = len(sent) + 1
        else:
            assert isinstance(step, int)
            item = recall.number(Outgoing.of(b'42["e",%b]' % (b"1" * step)))
            sent.append((len(sent) + 1, item))
            assert json.loads(item.packet[2:]) == ["e", int("1" * step), str(len(sent))]
    size = 0
    for number, item in reversed(sent):
        size += len(item.packet)
        if size > max_bytes:
            kept_from = max(kept_from, number + 1)
            break
    seen = data.draw(st.integers(0, len(sent) + 2))
    missed = recall.since(str(seen))
    if kept_from - 1 <= seen <= len(sent):
        assert missed == [item for number, item in sent if number > seen]
    else:
        assert missed is None
