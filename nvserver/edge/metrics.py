"""Metrics of the edge, as Prometheus reads them. One registry a node; every part adds its own."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class HttpMetrics:
    """Requests by route. The route is its pattern, never an address: the number of series is fixed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "notevault_http_requests_total", "Answered requests", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
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


def exposition(registry: CollectorRegistry) -> bytes:
    """All metrics in the text format 0.0.4."""
    return generate_latest(registry)
