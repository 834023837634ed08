"""Writes client histories: one file for each client, a line as soon as something is known."""

import json
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nvserver.core.client_history import Acked, Invoked, Line, Quiesced, Received, Unknown, encode_line
from nvserver.core.ot import Operation
from nvserver.testing.replica import SentEdit


class HistoryFile:
    """Each line goes to the file at once, not to the disk: it outlives the server that it is about, not the machine."""

    def __init__(self, path: Path) -> None:
        self.lines = 0
        self.path = path
        self._file = path.open("ab", buffering=0)

    def write(self, line: Line) -> None:
        """Put a line at the end."""
        self._file.write(encode_line(line))
        self.lines += 1

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def payload_hash(event: str, payload: dict[str, Any]) -> str:
    """The hash by which the server knows a numbered event again, of the same fields in the contract's order: blake2b of
    16 bytes over the JSON without spaces, in hex."""
    text = json.dumps([event, payload], ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def inserted_by(op: Operation) -> str:
    """The text that the operation inserts."""
    return "".join(part for part in op if isinstance(part, str))


def deleted_by(op: Operation, text: str) -> str:
    """The characters that the operation, made on `text`, deletes."""
    pieces: list[str] = []
    position = 0
    for part in op:
        if isinstance(part, int):
            if part < 0:
                pieces.append(text[position : position - part])
            position += abs(part)
    return "".join(pieces)


class Witness:
    """Writes down what one client, with one edit in flight, does and is told in one note."""

    def __init__(self, file: HistoryFile, user_id: str, workspace_id: str, note_id: str) -> None:
        self._file = file
        self._user_id = user_id
        self._workspace_id = workspace_id
        self._note_id = note_id
        self._sent: dict[int, tuple[str, str, str]] = {}

    def sends(self, client_id: str, edit: SentEdit, payload: dict[str, Any], deleted: str) -> None:
        """The edit goes out, for the first time or again; `deleted` is what it was meant to delete."""
        digest = payload_hash("collaboration:edit", payload)
        self._sent = {edit.client_seq: (digest, inserted_by(edit.op), deleted)}
        self._file.write(Invoked(self._workspace_id, client_id, edit.client_seq, digest))

    def is_told_accepted(self, client_id: str, client_seq: int, seq: int) -> None:
        """The edit is durable as the entry `seq`."""
        digest, inserted, deleted = self._sent[client_seq]
        self._file.write(Acked(self._workspace_id, client_id, client_seq, seq, digest, inserted, deleted))

    def loses_sight(self, client_id: str, client_seq: int) -> None:
        """The connection is gone while the edit is in flight."""
        self._file.write(Unknown(self._workspace_id, client_id, client_seq))

    def receives(self, edit: dict[str, Any]) -> None:
        """An edit as the server told it, the client's own too."""
        number = (edit["clientId"], edit["clientSeq"])
        self._file.write(Received(self._workspace_id, self._user_id, self._note_id, edit["seq"], edit["op"], *number))

    def quiesces(self, client_id: str, seq: int, text: str) -> None:
        """Nothing is under way any more."""
        self._file.write(Quiesced(self._workspace_id, client_id, self._note_id, seq, text))
