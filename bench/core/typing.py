"""The measuring core: people who type into notes, and what the server spends on it.

Open loop: edit `i` is due at `start + i / rate`, whatever the server does, and its latency counts from then. Where the
protocol allows one edit in flight per typist, what is due earlier waits at the typist and then goes as one edit, as the
clients of these protocols do it (ShareDB's composes what waits, our contract asks for it); that wait counts too.
Typists and a few observers read every message; all other receivers count a marker in the bytes that come.
"""

import gc
import random
import select
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bench.clients.dialect import Dialect, Key, Member, NoteRef
from bench.core.latency import Latency
from bench.core.link import Link, LinkBlocked, LinkClosed
from bench.core.processes import cpu_seconds, resident_bytes, tree_of
from bench.core.ticker import Ticker

RUN_CHARACTERS = 20
"""Characters that a typist writes side by side before it goes elsewhere."""
DRAIN_SECONDS = 10.0
OBSERVERS = 5
"""Receivers that read everything, per note; spread over the order in which they joined."""


@dataclass(frozen=True, slots=True)
class Load:
    """Who types how much for how long. `clients` and `typists` are per note, `edits_per_second` is of all together."""

    notes: int = 1
    clients: int = 100
    typists: int = 10
    edits_per_second: float = 200.0
    warmup_seconds: float = 2.0
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Typed:
    """What a load cost. CPU in seconds within the measured seconds; `edits` are typed characters, `operations` what
    they were sent as, `deliveries` are of these, to others than the author."""

    seconds: float
    edits: int
    operations: int
    deliveries: int
    server_cpu: float
    database_cpu: float
    driver_cpu: float
    server_bytes: int
    to_others: Latency | None
    to_author: Latency | None
    is_complete: bool
    """Everything sent was delivered and acknowledged in the end."""

    @property
    def server_micros_per_edit(self) -> float:
        return self.server_cpu / max(1, self.edits) * 1e6

    @property
    def is_sustained(self) -> bool:
        """Nothing was left behind, and p99 to the others is below 100 ms."""
        return self.is_complete and self.to_others is not None and self.to_others.p99 < 100


class _Receiver:
    """Counts deliveries: by their marker in the bytes that come, or message by message where there is none."""

    __slots__ = ("_dialect", "_marker", "_tail", "deliveries", "link")

    def __init__(self, member: Member, dialect: Dialect) -> None:
        self.link = member.link
        self.deliveries = 0
        self._dialect = dialect
        self._marker = dialect.marker
        self._tail = b""

    def on_readable(self) -> None:
        if self._marker is None:
            self.deliveries += sum([self._dialect.count_in(message) for message in self.link.read_messages()])
            return
        data = self._tail + self.link.read_bytes()
        self.deliveries += data.count(self._marker)
        if self._dialect.ping in data:
            self._dialect.answer_ping(self.link)
        self._tail = data[1 - len(self._marker) :]


class _Reader:
    """Reads everything: an observer, and the base of a typist."""

    def __init__(self, session: "TypingSession", member: Member) -> None:
        self.session = session
        self.member = member
        self.link = member.link
        self.deliveries = 0

    def on_readable(self) -> None:
        for message in self.link.read_messages():
            for key in self.member.read(message):
                self.on_edit(key)

    def on_edit(self, key: Key) -> None:
        self.deliveries += 1
        session, now = self.session, time.perf_counter()
        session.to_others += [now - due for due in session.due_of.get(key, ()) if due >= session.counts_from]


