"""The ports that one database fills together."""

from dataclasses import dataclass

from nvserver.ports.accounts import AccountStore
from nvserver.ports.audit import LogAudit
from nvserver.ports.oplog import OpLog, WorkspaceIndex
from nvserver.ports.search import SearchIndex


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. `cluster_id` (a UUID string) was drawn when it was made: nodes that find another id elsewhere,
    in their settings or their directory, do not belong together."""

    cluster_id: str
    oplog: OpLog
    index: WorkspaceIndex
    audit: LogAudit
    accounts: AccountStore
    search: SearchIndex
