"""Where texts are found by their words."""

from collections.abc import Collection, Sequence
from typing import Final, Protocol, TypeAlias

import msgspec

from nvserver.core.documents import Document, DocumentKind
from nvserver.core.search_query import SearchQuery

OPENING_CHARACTERS: Final = 10_000

MOST_COUNTED: Final = 10_000
"""Of what is found, so many are counted."""


class Behind(msgspec.Struct, frozen=True):
    """A workspace whose log goes on after what the index has of it."""

    workspace_id: str
    position: int
    head: int


class Indexed(msgspec.Struct, frozen=True):
    """Up to which seq a workspace's log is indexed, and with the stems of which languages; 0 for none of it."""

    seq: int
    languages: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """`opening` are the first 10,000 characters of the body. `score`: 3 when all terms stand in the title, 2 in title
    and tags, else 1."""

    id: str
    workspace_id: str
    kind: DocumentKind
    title: str
    opening: str
    updated_at: int
    score: int


Place: TypeAlias = tuple[int, int, str]
"""The order of what is found, highest first: score, `updated_at`, id."""


class SearchRequest(msgspec.Struct, frozen=True):
    """Who looks for what. `query.authors` are user ids here. No `kinds`: all."""

    user_id: str
    query: SearchQuery
    kinds: tuple[DocumentKind, ...] = ()
    workspace_id: str | None = None
    after: Place | None = None
    limit: int = 50


class SavedSearch(msgspec.Struct, frozen=True):
    """A search that its owner keeps. `query` as typed; `kind` as `type` of the route; `alert`: wants to hear of new
    finds."""

    id: str
    user_id: str
    name: str
    query: str
    kind: str
    workspace_id: str | None
    alert: bool
    created_at: int


class Facet(msgspec.Struct, frozen=True):
    """So many documents of this kind, workspace and author."""

    kind: DocumentKind
    workspace_id: str
    author_id: str
    count: int


class SearchIndex(Protocol):
    """Documents and, for each workspace, the seq up to which its log is in them. Every method raises `Unavailable`
    when the store cannot answer."""

    async def behind(self, after: str | None, *, limit: int) -> Sequence[Behind]:
        """The workspaces whose log is not wholly indexed, in order of id, those that follow `after`."""
        ...

    async def position(self, workspace_id: str) -> int:
        """The seq up to which the workspace's log is indexed; 0 for none of it."""
        ...

    async def indexed(self, workspace_id: str) -> Indexed:
        """The position, and how its documents are kept."""
        ...

    async def languages(self, user_id: str, workspace_id: str | None) -> tuple[str, ...]:
        """Those in whose stems the documents are kept that the person may read, in that workspace or anywhere; each
        once, in order."""
        ...

    async def documents(self, ids: Collection[str]) -> Sequence[Document]:
        """Those that are kept, hidden ones too, each once, in any order."""
        ...

    async def kept(self, workspace_id: str, after: str | None, *, limit: int) -> Sequence[Document]:
        """The workspace's documents, hidden ones too, in order of id, those that follow `after`."""
        ...

    async def store(
        self,
        workspace_id: str,
        position: int,
        documents: Sequence[Document],
        *,
        languages: tuple[str, ...] | None = None,
        is_gone: bool = False,
    ) -> None:
        """Keep the documents, in one transaction with the position. A document whose kept version has a higher seq
        stays, and so does a higher position: who indexes twice does no harm. `languages`: from now on all documents of
        the workspace have the stems of these. `is_gone`: the workspace was deleted, all its documents go."""
        ...

    async def search(self, request: SearchRequest) -> Sequence[Found]:
        """What fits and the person may read: membership is asked within the same query. At most `limit`, those after
        `request.after`."""
        ...

    async def facets(self, request: SearchRequest, *, limit: int) -> Sequence["Facet"]:
        """How many fit, of each kind, workspace and author, the most first; of what `search` finds without `after` and
        `limit`. Of more than `MOST_COUNTED` that many, whichever, are counted."""
        ...

    async def alerts(self, workspace_id: str) -> Sequence[SavedSearch]:
        """The searches with an alert, of the workspace's members, that look into it."""
        ...

    async def save(self, search: SavedSearch, *, most: int) -> bool:
        """Keep the search; False, and nothing kept, when the person has `most` already."""
        ...

    async def rewrite(self, search: SavedSearch) -> bool:
        """Keep it in the place of the one with its id, whose `created_at` stays; False, and nothing kept, when its
        owner has none such."""
        ...

    async def saved(self, user_id: str) -> Sequence[SavedSearch]:
        """The person's searches, newest first."""
        ...

    async def forget(self, user_id: str, search_id: str) -> bool:
        """Whether there was one, the person's own, to delete."""
        ...
