"""Latencies as what is told of them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds; `count` samples."""

    count: int
    p50: float
    p95: float
    p99: float
    maximum: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Latency | None":
        """None without samples."""
        ordered = sorted(seconds)
        if not ordered:
            return None

        def at(share: float) -> float:
            return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3, 3)

        return cls(len(ordered), at(0.50), at(0.95), at(0.99), round(ordered[-1] * 1e3, 3))
