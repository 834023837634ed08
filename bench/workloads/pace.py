"""What the longest rest between rounds buys and costs: 100 people in one note, 200 edits a second."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.core.results import Row
from bench.core.typing import Load
from bench.servers.kinds import Kind
from bench.servers.program import Command
from bench.workloads.bench import Bench
from bench.workloads.typing import measure

_SETTING = "NV_REALTIME__LONGEST_ROUND_SECONDS"


def pace(bench: Bench, kind: Kind) -> Iterator[Row]:
    """0: every message is read at once, every edit is a commit and a broadcast of its own."""
    settings = bench.settings
    load = Load(1, 100, 10, 200, settings.warmup_seconds, settings.growth_seconds)
    for milliseconds in settings.paces:
        values = measure(bench, _paced(kind, milliseconds / 1e3), load)
        yield Row("Growth: longest rest in ms", kind.name, str(milliseconds), values)


def _paced(kind: Kind, seconds: float) -> Kind:
    def command(folder: Path, url: str) -> Command:
        own = kind.command(folder, url)
        return replace(own, environment={**own.environment, _SETTING: str(seconds)})

    return replace(kind, command=command)
