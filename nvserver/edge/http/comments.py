"""Routes of comments. Threads hang at a note, anchored in its text or at the note as a whole."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from nvserver.core.changes import Author
from nvserver.core.commands import CommentCommand, DeleteComment, EditComment, ReplyToThread, ResolveThread, StartThread
from nvserver.core.model import Anchor, Comment, CommentThread
from nvserver.edge.http.chat_shapes import MessageText
from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import PageQuery, iso_time, optional_iso_time, with_line_feeds
from nvserver.errors import BaseTooOld, CommentNotFound, Forbidden, NoteNotFound, PayloadTooLarge
from nvserver.ports.clock import NewId
from nvserver.workspace.messages import ListThreads, Submit, ThreadList
from nvserver.workspace.note_homes import NoteHomes

_Place = Annotated[int, Meta(ge=0, lt=2**31)]


class AnchorBody(msgspec.Struct, frozen=True):
    """A part of the note's text, in code points; `end` is the first behind it."""

    start: _Place
    end: _Place


class NewThreadBody(msgspec.Struct, frozen=True, rename="camel"):
    """`anchor` is on the text at `baseSeq` (default: now), the `seq` the caller read; without it the thread is on the
    note as a whole. `@[name](userId)` in the text mentions a member."""

    text: MessageText
    anchor: AnchorBody | None = None
    base_seq: Annotated[int, Meta(ge=0, lt=2**53)] | None = None


class CommentBody(msgspec.Struct, frozen=True):
    text: MessageText


class ThreadBody(msgspec.Struct, frozen=True):
    resolved: bool


class ThreadsQuery(PageQuery, frozen=True, rename="camel"):
    """`resolved`: only those that are, or are not."""

    resolved: bool | None = None


class CommentItem(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    user_id: str
    text: str
    created_at: str
    edited_at: str | None


class ThreadItem(msgspec.Struct, frozen=True, rename="camel"):
    """`anchor` is on the note's text at `seq`; empty when what it stood at is gone. `quote`: what stood there first."""

    id: str
    note_id: str
    seq: int
    anchor: Anchor | None
    quote: str
    comments: tuple[CommentItem, ...]
    resolved_at: str | None
    resolved_by: str | None
    created_at: str


class ThreadAnswer(msgspec.Struct, frozen=True):
    thread: ThreadItem


class ThreadListAnswer(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[ThreadItem, ...]
    next_cursor: str | None


class CommentRoutes:
    """`/api/notes/{noteId}/comments`."""

    def __init__(self, homes: NoteHomes, new_id: NewId) -> None:
        self._homes = homes
        self._new_id = new_id

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/notes/{noteId}/comments"
        thread, one = f"{base}/{{threadId}}", f"{base}/{{threadId}}/{{commentId}}"
        missing = (NoteNotFound, CommentNotFound, Forbidden)
        return (
            Route(
                "GET", base, self._list, "The comment threads of a note, oldest first (notes:read)",
                query=ThreadsQuery, answer=ThreadListAnswer, errors=(NoteNotFound,),
            ),
            Route(
                "POST", base, self._start, "Begin a thread (notes:create)",
                body=NewThreadBody, answer=ThreadAnswer, status=201,
                errors=(NoteNotFound, Forbidden, BaseTooOld, PayloadTooLarge),
            ),
            Route(
                "GET", thread, self._get, "One thread (notes:read)",
                answer=ThreadAnswer, errors=(NoteNotFound, CommentNotFound),
            ),
            Route(
                "PUT", thread, self._resolve, "Resolve a thread, or open it again (notes:update)",
                body=ThreadBody, answer=ThreadAnswer, errors=missing,
            ),
            Route(
                "POST", thread, self._reply, "Answer in a thread (notes:create)",
                body=CommentBody, answer=ThreadAnswer, status=201, errors=(*missing, PayloadTooLarge),
            ),
            Route(
                "PUT", one, self._edit, "Change a comment's text (its author)",
                body=CommentBody, answer=ThreadAnswer, errors=missing,
            ),
            Route(
                "DELETE", one, self._delete,
                "Take a comment away, the first one with its thread (its author, or notes:delete)",
                status=204, errors=missing,
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, ThreadsQuery]) -> ThreadListAnswer:
        listed = await self._threads(call)
        wanted = call.query.resolved
        threads = [one for one in listed.threads if wanted is None or (one.resolved_at is not None) == wanted]
        page, next_cursor = page_of(threads, lambda one: (one.comments[0].created_at, one.id), call.query)
        return ThreadListAnswer(tuple(_item(thread, listed.seq) for thread in page), next_cursor)

    async def _start(self, call: Call[NewThreadBody, None]) -> ThreadAnswer:
        body, thread_id = call.body, self._new_id()
        anchor = Anchor(body.anchor.start, body.anchor.end) if body.anchor else None
        text = with_line_feeds(body.text)
        command = StartThread(_note(call), thread_id, self._new_id(), text, anchor, body.base_seq)
        return await self._submit(call, command)

    async def _get(self, call: Call[None, None]) -> ThreadAnswer:
        return await self._one(call, _thread(call))

    async def _resolve(self, call: Call[ThreadBody, None]) -> ThreadAnswer:
        return await self._submit(call, ResolveThread(_note(call), _thread(call), call.body.resolved))

    async def _reply(self, call: Call[CommentBody, None]) -> ThreadAnswer:
        text = with_line_feeds(call.body.text)
        return await self._submit(call, ReplyToThread(_note(call), _thread(call), self._new_id(), text))

    async def _edit(self, call: Call[CommentBody, None]) -> ThreadAnswer:
        text = with_line_feeds(call.body.text)
        return await self._submit(call, EditComment(_note(call), _thread(call), _comment(call), text))

    async def _delete(self, call: Call[None, None]) -> None:
        command = DeleteComment(_note(call), _thread(call), _comment(call))
        await self._homes.ask(command.note_id, Submit(Author(call.user_id), command))

    async def _submit(self, call: Call[Any, Any], command: CommentCommand) -> ThreadAnswer:
        await self._homes.ask(command.note_id, Submit(Author(call.user_id), command))
        return await self._one(call, command.thread_id)

    async def _one(self, call: Call[Any, Any], thread_id: str) -> ThreadAnswer:
        listed = await self._threads(call)
        for thread in listed.threads:
            if thread.id == thread_id:
                return ThreadAnswer(_item(thread, listed.seq))
        raise CommentNotFound

    async def _threads(self, call: Call[Any, Any]) -> ThreadList:
        listed: ThreadList = await self._homes.ask(_note(call), ListThreads(call.user_id, _note(call)))
        return listed


def _note(call: Call[Any, Any]) -> str:
    return call.id_param("noteId", NoteNotFound)


def _thread(call: Call[Any, Any]) -> str:
    return call.id_param("threadId", CommentNotFound)


def _comment(call: Call[Any, Any]) -> str:
    return call.id_param("commentId", CommentNotFound)


def _item(thread: CommentThread, seq: int) -> ThreadItem:
    return ThreadItem(
        thread.id,
        thread.note_id,
        seq,
        thread.anchor,
        thread.quote,
        tuple(_comment_item(comment) for comment in thread.comments),
        optional_iso_time(thread.resolved_at),
        thread.resolved_by,
        iso_time(thread.comments[0].created_at),
    )


def _comment_item(comment: Comment) -> CommentItem:
    return CommentItem(
        comment.id, comment.user_id, comment.text, iso_time(comment.created_at), optional_iso_time(comment.edited_at)
    )
