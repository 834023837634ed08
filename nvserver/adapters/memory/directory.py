"""The directory in memory, for nodes in one process."""

from collections.abc import Callable, Mapping, Sequence

import trio

from nvserver.ports.directory import Beat, LiveNode, NodeInfo


class MemoryDirectory:
    """Fills the port `Directory`. Every method first lets others run, then does all at once."""

    def __init__(self, now: Callable[[], float] = trio.current_time) -> None:
        self._now = now
        self._cluster_id: str | None = None
        self._nodes: dict[str, tuple[NodeInfo, float]] = {}
        self.owners: dict[str, str] = {}

    async def bind(self, cluster_id: str) -> str:
        """See `Directory.bind`."""
        await trio.lowlevel.checkpoint()
        self._cluster_id = self._cluster_id or cluster_id
        return self._cluster_id

    async def beat(self, node: NodeInfo, lease_seconds: float) -> Beat:
        """See `Directory.beat`."""
        await trio.lowlevel.checkpoint()
        now = self._now()
        live = {node_id: item for node_id, item in self._nodes.items() if item[1] > now}
        was_empty, was_known = not self._nodes, node.node_id in live
        self._nodes = live | {node.node_id: (node, now + lease_seconds)}
        nodes = tuple(LiveNode(info, end - now) for info, end in self._nodes.values())
        return Beat(was_known, was_empty, nodes)

    async def retire(self, node_id: str) -> None:
        """See `Directory.retire`."""
        await trio.lowlevel.checkpoint()
        self._nodes.pop(node_id, None)

    async def look_up(self, workspace_id: str) -> str | None:
        """See `Directory.look_up`."""
        await trio.lowlevel.checkpoint()
        return self.owners.get(workspace_id)

    async def claim(self, node_id: str, workspaces: Mapping[str, str | None]) -> Mapping[str, str]:
        """See `Directory.claim`."""
        await trio.lowlevel.checkpoint()
        for workspace_id, previous in workspaces.items():
            if self.owners.get(workspace_id) in (None, previous):
                self.owners[workspace_id] = node_id
        return {workspace_id: self.owners[workspace_id] for workspace_id in workspaces}

    async def release(self, node_id: str, workspace_ids: Sequence[str]) -> None:
        """See `Directory.release`."""
        await trio.lowlevel.checkpoint()
        for workspace_id in workspace_ids:
            if self.owners.get(workspace_id) == node_id:
                del self.owners[workspace_id]

    def forget_all(self) -> None:
        """Lose everything, as an emptied server does."""
        self._nodes.clear()
        self.owners.clear()
        self._cluster_id = None
