"""The indexer: whatever happened to it, the index ends where the log ends."""

import random

import trio

from nvserver.adapters.memory import open_memory
from nvserver.core.changes import Author
from nvserver.core.commands import CreateNote, DeleteNote, DeleteWorkspace, EditNote, UpdateNote
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.search_query import parse_query
from nvserver.ports.search import SearchRequest
from nvserver.ports.store import Store
from nvserver.services.search_indexer import SearchIndexer, SearchSettings
from nvserver.services.workspaces import WorkspaceService
from nvserver.testing.sim_node import at_once, sim_node, trio_ms
from nvserver.workspace.messages import GetNote, Submit
from tests.contract.values import new_id
from tests.workspace.pasts import compactor, live_past


def indexer_of(store: Store) -> SearchIndexer:
    settings = SearchSettings(settle_seconds=0)
    return SearchIndexer(store.oplog, store.index, store.chat, store.search, at_once, settings, WorkspaceLimits())


async def found(store: Store, user: str, typed: str) -> set[str]:
    return {one.id for one in await store.search.search(SearchRequest(user, parse_query(typed), limit=1000))}


async def test_after_any_end_the_index_says_what_the_notes_say(rng: random.Random) -> None:
    user = new_id(rng)
    words = ("ash", "oak", "elm")
    async with open_memory() as store:
        service = WorkspaceService(store.oplog, trio_ms, lambda: new_id(rng))
        workspaces = [(await service.create(user, "W", "", None, None, "private")).info.id for _ in range(3)]
        notes: list[tuple[str, str]] = []
        for _ in range(6):
            indexer = indexer_of(store)
            is_following = rng.random() < 0.5
            async with sim_node(store.oplog, on_durable=indexer.mark) as router, trio.open_nursery() as nursery:
                if is_following:
                    nursery.start_soon(indexer.run)
                for _ in range(20):
                    workspace = rng.choice(workspaces)
                    own = [note for home, note in notes if home == workspace]
                    command: CreateNote | EditNote | UpdateNote
                    if not own or rng.random() < 0.3:
                        command = CreateNote(new_id(rng), "T", rng.choice(words))
                        notes.append((workspace, command.note_id))
                    elif rng.random() < 0.5:
                        text = (await router.call(workspace, GetNote(user, note := rng.choice(own)))).content
                        seq = store.oplog.logs[workspace].head  # type: ignore[attr-defined]
                        command = EditNote(note, seq, (-len(text), rng.choice(words)))
                    else:
                        command = UpdateNote(rng.choice(own), title=rng.choice(words))
                    await router.call(workspace, Submit(Author(user), command))
                if is_following and rng.random() < 0.5:
                    await indexer.wait_idle()
                nursery.cancel_scope.cancel()
        async with sim_node(store.oplog) as router:
            indexer = indexer_of(store)
            for workspace in workspaces:
                await indexer.index(workspace)
            assert list(await store.search.behind(None, limit=10)) == []
            views = [await router.call(home, GetNote(user, note)) for home, note in notes]
        for word in words:
            assert await found(store, user, word) == {
                view.note.id for view in views if word in (view.content, view.note.title)
            }


async def test_a_sweep_finds_what_was_never_marked(rng: random.Random) -> None:
    user = new_id(rng)
    async with open_memory() as store, sim_node(store.oplog) as router, trio.open_nursery() as nursery:
        service = WorkspaceService(store.oplog, trio_ms, lambda: new_id(rng))
        workspace = (await service.create(user, "W", "", None, None, "private")).info.id
        kept, trashed = new_id(rng), new_id(rng)
        for note in (kept, trashed):
            await router.call(workspace, Submit(Author(user), CreateNote(note, "oak")))
        await router.call(workspace, Submit(Author(user), DeleteNote(trashed)))
        indexer = indexer_of(store)
        nursery.start_soon(indexer.run)
        with trio.fail_after(20):
            await indexer.wait_idle()
        assert await found(store, user, "oak") == {kept}
        await router.call(workspace, Submit(Author(user), DeleteWorkspace()))
        await indexer.index(workspace)
        assert list(await store.search.documents([kept, trashed])) == []
        nursery.cancel_scope.cancel()


async def test_a_log_that_begins_with_a_state_is_indexed_from_it(rng: random.Random) -> None:
    async with open_memory() as store:
        past = await live_past(store, rng, 80)
        await compactor(store).compact_all()
        assert await store.oplog.horizon(past.workspace_id) > 0
        await indexer_of(store).index(past.workspace_id)
        (document,) = await store.search.documents([past.note_id])
        assert document.body == past.texts[past.head]
        assert await found(store, past.guest, "note") == {past.note_id}
        assert list(await store.search.behind(None, limit=10)) == []
