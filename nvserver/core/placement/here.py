"""Where it is asked for: the clients that came to this node are served without a detour."""

from collections.abc import Sequence

from nvserver.core.placement.bounded import bounded
from nvserver.core.placement.nodes import Candidate


def here(workspace_id: str, nodes: Sequence[Candidate], here_id: str) -> Candidate:
    """This node, if it takes workspaces. `nodes` is not empty."""
    mine = next((node for node in nodes if node.node_id == here_id), None)
    return mine or bounded(workspace_id, nodes, here_id)
