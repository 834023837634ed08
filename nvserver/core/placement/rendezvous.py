"""Rendezvous hashing (Thaler and Ravishankar, 1998): every node gets a score for the workspace, the highest wins.

A node that comes or goes moves only the workspaces that it wins or had."""

from collections.abc import Sequence
from hashlib import blake2b

from nvserver.core.placement.nodes import Candidate


def by_score(workspace_id: str, nodes: Sequence[Candidate]) -> Sequence[Candidate]:
    """The nodes, the best for the workspace first; the same on every node that knows of the same ones."""
    return sorted(nodes, key=lambda node: _score(workspace_id, node.node_id), reverse=True)


def rendezvous(workspace_id: str, nodes: Sequence[Candidate], _here: str) -> Candidate:
    """The best, whatever its load. `nodes` is not empty."""
    return max(nodes, key=lambda node: _score(workspace_id, node.node_id))


def _score(workspace_id: str, node_id: str) -> bytes:
    return blake2b(f"{workspace_id}/{node_id}".encode(), digest_size=8).digest()