class _Typist(_Reader):
    """Types at moving places of the first text, as far as the protocol lets it."""

    def __init__(self, session: "TypingSession", member: Member, rng: random.Random, note: NoteRef) -> None:
        super().__init__(session, member)
        self._rng = rng
        self._last = max(1, note.characters - RUN_CHARACTERS - 1)
        self._position = 1
        self._left_in_run = self._typed = 0
        self._waiting: deque[float] = deque()
        self._in_flight: set[Key] = set()

    @property
    def is_clean(self) -> bool:
        return not self._waiting and not self._in_flight

    def type(self, due: float, is_one_in_flight: bool) -> None:
        """Type one character, or keep it until the one before is acknowledged."""
        if self._in_flight and is_one_in_flight:
            self._waiting.append(due)
        else:
            self._send((due,))

    def on_edit(self, key: Key) -> None:
        if key not in self._in_flight:
            self.deliveries += 1
            return
        session, now = self.session, time.perf_counter()
        self._in_flight.remove(key)
        due_of_it = session.due_of[key]
        session.acknowledged += len(due_of_it)
        session.to_author += [now - due for due in due_of_it if due >= session.counts_from]
        if self._waiting:
            waiting = len(self._waiting) if session.is_composing else 1
            self._send(tuple(self._waiting.popleft() for _ in range(waiting)))

    def _send(self, due: tuple[float, ...]) -> None:
        """One edit with a character for each time."""
        is_jump = self._left_in_run == 0
        if is_jump:
            self._position = self._rng.randint(1, self._last)
            self._left_in_run = RUN_CHARACTERS
        else:
            self._position += self._typed
        self._typed = len(due)
        self._left_in_run = max(0, self._left_in_run - self._typed)
        key = self.member.edit(self._position, is_jump, self._typed)
        self.session.operations += 1
        self.session.due_of[key] = due
        self._in_flight.add(key)


