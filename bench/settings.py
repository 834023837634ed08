"""How long, how often, how big: the full run, and a quick one that only shows that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchSettings:
    """Sizes of all workloads."""

    repetitions: int = 3
    seconds: float = 10.0
    """Of every typing measurement, after the warm-up."""
    warmup_seconds: float = 2.0
    probe_seconds: float = 4.0
    """Of every try while the highest rate is sought."""
    finest_rate: float = 1.2
    """The highest rate is known within this factor."""
    receivers: tuple[int, ...] = (20, 100, 200)
    """Clients of one note; the cost of a receiver is the slope between them."""
    many_notes: int = 100
    idle_connections: int = 10_000
    open_notes: int = 500
    history: int = 10_000
    """Edits that the 100 kB note has behind it when it is opened."""
    rest_seconds: float = 10.0
    replay_edits: int = 259_778
    paces: tuple[int, ...] = (0, 4, 8, 12, 16, 24, 33)
    """Longest rests between rounds, in milliseconds."""
    growth_seconds: float = 5.0
    growth_clients: tuple[int, ...] = (2, 10, 30, 100, 300, 1_000)
    growth_notes: tuple[int, ...] = (1, 10, 100, 300)
    growth_history: tuple[int, ...] = (100, 1_000, 10_000, 100_000, 1_000_000)
    growth_characters: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    growth_workspaces: tuple[int, ...] = (1, 10, 100, 1_000)
    stored_seconds: float = 12.0
    """Within this time those that write behind have written."""
    once: frozenset[str] = frozenset()
    """Workloads that are measured in the last repetition only."""
    is_brief: bool = False
    """Without the peers that are never the best."""


FULL = BenchSettings()
BRIEF = BenchSettings(
    seconds=4.0,
    warmup_seconds=1.0,
    probe_seconds=1.5,
    finest_rate=1.35,
    receivers=(20, 100),
    rest_seconds=5.0,
    paces=(0, 8, 16, 33),
    growth_seconds=2.0,
    growth_clients=(10, 100, 1_000),
    growth_notes=(1, 30, 300),
    growth_history=(100, 1_000, 10_000, 30_000),
    growth_characters=(1_000, 30_000, 1_000_000),
    growth_workspaces=(1, 30, 300),
    stored_seconds=11.0,
    once=frozenset({"w1-rate", "w2-rate", "w3", "w4", "w5", "pace", "growth", "replay"}),
    is_brief=True,
)
"""What fits into about half an hour; three repetitions of what is compared by CPU, one of the rest."""

QUICK = BenchSettings(
    repetitions=1,
    seconds=1.5,
    warmup_seconds=0.5,
    probe_seconds=1.0,
    receivers=(5, 20),
    many_notes=5,
    idle_connections=100,
    open_notes=20,
    history=300,
    rest_seconds=1.0,
    replay_edits=20_000,
    paces=(0, 16),
    growth_seconds=1.0,
    growth_clients=(2, 10),
    growth_notes=(1, 5),
    growth_history=(100, 300),
    growth_characters=(1_000, 10_000),
    growth_workspaces=(1, 5),
)
