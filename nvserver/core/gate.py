"""What every decision asks first: who may, is the note there, is a text short enough."""

from nvserver.core.note import Note
from nvserver.core.permissions import Role, role_allows
from nvserver.core.workspace import Workspace
from nvserver.errors import Forbidden, NoteNotFound, ValidationFailed, WorkspaceNotFound
from nvserver.problems import Problem


def require(workspace: Workspace, user_id: str, permission: str, *, is_own: bool = False) -> Role:
    """The one gate: the person's role, if it grants `permission`. To others a workspace does not exist."""
    role = workspace.role_of(user_id)
    if role is None:
        raise WorkspaceNotFound
    if not role_allows(role, permission, is_own=is_own):
        raise Forbidden(f"Your role ({role}) does not allow {permission}")
    return role


def find_note(workspace: Workspace, note_id: str, *, is_trash_included: bool = False) -> Note:
    """The note; raises `NoteNotFound` for one that is not there, or in the trash."""
    note = workspace.notes.get(note_id)
    if note is None or (note.is_deleted and not is_trash_included):
        raise NoteNotFound
    return note


def check_length(path: str, text: str, maximum: int, *, is_empty_allowed: bool = True) -> None:
    """Raises `ValidationFailed` for a text of more than `maximum` characters."""
    if len(text) > maximum:
        raise ValidationFailed.at(path, f"must have at most {maximum} characters", Problem.TOO_LONG, maximum)
    if not is_empty_allowed and not text.strip():
        raise ValidationFailed.at(path, "must not be empty", Problem.EMPTY)