class TypingSession:
    """Connections to some notes: the first `typists` of each note type, the others read along. Close it."""

    def __init__(
        self,
        dialect: Dialect,
        open_member: Callable[[NoteRef], Member],
        notes: Sequence[NoteRef],
        load: Load,
        seed: int,
    ) -> None:
        self.due_of: dict[Key, tuple[float, ...]] = {}
        self.is_composing = False
        self.operations = 0
        self.counts_from = float("inf")
        self.to_others: list[float] = []
        self.to_author: list[float] = []
        self.acknowledged = 0
        self._sent = 0
        self._is_one_in_flight = dialect.is_one_in_flight
        self._epoll = select.epoll()
        self._by_fd: dict[int, Callable[[], None]] = {}
        self._typists: list[_Typist] = []
        self._others: list[_Reader | _Receiver] = []
        self._receivers_per_edit = load.clients - 1
        self._links: list[Link] = []
        rng = random.Random(seed)
        by_place: list[list[_Typist]] = [[] for _ in range(load.typists)]
        for note in notes:
            observed = _spread(load.typists, load.clients, OBSERVERS if load.notes == 1 else 1, rng)
            for place in range(load.clients):
                member = open_member(note)
                self._links.append(member.link)
                if len(self._links) % 20 == 0:
                    self._poll(0)  # who does not read while others join is thrown out
                if place < load.typists:
                    typist = _Typist(self, member, random.Random(rng.random()), note)
                    by_place[place].append(typist)
                    self._add(typist)
                elif place in observed:
                    self._add_other(_Reader(self, member))
                else:
                    self._add_other(_Receiver(member, dialect))
        self._typists = [typist for place in by_place for typist in place]

    def fill(self, edits: int, is_over: Callable[[], bool] = lambda: False) -> None:
        """Make so many edits, each alone, as fast as they are acknowledged. Ends early when `is_over`."""
        self.is_composing = False
        target = self.acknowledged + edits
        now = time.perf_counter()
        for number in range(edits):
            self._typists[number % len(self._typists)].type(now, is_one_in_flight=True)
        self._sent += edits
        moved_at, moved = now, self.acknowledged
        while self.acknowledged < target and not is_over():
            self._poll(0.1)
            if self.acknowledged != moved:
                moved_at, moved = time.perf_counter(), self.acknowledged
            elif time.perf_counter() - moved_at > 60:
                raise RuntimeError(f"only {self.acknowledged} of {target} edits were acknowledged")
        self.due_of.clear()

    def run(self, load: Load, server_pid: int, database_pids: Collection[int]) -> Typed:
        """Type as the load says and measure. Raises LinkClosed when the server throws someone out."""
        gc.collect()
        gc.disable()
        ticker = Ticker(max(0.0005, min(0.01, 1 / load.edits_per_second)))
        self._by_fd[ticker.fd] = ticker.take
        self._epoll.register(ticker.fd, select.EPOLLIN)
        try:
            return self._run(load, server_pid, database_pids)
        finally:
            self._epoll.unregister(ticker.fd)
            del self._by_fd[ticker.fd]
            ticker.close()
            gc.enable()

    def close(self) -> None:
        for link in self._links:
            link.close()
        self._epoll.close()

    def _run(self, load: Load, server_pid: int, database_pids: Collection[int]) -> Typed:
        server, database = tree_of([server_pid]), tree_of(database_pids)
        self.is_composing = True
        self.to_others.clear()
        self.to_author.clear()
        period = 1 / load.edits_per_second
        start = time.perf_counter()
        self.counts_from = start + load.warmup_seconds
        ends_at = self.counts_from + load.seconds
        self._type_until(start, self.counts_from, period)
        began, edits, deliveries = time.perf_counter(), self.acknowledged, self._delivered()
        operations = self.operations
        before = cpu_seconds(server), cpu_seconds(database), time.process_time()
        is_blocked = not self._type_until(self.counts_from, ends_at, period)
        after = cpu_seconds(server), cpu_seconds(database), time.process_time()
        seconds, edits, deliveries = (
            time.perf_counter() - began,
            self.acknowledged - edits,
            self._delivered() - deliveries,
        )
        operations = self.operations - operations
        is_complete = self._drain() and not is_blocked
        self.due_of.clear()
        return Typed(
            seconds,
            edits,
            operations,
            deliveries,
            *(round(b - a, 6) for a, b in zip(before, after, strict=True)),
            resident_bytes(server),
            Latency.of(self.to_others),
            Latency.of(self.to_author),
            is_complete,
        )

    def _type_until(self, start: float, ends_at: float, period: float) -> bool:
        """Send what is due between the two; False when the server stopped reading."""
        due, typists = start, self._typists
        try:
            while (now := time.perf_counter()) < ends_at:
                while due <= now and due < ends_at:
                    typists[self._sent % len(typists)].type(due, self._is_one_in_flight)
                    self._sent += 1
                    due += period
                self._poll(0.1)
        except LinkBlocked:
            return False
        return True

    def _drain(self) -> bool:
        """Wait for what is under way; whether it all came."""
        gives_up_at = time.perf_counter() + DRAIN_SECONDS
        while time.perf_counter() < gives_up_at:
            if self._delivered() >= self.operations * self._receivers_per_edit and all(
                t.is_clean for t in self._typists
            ):
                return True
            self._poll(0.05)
        return False

    def _delivered(self) -> int:
        return sum(reader.deliveries for reader in self._others) + sum(typist.deliveries for typist in self._typists)

    def _poll(self, seconds: float) -> None:
        by_fd = self._by_fd
        for fd, _ in self._epoll.poll(seconds):
            by_fd[fd]()

    def _add_other(self, reader: "_Reader | _Receiver") -> None:
        self._others.append(reader)
        self._add(reader)

    def _add(self, reader: "_Reader | _Receiver") -> None:
        reader.link.go_live()
        fd = reader.link.sock.fileno()
        self._by_fd[fd] = reader.on_readable
        self._epoll.register(fd, select.EPOLLIN)
        # What came together with the last answer of the set-up waits in the link, not in the socket.
        reader.on_readable()


def _spread(first: int, end: int, wanted: int, rng: random.Random) -> set[int]:
    """That many places of `range(first, end)`: evenly spread, or by chance for a single one."""
    if wanted == 1:
        return {rng.randrange(first, end)} if end > first else set()
    step = (end - first) / wanted
    return {first + int(step * (number + 0.5)) for number in range(wanted)}


__all__ = ["LinkClosed", "Load", "Typed", "TypingSession"]
