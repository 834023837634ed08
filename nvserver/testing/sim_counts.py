"""What is counted of a simulated client: its characters, and what happened to it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Characters:
    """What became of characters: `typed` for the first time, `deleted` by somebody, and `unsure`: the deletion was
    taken back, or merged with a whole text in which the character may stand at another place."""

    typed: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def add(self, other: "Characters") -> None:
        self.typed |= other.typed
        self.deleted |= other.deleted
        self.unsure |= other.unsure


@dataclass(slots=True)
class ClientCounts:
    """What happened to a client: a run in which nothing did proved nothing."""

    duplicates: int = 0
    cuts: int = 0
    resyncs: int = 0
    composed_edits: int = 0
    loaded_texts: int = 0
    undone_edits: int = 0
    refused_edits: int = 0
    recoveries: int = 0
    visits: int = 0
