"""What may become of named versions: whoever may edit a note may name its moments, and take away the names he gave."""

from collections.abc import Callable
from typing import Any, Final

from nvserver.core import commands as c
from nvserver.core.changes import Author, Change, VersionDropped, VersionNamed
from nvserver.core.gate import check_length, find_note, require
from nvserver.core.model import NoteVersion
from nvserver.core.workspace import Workspace
from nvserver.errors import Conflict, PayloadTooLarge, ValidationFailed, VersionNotFound
from nvserver.problems import Problem


def versions_of(workspace: Workspace, note_id: str) -> tuple[NoteVersion, ...]:
    """The note's versions, newest moment first."""
    found = [version for version in workspace.versions.values() if version.note_id == note_id]
    return tuple(sorted(found, key=lambda version: (version.seq, version.created_at, version.id), reverse=True))


def _name(workspace: Workspace, command: c.NameVersion, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:update")
    find_note(workspace, command.note_id)
    limits = workspace.limits
    check_length("name", command.name, limits.max_name_characters, is_empty_allowed=False)
    if not 1 <= command.seq <= workspace.seq:
        raise ValidationFailed.at("seq", f"must be between 1 and {workspace.seq}, the newest seq", Problem.OUT_OF_RANGE)
    if command.version_id in workspace.versions:
        raise Conflict("A version with this id exists already")
    if len(versions_of(workspace, command.note_id)) >= limits.max_versions:
        raise PayloadTooLarge(f"A note has at most {limits.max_versions} named versions")
    return (VersionNamed(command.note_id, command.version_id, command.name, command.seq),)


def _drop(workspace: Workspace, command: c.DropVersion, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "notes:read")
    find_note(workspace, command.note_id)
    version = workspace.versions.get(command.version_id)
    if version is None or version.note_id != command.note_id:
        raise VersionNotFound
    require(workspace, author.user_id, "notes:delete", is_own=version.user_id == author.user_id)
    return (VersionDropped(command.note_id, command.version_id),)


DECIDE: Final[dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]]] = {
    c.NameVersion: _name,
    c.DropVersion: _drop,
}
