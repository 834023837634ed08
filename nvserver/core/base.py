"""The state that takes the place of a log's oldest entries, with what only they told: who wrote what, and what became
of the requests that a client may send again."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nvserver.core.changes import Author, Entry, NoteCreated, NoteEdited
from nvserver.core.history import AuthoredRange, authorship, known_authors
from nvserver.core.limits import WorkspaceLimits
from nvserver.core.ot import Operation, compose
from nvserver.core.requests import FirstResult
from nvserver.core.snapshot import (
    Authors,
    checksum,
    decode_authors,
    decode_results,
    decode_workspace,
    encode_image,
    take_image,
)
from nvserver.core.workspace import Workspace

RESULTS_A_CLIENT: Final = 4
"""A client has one request under way for each note: those that it may send again after any time are few."""


class BaseBuilder:
    """Goes from one base to the next: `take` the entries in order, then `encode`. Its cost grows with the entries and
    the texts: call it in a thread."""

    def __init__(
        self, workspace: Workspace, authors: Authors, results: Mapping[str, Sequence[FirstResult]] | None = None
    ) -> None:
        """Owns `workspace` from now on. A text in it that `authors` does not tell of counts as written by nobody
        known."""
        self.workspace = workspace
        self._authors: dict[str, Sequence[AuthoredRange]] = {
            note_id: known_authors(authors.get(note_id, ()), len(note.text))
            for note_id, note in workspace.notes.items()
        }
        self._results = {client: deque(known, RESULTS_A_CLIENT) for client, known in (results or {}).items()}
        self._runs: dict[str, tuple[str, Operation]] = {}
        """Note id to the latest edits of one person, composed: ranges are walked once a run instead of once an edit."""

    def take(self, entries: Iterable[Entry]) -> None:
        """Raises what `Workspace.apply` raises for a log that is broken."""
        for entry in entries:
            self.workspace.apply(entry)
            self._keep_result(entry)
            user_id = entry.author.user_id
            match entry.change:
                case NoteCreated(note_id=note_id):
                    self._authors[note_id] = authorship([entry])
                case NoteEdited(note_id=note_id, op=op):
                    run = self._runs.get(note_id)
                    if run is not None and run[0] != user_id:
                        self._end_run(note_id)
                        run = None
                    self._runs[note_id] = (user_id, op if run is None else compose(run[1], op))

    def encode(self) -> tuple[bytes, bytes]:
        """The base's bytes and their checksum."""
        for note_id in list(self._runs):
            self._end_run(note_id)
        results = {client: tuple(kept) for client, kept in self._results.items()}
        body = encode_image(take_image(self.workspace), self._authors, results)
        return body, checksum(body)

    def _keep_result(self, entry: Entry) -> None:
        author = entry.author
        if author.client_id is not None and author.client_seq is not None:
            kept = self._results.setdefault(author.client_id, deque(maxlen=RESULTS_A_CLIENT))
            kept.append(FirstResult(author.client_seq, entry.seq, author.payload_hash))

    def _end_run(self, note_id: str) -> None:
        user_id, op = self._runs.pop(note_id)
        edit = Entry(0, 0, Author(user_id), NoteEdited(note_id, op))
        self._authors[note_id] = authorship([edit], self._authors.get(note_id, ()))


def start_from(body: bytes | None, expected_checksum: bytes, workspace_id: str, limits: WorkspaceLimits) -> BaseBuilder:
    """A builder that goes on from the base `body`, or from the beginning. Raises `SnapshotDamaged`."""
    if body is None:
        return BaseBuilder(Workspace(workspace_id, limits), {})
    workspace, authors = decode_workspace(body, expected_checksum, limits), decode_authors(body, expected_checksum)
    return BaseBuilder(workspace, authors, decode_results(body, expected_checksum)[1])
