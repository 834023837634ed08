"""What placement knows of a node."""

import msgspec


class Candidate(msgspec.Struct, frozen=True):
    """A live node that takes workspaces; `load` is how many it has open."""

    node_id: str
    load: int = 0
