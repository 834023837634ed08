"""What a command may become: rights, existence and limits judged against the state at its turn. Nothing is changed
here.

`decide` gives the changes the command brings (usually one, none when nothing would differ), or raises a
`NoteVaultError`. `EditsMissing` asks for older edits, see `note.py`.
"""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET, UnsetType

from nvserver.core import calendar, canvas, comments, files, trash, versions
from nvserver.core import commands as c
from nvserver.core.changes import (
    Author,
    Change,
    MemberAdded,
    MemberRemoved,
    MemberUpdated,
    NoteCreated,
    NoteDeleted,
    NoteEdited,
    NoteRestored,
    NoteUnwatched,
    NoteUpdated,
    NoteWatched,
    WorkspaceDeleted,
    WorkspaceUpdated,
)
from nvserver.core.gate import check_length, find_note, require
from nvserver.core.ot import base_length, length_delta
from nvserver.core.permissions import Role, outranks_or_equals
from nvserver.core.workspace import Workspace, merged_tags
from nvserver.errors import (
    Conflict,
    Forbidden,
    MemberNotFound,
    PayloadTooLarge,
    ValidationFailed,
)
from nvserver.problems import Problem


def decide(workspace: Workspace, command: c.Command, author: Author) -> tuple[Change, ...]:
    """The changes that `command` brings when done now for `author`."""
    return _DECIDE[type(command)](workspace, command, author)


