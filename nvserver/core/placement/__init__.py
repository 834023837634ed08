"""Placement: which node a workspace shall live on. Pure choices from what is known of the live nodes.

Nothing depends on all nodes choosing alike: the directory's compare-and-set names the winner, the op log's epoch
decides. A choice that differs costs a detour, never truth.
"""

from nvserver.core.placement.nodes import Candidate as Candidate
from nvserver.core.placement.policies import POLICIES as POLICIES
from nvserver.core.placement.policies import Policy as Policy
from nvserver.core.placement.rebalance import Rebalance as Rebalance
from nvserver.core.placement.rebalance import surplus as surplus
