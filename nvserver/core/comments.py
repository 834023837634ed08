"""What may become of comments: whoever may make notes comments on them (`notes:create`); a text is changed by its
author alone, and taken away by him or by who may delete any note (`notes:delete`)."""

from collections.abc import Callable
from typing import Any, Final

from nvserver.core import commands as c
from nvserver.core.changes import (
    Author,
    Change,
    CommentDeleted,
    CommentEdited,
    CommentReplied,
    CommentResolved,
    CommentStarted,
)
from nvserver.core.gate import check_length, find_note, require
from nvserver.core.model import Anchor, Comment, CommentThread
from nvserver.core.note import Note
from nvserver.core.threads import moved
from nvserver.core.workspace import Workspace
from nvserver.errors import BaseTooOld, CommentNotFound, Conflict, Forbidden, PayloadTooLarge, ValidationFailed
from nvserver.problems import Problem

QUOTE_CHARACTERS: Final = 200
_MAX_EDITS_OVER_ANCHOR: Final = 5_000


def _start(workspace: Workspace, command: c.StartThread, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:create")
    note = find_note(workspace, command.note_id)
    _check_text(workspace, command.text)
    if workspace.threads.get(command.note_id, command.thread_id) is not None:
        raise Conflict("A thread with this id exists already")
    if len(workspace.threads.of_note(command.note_id)) >= workspace.limits.max_threads:
        raise PayloadTooLarge(f"A note has at most {workspace.limits.max_threads} comment threads")
    anchor, quote = None, ""
    if command.anchor is not None:
        anchor = _to_head(workspace, note, command.anchor, command.base_seq)
        quote = note.text.slice(anchor.start, min(anchor.end, anchor.start + QUOTE_CHARACTERS))
    return (CommentStarted(command.note_id, command.thread_id, command.comment_id, command.text, anchor, quote),)


def _reply(workspace: Workspace, command: c.ReplyToThread, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:create")
    find_note(workspace, command.note_id)
    thread = _thread(workspace, command.note_id, command.thread_id)
    _check_text(workspace, command.text)
    if len(thread.comments) >= workspace.limits.max_thread_comments:
        raise PayloadTooLarge(f"A thread has at most {workspace.limits.max_thread_comments} comments")
    return (CommentReplied(command.note_id, command.thread_id, command.comment_id, command.text),)


def _edit(workspace: Workspace, command: c.EditComment, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    find_note(workspace, command.note_id)
    comment = _comment(workspace, command)
    require(workspace, author.user_id, "notes:create")
    if comment.user_id != author.user_id:
        raise Forbidden("Only its author may change a comment")
    _check_text(workspace, command.text)
    if comment.text == command.text:
        return ()
    return (CommentEdited(command.note_id, command.thread_id, command.comment_id, command.text),)


def _delete(workspace: Workspace, command: c.DeleteComment, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    find_note(workspace, command.note_id)
    if _comment(workspace, command).user_id != author.user_id:
        require(workspace, author.user_id, "notes:delete")
    return (CommentDeleted(command.note_id, command.thread_id, command.comment_id),)


def _resolve(workspace: Workspace, command: c.ResolveThread, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    find_note(workspace, command.note_id)
    thread = _thread(workspace, command.note_id, command.thread_id)
    if (thread.resolved_at is not None) == command.is_on:
        return ()
    return (CommentResolved(command.note_id, command.thread_id, command.is_on),)


def _thread(workspace: Workspace, note_id: str, thread_id: str) -> CommentThread:
    thread = workspace.threads.get(note_id, thread_id)
    if thread is None:
        raise CommentNotFound
    return thread


def _comment(workspace: Workspace, command: c.EditComment | c.DeleteComment) -> Comment:
    thread = _thread(workspace, command.note_id, command.thread_id)
    for comment in thread.comments:
        if comment.id == command.comment_id:
            return comment
    raise CommentNotFound


def _check_text(workspace: Workspace, text: str) -> None:
    check_length("text", text, workspace.limits.max_message_characters, is_empty_allowed=False)


def _to_head(workspace: Workspace, note: Note, anchor: Anchor, base_seq: int | None) -> Anchor:
    """The anchor on the text as it is now. Raises `EditsMissing`, see `note.py`."""
    if base_seq is not None:
        if not 0 <= base_seq <= workspace.seq:
            raise ValidationFailed.at(
                "baseSeq", f"must be between 0 and {workspace.seq}, the newest seq", Problem.OUT_OF_RANGE
            )
        edits = note.edits_after(base_seq)
        if len(edits) > _MAX_EDITS_OVER_ANCHOR:
            raise BaseTooOld
        for _, op, _ in edits:
            anchor = moved(anchor, op)
    if not 0 <= anchor.start < anchor.end <= len(note.text):
        raise ValidationFailed.at("anchor", "must be a part of the note's text that is not empty", Problem.OUT_OF_RANGE)
    return anchor


DECIDE: Final[dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]]] = {
    c.StartThread: _start,
    c.ReplyToThread: _reply,
    c.EditComment: _edit,
    c.DeleteComment: _delete,
    c.ResolveThread: _resolve,
}
