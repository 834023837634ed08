"""Metrics of a node among others."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nvserver.cluster.node import ClusterNode
from nvserver.core.statistics import Histogram
from nvserver.edge.metrics import counter, gauge, histogram


class ClusterCollector(Collector):
    """The node's lease, its neighbours, its links, and what became of its workspaces."""

    def __init__(self, cluster: ClusterNode, bus_seconds: Histogram) -> None:
        self._cluster = cluster
        self._bus_seconds = bus_seconds

    def collect(self) -> Iterator[Metric]:
        """Everything as it is now."""
        keeper, links = self._cluster.keeper, self._cluster.links
        statistics = self._cluster.router.statistics
        nodes = keeper.nodes
        node = GaugeMetricFamily("notevault_node", "This node, by the name that commands take", labels=["name"])
        node.add_metric([self._cluster.info().name], 1)
        yield node
        yield gauge("nodes", "Nodes that are alive, this one too", len(nodes))
        yield gauge("nodes_draining", "Of those, nodes that are stopping", sum(n.is_draining for n in nodes.values()))
        yield gauge("lease_left_seconds", "Of the node's own lease; 0 when it has ended", keeper.left_seconds())
        yield counter("lease_renewals_failed", "Renewals that the directory did not answer", keeper.failures)
        yield histogram("lease_renewal_seconds", "What the directory took to answer", keeper.renewal_seconds)
        yield histogram("bus_seconds", "What the bus took to take what went out together", self._bus_seconds)
        yield counter("leases_lost", "Times the directory did not know the node's lease any more", keeper.forgotten)
        yield counter("takeovers", "Workspaces taken over from dead nodes", statistics.takeovers)
        yield counter("handovers", "Workspaces handed over to other nodes", statistics.moves_out)
        yield counter("forwardings", "Times a workspace was found on another node", statistics.forwarded)
        yield gauge("links", "Links to other nodes, both ways", links.count)
        yield counter("links_ended", "Links that ended: silent, a frame lost, or the node gone", links.breaks)
        yield counter("datagrams_refused", "Datagrams that no node had sealed", self._cluster.refused_datagrams)
