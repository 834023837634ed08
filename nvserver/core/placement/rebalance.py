"""When a node hands workspaces to others: slowly, and only when it is worth it."""

from collections.abc import Sequence

import msgspec

from nvserver.core.placement.nodes import Candidate


class Rebalance(msgspec.Struct, frozen=True):
    """`start_ratio`: a node starts to give when it has so many times the mean; it stops at the mean. The gap between
    both is the hysteresis: a share that sways by less moves nothing."""

    start_ratio: float = 1.25
    least_surplus: int = 2


def surplus(node_id: str, nodes: Sequence[Candidate], rebalance: Rebalance, *, is_giving: bool) -> int:
    """How many workspaces the node should give away now; 0 for most. `is_giving`: it has begun already."""
    if len(nodes) < 2:
        return 0
    mean = sum(node.load for node in nodes) / len(nodes)
    mine = next((node.load for node in nodes if node.node_id == node_id), 0)
    above = int(mine - mean)
    if is_giving:
        return max(0, above)
    return above if above >= rebalance.least_surplus and mine > mean * rebalance.start_ratio else 0
