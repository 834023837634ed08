"""The search index in memory."""

from collections import Counter
from collections.abc import Collection, Sequence

import trio
from msgspec.structs import replace

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.core.documents import Document
from nvserver.core.search_match import is_wanted, score_of
from nvserver.ports.search import OPENING_CHARACTERS, Behind, Facet, Found, Indexed, SavedSearch, SearchRequest


class MemorySearch:
    """Fills the port `SearchIndex` by looking at every document."""

    def __init__(self, oplog: MemoryOpLog, index: MemoryIndex) -> None:
        self._oplog = oplog
        self._index = index
        self._documents: dict[str, Document] = {}
        self._positions: dict[str, int] = {}
        self._languages: dict[str, tuple[str, ...]] = {}
        self._saved: dict[str, SavedSearch] = {}

    def forget_person(self, user_id: str) -> None:
        """See `AccountRemoval.remove`."""
        self._saved = {key: one for key, one in self._saved.items() if one.user_id != user_id}

    async def behind(self, after: str | None, *, limit: int) -> Sequence[Behind]:
        """See `SearchIndex.behind`."""
        await trio.lowlevel.checkpoint()
        behind = [
            Behind(workspace_id, position, log.head)
            for workspace_id, log in sorted(self._oplog.logs.items())
            if (position := self._positions.get(workspace_id, 0)) < log.head
        ]
        return [one for one in behind if after is None or one.workspace_id > after][:limit]

    async def position(self, workspace_id: str) -> int:
        """See `SearchIndex.position`."""
        await trio.lowlevel.checkpoint()
        return self._positions.get(workspace_id, 0)

    async def indexed(self, workspace_id: str) -> Indexed:
        """See `SearchIndex.indexed`."""
        return Indexed(await self.position(workspace_id), self._languages.get(workspace_id, ()))

    async def languages(self, user_id: str, workspace_id: str | None) -> tuple[str, ...]:
        """See `SearchIndex.languages`."""
        await trio.lowlevel.checkpoint()
        homes = [one for one in self._readable(user_id) if workspace_id in (None, one)]
        return tuple(sorted({language for home in homes for language in self._languages.get(home, ())}))

    async def kept(self, workspace_id: str, after: str | None, *, limit: int) -> Sequence[Document]:
        """See `SearchIndex.kept`."""
        await trio.lowlevel.checkpoint()
        own = [one for _, one in sorted(self._documents.items()) if one.workspace_id == workspace_id]
        return [one for one in own if after is None or one.id > after][:limit]

    async def documents(self, ids: Collection[str]) -> Sequence[Document]:
        """See `SearchIndex.documents`."""
        await trio.lowlevel.checkpoint()
        return [self._documents[document_id] for document_id in ids if document_id in self._documents]

    async def store(
        self,
        workspace_id: str,
        position: int,
        documents: Sequence[Document],
        *,
        languages: tuple[str, ...] | None = None,
        is_gone: bool = False,
    ) -> None:
        """See `SearchIndex.store`."""
        await trio.lowlevel.checkpoint()
        for document in documents:
            kept = self._documents.get(document.id)
            if kept is None or kept.seq <= document.seq:
                self._documents[document.id] = document
        if is_gone:
            self._documents = {
                document.id: document for document in self._documents.values() if document.workspace_id != workspace_id
            }
        self._positions[workspace_id] = max(position, self._positions.get(workspace_id, 0))
        if languages is not None:
            self._languages[workspace_id] = languages

    async def search(self, request: SearchRequest) -> Sequence[Found]:
        """See `SearchIndex.search`."""
        await trio.lowlevel.checkpoint()
        readable = self._readable(request.user_id)
        found = [
            Found(
                document.id,
                document.workspace_id,
                document.kind,
                document.title,
                document.body[:OPENING_CHARACTERS],
                document.updated_at,
                score,
            )
            for document in self._documents.values()
            if document.workspace_id in readable
            and not document.is_hidden
            and (not request.kinds or document.kind in request.kinds)
            and (request.workspace_id is None or document.workspace_id == request.workspace_id)
            and is_wanted(document, request.query)
            and (score := score_of(document, request.query.terms))
        ]
        found.sort(key=_place, reverse=True)
        return [one for one in found if request.after is None or _place(one) < request.after][: request.limit]

    def _readable(self, user_id: str) -> set[str]:
        return {
            workspace_id
            for workspace_id in self._index.infos
            if any(member.user_id == user_id for member in self._index.members_of(workspace_id))
        }

    async def facets(self, request: SearchRequest, *, limit: int) -> Sequence[Facet]:
        """See `SearchIndex.facets`."""
        found = await self.search(replace(request, after=None, limit=2**62))
        keys = Counter((one.kind, one.workspace_id, self._documents[one.id].author_id) for one in found)
        facets = [Facet(*key, count) for key, count in keys.items()]
        return sorted(facets, key=lambda one: (-one.count, one.kind, one.workspace_id, one.author_id))[:limit]

    async def alerts(self, workspace_id: str) -> Sequence[SavedSearch]:
        """See `SearchIndex.alerts`."""
        await trio.lowlevel.checkpoint()
        members = {member.user_id for member in self._index.members_of(workspace_id)}
        return [
            search
            for search in self._saved.values()
            if search.alert and search.user_id in members and search.workspace_id in (None, workspace_id)
        ]

    async def save(self, search: SavedSearch, *, most: int) -> bool:
        """See `SearchIndex.save`."""
        if len(await self.saved(search.user_id)) >= most:
            return False
        self._saved[search.id] = search
        return True

    async def rewrite(self, search: SavedSearch) -> bool:
        """See `SearchIndex.rewrite`."""
        await trio.lowlevel.checkpoint()
        old = self._saved.get(search.id)
        if old is None or old.user_id != search.user_id:
            return False
        self._saved[search.id] = replace(search, created_at=old.created_at)
        return True

    async def saved(self, user_id: str) -> Sequence[SavedSearch]:
        """See `SearchIndex.saved`."""
        await trio.lowlevel.checkpoint()
        own = [search for search in self._saved.values() if search.user_id == user_id]
        return sorted(own, key=lambda search: (search.created_at, search.id), reverse=True)

    async def forget(self, user_id: str, search_id: str) -> bool:
        """See `SearchIndex.forget`."""
        await trio.lowlevel.checkpoint()
        if search_id not in self._saved or self._saved[search_id].user_id != user_id:
            return False
        del self._saved[search_id]
        return True


def _place(found: Found) -> tuple[int, int, str]:
    return found.score, found.updated_at, found.id
