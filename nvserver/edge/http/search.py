"""Routes of searching."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.documents import DocumentKind
from nvserver.edge.http.cursors import decode_cursor, encode_cursor, page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Milliseconds, Name, PageQuery, iso_time
from nvserver.errors import PayloadTooLarge, SearchNotFound, WorkspaceNotFound
from nvserver.ports.search import SavedSearch
from nvserver.problems import Problem
from nvserver.services.search import Hit, SavedSearchChange, SearchService, SearchType

QueryText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=500,
        pattern=r"^[^\x00]*$",
        description="text without NUL",
        extra={"problem": Problem.BAD_CHARACTERS},
    ),
]


class SearchParameters(PageQuery, frozen=True, rename="camel", kw_only=True):
    """`q`: words (each may be the start of one), "a phrase", `title:`, `tag:`, `author:` (`me`, an id or an e-mail
    address), `before:` and `after:` (2026-01-31). `facets`: also how many fit of each type, workspace and author."""

    q: QueryText
    type: SearchType = "all"
    workspace_id: UUID | None = None
    facets: bool = False


class FacetItem(msgspec.Struct, frozen=True, rename="camel"):
    """So many fit of this type, workspace and author."""

    type: DocumentKind
    workspace_id: str
    author_id: str
    count: int


class SearchItem(msgspec.Struct, frozen=True, rename="camel"):
    """`snippet` is HTML: escaped text with `<mark>` around what fits. `score`: 3 when all stands in the title, 2 in
    title and tags, else 1."""

    type: DocumentKind
    id: str
    workspace_id: str
    title: str
    snippet: str
    score: int
    updated_at: str


class SearchAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`asOfSeq` with `workspaceId`: up to where that workspace is indexed. `facetsAreComplete` with `facets`: false
    when more fits than is counted (about 10,000): then each count is of a part."""

    items: tuple[SearchItem, ...]
    next_cursor: str | None
    as_of_seq: int | UnsetType = UNSET
    facets: tuple[FacetItem, ...] | UnsetType = UNSET
    facets_are_complete: bool | UnsetType = UNSET


class NewSavedSearchBody(msgspec.Struct, frozen=True, rename="camel"):
    name: Name
    query: QueryText
    type: SearchType = "all"
    workspace_id: UUID | None = None
    alert: bool = False


class SavedSearchBody(msgspec.Struct, frozen=True, rename="camel"):
    """What is left out stays. `workspaceId` null: everywhere."""

    name: Name | UnsetType = UNSET
    query: QueryText | UnsetType = UNSET
    type: SearchType | UnsetType = UNSET
    workspace_id: UUID | UnsetType | None = UNSET
    alert: bool | UnsetType = UNSET


class SavedSearchItem(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    query: str
    type: str
    workspace_id: str | None
    alert: bool
    created_at: str


class SavedSearchAnswer(msgspec.Struct, frozen=True):
    search: SavedSearchItem


class SavedSearchList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[SavedSearchItem, ...]
    next_cursor: str | None


class SearchRoutes:
    """`/api/search`."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base, saved, one = "/api/search", "/api/search/saved", "/api/search/saved/{searchId}"
        return (
            Route(
                "GET", base, self._search, "Find what the caller may read, best first",
                query=SearchParameters, answer=SearchAnswer, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", saved, self._save, "Keep a search", body=NewSavedSearchBody, answer=SavedSearchAnswer,
                status=201, errors=(WorkspaceNotFound, PayloadTooLarge),
            ),
            Route(
                "GET", saved, self._list, "The caller's saved searches, newest first",
                query=PageQuery, answer=SavedSearchList,
            ),
            Route(
                "PUT", one, self._rewrite, "Change a saved search", body=SavedSearchBody, answer=SavedSearchAnswer,
                errors=(SearchNotFound, WorkspaceNotFound),
            ),
            Route(
                "DELETE", one, self._forget, "Delete a saved search",
                status=204, errors=(SearchNotFound,),
            ),
        )  # fmt: skip

    async def _search(self, call: Call[None, SearchParameters]) -> SearchAnswer:
        query = call.query
        key = decode_cursor(query.cursor, tuple[int, Milliseconds, UUID])
        after = (key[0], key[1], str(key[2])) if key else None
        workspace_id = str(query.workspace_id) if query.workspace_id else None
        hits = await self._service.search(
            call.user_id, query.q, query.type, workspace_id, after, query.limit, with_facets=query.facets
        )
        as_of_seq = UNSET if hits.as_of_seq is None else hits.as_of_seq
        facets: tuple[FacetItem, ...] | UnsetType = UNSET
        if query.facets:
            facets = tuple(FacetItem(one.kind, one.workspace_id, one.author_id, one.count) for one in hits.facets)
        is_all_counted = hits.is_all_counted if query.facets else UNSET
        items = tuple(_item(hit) for hit in hits.items)
        return SearchAnswer(items, encode_cursor(hits.next_after), as_of_seq, facets, is_all_counted)

    async def _save(self, call: Call[NewSavedSearchBody, None]) -> SavedSearchAnswer:
        body = call.body
        workspace_id = str(body.workspace_id) if body.workspace_id else None
        search = await self._service.save(
            call.user_id, body.name.strip(), body.query, body.type, workspace_id, alert=body.alert
        )
        return SavedSearchAnswer(_saved(search))

    async def _list(self, call: Call[None, PageQuery]) -> SavedSearchList:
        searches = await self._service.saved(call.user_id)
        page, next_cursor = page_of(searches, lambda search: (-search.created_at, search.id), call.query)
        return SavedSearchList(tuple(_saved(search) for search in page), next_cursor)

    async def _rewrite(self, call: Call[SavedSearchBody, None]) -> SavedSearchAnswer:
        body, workspace_id = call.body, call.body.workspace_id
        change = SavedSearchChange(
            body.name if body.name is UNSET else body.name.strip(),
            body.query,
            body.type,
            str(workspace_id) if isinstance(workspace_id, UUID) else workspace_id,
            body.alert,
        )
        search_id = call.id_param("searchId", SearchNotFound)
        return SavedSearchAnswer(_saved(await self._service.rewrite(call.user_id, search_id, change)))

    async def _forget(self, call: Call[None, None]) -> None:
        await self._service.forget(call.user_id, call.id_param("searchId", SearchNotFound))


def _item(hit: Hit) -> SearchItem:
    found = hit.found
    return SearchItem(
        found.kind,
        found.id,
        found.workspace_id,
        found.title,
        hit.snippet,
        found.score,
        iso_time(found.updated_at),
    )


def _saved(search: SavedSearch) -> SavedSearchItem:
    return SavedSearchItem(
        search.id,
        search.name,
        search.query,
        search.kind,
        search.workspace_id,
        search.alert,
        iso_time(search.created_at),
    )
