"""The workspace's chat: what may become of a message. Messages stand in the index, not in the workspace's state.

Everybody in the workspace reads; who may make notes writes and reacts (`notes:create`); a text is changed by its author
alone, and taken away by him or by who may delete any note (`notes:delete`).
"""

from msgspec.structs import replace

from nvserver.core import commands as c
from nvserver.core.changes import Author, ChatDeleted, ChatEdited, ChatPosted, ChatReacted, Entry
from nvserver.core.gate import check_length, require
from nvserver.core.model import ChatMessage, Reaction
from nvserver.core.workspace import Workspace
from nvserver.errors import Forbidden, MessageNotFound, PayloadTooLarge

ChatChange = ChatPosted | ChatEdited | ChatDeleted | ChatReacted
CHAT_CHANGES = (ChatPosted, ChatEdited, ChatDeleted, ChatReacted)
CHAT_COMMANDS = (c.PostMessage, c.EditMessage, c.DeleteMessage, c.ReactToMessage)


def target_of(command: c.ChatCommand) -> str | None:
    """The id of the message that must be known to decide the command."""
    return command.reply_to_id if isinstance(command, c.PostMessage) else command.message_id


def decide_chat(
    workspace: Workspace, command: c.ChatCommand, author: Author, target: ChatMessage | None
) -> tuple[ChatChange, ...]:
    """The changes that `command` brings, as `decide` does; `target` is the message of `target_of`, None for one that
    nobody posted. Raises `MessageNotFound`, also for one of another workspace and one that was taken away."""
    if isinstance(command, c.PostMessage):
        return (_posted(workspace, command, author, target),)
    require(workspace, author.user_id, "workspace:read")
    target = _here(workspace, target)
    is_own = target.user_id == author.user_id
    match command:
        case c.EditMessage(text=text):
            require(workspace, author.user_id, "notes:create")
            if not is_own:
                raise Forbidden("Only its author may change a message")
            check_length("text", text, workspace.limits.max_message_characters, is_empty_allowed=False)
            return () if text == target.text else (ChatEdited(replace(target, text=text)),)
        case c.DeleteMessage():
            if not is_own:
                require(workspace, author.user_id, "notes:delete")
            return (ChatDeleted(replace(target, text="", reactions=())),)
        case c.ReactToMessage(emoji=emoji, is_on=is_on):
            require(workspace, author.user_id, "notes:create")
            reactions = _reactions(target.reactions, emoji, author.user_id, is_on=is_on)
            if sum(len(one.user_ids) for one in reactions) > workspace.limits.max_reactions:
                raise PayloadTooLarge(f"A message takes at most {workspace.limits.max_reactions} reactions")
            return () if reactions == target.reactions else (ChatReacted(replace(target, reactions=reactions)),)


def message_after(workspace_id: str, entry: Entry) -> ChatMessage:
    """The message as the chat entry left it."""
    match entry.change:
        case ChatPosted(message_id=message_id, text=text, reply_to_id=reply_to_id):
            return ChatMessage(message_id, workspace_id, entry.seq, entry.author.user_id, text, reply_to_id, entry.at)
        case ChatEdited(message=message):
            return replace(message, edited_at=entry.at)
        case ChatDeleted(message=message):
            return replace(message, deleted_at=entry.at)
        case ChatReacted(message=message):
            return message
    raise TypeError(f"{type(entry.change).__name__} is no change of the chat")


def _posted(workspace: Workspace, command: c.PostMessage, author: Author, target: ChatMessage | None) -> ChatPosted:
    require(workspace, author.user_id, "notes:create")
    check_length("text", command.text, workspace.limits.max_message_characters, is_empty_allowed=False)
    if command.reply_to_id is None:
        return ChatPosted(command.message_id, command.text)
    replied = _here(workspace, target)
    return ChatPosted(command.message_id, command.text, replied.id, replied.user_id)


def _here(workspace: Workspace, target: ChatMessage | None) -> ChatMessage:
    if target is None or target.workspace_id != workspace.id or target.deleted_at is not None:
        raise MessageNotFound
    return target


def _reactions(reactions: tuple[Reaction, ...], emoji: str, user_id: str, *, is_on: bool) -> tuple[Reaction, ...]:
    by_emoji = {one.emoji: dict.fromkeys(one.user_ids) for one in reactions}
    users = by_emoji.setdefault(emoji, {})
    if is_on:
        users[user_id] = None
    else:
        users.pop(user_id, None)
    return tuple(Reaction(emoji, tuple(users)) for emoji, users in by_emoji.items() if users)
