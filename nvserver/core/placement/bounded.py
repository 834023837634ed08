"""Rendezvous hashing with bounded loads (after Mirrokni, Thorup and Zadimoghaddam, 2017): a node that has more than its
share already is passed over."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from nvserver.core.placement.nodes import Candidate
from nvserver.core.placement.rendezvous import by_score

SLACK: Final = 0.1
"""How far above the mean a node's load may go."""


def bounded(workspace_id: str, nodes: Sequence[Candidate], _here: str) -> Candidate:
    """The best that has room. `nodes` is not empty; one of them has room, since not all can be above the mean."""
    mean = (sum(node.load for node in nodes) + 1) / len(nodes)
    most = ceil(mean * (1 + SLACK))
    return next(node for node in by_score(workspace_id, nodes) if node.load < most)
