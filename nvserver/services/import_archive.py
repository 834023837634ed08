"""What somebody wants to bring in: an archive, or files for themselves, as a list of paths that do no harm. Everything
here reads what strangers sent: call it in a thread."""

import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO, Final
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

import msgspec

from nvserver.errors import PayloadTooLarge, ValidationFailed
from nvserver.problems import Problem

_READ: Final = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_HIDDEN: Final = ("__MACOSX/", "Thumbs.db", "desktop.ini")
_SPREAD: Final = 4


class Skipped(msgspec.Struct, frozen=True):
    """What was not brought in, and why."""

    path: str
    reason: str


class Entry(msgspec.Struct, frozen=True):
    """A file at its place. `size` is what it claims to be; no more of it is ever read."""

    path: str
    size: int
    source: BinaryIO | ZipInfo


class Archive:
    """Entries by their paths."""

    def __init__(self, zipped: ZipFile | None, entries: Sequence[Entry], skipped: Sequence[Skipped]) -> None:
        self._zip = zipped
        self.entries = {entry.path: entry for entry in entries}
        self.skipped = list(skipped)

    @contextmanager
    def open(self, entry: Entry) -> Iterator[IO[bytes]]:
        """Raises `ValidationFailed` for an entry that cannot be unpacked, also while it is read."""
        try:
            if isinstance(entry.source, ZipInfo):
                assert self._zip is not None
                with self._zip.open(entry.source) as content:
                    yield content
            else:
                entry.source.seek(0)
                yield entry.source
        except _READ as error:
            raise ValidationFailed.at(
                entry.path[:200], f"cannot be unpacked: {str(error)[:100]}", Problem.UNREADABLE
            ) from None

    def read(self, entry: Entry, max_bytes: int) -> bytes:
        """The whole of it. Raises `PayloadTooLarge`, `ValidationFailed`."""
        if entry.size > max_bytes:
            raise PayloadTooLarge(f"{entry.path[:200]} is larger than {max_bytes} bytes")
        with self.open(entry) as content:
            return content.read()


def open_archive(files: Sequence[tuple[str, BinaryIO, int]], *, max_bytes: int, max_entries: int) -> Archive:
    """`files`: name, content and size of each that was sent; a single zip is opened. Raises `ValidationFailed`,
    `PayloadTooLarge`."""
    first = files[0]
    first[1].seek(0)
    if len(files) > 1 or first[1].read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
        return Archive(None, [Entry(name, size, content) for name, content, size in files], [])
    try:
        zipped = ZipFile(first[1])
    except _READ as error:
        raise ValidationFailed.at("file", f"is no zip: {str(error)[:100]}", Problem.UNREADABLE) from None
    infos = [info for info in zipped.infolist() if not info.is_dir()]
    if len(infos) > max_entries:
        raise PayloadTooLarge(f"An archive holds at most {max_entries} files")
    if sum(info.file_size for info in infos) > _SPREAD * max_bytes:
        raise PayloadTooLarge(f"What is in an archive takes at most {_SPREAD * max_bytes} bytes")
    entries, skipped = [], []
    for info in infos:
        path = _safe_path(info.filename)
        if path is None:
            skipped.append(Skipped(info.filename[:200], "leads out of the archive"))
        elif stat.S_ISLNK(info.external_attr >> 16):
            skipped.append(Skipped(path[:200], "is a link"))
        elif info.flag_bits & 1:
            skipped.append(Skipped(path[:200], "is encrypted"))
        elif not _is_hidden(path):
            entries.append(Entry(path, info.file_size, info))
    return Archive(zipped, _without_top(entries), skipped)


def _safe_path(raw: str) -> str | None:
    parts = [part for part in raw.replace("\\", "/").split("/") if part not in ("", ".")]
    if raw.startswith("/") or ":" in raw[:2] or ".." in parts or "\x00" in raw or not parts:
        return None
    return "/".join(parts)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part in _HIDDEN for part in path.split("/")) or path.startswith(_HIDDEN)


def _without_top(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Most archives hold one folder that holds everything: it is none of the contents."""
    tops = {entry.path.partition("/")[0] for entry in entries}
    if len(tops) != 1 or any("/" not in entry.path for entry in entries) or tops == {"notes"}:
        return entries
    cut = len(tops.pop()) + 1
    return [Entry(entry.path[cut:], entry.size, entry.source) for entry in entries]
