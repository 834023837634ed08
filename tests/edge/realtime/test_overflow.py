"""Clients that read too slowly, or not at all: what they go without, and that nobody else notices."""

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from nvserver.actors.timer import Timer
from nvserver.core.changes import Author, Change, Entry, NoteDeleted, NoteEdited
from nvserver.core.ot import normalize
from nvserver.edge.realtime import overflow
from nvserver.edge.realtime.broadcasts import encode_event, outgoing
from nvserver.edge.realtime.engine import EngineSession
from nvserver.edge.realtime.outbox import Outbox, Outgoing
from nvserver.workspace.events import ChangesCommitted, CursorsMoved, EditsCommitted, EditsComposed
from nvserver.workspace.session import Broadcast
from tests.edge.realtime.harness import Client, Node, fast, running_node

# --- real clients ------------------------------------------------------------------------------------------------

UPDATES = 700
SLOW = fast(outbox_bytes=8_192, rate_limits=False)


async def update_many(node: Node, bob: Client, count: int) -> None:
    acks = []
    for i in range(count):
        title = f"{i} ".ljust(150, ".")
        payload = bob.numbered(workspaceId=node.workspace_id, noteId=node.note_id, set={"title": title})
        acks.append(await bob.ask("note:update", payload))
        if len(acks) == 50:
            for ack in acks:
                assert "seq" in await bob.answer(ack)
            acks.clear()
    for ack in acks:
        assert "seq" in await bob.answer(ack)


async def test_who_misses_too_much_is_told_to_join_anew_and_others_notice_nothing() -> None:
    async with running_node(SLOW) as node, node.narrow_client("ada") as ada, node.client("bob") as bob:
        seq = (await ada.join(node.workspace_id))["seq"]
        await bob.join(node.workspace_id)
        await update_many(node, bob, UPDATES)
        assert (await ada.event("workspace:resync"))["workspaceId"] == node.workspace_id
        updates = [event.payload for event in ada.events if event.name == "workspace:update"]
        seqs = [change["seq"] for update in updates for change in update["changes"]]
        assert seqs == list(range(seq + 1, seq + 1 + len(seqs)))
        assert len(seqs) < UPDATES
        ada.events.clear()
        await update_many(node, bob, 1)
        joined = await ada.join(node.workspace_id)
        assert joined["seq"] == seq + UPDATES + 1
        assert [event for event in ada.events if event.name != "presence:update"] == []
        await update_many(node, bob, 1)
        (change,) = (await ada.event("workspace:update"))["changes"]
        assert change["seq"] == joined["seq"] + 1


async def test_edits_come_composed_and_the_text_is_right() -> None:
    async with running_node(SLOW) as node, node.narrow_client("ada") as ada, node.client("bob") as bob:
        seq = (await ada.join(node.workspace_id))["seq"]
        await ada.call("note:open", {"workspaceId": node.workspace_id, "noteId": node.note_id})
        await bob.join(node.workspace_id)
        text, acks = "hello", []
        for i in range(1_500):
            op: list[Any] = [i % 5, chr(97 + i % 26)] if i % 5 else [chr(65 + i % 26)]
            text = apply(text, op)
            payload = {"workspaceId": node.workspace_id, "noteId": node.note_id, "baseSeq": seq + i, "op": op}
            acks.append(await bob.ask("collaboration:edit", bob.numbered(**payload)))
            if len(acks) == 50:
                assert all(["seq" in await bob.answer(ack) for ack in acks])
                acks.clear()
        seen, at, composed = "hello", seq, 0
        while at < seq + 1_500:
            for edit in (await ada.event("collaboration:edit"))["edits"]:
                assert edit.get("fromSeq", edit["seq"]) == at + 1
                composed += "fromSeq" in edit
                seen, at = apply(seen, edit["op"]), edit["seq"]
        assert composed > 0
        assert seen == text
        assert not [event for event in ada.events if event.name == "workspace:resync"]


async def test_who_never_reads_is_closed() -> None:
    settings = fast(write_seconds=0.2, rate_limits=False)
    async with running_node(settings) as node, node.narrow_client("ada") as ada, node.client("bob") as bob:
        await ada.join(node.workspace_id)
        await bob.join(node.workspace_id)
        connections = node.front.connections
        await update_many(node, bob, UPDATES)
        with trio.fail_after(20):
            while node.front.connections == connections:
                await update_many(node, bob, 1)
        assert (await ada.wait_closed()).code == 1006
        assert "seq" in await bob.join(node.workspace_id)


async def test_who_does_not_read_answers_gets_no_more_requests_in() -> None:
    """Its requests wait in the network instead of the server's memory, and are answered when it reads again."""
    async with running_node(SLOW) as node, node.narrow_client("ada") as ada:
        await ada.join(node.workspace_id)
        note = {"title": "long", "content": "word " * 10_000}
        created = await ada.call("note:create", ada.numbered(workspaceId=node.workspace_id, note=note))
        opening = {"workspaceId": node.workspace_id, "noteId": created["note"]["id"]}
        first = await ada.ask("note:open", opening)

        async def ask() -> None:
            for _ in range(199):
                await ada.ask("note:open", opening)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            for count in range(200):
                answer = await ada.answer(count + first)
                assert answer["content"] == note["content"]


# --- the outbox --------------------------------------------------------------------------------------------------


def packet(payload: bytes) -> Outgoing:
    return Outgoing.of(payload)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=30), st.lists(st.integers(1, 120), max_size=30))
