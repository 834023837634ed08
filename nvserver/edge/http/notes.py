"""Routes of notes. Every write is a message to the workspace's actor."""

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from nvserver.core.changes import Author
from nvserver.core.commands import CreateNote, DeleteNote, PurgeNote, PurgeNotes, RestoreNote
from nvserver.core.model import Position, Size
from nvserver.core.ot import OperationError, check_text
from nvserver.edge.http.cursors import decode_cursor, encode_cursor
from nvserver.edge.http.downloads import is_known
from nvserver.edge.http.note_shapes import (
    NewNoteBody,
    NoteAnswer,
    NoteBody,
    NoteList,
    NotePutAnswer,
    NotesQuery,
    list_item,
    note_item,
)
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import PageQuery, with_line_feeds
from nvserver.errors import BaseTooOld, Forbidden, NoteNotFound, ValidationFailed, WorkspaceNotFound
from nvserver.ports.clock import NewId
from nvserver.problems import Problem
from nvserver.workspace.messages import (
    Accepted,
    GetNote,
    ListNotes,
    NotePage,
    NotePut,
    NoteView,
    PutNote,
    Submit,
)
from nvserver.workspace.note_homes import NoteHomes
from nvserver.workspace.router import Router

MAX_PURGED_AT_ONCE = 100


