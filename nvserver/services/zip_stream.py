"""A zip that is sent while it is written: no more of it is in memory than the piece under way."""

from datetime import UTC, datetime
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_EARLIEST: Final = 315_532_800_000  # 1980, where zips begin


class _Sink:
    """What the zip was given and nobody has taken yet. It cannot seek, so sizes come behind the contents."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken


class ZipStream:
    """Every method answers the bytes that are next."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w")  # type: ignore[call-overload]
        self._open: IO[bytes] | None = None

    def add(self, path: str, changed_at: int, content: bytes) -> bytes:
        """A whole entry, compressed: call it in a thread."""
        self._zip.writestr(_info(path, changed_at, ZIP_DEFLATED), content)
        return self._sink.take()

    def begin(self, path: str, changed_at: int) -> bytes:
        """An entry that comes in pieces, kept as they are."""
        self._open = self._zip.open(_info(path, changed_at, ZIP_STORED), "w", force_zip64=True)
        return self._sink.take()

    def piece(self, content: bytes) -> bytes:
        """Of the entry that was begun."""
        assert self._open is not None
        self._open.write(content)
        return self._sink.take()

    def end(self) -> bytes:
        """Of the entry that was begun."""
        assert self._open is not None
        self._open.close()
        return self._sink.take()

    def finish(self) -> bytes:
        """The list of entries."""
        self._zip.close()
        return self._sink.take()


def _info(path: str, changed_at: int, compression: int) -> ZipInfo:
    at = datetime.fromtimestamp(max(changed_at, _EARLIEST) / 1000, UTC)
    info = ZipInfo(path, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = compression
    return info