def test_the_outbox_keeps_order_and_counts_its_bytes(payloads: list[bytes], limits: list[int]) -> None:
    outbox = Outbox(200)
    items = [packet(payload) for payload in payloads]
    for item in items:
        outbox.put(item)
    taken = b""
    for limit in limits:
        left = outbox.queued_bytes
        batch = outbox.take(limit)
        assert bool(batch) == bool(left)
        first = len(items[0].frame) if items else 0
        assert len(batch) <= max(limit, 60, first)
        assert outbox.queued_bytes == left - len(batch)
        taken += batch
    taken += outbox.take(10**9)
    assert taken == b"".join(item.frame for item in items)
    assert outbox.queued_bytes == 0


# --- the policy --------------------------------------------------------------------------------------------------


def apply(text: str, op: Sequence[Any]) -> str:
    """Independent of the server's own: on a list of characters, with the wire's or the server's deletions."""
    rest, done = list(text), []
    for component in op:
        if isinstance(component, str):
            done += list(component)
        elif isinstance(component, int) and component > 0:
            done += rest[:component]
            del rest[:component]
        else:
            del rest[: component["d"] if isinstance(component, dict) else -component]
    return "".join(done + rest)


def edits(seq: int, op: tuple[int | str, ...], client_id: str = "other") -> Outgoing:
    return event(NoteEdited("note", op), seq, client_id)


def event(change: Change, seq: int, client_id: str = "other") -> Outgoing:
    entry = Entry(seq, 0, Author("user", client_id, seq), change)
    if isinstance(change, NoteEdited):
        return encode_event(EditsCommitted("workspace", change.note_id, (entry,)))
    return encode_event(ChangesCommitted("workspace", (entry,)))


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Outgoing], str]:
    """A text, the edits made to it one after the other (some by the client itself), and what comes of it."""
    first = text = draw(st.text("ab\n🎉", max_size=8))
    items: list[Outgoing] = []
    for seq in range(1, draw(st.integers(0, 12)) + 1):
        at = draw(st.integers(0, len(text)))
        deleted = draw(st.integers(0, min(3, len(text) - at)))
        op = normalize((at, draw(st.text("xyz🎈", max_size=3)), -deleted))
        if not op:
            continue
        items.append(edits(seq, op, draw(st.sampled_from(["other", "third", "own"]))))
        text = apply(text, op)
    return first, items, text


@given(histories())
def test_composed_edits_do_what_they_replace(history: tuple[str, list[Outgoing], str]) -> None:
    text, items, result = history
    composed = overflow.with_composed_edits(items, "own")
    seqs: list[int] = []
    for item in composed:
        match item.event:
            case EditsComposed():
                text = apply(text, item.event.op)
                seqs += [item.event.from_seq, item.event.seq]
            case EditsCommitted(entries=entries):
                for entry in entries:
                    assert isinstance(entry.change, NoteEdited)
                    text = apply(text, entry.change.op)
                    seqs.append(entry.seq)
    assert text == result
    assert seqs == sorted(set(seqs))
    own = [item for item in items if item.event.entries[0].author.client_id == "own"]  # type: ignore[union-attr]
    assert [item for item in composed if item in own] == own
    assert len(composed) <= 2 * len(own) + 1


def test_edits_are_not_composed_past_anything_else() -> None:
    items = [edits(1, ("a",)), edits(2, ("b",)), event(NoteDeleted("other"), 3), edits(4, ("c",)), packet(b"answer")]
    composed = overflow.with_composed_edits(items, "own")
    assert composed[1:] == items[2:]
    assert composed[0].event == EditsComposed("workspace", "note", 1, 2, ("ba",))


def test_cursors_go_first_then_events_and_answers_stay() -> None:
    cursor = encode_event(CursorsMoved("workspace", ()))
    items = [cursor, edits(1, ("a",)), packet(b"answer"), cursor]
    assert overflow.without_cursors(items) == items[1:3]
    assert overflow.without_events(items) == ([items[2]], {"workspace"})


def test_an_event_is_encoded_once_for_all() -> None:
    broadcast = Broadcast(CursorsMoved("workspace", ()))
    assert outgoing(broadcast) is outgoing(broadcast)


class Stuck:
    """A transport whose peer does not read, and an occupant with nothing to leave out."""

    def __init__(self) -> None:
        self.closed_with: list[tuple[int, str]] = []

    def flush_soon(self) -> None:
        """The socket would block."""

    flush_nowait = flush_soon

    def close(self, code: int, reason: str) -> None:
        self.closed_with.append((code, reason))

    def received(self, text: str) -> None:
        raise AssertionError

    received_binary = received  # type: ignore[assignment]

    def make_room(self, outbox: Outbox, item: Outgoing) -> bool:
        """Only answers wait."""
        return True

    def closed(self, reason: str) -> None:
        raise AssertionError


@pytest.mark.parametrize("size", [10, 4_000, 100_000])
async def test_an_outbox_full_of_answers_ends_the_session_with_a_reason(size: int) -> None:
    stuck = Stuck()
    session = EngineSession("id", fast(), Timer(), Outbox(4_096))
    session.open(stuck, stuck)
    answer = packet(b"a" * size)
    for _ in range(5_000 // size + 4):
        session.send(answer)
    assert stuck.closed_with == [(1013, "reads too slowly")]
    assert session.outbox.queued_bytes < 4_096 + len(answer.frame)
