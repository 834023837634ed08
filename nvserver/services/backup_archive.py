"""The file of a backup: a zip with the tables' rows, the files' bytes, and, written last, a manifest.

A table is `tables/NAME`: pages, each as its length in 4 bytes (big endian) and the rows in MessagePack. A file's bytes
are `blobs/KEY`. The zip's own checksums cover everything; without the manifest it was not finished.
"""

import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, Self

import msgspec

from nvserver.errors import OperatorError
from nvserver.ports.dump import Rows, Table

FORMAT: Final = 1

_MANIFEST: Final = "manifest.json"
_TABLES: Final = "tables/"
_BLOBS: Final = "blobs/"
_LENGTH_BYTES: Final = 4
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
"""What reading a damaged zip raises."""
_LARGEST_PAGE: Final = 2**30
_PIECE_BYTES: Final = 1_048_576
_PAGE: Final = msgspec.msgpack.Decoder(list[list[Any]])


class Manifest(msgspec.Struct, frozen=True):
    """`schema` is the number of the newest migration of the store that was backed up; times are ISO 8601."""

    format: int
    schema: int
    made_at: str
    version: str
    tables: tuple[Table, ...]
    blobs: int


class BackupNotUsable(OperatorError):
    """The file is no backup, not a whole one, or not one for this program."""


class ArchiveWriter:
    """Writes into a zip. Closing it without `finish` leaves an unfinished backup."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def open_table(self, table: Table) -> "MemberWriter":
        """Where the table's rows go."""
        return MemberWriter(self._zip, _TABLES + table.name)

    def open_blob(self, key: str) -> "MemberWriter":
        """Where the file's bytes go."""
        return MemberWriter(self._zip, _BLOBS + key)

    def finish(self, manifest: Manifest) -> None:
        """Say that it is whole."""
        self._zip.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


class MemberWriter:
    """One entry of the zip, written piece by piece."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._file = archive.open(name, "w", force_zip64=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def write(self, piece: bytes) -> None:
        """Bytes of a file."""
        self._file.write(piece)

    def write_rows(self, rows: Rows) -> None:
        """A page of a table."""
        page = msgspec.msgpack.encode([tuple(row) for row in rows])
        self._file.write(len(page).to_bytes(_LENGTH_BYTES, "big") + page)


class ArchiveReader:
    """Reads a backup. Raises `BackupNotUsable` for what is none, not whole, or of a newer format."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
            manifest = self._zip.read(_MANIFEST)
        except zipfile.BadZipFile as error:
            raise BackupNotUsable("the file is no backup, or only a part of one") from error
        except KeyError as error:
            raise BackupNotUsable("the backup was not finished: make it again") from error
        try:
            self.manifest = msgspec.json.decode(manifest, type=Manifest)
        except msgspec.ValidationError as error:
            raise BackupNotUsable("the file is no backup of NoteVault") from error
        if self.manifest.format != FORMAT:
            raise BackupNotUsable(f"the backup was made by NoteVault {self.manifest.version}: restore it with that")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def rows(self, table: Table) -> Iterator[Rows]:
        """The pages of the table."""
        try:
            with self._zip.open(_TABLES + table.name) as file:
                while head := file.read(_LENGTH_BYTES):
                    length = int.from_bytes(head, "big")
                    if length > _LARGEST_PAGE:
                        raise BackupNotUsable(f"the backup is damaged in table {table.name}")
                    yield _PAGE.decode(file.read(length))
        except (*_DAMAGE, KeyError, msgspec.DecodeError) as error:
            raise BackupNotUsable(f"the backup is damaged in table {table.name}") from error

    def blobs(self) -> Iterator[tuple[str, BinaryIO]]:
        """The files: key, and what reads its bytes."""
        for name in self._zip.namelist():
            if name.startswith(_BLOBS):
                with self._zip.open(name) as file:
                    yield name.removeprefix(_BLOBS), file  # type: ignore[misc]  # it reads bytes and can be rewound

    def check(self) -> None:
        """Read all of it against its checksums. Raises `BackupNotUsable`."""
        try:
            damaged = self._zip.testzip()
        except _DAMAGE as error:
            raise BackupNotUsable("the backup is damaged") from error
        if damaged is not None:
            raise BackupNotUsable(f"the backup is damaged in {damaged}")
