"""What the actors of a node have in common."""

from collections.abc import Callable
from dataclasses import dataclass

from nvserver.actors.timer import Timer
from nvserver.core.limits import WorkspaceLimits
from nvserver.ports.chat import ChatStore
from nvserver.ports.clock import NowMs
from nvserver.ports.offload import Offload
from nvserver.ports.oplog import OpLog
from nvserver.workspace.farewell import OnFarewell
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
    is_sure: Callable[[], bool] = lambda: True
    """Whether this node's activations are surely the newest. When they may not be, the store is asked before somebody
    is shown a state; what is appended the store judges in any case."""
    on_farewell: OnFarewell | None = None
    """Takes over those who are in a workspace when its actor ends; None: they are asked to join again."""
