"""Notices in words and with the place in the web client that they lead to."""

from typing import Final

import msgspec

from nvserver.core.notices import NoticeData, NoticeKind

_TITLES: Final[dict[NoticeKind, str]] = {
    "workspace.added": "{actor} added you to {workspace}",
    "role.changed": "{actor} made you {role} in {workspace}",
    "mention.note": "{actor} mentioned you in {note}",
    "mention.chat": "{actor} mentioned you in the chat of {workspace}",
    "mention.comment": "{actor} mentioned you in a comment on {note}",
    "reply.chat": "{actor} answered you in the chat of {workspace}",
    "reply.comment": "{actor} answered your comment on {note}",
    "note.changed": "{actor} changed {note}",
    "invitation": "{actor} invited you to {workspace}",
    "search.alert": "Something new for a search you saved",
    "calendar.reminder": "{text} in {workspace}",
    "file.shared": "{actor} shared {text} with you in {workspace}",
    "announcement": "An announcement by {actor}",
}


class Worded(msgspec.Struct, frozen=True):
    """`action_url` is relative to the server's address; None where there is nothing to open."""

    title: str
    body: str
    action_url: str | None


def worded(kind: NoticeKind, data: NoticeData, actor_name: str | None) -> Worded:
    """The notice for its receiver; `actor_name` None: of whom nothing is known any more."""
    title = _TITLES[kind].format(
        actor=actor_name or "Somebody",
        workspace=data.workspace_name or "a workspace",
        note=data.note_title or "an untitled note",
        text=data.text or "A reminder",
        role=data.role or "a member",
    )
    return Worded(title, data.text or "", _action_url(data))


def _action_url(data: NoticeData) -> str | None:
    if data.workspace_id is None:
        return None
    workspace = f"/workspaces/{data.workspace_id}"
    if data.event_id is not None:
        return f"{workspace}?event={data.event_id}"
    if data.file_id is not None:
        return f"{workspace}?file={data.file_id}"
    if data.note_id is not None:
        thread = f"&thread={data.thread_id}" if data.thread_id is not None else ""
        return f"{workspace}?note={data.note_id}{thread}"
    return f"{workspace}?message={data.message_id}" if data.message_id is not None else workspace
