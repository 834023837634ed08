"""Chat messages on the wire, by REST and realtime alike."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from nvserver.core.model import ChatMessage, Reaction
from nvserver.edge.http.wire import END, iso_time, optional_iso_time
from nvserver.problems import Problem

_SOME_TEXT = rf"^[^\x00]*[^\s\x00][^\x00]*{END}"
MessageText: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4000,
        pattern=_SOME_TEXT,
        description="text that is not blank",
        extra={"problem": Problem.EMPTY},
    ),
]
Emoji: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=32,
        pattern=rf"^[^\s\x00-\x1f\x7f]+{END}",
        description="an emoji",
        extra={"problem": Problem.NOT_AN_EMOJI},
    ),
]


class MessageItem(msgspec.Struct, frozen=True, rename="camel"):
    """A chat message. One taken away keeps its place, with an empty text and `deletedAt`."""

    id: str
    workspace_id: str
    seq: int
    user_id: str
    text: str
    reply_to_id: str | None
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    reactions: tuple[Reaction, ...]


def message_item(message: ChatMessage) -> MessageItem:
    """The message with ISO times."""
    return MessageItem(
        message.id,
        message.workspace_id,
        message.seq,
        message.user_id,
        message.text,
        message.reply_to_id,
        iso_time(message.created_at),
        optional_iso_time(message.edited_at),
        optional_iso_time(message.deleted_at),
        message.reactions,
    )
