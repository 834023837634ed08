"""Routes of named versions of notes."""

from typing import Annotated

import msgspec
from msgspec import Meta

from nvserver.core.model import NoteVersion
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import PageQuery, iso_time
from nvserver.errors import BaseTooOld, Forbidden, NoteNotFound, PayloadTooLarge, VersionNotFound
from nvserver.workspace.versions import NoteVersions


class NewVersionBody(msgspec.Struct, frozen=True):
    """`seq`: the moment that gets the name (default: now), as in the note's history."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    seq: Annotated[int, Meta(ge=1, lt=2**53)] | None = None


class VersionItem(msgspec.Struct, frozen=True, rename="camel"):
    """`seq`: its text is the one after that entry; `userId`: who named it."""

    id: str
    note_id: str
    name: str
    seq: int
    user_id: str
    created_at: str


class VersionAnswer(msgspec.Struct, frozen=True):
    version: VersionItem


class VersionTextAnswer(msgspec.Struct, frozen=True):
    """`content` is the note's text then."""

    version: VersionItem
    content: str


class VersionListAnswer(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[VersionItem, ...]
    next_cursor: str | None


class VersionRoutes:
    """`/api/notes/{noteId}/versions`."""

    def __init__(self, versions: NoteVersions) -> None:
        self._versions = versions

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/notes/{noteId}/versions"
        one, errors = f"{base}/{{versionId}}", (NoteNotFound, VersionNotFound)
        return (
            Route(
                "GET", base, self._list, "Its named versions, newest moment first (notes:read)",
                query=PageQuery, answer=VersionListAnswer, errors=(NoteNotFound,),
            ),
            Route(
                "POST", base, self._name, "Give a moment of its text a name (notes:update)",
                body=NewVersionBody, answer=VersionAnswer, status=201,
                errors=(NoteNotFound, Forbidden, BaseTooOld, PayloadTooLarge),
            ),
            Route(
                "GET", one, self._get, "A named version with its text (notes:read)",
                answer=VersionTextAnswer, errors=errors,
            ),
            Route(
                "DELETE", one, self._drop, "Take a name away (notes:delete, or one's own)",
                status=204, errors=(*errors, Forbidden),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> VersionListAnswer:
        found = await self._versions.all(call.user_id, call.id_param("noteId", NoteNotFound))
        page, next_cursor = page_of(list(found), lambda one: (-one.seq, one.id), call.query)
        return VersionListAnswer(tuple(map(version_item, page)), next_cursor)

    async def _name(self, call: Call[NewVersionBody, None]) -> VersionAnswer:
        note_id, body = call.id_param("noteId", NoteNotFound), call.body
        return VersionAnswer(version_item(await self._versions.name(call.user_id, note_id, body.name, body.seq)))

    async def _get(self, call: Call[None, None]) -> VersionTextAnswer:
        version, content = await self._versions.get(call.user_id, *_ids(call))
        return VersionTextAnswer(version_item(version), content)

    async def _drop(self, call: Call[None, None]) -> None:
        await self._versions.drop(call.user_id, *_ids(call))


def _ids(call: Call[None, None]) -> tuple[str, str]:
    return call.id_param("noteId", NoteNotFound), call.id_param("versionId", VersionNotFound)


def version_item(version: NoteVersion) -> VersionItem:
    """The version as in REST."""
    return VersionItem(
        version.id, version.note_id, version.name, version.seq, version.user_id, iso_time(version.created_at)
    )
