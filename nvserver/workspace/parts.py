"""What the actors of a node have in common."""

from dataclasses import dataclass

from nvserver.actors.timer import Timer
from nvserver.core.limits import WorkspaceLimits
from nvserver.ports.chat import ChatStore
from nvserver.ports.clock import NowMs
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog
from nvserver.workspace.log_writer import LogWriter
from nvserver.workspace.notifying import Notify
from nvserver.workspace.quarantine import Quarantine
from nvserver.workspace.settings import WorkspaceSettings
from nvserver.workspace.snapshotter import Snapshotter


@dataclass(frozen=True, slots=True)
class ActorParts:
    """What every workspace actor of a node works with."""

    node_name: str
    oplog: OpLog
    writer: LogWriter
    snapshotter: Snapshotter
    timer: Timer
    now_ms: NowMs
    offload: Offload
    settings: WorkspaceSettings
    limits: WorkspaceLimits
    chat: ChatStore
    notify: Notify
    quarantine: Quarantine
