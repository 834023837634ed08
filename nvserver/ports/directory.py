"""The directory: which nodes are alive, and which of them has which workspace.

It hands out work; it does not guard the truth. When it is slow, empty, wrong or gone, two nodes may believe to have a
workspace: the op log's epoch decides, and the loser stops.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class NodeInfo(msgspec.Struct, frozen=True):
    """What a node tells of itself. `node_id` is new at every start, so that nothing that a former life owned is taken
    for its own. `url`: where clients reach this very node. `load`: workspaces it has open. `wire`: only nodes of one
    wire can speak to each other."""

    node_id: str
    name: str
    url: str | None = None
    load: int = 0
    is_draining: bool = False
    started_at: int = 0
    wire: int = 0


class LiveNode(msgspec.Struct, frozen=True):
    """A node with a lease that runs for `left_seconds` more."""

    info: NodeInfo
    left_seconds: float


class Beat(msgspec.Struct, frozen=True):
    """The answer to a renewal. `was_known`: the node's lease was still there. `was_empty`: there was no node at all, as
    after a loss of all data. `nodes`: all with a lease, the asking one too."""

    was_known: bool
    was_empty: bool
    nodes: tuple[LiveNode, ...]


class Directory(Protocol):
    """Every method raises `Unavailable` when the directory does not answer in time; then it may have happened or
    not."""

    async def bind(self, cluster_id: str) -> str:
        """Say which cluster the directory serves, unless it serves one; the one that it serves."""
        ...

    async def beat(self, node: NodeInfo, lease_seconds: float) -> Beat:
        """Take or renew the node's lease."""
        ...

    async def retire(self, node_id: str) -> None:
        """End the node's lease."""
        ...

    async def look_up(self, workspace_id: str) -> str | None:
        """The node that has the workspace, dead or alive; None for nobody."""
        ...

    async def claim(self, node_id: str, workspaces: Mapping[str, str | None]) -> Mapping[str, str]:
        """Put `node_id` down for each workspace that has no entry, or still the given one (None: only if it has none).
        The winner of each: `node_id`, or whom the entry names."""
        ...

    async def release(self, node_id: str, workspace_ids: Sequence[str]) -> None:
        """Take the entries away that name `node_id`; others stay."""
        ...