def _edit_note(workspace: Workspace, command: c.EditNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    note = find_note(workspace, command.note_id)
    if not 0 <= command.base_seq <= workspace.seq:
        raise ValidationFailed.at(
            "baseSeq", f"must be between 0 and {workspace.seq}, the newest seq", Problem.OUT_OF_RANGE
        )
    op = note.to_head(command.op, command.base_seq, author.client_id, workspace.limits.max_transform_steps)
    length = len(note.text)
    if base_length(op) > length:
        raise ValidationFailed.at("op", "reaches past the end of the note's text", Problem.OUT_OF_RANGE)
    if length + length_delta(op) > workspace.limits.max_note_characters:
        raise PayloadTooLarge(f"A note holds at most {workspace.limits.max_note_characters} characters")
    if not op and author.client_id is None:
        return ()  # a client that numbers its edits waits for each to come back, an empty one too
    return (NoteEdited(command.note_id, op),)


def _create_note(workspace: Workspace, command: c.CreateNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:create")
    limits = workspace.limits
    if command.note_id in workspace.notes:
        raise Conflict("A note with this id exists already")
    if len(workspace.notes) >= limits.max_notes:
        raise PayloadTooLarge(f"A workspace holds at most {limits.max_notes} notes")
    if len(command.content) > limits.max_note_characters:
        raise PayloadTooLarge(f"A note holds at most {limits.max_note_characters} characters")
    check_length("title", command.title, limits.max_title_characters)
    _check_tags(workspace, command.tags)
    _check_collection(workspace, command.collection_id)
    return (
        NoteCreated(
            command.note_id,
            command.title,
            command.content,
            command.position,
            command.size,
            command.color,
            merged_tags((), command.tags, ()),
            command.collection_id,
        ),
    )


def _update_note(workspace: Workspace, command: c.UpdateNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    note = find_note(workspace, command.note_id)
    if command.title is not UNSET:
        check_length("title", command.title, workspace.limits.max_title_characters)
    _check_collection(workspace, command.collection_id)
    if command.tags_added:
        _check_tags(workspace, merged_tags(note.meta.tags, command.tags_added, command.tags_removed))
    change = NoteUpdated(
        command.note_id,
        command.title,
        command.position,
        command.size,
        command.color,
        command.collection_id,
        command.tags_added,
        command.tags_removed,
    )
    return () if change == NoteUpdated(command.note_id) else (change,)


def _delete_note(workspace: Workspace, command: c.DeleteNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    note = find_note(workspace, command.note_id)
    require(workspace, author.user_id, "notes:delete", is_own=note.author_id == author.user_id)
    return (NoteDeleted(command.note_id),)


def _restore_note(workspace: Workspace, command: c.RestoreNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    note = find_note(workspace, command.note_id, is_trash_included=True)
    require(workspace, author.user_id, "notes:delete", is_own=note.author_id == author.user_id)
    return (NoteRestored(command.note_id),) if note.is_deleted else ()


def _update_workspace(workspace: Workspace, command: c.UpdateWorkspace, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "workspace:update")
    if command.name is not UNSET:
        check_length("name", command.name, workspace.limits.max_name_characters, is_empty_allowed=False)
    if command.description is not UNSET:
        check_length("description", command.description, workspace.limits.max_description_characters)
    change = WorkspaceUpdated(
        command.name,
        command.description,
        command.icon,
        command.color,
        command.privacy,
        search_language=command.search_language,
    )
    return () if change == WorkspaceUpdated() else (change,)


def _delete_workspace(workspace: Workspace, command: c.DeleteWorkspace, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "workspace:delete")
    if command.only_mine and len(workspace.members) > 1:
        raise Conflict("Others are in this workspace")
    return (WorkspaceDeleted(),)


def _add_member(workspace: Workspace, command: c.AddMember, author: Author) -> tuple[Change, ...]:
    role = require(workspace, author.user_id, "members:invite")
    _check_grant(role, command.role)
    if command.user_id in workspace.members:
        raise Conflict("This person is a member already")
    if len(workspace.members) >= workspace.limits.max_members:
        raise PayloadTooLarge(f"A workspace holds at most {workspace.limits.max_members} members")
    return (MemberAdded(command.user_id, command.role),)


def _update_member(workspace: Workspace, command: c.UpdateMember, author: Author) -> tuple[Change, ...]:
    role = require(workspace, author.user_id, "members:update")
    target = _other_member(workspace, command.user_id)
    _check_grant(role, command.role)
    if not outranks_or_equals(role, target):
        raise Forbidden("This member's role is above yours")
    return () if target == command.role else (MemberUpdated(command.user_id, command.role),)


def _remove_member(workspace: Workspace, command: c.RemoveMember, author: Author) -> tuple[Change, ...]:
    if command.user_id == author.user_id:
        require(workspace, author.user_id, "workspace:read")
    else:
        require(workspace, author.user_id, "members:remove")
    _other_member(workspace, command.user_id)
    return (MemberRemoved(command.user_id),)


def _transfer_ownership(workspace: Workspace, command: c.TransferOwnership, author: Author) -> tuple[Change, ...]:
    """Only the owner's `*` grants `workspace:transfer`; the old owner stays as an admin."""
    require(workspace, author.user_id, "workspace:transfer")
    if command.user_id not in workspace.members:
        raise MemberNotFound
    if command.user_id == author.user_id:
        return ()
    return (
        WorkspaceUpdated(owner_id=command.user_id),
        MemberUpdated(command.user_id, "owner"),
        MemberUpdated(author.user_id, "admin"),
    )


def _watch_note(workspace: Workspace, command: c.WatchNote, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    find_note(workspace, command.note_id)
    if command.is_on == (author.user_id in workspace.watchers.get(command.note_id, ())):
        return ()
    return (NoteWatched(command.note_id) if command.is_on else NoteUnwatched(command.note_id),)


def _other_member(workspace: Workspace, user_id: str) -> Role:
    """The role of a member who is not the owner: the owner's part changes only by handing over."""
    member = workspace.members.get(user_id)
    if member is None:
        raise MemberNotFound
    if member.role == "owner":
        raise Conflict("The owner cannot be changed or removed; hand the workspace over first")
    return member.role


def _check_grant(granter: Role, role: Role) -> None:
    if role == "owner":
        raise Conflict("A workspace has exactly one owner; hand it over instead")
    if not outranks_or_equals(granter, role):
        raise Forbidden("Nobody may grant a role above their own")


def _check_tags(workspace: Workspace, tags: tuple[str, ...]) -> None:
    if len(tags) > workspace.limits.max_tags:
        raise ValidationFailed.at(
            "tags", f"a note has at most {workspace.limits.max_tags} tags", Problem.TOO_MANY, workspace.limits.max_tags
        )
    for tag in tags:
        check_length("tags", tag, workspace.limits.max_tag_characters, is_empty_allowed=False)


def _check_collection(workspace: Workspace, collection_id: str | None | UnsetType) -> None:
    if isinstance(collection_id, str) and collection_id not in workspace.collections:
        raise ValidationFailed.at("collectionId", "no such collection in this workspace", Problem.NOT_HERE)


_DECIDE: dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]] = {
    c.EditNote: _edit_note,
    c.CreateNote: _create_note,
    c.UpdateNote: _update_note,
    c.DeleteNote: _delete_note,
    c.RestoreNote: _restore_note,
    c.UpdateWorkspace: _update_workspace,
    c.DeleteWorkspace: _delete_workspace,
    c.AddMember: _add_member,
    c.UpdateMember: _update_member,
    c.RemoveMember: _remove_member,
    c.TransferOwnership: _transfer_ownership,
    c.WatchNote: _watch_note,
    **canvas.DECIDE,
    **files.DECIDE,
    **calendar.DECIDE,
    **comments.DECIDE,
    **versions.DECIDE,
    **trash.DECIDE,
}
