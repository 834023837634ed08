"""The op log as it lies in the SQLite file, read and replayed by code of the tests' own."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from nvserver.core.ot import Operation
from tests.core.ot.model import applied


@dataclass(frozen=True, slots=True)
class LoggedOp:
    """A row of the log; `change` is its body."""

    seq: int
    epoch: int
    client_id: str | None
    client_seq: int | None
    note_id: str | None
    change: Any

    @property
    def is_edit(self) -> bool:
        return bool(self.change["kind"] == "note.edited")

    @property
    def op(self) -> Operation:
        """Of an edit; a deletion is a negative number, as the tests' model wants it."""
        return tuple(self.change["op"])

    @property
    def wire_op(self) -> list[Any]:
        """Of an edit, as clients see it."""
        return [{"d": -part} if isinstance(part, int) and part < 0 else part for part in self.op]


def read_log(database: Path, workspace_id: str) -> list[LoggedOp]:
    """All of a workspace's log, in the order of seq."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT seq, epoch, client_id, client_seq, note_id, body FROM ops WHERE workspace_id = ? ORDER BY seq",
            (UUID(workspace_id).bytes,),
        ).fetchall()
    finally:
        connection.close()
    return [
        LoggedOp(seq, epoch, _id(client_id), client_seq, _id(note_id), json.loads(body))
        for seq, epoch, client_id, client_seq, note_id, body in rows
    ]


def fold(log: Sequence[LoggedOp], note_id: str) -> str:
    """The note's text, replayed from its creation."""
    text = ""
    for entry in log:
        if entry.note_id == note_id and entry.change["kind"] == "note.created":
            text = entry.change["content"]
        elif entry.note_id == note_id and entry.is_edit:
            text = applied(text, entry.op)
    return text


def _id(raw: bytes | None) -> str | None:
    return None if raw is None else str(UUID(bytes=raw))
