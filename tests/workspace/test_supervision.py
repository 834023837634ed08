"""A crash costs one workspace a moment, a crash loop that workspace alone, and nothing that failed is forgotten."""

import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

import msgspec
import pytest
import trio
import trio.testing

from nvserver import failpoints
from nvserver.core.changes import Author, LoggedEntry
from nvserver.core.commands import EditNote
from nvserver.core.principal import Principal
from nvserver.core.workspace import Workspace
from nvserver.errors import Internal, NoteVaultError, PutAside, Unavailable, WorkspaceMoved, WrittenByNewerVersion
from nvserver.ports.oplog import Append, AppendOutcome, OpLog
from nvserver.ports.store import Store
from nvserver.testing.sim_node import sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.events import WorkspaceEvent
from nvserver.workspace.messages import Accepted, GetNote, Join, NoteView, OpenNote, Submit
from nvserver.workspace.router import ask as ask_actor
from nvserver.workspace.session import Broadcast
from nvserver.workspace.settings import WorkspaceSettings
from tests.workspace.pasts import Past, live_past

QUICK = WorkspaceSettings(quarantine_seconds=0.01, poison_messages=3)
HASH = b"h" * 16


@pytest.fixture(autouse=True)
def failpoints_off_again() -> Iterator[None]:
    yield
    failpoints.arm(())


@pytest.fixture
async def past(store: Store, rng: random.Random) -> Past:
    return await live_past(store, rng, 15)


@pytest.fixture
async def node(store: Store) -> AsyncIterator[Catalog]:
    async with sim_node(store.oplog, settings=QUICK, quarantines=store.quarantine) as node:
        yield node


async def ask(node: Catalog, past: Past) -> object:
    """What a reader is told."""
    try:
        return await node.call(past.workspace_id, GetNote(past.owner, past.note_id))
    except NoteVaultError as error:
        return error


async def test_a_crash_loop_closes_that_workspace_alone_for_all_nodes_until_it_is_released(
    store: Store, rng: random.Random, node: Catalog, past: Past
) -> None:
    other = await live_past(store, rng, 1)
    failpoints.arm(failpoints.parse(f"take_message[{past.workspace_id}]=raise@*"))
    with trio.fail_after(60):
        answers = [await ask(node, past) for _ in range(8)]
        assert [type(one) for one in answers] == [Internal] * 6 + [Unavailable] * 2
        assert isinstance(await ask(node, other), NoteView)
        (closed,) = node.quarantined.values()
        assert (closed.workspace_id, closed.crashes, closed.node) == (past.workspace_id, 6, "node")
        assert closed.reason.startswith("FailpointHit at failpoints.py:")
        while list(await store.quarantine.all()) != [closed]:
            await trio.lowlevel.checkpoint()
        failpoints.arm(())
        async with sim_node(store.oplog, settings=QUICK, quarantines=store.quarantine, name="elsewhere") as elsewhere:
            assert isinstance(await ask(elsewhere, past), Unavailable), "a restart does not open it again"
            assert isinstance(await ask(node, past), Unavailable)
            assert await elsewhere.release(past.workspace_id)
            assert not await elsewhere.release(past.workspace_id)
            view = await ask(elsewhere, past)
            assert isinstance(view, NoteView)
            assert view.content == past.texts[past.head]
            while node.quarantined:
                await trio.lowlevel.checkpoint()
        assert isinstance(await ask(node, past), NoteView)


async def test_what_waited_with_a_poison_message_is_answered(node: Catalog, past: Past) -> None:
    ref = await node.find(past.workspace_id)
    failpoints.arm(failpoints.parse("take_message=raise@3"))
    answers: list[object] = []
    with trio.fail_after(60):
        for number in range(6):
            author = Author(past.owner, past.note_id, number + 1, HASH)
            message = (
                Submit(author, EditNote(past.note_id, past.head, ("x",)))
                if number % 2
                else GetNote(past.owner, past.note_id)
            )
            ref.call_nowait(message, answers.append)
        while len(answers) < 6:
            await trio.lowlevel.checkpoint()
    # What came before it was decided and never handed over; what came after it was never looked at.
    assert sorted(getattr(one, "code", "none") for one in answers) == ["INTERNAL"] + ["UNAVAILABLE"] * 5
    view = await ask(node, past)
    assert isinstance(view, NoteView)
    assert view.content == past.texts[past.head], "nothing of the turn is there"


class SlowLog:
    """An op log whose appends wait until `go` is set."""

    def __init__(self, oplog: OpLog) -> None:
        self._oplog = oplog
        self.is_asked, self.go = trio.Event(), trio.Event()

    async def append(self, batch: Sequence[Append]) -> Sequence[AppendOutcome]:
        self.is_asked.set()
        await self.go.wait()
        return await self._oplog.append(batch)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._oplog, name)


