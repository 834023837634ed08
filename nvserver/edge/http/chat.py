"""Routes of the chat. Every write is a message to the workspace's actor."""

from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from nvserver.core.changes import Author
from nvserver.core.commands import ChatCommand, DeleteMessage, EditMessage, PostMessage, ReactToMessage
from nvserver.edge.http.chat_shapes import Emoji, MessageItem, MessageText, message_item
from nvserver.edge.http.cursors import decode_cursor, encode_cursor
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import PageQuery, with_line_feeds
from nvserver.errors import Forbidden, MessageNotFound, PayloadTooLarge, ValidationFailed, WorkspaceNotFound
from nvserver.ports.chat import ChatStore
from nvserver.ports.clock import NewId
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.problems import Problem
from nvserver.workspace.messages import Accepted, Submit
from nvserver.workspace.router import Router

Seq: TypeAlias = Annotated[int, Meta(ge=0, lt=2**53)]


class ChatQuery(PageQuery, frozen=True, rename="camel"):
    """`before`: the `seq` of a message; those posted before it. `replyToId`: the replies to that message."""

    before: Seq | None = None
    reply_to_id: UUID | None = None


class NewMessageBody(msgspec.Struct, frozen=True, rename="camel"):
    """`@[name](userId)` in the text mentions a member."""

    text: MessageText
    reply_to_id: UUID | None = None


class MessageBody(msgspec.Struct, frozen=True):
    text: MessageText


class ReactionBody(msgspec.Struct, frozen=True):
    emoji: Emoji


class MessageAnswer(msgspec.Struct, frozen=True):
    message: MessageItem


class MessageList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[MessageItem, ...]
    next_cursor: str | None


class ChatRoutes:
    """`/api/workspaces/{workspaceId}/chat` and `/api/chat/{messageId}`."""

    def __init__(self, chat: ChatStore, index: WorkspaceIndex, router: Router, new_id: NewId) -> None:
        self._chat = chat
        self._index = index
        self._router = router
        self._new_id = new_id

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base, one = "/api/workspaces/{workspaceId}/chat", "/api/chat/{messageId}"
        errors = (MessageNotFound, Forbidden)
        return (
            Route(
                "GET", base, self._list, "The chat, newest first (workspace:read)",
                query=ChatQuery, answer=MessageList, errors=(WorkspaceNotFound,),
            ),
            Route(
                "POST", base, self._post, "Post a message (notes:create)",
                body=NewMessageBody, answer=MessageAnswer, status=201,
                errors=(WorkspaceNotFound, Forbidden, MessageNotFound),
            ),
            Route("GET", one, self._get, "A message (workspace:read)", answer=MessageAnswer, errors=(MessageNotFound,)),
            Route(
                "PUT", one, self._edit, "Change a message's text (its author)",
                body=MessageBody, answer=MessageAnswer, errors=errors,
            ),
            Route(
                "DELETE", one, self._delete, "Take a message away (its author, or notes:delete)",
                status=204, errors=errors,
            ),
            Route(
                "POST", f"{one}/reactions", self._react, "Put an emoji to a message (notes:create)",
                body=ReactionBody, answer=MessageAnswer, errors=(*errors, PayloadTooLarge),
            ),
            Route(
                "DELETE", f"{one}/reactions/{{emoji}}", self._unreact, "Take one's emoji away again (notes:create)",
                answer=MessageAnswer, errors=errors,
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, ChatQuery]) -> MessageList:
        workspace_id, query = call.id_param("workspaceId", WorkspaceNotFound), call.query
        if await self._index.role_of(workspace_id, call.user_id) is None:
            raise WorkspaceNotFound
        bounds = [bound for bound in (query.before, decode_cursor(query.cursor, Seq)) if bound is not None]
        found = await self._chat.messages(
            workspace_id,
            before=min(bounds, default=None),
            reply_to_id=str(query.reply_to_id) if query.reply_to_id else None,
            limit=query.limit + 1,
        )
        page = found[: query.limit]
        next_cursor = encode_cursor(page[-1].seq if len(found) > len(page) else None)
        return MessageList(tuple(message_item(message) for message in page), next_cursor)

    async def _post(self, call: Call[NewMessageBody, None]) -> MessageAnswer:
        body, workspace_id = call.body, call.id_param("workspaceId", WorkspaceNotFound)
        reply_to_id = str(body.reply_to_id) if body.reply_to_id else None
        command = PostMessage(self._new_id(), with_line_feeds(body.text), reply_to_id)
        return _answer(await self._router.call(workspace_id, Submit(Author(call.user_id), command)))

    async def _get(self, call: Call[None, None]) -> MessageAnswer:
        message = await self._chat.message(call.id_param("messageId", MessageNotFound))
        if message is None or await self._index.role_of(message.workspace_id, call.user_id) is None:
            raise MessageNotFound
        return MessageAnswer(message_item(message))

    async def _edit(self, call: Call[MessageBody, None]) -> MessageAnswer:
        text = with_line_feeds(call.body.text)
        return await self._submit(call, EditMessage(call.id_param("messageId", MessageNotFound), text))

    async def _delete(self, call: Call[None, None]) -> None:
        await self._submit(call, DeleteMessage(call.id_param("messageId", MessageNotFound)))

    async def _react(self, call: Call[ReactionBody, None]) -> MessageAnswer:
        message_id = call.id_param("messageId", MessageNotFound)
        return await self._submit(call, ReactToMessage(message_id, call.body.emoji, is_on=True))

    async def _unreact(self, call: Call[None, None]) -> MessageAnswer:
        message_id = call.id_param("messageId", MessageNotFound)
        try:
            emoji = msgspec.convert(call.params["emoji"], Emoji)
        except msgspec.ValidationError:
            raise ValidationFailed.at("emoji", "is no emoji", Problem.NOT_AN_EMOJI) from None
        return await self._submit(call, ReactToMessage(message_id, emoji, is_on=False))

    async def _submit(self, call: Call[Any, Any], command: ChatCommand) -> MessageAnswer:
        """To those outside its workspace a message does not exist."""
        message = await self._chat.message(command.message_id)
        if message is None:
            raise MessageNotFound
        try:
            return _answer(await self._router.call(message.workspace_id, Submit(Author(call.user_id), command)))
        except WorkspaceNotFound:
            raise MessageNotFound from None


def _answer(accepted: Accepted) -> MessageAnswer:
    assert accepted.message is not None
    return MessageAnswer(message_item(accepted.message))
