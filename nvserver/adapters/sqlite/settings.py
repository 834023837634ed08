"""What can be set of the SQLite store."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SqliteSettings:
    """Times in seconds, sizes in bytes."""

    deadline_seconds: float = field(default=5.0, metadata={"min": 0.1, "max": 60.0})
    """How long a caller waits for any answer before it is told `Unavailable`."""
    busy_seconds: float = field(default=2.0, metadata={"min": 0.0, "max": 60.0})
    """How long a write waits for another process that holds the file's write lock."""
    readers: int = field(default=4, metadata={"min": 1, "max": 64})
    """Connections, and threads, that read at the same time."""
    max_waiting: int = field(default=512, metadata={"min": 1, "max": 100_000})
    """Calls that may wait for the writer, and as many for the readers; more are told `Unavailable` at once."""
    cache_bytes: int = field(default=4 * 2**20, metadata={"min": 2**20, "max": 2**32})
    """Page cache of the writer; each reader has a quarter of it."""
    wal_upkeep_seconds: float = field(default=1.0, metadata={"min": 0.01, "max": 600.0})
    """How long after a write the write-ahead log is copied into the database file."""
    wal_bytes: int = field(default=64 * 2**20, metadata={"min": 2**20, "max": 2**32})
    """The write-ahead log's size at which a write copies it itself, because upkeep did not come to it."""
