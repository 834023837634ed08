"""Client histories, sorted on disk: a file of its own in a temporary folder, gone when the block ends."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from nvserver.core.client_history import (
    Acked,
    Activated,
    Claim,
    Failed,
    Fenced,
    Injected,
    Line,
    Quiesced,
    Received,
    decode_line,
    encode_line,
)
from nvserver.errors import OperatorError
from nvserver.ports.audit import DoubleActivation, HistoryTotals

_SCHEMA: Final = """
    CREATE TABLE claims (workspace TEXT, seq INTEGER, line BLOB);
    CREATE TABLE acks (workspace TEXT, client TEXT, client_seq INTEGER);
    CREATE TABLE refusals (workspace TEXT, client TEXT, client_seq INTEGER, line BLOB);
    CREATE TABLE activations (workspace TEXT, epoch INTEGER, node TEXT, seq INTEGER, line BLOB);
    CREATE TABLE totals (faults INTEGER, fence_hits INTEGER);
    INSERT INTO totals VALUES (0, 0);
"""
_INDEXES: Final = """
    CREATE INDEX claims_by_seq ON claims (workspace, seq);
    CREATE INDEX acks_by_number ON acks (workspace, client, client_seq);
    CREATE INDEX refusals_by_workspace ON refusals (workspace);
    CREATE INDEX activations_by_epoch ON activations (workspace, epoch);
"""
_REFUSALS: Final = """
    SELECT line FROM refusals r WHERE workspace = ? AND NOT EXISTS (
        SELECT 1 FROM acks a
        WHERE a.workspace = r.workspace AND a.client = r.client AND a.client_seq = r.client_seq)"""
_DOUBLE: Final = """
    SELECT epoch, group_concat(DISTINCT node) FROM activations WHERE workspace = ?
    GROUP BY epoch HAVING count(DISTINCT node) > 1"""


class HistorySpool:
    """Fills the port `ClientHistories`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def workspace_ids(self) -> Sequence[str]:
        """See `ClientHistories.workspace_ids`."""
        tables = " UNION ".join(f"SELECT workspace FROM {name}" for name in ("claims", "refusals", "activations"))
        return [row[0] for row in self._connection.execute(tables)]

    def claims(self, workspace_id: str) -> Iterator[Claim]:
        """See `ClientHistories.claims`."""
        query = "SELECT line FROM claims WHERE workspace = ? ORDER BY seq"
        for (line,) in self._connection.execute(query, (workspace_id,)):
            claim = decode_line(line)
            assert isinstance(claim, Claim)
            yield claim

    def refusals(self, workspace_id: str) -> Iterator[Failed]:
        """See `ClientHistories.refusals`."""
        for (line,) in self._connection.execute(_REFUSALS, (workspace_id,)):
            refusal = decode_line(line)
            assert isinstance(refusal, Failed)
            yield refusal

    def activations(self, workspace_id: str) -> Iterator[Activated]:
        """See `ClientHistories.activations`."""
        query = "SELECT line FROM activations WHERE workspace = ? AND seq IS NOT NULL ORDER BY seq"
        for (line,) in self._connection.execute(query, (workspace_id,)):
            activated = decode_line(line)
            assert isinstance(activated, Activated)
            yield activated

    def double_activations(self, workspace_id: str) -> Iterator[DoubleActivation]:
        """See `ClientHistories.double_activations`."""
        for epoch, nodes in self._connection.execute(_DOUBLE, (workspace_id,)):
            yield DoubleActivation(epoch, tuple(sorted(nodes.split(","))))

    def totals(self) -> HistoryTotals:
        """See `ClientHistories.totals`."""
        faults, fence_hits = self._connection.execute("SELECT faults, fence_hits FROM totals").fetchone()
        (acknowledgements,) = self._connection.execute("SELECT count(*) FROM acks").fetchone()
        return HistoryTotals(faults, acknowledgements, fence_hits)

    def add(self, line: Line) -> None:
        """Keep the line. What only says that something was tried is not needed."""
        execute = self._connection.execute
        match line:
            case Acked() | Received() | Quiesced():
                execute("INSERT INTO claims VALUES (?, ?, ?)", (line.workspace_id, line.seq, encode_line(line)))
                if isinstance(line, Acked):
                    execute("INSERT INTO acks VALUES (?, ?, ?)", (line.workspace_id, line.client_id, line.client_seq))
            case Failed():
                row = (line.workspace_id, line.client_id, line.client_seq, encode_line(line))
                execute("INSERT INTO refusals VALUES (?, ?, ?, ?)", row)
            case Activated():
                opened = (line.workspace_id, line.epoch, line.node, line.seq, encode_line(line))
                execute("INSERT INTO activations VALUES (?, ?, ?, ?, ?)", opened)
            case Injected():
                execute("UPDATE totals SET faults = faults + ?", (line.times,))
            case Fenced():
                execute("UPDATE totals SET fence_hits = fence_hits + 1")


@contextmanager
def spooled_histories(files: Sequence[Path]) -> Iterator[HistorySpool]:
    """All lines of the files. A last line without its end is left out: its writer was killed while writing it. Raises
    OSError, and `OperatorError` for a line that is none."""
    with (
        tempfile.TemporaryDirectory(prefix="notevault-histories-") as folder,
        closing(sqlite3.connect(Path(folder) / "spool.sqlite3", isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        spool = HistorySpool(connection)
        connection.execute("BEGIN")
        for file in files:
            _spool_file(spool, file)
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)
        yield spool


def _spool_file(spool: HistorySpool, file: Path) -> None:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                spool.add(decode_line(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise OperatorError(f"{file} line {number} is not a line of a client history: {error}") from error
