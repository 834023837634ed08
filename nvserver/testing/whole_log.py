"""An op log in memory that forgets nothing: what a judge reads when the log itself was shortened."""

from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.core.changes import LoggedEntry
from nvserver.ports.oplog import Append


class WholeLog(MemoryOpLog):
    """`whole` has every entry that ever became durable, by workspace."""

    def __init__(self) -> None:
        self.index = MemoryIndex()
        super().__init__(self.index)
        self.whole: dict[str, list[LoggedEntry]] = {}

    def _store(self, append: Append) -> None:
        super()._store(append)
        self.whole.setdefault(append.workspace_id, []).extend(append.entries)
