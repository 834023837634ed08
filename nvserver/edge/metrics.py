"""What Prometheus reads: requests as they are answered, everything else from the parts' own statistics when asked.

Nothing here runs while an edit is under way: the parts count for themselves, as plainly as they can.
"""

from collections.abc import Iterator
from itertools import accumulate

import structlog
import trio
from prometheus_client import (
    CollectorRegistry,
    Counter,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client import Histogram as PrometheusHistogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from nvserver.actors.timer import Timer
from nvserver.core.statistics import SECONDS, Histogram
from nvserver.edge.realtime.gateway import Gateway
from nvserver.workspace.catalog import Catalog
from nvserver.workspace.log_writer import LogWriter

log = structlog.get_logger()

LAG_EVERY_SECONDS = 0.5
STANDSTILL_SECONDS = 1.0
"""So late is no busy node any more: the process was stopped, got no CPU, or something held the event loop."""


class HttpMetrics:
    """Requests by route. The route is its pattern, never an address: the number of series is fixed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "notevault_http_requests_total", "Answered requests", ["method", "route", "status"], registry=registry
        )
        self._seconds = PrometheusHistogram(
            "notevault_http_request_seconds",
            "From a request's head to its answer",
            ["method", "route"],
            buckets=SECONDS,
            registry=registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)


class LoopLag:
    """How late the event loop is: what is due every half second, and when it comes."""

    def __init__(self, timer: Timer) -> None:
        self.seconds = Histogram()
        self._timer = timer
        self._due = 0.0

    def start(self) -> None:
        """From now on, once everything is loaded."""
        self._due = trio.current_time() + LAG_EVERY_SECONDS
        self._timer.call_later(LAG_EVERY_SECONDS, self._came)

    def _came(self) -> None:
        late = max(0.0, trio.current_time() - self._due)
        self.seconds.observe(late)
        if late >= STANDSTILL_SECONDS:
            log.warning("event loop stood still", seconds=round(late, 1))
        self.start()


class NodeCollector(Collector):
    """Workspaces, log and connections of one node."""

    def __init__(self, catalog: Catalog, writer: LogWriter, gateway: Gateway, lag: LoopLag) -> None:
        self._catalog = catalog
        self._writer = writer
        self._gateway = gateway
        self._lag = lag

    def collect(self) -> Iterator[Metric]:
        """Everything as it is now."""
        yield from self._log()
        yield from self._workspaces()
        yield from self._connections()
        yield histogram("event_loop_lag_seconds", "How late what is due comes to its turn", self._lag.seconds)

    def _log(self) -> Iterator[Metric]:
        writer, statistics = self._writer, self._writer.statistics
        yield counter("operations", "Entries that became durable", statistics.batch_entries.total)
        yield histogram("commit_entries", "Entries in one commit", statistics.batch_entries)
        yield histogram("commit_seconds", "One commit, of all workspaces with entries", statistics.commit_seconds)
        yield histogram("edit_durable_seconds", "From the actor's turn to the disk", statistics.durable_seconds)
        yield histogram("edit_broadcast_seconds", "From the actor's turn to all outboxes", statistics.told_seconds)
        yield gauge("log_pending_bytes", "What waits for the store", writer.pending_bytes)
        yield counter("fence_hits", "Appends refused: another activation owns the workspace", statistics.fenced)
        yield counter("appends_lost", "Appends whose outcome could not be found out in time", statistics.lost)
        yield counter("appends_unanswered", "Tries that the store did not answer", statistics.unanswered)

    def _workspaces(self) -> Iterator[Metric]:
        catalog = self._catalog
        depths = catalog.open_workspaces.values()
        workspaces = GaugeMetricFamily("notevault_workspaces", "Workspaces by state", labels=["state"])
        workspaces.add_metric(["open"], len(depths))
        workspaces.add_metric(["quarantined"], len(catalog.quarantined))
        yield workspaces
        yield gauge("mailbox_messages", "Messages that wait for actors", sum(depths))
        yield gauge("mailbox_messages_max", "Messages in the fullest mailbox", max(depths, default=0))
        yield counter("activations", "Actors begun, restarts too", catalog.activations)
        yield counter("actor_crashes", "Actors that crashed", catalog.crashes)
        yield counter("quarantines", "Workspaces closed because they crashed too often", catalog.quarantines)

    def _connections(self) -> Iterator[Metric]:
        queued, statistics = self._gateway.queued_bytes, self._gateway.statistics
        yield gauge("connections", "Realtime connections", len(queued))
        yield gauge("outbox_bytes", "What waits for clients", sum(queued))
        yield gauge("outbox_bytes_max", "What waits for the slowest client", max(queued, default=0))
        overflows = CounterMetricFamily(
            "notevault_outbox_overflows", "What slow clients went without", labels=["policy"]
        )
        for policy in ("cursors", "composed", "resyncs", "closed"):
            overflows.add_metric([policy], getattr(statistics, policy))
        yield overflows


def watch_process(registry: CollectorRegistry) -> None:
    """Add what the operating system and Python say of the process."""
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)


def exposition(registry: CollectorRegistry) -> bytes:
    """All metrics in the text format 0.0.4."""
    return generate_latest(registry)


def counter(name: str, meaning: str, value: float) -> Metric:
    """What only grows; `name` without the prefix of all of ours."""
    return CounterMetricFamily(f"notevault_{name}", meaning, value=value)


def gauge(name: str, meaning: str, value: float) -> Metric:
    """What goes up and down."""
    return GaugeMetricFamily(f"notevault_{name}", meaning, value=value)


def histogram(name: str, meaning: str, counted: Histogram) -> Metric:
    """How often which values were seen."""
    bounds = [*(str(bound) for bound in counted.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(counted.counts), strict=True))
    return HistogramMetricFamily(f"notevault_{name}", meaning, buckets=buckets, sum_value=counted.total)
