"""What may become of a workspace's files. Their bytes lie elsewhere; here they count: the actor's turn decides which of
many uploads at once still fits."""

from collections.abc import Callable
from typing import Any, Final

from nvserver.core import commands as c
from nvserver.core.changes import Author, Change, FileCreated, FileDeleted
from nvserver.core.gate import require
from nvserver.core.workspace import Workspace
from nvserver.errors import Conflict, FileNotFound, QuotaExceeded


def _add_files(workspace: Workspace, command: c.AddFiles, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "files:upload")
    limits, files = workspace.limits, workspace.files
    if any(file.id in files or file.workspace_id != workspace.id for file in command.files):
        raise Conflict("A file with this id exists already")
    if len(files) + len(command.files) > limits.max_files:
        raise QuotaExceeded(f"A workspace holds at most {limits.max_files} files")
    stored = sum(file.size_bytes for file in files.values())
    if stored + sum(file.size_bytes for file in command.files) > limits.max_files_bytes:
        raise QuotaExceeded(f"The files of a workspace take at most {limits.max_files_bytes} bytes")
    return tuple(FileCreated(file) for file in command.files)


def _remove_file(workspace: Workspace, command: c.RemoveFile, author: Author) -> tuple[Change, ...]:
    require(workspace, author.user_id, "files:read")
    file = workspace.files.get(command.file_id)
    if file is None:
        raise FileNotFound
    require(workspace, author.user_id, "files:delete", is_own=file.uploader_id == author.user_id)
    return (FileDeleted(command.file_id),)


DECIDE: Final[dict[type, Callable[[Workspace, Any, Author], tuple[Change, ...]]]] = {
    c.AddFiles: _add_files,
    c.RemoveFile: _remove_file,
}
