"""Routes of the links by which anybody reads or edits one note."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.core.changes import Author
from nvserver.core.model import NoteMeta
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.notes import note_text
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import PageQuery, SecretToken, Title, iso_time, milliseconds
from nvserver.errors import (
    BaseTooOld,
    Forbidden,
    LinkNotFound,
    LinkPasswordWrong,
    NoteNotFound,
    PayloadTooLarge,
    WorkspaceNotFound,
)
from nvserver.ports.note_links import Access, NoteLink
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.services.memberships import require_right
from nvserver.services.note_links import NoteLinkService
from nvserver.workspace.messages import GetNote, NotePut, NoteView, PutNote
from nvserver.workspace.note_homes import NoteHomes


class NewNoteLinkBody(msgspec.Struct, frozen=True, rename="camel"):
    """Without `expiresAt` it has no end. What comes by an `edit` link is done in the name of who made it."""

    access: Access = "read"
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    password: str | None = None


class NoteLinkItem(msgspec.Struct, frozen=True, rename="camel"):
    """`token` and `url` are told once, when the link is made."""

    id: str
    note_id: str
    access: Access
    creator_id: str
    created_at: str
    expires_at: str | None
    has_password: bool
    token: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class NoteLinkAnswer(msgspec.Struct, frozen=True, rename="camel"):
    link: NoteLinkItem


class NoteLinkList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[NoteLinkItem, ...]
    next_cursor: str | None


class SharedNoteBody(msgspec.Struct, frozen=True, rename="camel"):
    """`token` stands behind `#token=` in the link."""

    token: SecretToken
    password: str | None = None


class SharedNotePutBody(msgspec.Struct, frozen=True, rename="camel"):
    """Fields left out stay. `baseSeq`: the `seq` that the caller read; the text is merged as in `PUT /api/notes`."""

    token: SecretToken
    password: str | None = None
    title: Title | UnsetType = UNSET
    content: str | UnsetType = UNSET
    base_seq: Annotated[int, Meta(ge=0)] | None = None


class SharedNote(msgspec.Struct, frozen=True, rename="camel"):
    """A note as whoever has a link sees it: who works on it is not told."""

    title: str
    content: str
    seq: int
    updated_at: str


class SharedNoteAnswer(msgspec.Struct, frozen=True, rename="camel"):
    note: SharedNote
    access: Access


class SharedNotePutAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`merged`: others had changed the text since `baseSeq`."""

    note: SharedNote
    merged: bool


class NoteLinkRoutes:
    """`/api/notes/{noteId}/links` and `/api/shared-note`."""

    def __init__(
        self, links: NoteLinkService, homes: NoteHomes, index: WorkspaceIndex, *, max_note_body_bytes: int
    ) -> None:
        self._links = links
        self._homes = homes
        self._index = index
        self._max_note_body_bytes = max_note_body_bytes

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base, shared = "/api/notes/{noteId}/links", "/api/shared-note"
        return (
            Route(
                "GET", base, self._list, "The links to a note, first made first (notes:update)",
                query=PageQuery, answer=NoteLinkList, errors=(NoteNotFound, Forbidden),
            ),
            Route(
                "POST", base, self._create, "Make a link by which anybody reads or edits the note (notes:update)",
                body=NewNoteLinkBody, answer=NoteLinkAnswer, status=201,
                errors=(NoteNotFound, Forbidden, PayloadTooLarge),
                has_secret_answer=True, act="note_link.create", act_fields=("access",),
            ),
            Route(
                "DELETE", f"{base}/{{linkId}}", self._revoke, "End a link to a note (notes:update)",
                status=204, errors=(NoteNotFound, Forbidden, LinkNotFound), act="note_link.revoke",
            ),
            Route(
                "POST", shared, self._read, "Read a note by a link",
                body=SharedNoteBody, answer=SharedNoteAnswer, is_public=True,
                errors=(LinkNotFound, LinkPasswordWrong),
            ),
            Route(
                "PUT", shared, self._put, "Change a note by a link, merging its text",
                body=SharedNotePutBody, answer=SharedNotePutAnswer, is_public=True,
                max_body_bytes=self._max_note_body_bytes,
                errors=(LinkNotFound, LinkPasswordWrong, Forbidden, BaseTooOld),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> NoteLinkList:
        note_id, _ = await self._note(call)
        links = await self._links.of_note(note_id)
        page, next_cursor = page_of(links, lambda one: (one.created_at, one.id), call.query)
        return NoteLinkList(tuple(_item(one) for one in page), next_cursor)

    async def _create(self, call: Call[NewNoteLinkBody, None]) -> NoteLinkAnswer:
        note_id, workspace_id = await self._note(call)
        body = call.body
        made = await self._links.create(
            workspace_id, note_id, call.user_id, body.access, milliseconds(body.expires_at), body.password
        )
        return NoteLinkAnswer(msgspec.structs.replace(_item(made.link), token=made.token, url=made.url))

    async def _revoke(self, call: Call[None, None]) -> None:
        note_id, _ = await self._note(call)
        await self._links.revoke(note_id, call.id_param("linkId", LinkNotFound))

    async def _read(self, call: Call[SharedNoteBody, None]) -> SharedNoteAnswer:
        link = await self._links.open(call.body.token, call.body.password, call.origin.address)
        view: NoteView = await self._ask(link, GetNote(link.creator_id, link.note_id))
        return SharedNoteAnswer(_shared(view.note, view.content), link.access)

    async def _put(self, call: Call[SharedNotePutBody, None]) -> SharedNotePutAnswer:
        body = call.body
        link = await self._links.open(body.token, body.password, call.origin.address)
        if link.access != "edit":
            raise Forbidden("This link is for reading")
        content = body.content if body.content is UNSET else note_text(body.content)
        message = PutNote(Author(link.creator_id), link.note_id, body.title, content, base_seq=body.base_seq)
        put: NotePut = await self._ask(link, message)
        return SharedNotePutAnswer(_shared(put.note, put.content), put.is_merged)

    async def _ask(self, link: NoteLink, message: GetNote | PutNote) -> Any:
        try:
            return await self._homes.ask(link.note_id, message)
        except NoteNotFound:  # gone, or its maker is no member any more
            raise LinkNotFound from None

    async def _note(self, call: Call[Any, Any]) -> tuple[str, str]:
        """The ids of note and workspace. Raises `NoteNotFound`, `Forbidden` for who may not change the note."""
        note_id = call.id_param("noteId", NoteNotFound)
        await self._homes.ask(note_id, GetNote(call.user_id, note_id))
        workspace_id = await self._homes.workspace_of(note_id)
        try:
            await require_right(self._index, workspace_id, call.user_id, "notes:update")
        except WorkspaceNotFound:
            raise NoteNotFound from None
        return note_id, workspace_id


def _shared(meta: NoteMeta, content: str) -> SharedNote:
    return SharedNote(meta.title, content, meta.seq, iso_time(meta.updated_at))


def _item(link: NoteLink) -> NoteLinkItem:
    expires_at = None if link.expires_at is None else iso_time(link.expires_at)
    return NoteLinkItem(
        link.id,
        link.note_id,
        link.access,
        link.creator_id,
        iso_time(link.created_at),
        expires_at,
        link.password_hash is not None,
    )
