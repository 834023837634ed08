"""Leases without a clock of their own: what a node may believe of itself and of the others, and until when.

All times are a monotonic clock's seconds, given as arguments: no node's wall clock counts (a clock that jumps by an
hour changes nothing). A node counts its own lease from when it *sent* the renewal, which is before the directory took
it; it counts the others' from when it *received* the directory's answer, which is after. So a node always thinks its
own lease to end before any other node thinks so.
"""

from collections.abc import Sequence

import msgspec


class Lease:
    """A node's own. Renewed three times within its length, so that two renewals may be lost."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._held_until = float("-inf")
        self._sent_at = float("-inf")

    def renewed(self, sent_at: float) -> None:
        """The directory has taken the renewal that was sent then. Answers may come out of order."""
        self._held_until = max(self._held_until, sent_at + self.seconds)

    def sent(self, now: float) -> None:
        """A renewal goes out."""
        self._sent_at = now

    def lose(self) -> None:
        """The directory does not know it any more."""
        self._held_until = float("-inf")

    def is_held(self, now: float) -> bool:
        return now < self._held_until

    def left(self, now: float) -> float:
        """Seconds until it ends; 0 when it has."""
        return max(0.0, self._held_until - now)

    @property
    def next_renewal(self) -> float:
        return self._sent_at + self.seconds / 3


class Sighting(msgspec.Struct, frozen=True):
    """That the directory knew a node: for `left_seconds` more from when the answer came."""

    node_id: str
    left_seconds: float


class Neighbours:
    """Which nodes are alive, as the directory said last.

    A view that is older than `max_age_seconds` says nothing of death: it is the observer that has slept."""

    def __init__(self, max_age_seconds: float) -> None:
        self._max_age = max_age_seconds
        self._ends: dict[str, float] = {}
        self._seen_at = float("-inf")

    def saw(self, received_at: float, sightings: Sequence[Sighting]) -> None:
        self._seen_at = received_at
        self._ends = {sighting.node_id: received_at + sighting.left_seconds for sighting in sightings}

    def is_fresh(self, now: float) -> bool:
        return now <= self._seen_at + self._max_age

    def is_alive(self, node_id: str, now: float) -> bool:
        """Not known, or known no longer: dead, if the view is fresh."""
        return now < self._ends.get(node_id, float("-inf"))

    def next_end(self, now: float) -> float | None:
        """When the next of those alive ends unless it is renewed: worth a look just then."""
        return min((end for end in self._ends.values() if end > now), default=None)
