"""The policies by the names that the settings know."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from nvserver.core.placement.bounded import bounded
from nvserver.core.placement.here import here
from nvserver.core.placement.nodes import Candidate
from nvserver.core.placement.rendezvous import rendezvous

Policy: TypeAlias = Callable[[str, Sequence[Candidate], str], Candidate]
"""Workspace id, the live nodes (at least one), the id of the node that asks → the node that shall have it."""

POLICIES: Final[Mapping[str, Policy]] = {"bounded": bounded, "rendezvous": rendezvous, "here": here}
