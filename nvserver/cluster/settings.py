"""The knobs of a node among others."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """Section `[node]` of the settings: this node among others."""

    name: str | None = None
    """The node's name, unique in the cluster; by default the host's name and some random letters."""
    url: str | None = field(default=None, metadata={"schemes": ("http", "https")})
    """Where clients may reach this very node; by default they are not sent to a node of their choice."""
    lease_seconds: float = field(default=3.0, metadata={"min": 0.2, "max": 60})
    """How long a workspace stays with a node that is not heard of."""
    placement: Literal["bounded", "rendezvous", "here"] = "bounded"
    """Which node a workspace is opened on: by its id with evened loads, by its id alone, or where it is asked for."""
    rebalance_seconds: float = field(default=2.0, metadata={"min": 0, "max": 3600})
    """A node with too large a share hands over one workspace each time this has passed; 0 switches that off."""
    link_seconds: float = field(default=3.0, metadata={"min": 0.2, "max": 60})
    """A link to another node on which nothing is heard for so long is given up."""
    link_bytes: int = field(default=8_388_608, metadata={"min": 65_536})
    """What may wait on one link, or for one workspace that is being looked for; then no more is taken."""
