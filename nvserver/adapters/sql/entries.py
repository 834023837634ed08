"""Entries as rows of the table `ops`."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from nvserver.adapters.sql.database import Row
from nvserver.adapters.sql.ids import id_bytes, id_text, optional_id_bytes, optional_id_text
from nvserver.core.changes import LoggedEntry

EntryRow: TypeAlias = tuple[bytes, int, int, int, bytes, bytes | None, int | None, bytes | None, bytes | None, bytes]
"""The columns in the order of `STORED_COLUMNS`."""

STORED_COLUMNS: Final = "workspace_id, seq, epoch, at, user_id, client_id, client_seq, payload_hash, note_id, body"
READ_COLUMNS: Final = "seq, at, user_id, client_id, client_seq, payload_hash, note_id, body"


def entry_rows(workspace: bytes, epoch: int, entries: Sequence[LoggedEntry]) -> list[EntryRow]:
    """The rows that store the entries. Raises `ValueError` when their seqs are not consecutive."""
    first = entries[0].seq
    if any(entry.seq != first + place for place, entry in enumerate(entries)):
        raise ValueError("the seqs of an append are consecutive")
    return [
        (
            workspace,
            entry.seq,
            epoch,
            entry.at,
            id_bytes(entry.user_id),
            optional_id_bytes(entry.client_id),
            entry.client_seq,
            entry.payload_hash,
            optional_id_bytes(entry.note_id),
            entry.body,
        )
        for entry in entries
    ]


def entry_of(row: Row) -> LoggedEntry:
    """The entry of a row of `READ_COLUMNS`."""
    seq, at, user_id, client_id, client_seq, payload_hash, note_id, body = row
    return LoggedEntry(
        seq,
        at,
        id_text(user_id),
        optional_id_text(client_id),
        client_seq,
        payload_hash,
        optional_id_text(note_id),
        body,
    )
