"""What was measured, as rows; medians and spreads over the repetitions."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Value = float | int | bool | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `point` is where on a workload's axis it was taken (`clients=100`); empty without an axis."""

    workload: str
    server: str
    point: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Summary:
    """The repetitions of one number."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        if self.lowest == self.highest:
            return shown(self.median)
        return f"{shown(self.median)} ({shown(self.lowest)}–{shown(self.highest)})"


Table = Mapping[tuple[str, str, str], Mapping[str, Summary]]
"""By workload, point and server: the summaries of its numbers."""


def summarize(rows: Iterable[Row]) -> Table:
    """Medians and ranges; what is no number is left out."""
    numbers: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for name, value in row.values.items():
            if isinstance(value, int | float):
                numbers[row.workload, row.point, row.server][name].append(float(value))
    return {
        key: {name: Summary(statistics.median(of), min(of), max(of)) for name, of in named.items()}
        for key, named in numbers.items()
    }


def shown(number: float) -> str:
    """Three digits that count, or all before the point."""
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}" if abs(number) >= 1 else f"{number:.2g}"
