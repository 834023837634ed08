"""The store in one SQLite file: the embedded default, for one machine."""

from nvserver.adapters.sqlite.migrate import check, migrate
from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.adapters.sqlite.store import open_sqlite

__all__ = ["SqliteSettings", "check", "migrate", "open_sqlite"]
