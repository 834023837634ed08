"""What every workload is given."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.clients.dialect import Member, NoteRef
from bench.clients.notevault import NoteVault
from bench.core.processes import Cores
from bench.core.typing import Load, TypingSession
from bench.servers.kinds import Kind, Running, running
from bench.settings import BenchSettings


@dataclass(frozen=True, slots=True)
class Bench:
    """Sizes, cores, where the servers' folders are made, and the number of the repetition, which is the seed too."""

    settings: BenchSettings
    cores: Cores
    folder: Path
    repetition: int

    @contextmanager
    def server(self, kind: Kind) -> Iterator[Running]:
        """A fresh server."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder, running(kind, Path(folder), self.cores) as server:
            yield server

    @contextmanager
    def typing(self, server: Running, notes: Sequence[NoteRef], load: Load) -> Iterator[TypingSession]:
        """People who have the notes open."""
        session = TypingSession(server.dialect, opener(server), notes, load, self.repetition)
        try:
            yield session
        finally:
            session.close()


def opener(server: Running) -> Callable[[NoteRef], Member]:
    """How to open notes there; one token for all, where there are tokens."""
    dialect, port = server.dialect, server.port
    if isinstance(dialect, NoteVault):
        token = dialect.token(port)
        return lambda note: dialect.open_with(port, note, token)
    return lambda note: dialect.open(port, note)
