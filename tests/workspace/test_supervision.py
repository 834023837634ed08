"""A crash costs one workspace a moment, a crash loop that workspace alone, and nothing that failed is forgotten."""

import random
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
import trio

from nvserver import failpoints
from nvserver.core.changes import Author
from nvserver.core.commands import EditNote
from nvserver.core.workspace import Workspace
from nvserver.errors import Internal, NoteVaultError, PutAside, Unavailable, WorkspaceMoved
from nvserver.ports.store import Store
from nvserver.testing.sim_node import sim_node
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.messages import Accepted, GetNote, NoteView, Submit
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
