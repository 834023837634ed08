"""`nvserver replay`: a workspace, or one note of it, as it was after an entry of its log."""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

import msgspec
import trio

from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.opening import open_store
from nvserver.config import LoadedSettings, Settings
from nvserver.core.note import Note
from nvserver.core.workspace import Workspace
from nvserver.errors import BaseTooOld, OperatorError
from nvserver.workspace.recovery import LogBroken, load_workspace

HELP = "show a workspace as it was after an entry of its log"


def add_arguments(parser: ArgumentParser) -> None:
    """Which workspace, when, and in which form."""
    parser.add_argument("workspace", metavar="WORKSPACE", help="the workspace's id")
    parser.add_argument("--to", metavar="SEQ", type=int, help="the last entry that counts (the newest)")
    parser.add_argument("--note", metavar="ID", help="only this note")
    parser.add_argument("--format", choices=("json", "markdown"), default="json", help="json or markdown (json)")


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Print the state to stdout."""
    workspace = trio.run(_load, loaded.settings, arguments.workspace, arguments.to)
    notes = list(workspace.notes.values())
    if arguments.note is not None:
        if arguments.note not in workspace.notes:
            raise OperatorError(f"there is no note {arguments.note} after entry {workspace.seq}")
        notes = [workspace.notes[arguments.note]]
    if arguments.format == "markdown":
        text = "\n".join(markdown(note) for note in notes)
    else:
        state: Any = note_state(notes[0]) if arguments.note is not None else workspace_state(workspace)
        text = msgspec.json.format(msgspec.json.encode(state)).decode() + "\n"
    sys.stdout.buffer.write(text.encode())
    return ExitCode.OK


async def _load(settings: Settings, workspace_id: str, seq: int | None) -> Workspace:
    async with open_store(settings) as store:
        try:
            stored = await store.audit.workspace(workspace_id)
        except ValueError:
            raise OperatorError(f"{workspace_id} is not the id of a workspace") from None
        if stored is None:
            raise OperatorError(f"there is no workspace {workspace_id}")
        upto = stored.head if seq is None else seq
        if not 1 <= upto <= stored.head:
            raise OperatorError(f"there is no entry {upto}: the log of the workspace ends with {stored.head}")
        try:
            return (await load_workspace(store.oplog, workspace_id, upto, settings.limits))[0]
        except BaseTooOld:
            raise OperatorError(
                f"the log of the workspace begins after entry {stored.horizon}: what was before is not kept"
            ) from None
        except LogBroken as error:
            raise OperatorError(f"{error}; run `nvserver verify --workspace {workspace_id}`") from error


def workspace_state(workspace: Workspace) -> dict[str, object]:
    """All of the workspace; times in milliseconds since 1970 UTC."""
    return {
        "workspaceId": workspace.id,
        "seq": workspace.seq,
        "isDeleted": workspace.is_deleted,
        "workspace": workspace.info,
        "members": list(workspace.members.values()),
        "notes": [note_state(note) for note in workspace.notes.values()],
        "collections": list(workspace.collections.values()),
        "connections": list(workspace.connections.values()),
    }


def note_state(note: Note) -> dict[str, object]:
    """What is known of the note, and its text."""
    return {**msgspec.to_builtins(note.meta), "content": str(note.text)}


def markdown(note: Note) -> str:
    """The note under its title."""
    return f"# {note.meta.title}\n\n{note.text}\n"
