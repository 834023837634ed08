"""Metrics of a node among others."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nvserver.cluster.node import ClusterNode


class ClusterCollector(Collector):
    """The node's lease, its neighbours, its links, and what became of its workspaces."""

    def __init__(self, cluster: ClusterNode) -> None:
        self._cluster = cluster

    def collect(self) -> Iterator[Metric]:
        """Everything as it is now."""
        keeper, links = self._cluster.keeper, self._cluster.links
        statistics = self._cluster.router.statistics
        nodes = keeper.nodes
        yield _gauge("nodes", "Nodes that are alive, this one too", len(nodes))
        yield _gauge("nodes_draining", "Of those, nodes that are stopping", sum(n.is_draining for n in nodes.values()))
        yield _gauge("lease_left_seconds", "Of the node's own lease; 0 when it has ended", keeper.left_seconds())
        yield _counter("lease_renewals_failed", "Renewals that the directory did not answer", keeper.failures)
        yield _counter("leases_lost", "Times the directory did not know the node's lease any more", keeper.forgotten)
        yield _counter("takeovers", "Workspaces taken over from dead nodes", statistics.takeovers)
        yield _counter("handovers", "Workspaces handed over to other nodes", statistics.moves_out)
        yield _counter("forwardings", "Times a workspace was found on another node", statistics.forwarded)
        yield _gauge("links", "Links to other nodes, both ways", links.count)
        yield _counter("links_ended", "Links that ended: silent, a frame lost, or the node gone", links.breaks)
        yield _counter("datagrams_refused", "Datagrams that no node had sealed", self._cluster.refused_datagrams)


def _counter(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(f"notevault_{name}", meaning, value=value)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"notevault_{name}", meaning, value=value)