class NoteRoutes:
    """`/api/notes` and `/api/workspaces/{workspaceId}/notes`."""

    def __init__(self, homes: NoteHomes, router: Router, new_id: NewId, *, max_note_body_bytes: int) -> None:
        self._homes = homes
        self._router = router
        self._new_id = new_id
        self._max_note_body_bytes = max_note_body_bytes

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        of_workspace, one = "/api/workspaces/{workspaceId}/notes", "/api/notes/{noteId}"
        large = self._max_note_body_bytes
        return (
            Route(
                "GET", of_workspace, self._list, "The notes of a workspace (notes:read)",
                query=NotesQuery, answer=NoteList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", of_workspace, self._create, "Make a note (notes:create)",
                body=NewNoteBody, answer=NoteAnswer, status=201, max_body_bytes=large,
                errors=(WorkspaceNotFound, Forbidden),
            ),
            Route(
                "GET", "/api/workspaces/{workspaceId}/trash", self._trash, "The notes in the trash (notes:read)",
                query=PageQuery, answer=NoteList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "DELETE", "/api/workspaces/{workspaceId}/trash", self._empty_trash,
                "Delete for good what is in the trash and the caller may delete (notes:delete[:own])",
                status=204, errors=(WorkspaceNotFound, Forbidden), act="trash.empty",
            ),
            Route(
                "DELETE", "/api/workspaces/{workspaceId}/trash/{noteId}", self._purge,
                "Delete a note in the trash for good (notes:delete[:own])",
                status=204, errors=(WorkspaceNotFound, NoteNotFound, Forbidden), act="note.purge",
            ),
            Route(
                "GET", one, self._get, "A note (notes:read); `If-None-Match` is obeyed",
                answer=NoteAnswer, errors=(NoteNotFound,),
            ),
            Route(
                "PUT", one, self._put, "Change a note, merging its text (notes:update)",
                body=NoteBody, answer=NotePutAnswer, max_body_bytes=large,
                errors=(NoteNotFound, Forbidden, BaseTooOld),
            ),
            Route(
                "DELETE", one, self._delete, "Put a note into the trash (notes:delete)",
                status=204, errors=(NoteNotFound, Forbidden),
            ),
            Route(
                "POST", f"{one}/restore", self._restore, "Take a note out of the trash (notes:delete)",
                answer=NoteAnswer, errors=(NoteNotFound, Forbidden),
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, NotesQuery]) -> NoteList:
        query = call.query
        after = decode_cursor(query.cursor, tuple[int | str, str])
        collection_id = str(query.collection_id) if query.collection_id else None
        return await self._page(
            call, ListNotes(call.user_id, query.sort, query.tag, collection_id, False, after, query.limit)
        )

    async def _trash(self, call: Call[None, PageQuery]) -> NoteList:
        after = decode_cursor(call.query.cursor, tuple[int | str, str])
        return await self._page(call, ListNotes(call.user_id, is_trash=True, after=after, limit=call.query.limit))

    async def _empty_trash(self, call: Call[None, None]) -> None:
        """A page at a time, so that others get their turn in between."""
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        question = ListNotes(call.user_id, is_trash=True, limit=MAX_PURGED_AT_ONCE)
        while True:
            page: NotePage = await self._router.call(workspace_id, question)
            command = PurgeNotes(tuple(one.note.id for one in page.items))
            await self._router.call(workspace_id, Submit(Author(call.user_id), command))
            if page.next_after is None:
                return
            question = replace(question, after=page.next_after)

    async def _purge(self, call: Call[None, None]) -> None:
        workspace_id = call.id_param("workspaceId", WorkspaceNotFound)
        command = PurgeNote(call.id_param("noteId", NoteNotFound))
        await self._router.call(workspace_id, Submit(Author(call.user_id), command))

    async def _create(self, call: Call[NewNoteBody, None]) -> NoteAnswer:
        body, workspace_id = call.body, call.id_param("workspaceId", WorkspaceNotFound)
        command = CreateNote(
            self._new_id(),
            body.title,
            note_text(body.content),
            body.position.to_position() if body.position else Position(),
            body.size.to_size() if body.size else Size(),
            body.color,
            body.tags,
            body.collection_id,
        )
        accepted: Accepted = await self._router.call(workspace_id, Submit(Author(call.user_id), command))
        assert accepted.note is not None
        return NoteAnswer(note_item(accepted.note, command.content))

    async def _get(self, call: Call[None, None]) -> Answer:
        answer = await self._note(call)
        etag = f"{answer.note.id}-{answer.note.seq}"  # whatever changes a note gives it a seq of its own
        own = (("ETag", f'"{etag}"'),)
        return Answer(None, 304, own) if is_known(call.headers, etag) else Answer(answer, headers=own)

    async def _note(self, call: Call[None, None]) -> NoteAnswer:
        note_id = call.id_param("noteId", NoteNotFound)
        view: NoteView = await self._homes.ask(note_id, GetNote(call.user_id, note_id))
        return NoteAnswer(note_item(view.note, view.content))

    async def _put(self, call: Call[NoteBody, None]) -> NotePutAnswer:
        body, note_id = call.body, call.id_param("noteId", NoteNotFound)
        message = PutNote(
            Author(call.user_id),
            note_id,
            body.title,
            body.content if body.content is UNSET else note_text(body.content),
            body.position if body.position is UNSET else body.position.to_position(),
            body.size if body.size is UNSET else body.size.to_size(),
            body.color,
            body.collection_id,
            body.tags,
            body.base_seq,
        )
        put: NotePut = await self._homes.ask(note_id, message)
        return NotePutAnswer(note_item(put.note, put.content), put.is_merged)

    async def _delete(self, call: Call[None, None]) -> None:
        note_id = call.id_param("noteId", NoteNotFound)
        await self._homes.ask(note_id, Submit(Author(call.user_id), DeleteNote(note_id)))

    async def _restore(self, call: Call[None, None]) -> NoteAnswer:
        note_id = call.id_param("noteId", NoteNotFound)
        await self._homes.ask(note_id, Submit(Author(call.user_id), RestoreNote(note_id)))
        return await self._note(call)

    async def _page(self, call: Call[Any, Any], question: ListNotes) -> NoteList:
        page: NotePage = await self._router.call(call.id_param("workspaceId", WorkspaceNotFound), question)
        return NoteList(tuple(list_item(summary) for summary in page.items), encode_cursor(page.next_after))


def note_text(content: str) -> str:
    """A note's text as notes keep it; raises `ValidationFailed` for characters that may not stand in one."""
    text = with_line_feeds(content)
    try:
        check_text(text)
    except OperationError as error:
        raise ValidationFailed.at("content", str(error), Problem.BAD_CHARACTERS) from None
    return text