class Listener:
    """Fills `Session`: writes down what it is told."""

    id = client_id = "listener"

    def __init__(self, user_id: str, heard: list[str]) -> None:
        self.principal = Principal(user_id, "Listener", None, "s")
        self._heard = heard

    def deliver(self, broadcast: Broadcast[WorkspaceEvent]) -> None:
        self._heard.append(type(broadcast.event).__name__)

    def detached(self, workspace_id: str) -> None:
        self._heard.append("detached")


async def test_what_was_on_its_way_to_the_log_is_told_before_the_end(store: Store, past: Past) -> None:
    """In the place of its turn, and each answer behind the edit that it is about."""
    slow, heard = SlowLog(store.oplog), list[str]()
    edit = Submit(Author(past.owner, past.client_id, 1_000, HASH), EditNote(past.note_id, past.head, ("x",)))

    def writes(name: str) -> Callable[[object], None]:
        return lambda reply: heard.append(f"{name}: {type(reply).__name__}")

    async with sim_node(slow, settings=QUICK) as node:  # type: ignore[arg-type]
        with trio.fail_after(60):
            ref, listener = await node.find(past.workspace_id), Listener(past.owner, heard)
            for message in (Join(listener), OpenNote(listener, past.note_id)):
                await ask_actor(ref, message, 30)
            heard.clear()
            ref.call_nowait(edit, writes("edit"))
            await slow.is_asked.wait()
            failpoints.arm(failpoints.parse("take_message=raise@2"))
            ref.call_nowait(GetNote(past.owner, past.note_id), writes("before"))
            ref.call_nowait(GetNote(past.owner, past.note_id), writes("crash"))
            ref.call_nowait(GetNote(past.owner, past.note_id), writes("after"))
            await trio.testing.wait_all_tasks_blocked()
            slow.go.set()
            while "detached" not in heard:
                await trio.lowlevel.checkpoint()
    assert [one for one in heard if one != "PresenceChanged"] == [
        "EditsCommitted",
        "edit: Accepted",
        "before: WorkspaceMoved",
        "crash: Internal",
        "after: WorkspaceMoved",
        "ResyncNeeded",
        "detached",
    ]


async def test_what_a_newer_version_wrote_closes_no_workspace(store: Store, node: Catalog, past: Past) -> None:
    """It is another node that has to be asked while a cluster is updated; nobody repairs anything."""
    activation = await store.oplog.activate(past.workspace_id, "newer")
    body = b'{"kind":"note.dreamt","noteId":"n"}'
    entry = LoggedEntry(activation.head + 1, 0, past.owner, None, None, None, None, body)
    assert list(await store.oplog.append([Append(past.workspace_id, activation.epoch, (entry,), ())])) == [
        AppendOutcome.DURABLE
    ]
    with trio.fail_after(60):
        answers = [await ask(node, past) for _ in range(8)]
    assert [type(one) for one in answers] == [WrittenByNewerVersion] * 8
    assert node.crashes == 0 and not node.quarantined


async def test_a_message_that_crashes_twice_is_kept_and_not_tried_again(
    store: Store, node: Catalog, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = Workspace.apply

    def fails(workspace: Workspace, entry: object) -> None:
        if getattr(entry.change, "op", None) == ("poison",):  # type: ignore[attr-defined]
            raise RuntimeError("secret words of a note")
        apply(workspace, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(Workspace, "apply", fails)
    poison = Submit(Author(past.owner, past.client_id, 1_000, HASH), EditNote(past.note_id, past.head, ("poison",)))

    async def send(message: Submit) -> object:
        try:
            return await node.call(past.workspace_id, message)
        except NoteVaultError as error:
            return error

    with trio.fail_after(60):
        answers = [type(await send(poison)) for _ in range(20)]
        assert answers == [WorkspaceMoved, WorkspaceMoved] + [PutAside] * 18
        assert node.crashes == 2
        assert not node.quarantined
        other = Submit(Author(past.owner, past.client_id, 1_001, HASH), EditNote(past.note_id, past.head, ("fine",)))
        assert await send(other) == Accepted(past.head + 1)
        while not (kept := await store.quarantine.poison(past.workspace_id, limit=9)):
            await trio.lowlevel.checkpoint()
    (one,) = kept
    assert one.kind == "Submit EditNote"
    assert msgspec.json.decode(one.body, type=Submit) == poison
    assert one.error.startswith("RuntimeError at test_supervision.py:")
    assert "secret" not in one.error
