"""Finding what one may read, and keeping searches."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from nvserver.core.documents import DocumentKind
from nvserver.core.search_query import SearchQuery, parse_query
from nvserver.core.snippets import snippet_of
from nvserver.errors import PayloadTooLarge, SearchNotFound, UserNotFound, ValidationFailed, WorkspaceNotFound
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.ports.search import MOST_COUNTED, Facet, Found, Place, SavedSearch, SearchIndex, SearchRequest
from nvserver.services.accounts import AccountService

SearchType: TypeAlias = Literal["notes", "files", "chat", "all"]

_KINDS: Final[dict[SearchType, tuple[DocumentKind, ...]]] = {
    "notes": ("note",),
    "files": ("file",),
    "chat": ("chat",),
    "all": (),
}
_MAX_FACETS: Final = 200
_NOBODY: Final = str(UUID(int=0))


class Hit(msgspec.Struct, frozen=True):
    """`snippet` is HTML: escaped text with `<mark>` around what fits."""

    found: Found
    snippet: str


class Hits(msgspec.Struct, frozen=True):
    """`as_of_seq`: up to where the one workspace that was searched is indexed. `next_after`: None on the last page."""

    items: tuple[Hit, ...]
    next_after: Place | None
    as_of_seq: int | None
    facets: Sequence[Facet] = ()
    is_all_counted: bool = True
    """Whether the facets count all that fits, or as much of it as is counted."""


class SavedSearchChange(msgspec.Struct, frozen=True):
    """What changes of a saved search; what is unset stays."""

    name: str | UnsetType = UNSET
    query: str | UnsetType = UNSET
    kind: SearchType | UnsetType = UNSET
    workspace_id: str | UnsetType | None = UNSET
    alert: bool | UnsetType = UNSET


class SearchService:
    """Searches in the name of a person."""

    def __init__(
        self,
        index: SearchIndex,
        workspaces: WorkspaceIndex,
        accounts: AccountService,
        offload: Offload,
        now_ms: NowMs,
        new_id: NewId,
        *,
        max_saved: int,
    ) -> None:
        self._index = index
        self._workspaces = workspaces
        self._accounts = accounts
        self._offload = offload
        self._now_ms = now_ms
        self._new_id = new_id
        self._max_saved = max_saved

    async def search(
        self,
        user_id: str,
        text: str,
        kind: SearchType,
        workspace_id: str | None,
        after: Place | None,
        limit: int,
        *,
        with_facets: bool = False,
    ) -> Hits:
        """One page. Raises `ValidationFailed` for a query that cannot be read, `WorkspaceNotFound`."""
        as_of_seq = None
        parse_query(text)
        if workspace_id is not None:
            await self._check_member(workspace_id, user_id)
            as_of_seq = await self._index.position(workspace_id)
        query = parse_query(text, await self._index.languages(user_id, workspace_id))
        authors = tuple([await self._author(user_id, author) for author in query.authors])
        query = replace(query, authors=authors)
        request = SearchRequest(user_id, query, _KINDS[kind], workspace_id, after, limit + 1)
        found = await self._index.search(request)
        facets = await self._index.facets(request, limit=_MAX_FACETS) if with_facets else ()
        is_all = len(facets) < _MAX_FACETS and sum(facet.count for facet in facets) < MOST_COUNTED
        page = found[:limit]
        last = page[-1] if len(found) > limit else None
        hits = await self._offload(_hits, page, query)
        return Hits(hits, (last.score, last.updated_at, last.id) if last else None, as_of_seq, facets, is_all)

    async def save(
        self, user_id: str, name: str, text: str, kind: SearchType, workspace_id: str | None, *, alert: bool
    ) -> SavedSearch:
        """Raises as `search` does, and `PayloadTooLarge` for too many."""
        parse_query(text)
        if workspace_id is not None:
            await self._check_member(workspace_id, user_id)
        search = SavedSearch(self._new_id(), user_id, name, text, kind, workspace_id, alert, self._now_ms())
        if not await self._index.save(search, most=self._max_saved):
            raise PayloadTooLarge(f"A person keeps at most {self._max_saved} searches")
        return search

    async def rewrite(self, user_id: str, search_id: str, change: SavedSearchChange) -> SavedSearch:
        """What is kept of it from now on. A place that the search has already is not asked about again: who left a
        workspace may rename a search of it. Raises as `search` does, and `SearchNotFound`."""
        old = next((one for one in await self.saved(user_id) if one.id == search_id), None)
        if old is None:
            raise SearchNotFound
        search = replace(old, **{name: value for name, value in asdict(change).items() if value is not UNSET})
        parse_query(search.query)
        if search.workspace_id not in (None, old.workspace_id):
            await self._check_member(search.workspace_id, user_id)
        if not await self._index.rewrite(search):
            raise SearchNotFound  # gone meanwhile
        return search

    async def saved(self, user_id: str) -> Sequence[SavedSearch]:
        """Newest first."""
        return await self._index.saved(user_id)

    async def forget(self, user_id: str, search_id: str) -> None:
        """Raises `SearchNotFound`."""
        if not await self._index.forget(user_id, search_id):
            raise SearchNotFound

    async def _check_member(self, workspace_id: str, user_id: str) -> None:
        if await self._workspaces.role_of(workspace_id, user_id) is None:
            raise WorkspaceNotFound

    async def _author(self, user_id: str, author: str) -> str:
        """`me`, a user id or an e-mail address; whoever is unknown wrote nothing."""
        if author.lower() == "me":
            return user_id
        try:
            return str(UUID(author))
        except ValueError:
            pass
        try:
            return (await self._accounts.account_with_email(author)).id
        except (UserNotFound, ValidationFailed):
            return _NOBODY


def _hits(found: Sequence[Found], query: SearchQuery) -> tuple[Hit, ...]:
    return tuple(Hit(one, snippet_of(one.opening, query.terms)) for one in found)
