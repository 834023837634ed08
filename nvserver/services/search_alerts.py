"""Tells people of new finds of the searches they saved. Judged where the log is followed, document by document, before
the index moves on: a crash tells twice at most, and the second time nothing new."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID, uuid5

from msgspec.structs import replace

from nvserver.core.documents import Document, DocumentKind
from nvserver.core.notices import NoticeData
from nvserver.core.search_match import is_wanted, score_of
from nvserver.core.search_query import SearchQuery, parse_query
from nvserver.errors import ValidationFailed
from nvserver.ports.clock import NowMs
from nvserver.ports.notifications import Notification, NotificationStore
from nvserver.ports.offload import Offload
from nvserver.ports.search import SavedSearch, SearchIndex

Notify: TypeAlias = Callable[[Sequence[Notification]], None]

_IDS: Final = UUID("c9ad6b3e-3c64-5a52-8e0d-2f6b6e6a0d21")
"""The name space of their ids: of one search and one document somebody is told once."""
_KIND: Final[Mapping[str, DocumentKind]] = {"notes": "note", "files": "file", "chat": "chat"}


class SearchAlerts:
    """Nobody hears of what he changed himself, nor of what fitted before."""

    def __init__(
        self,
        index: SearchIndex,
        notifications: NotificationStore,
        notify: Notify,
        offload: Offload,
        now_ms: NowMs,
    ) -> None:
        self._index = index
        self._notifications = notifications
        self._notify = notify
        self._offload = offload
        self._now_ms = now_ms

    async def judge(
        self,
        workspace_id: str,
        before: Mapping[str, Document],
        after: Sequence[Document],
        authors: Mapping[str, str],
        languages: tuple[str, ...],
    ) -> None:
        """`before` and `after` are documents as they were and are; `authors` tells who changed each last; `languages`:
        the workspace's."""
        alerts = await self._index.alerts(workspace_id)
        if not alerts:
            return
        finds = await self._offload(new_finds, alerts, before, after, authors, languages)
        now = self._now_ms()
        notices = [_notification(search, document, authors.get(document.id), now) for search, document in finds]
        if notices:
            await self._notifications.add(notices)
            self._notify(notices)


def new_finds(
    alerts: Sequence[SavedSearch],
    before: Mapping[str, Document],
    after: Sequence[Document],
    authors: Mapping[str, str],
    languages: tuple[str, ...],
) -> list[tuple[SavedSearch, Document]]:
    """What fits now and did not before. Its cost grows with the texts: call it in a thread."""
    found = []
    for search in alerts:
        query = _query(search, languages)
        if query is None:
            continue
        for document in after:
            known = before.get(document.id)
            if (
                authors.get(document.id) != search.user_id
                and _fits(document, search, query)
                and not (known is not None and _fits(known, search, query))
            ):
                found.append((search, document))
    return found


def _fits(document: Document, search: SavedSearch, query: SearchQuery) -> bool:
    return (
        not document.is_hidden
        and document.kind == _KIND.get(search.kind, document.kind)
        and is_wanted(document, query)
        and score_of(document, query.terms) > 0
    )


def _query(search: SavedSearch, languages: tuple[str, ...]) -> SearchQuery | None:
    try:
        query = parse_query(search.query, languages)
    except ValidationFailed:
        return None
    return replace(query, authors=tuple(search.user_id if one.lower() == "me" else one for one in query.authors))


def _notification(search: SavedSearch, document: Document, actor_id: str | None, now: int) -> Notification:
    data = NoticeData(
        actor_id=actor_id,
        workspace_id=document.workspace_id,
        note_id=document.id if document.kind == "note" else None,
        note_title=document.title if document.kind == "note" else None,
        message_id=document.id if document.kind == "chat" else None,
        text=search.name,
    )
    name = f"{search.id}/{document.id}"
    return Notification(str(uuid5(_IDS, name)), search.user_id, "search.alert", data, now)
