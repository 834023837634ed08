"""When to stop restarting: the restart intensity of a supervised child.

After Erlang/OTP's supervisors (`sup_princ`): at most `max_restarts` within `period_seconds`, else the child is given
up.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartIntensity:
    """Section `[supervision]` of the settings."""

    max_restarts: int = 5
    period_seconds: float = 30.0


class RestartCounter:
    """Counts the restarts of one child. Times are seconds of any clock that never goes back."""

    __slots__ = ("_intensity", "_times")

    def __init__(self, intensity: RestartIntensity) -> None:
        self._intensity = intensity
        self._times: Sequence[float] = ()

    def may_restart(self, now: float) -> bool:
        """Note a crash at `now`; False when it is one too many."""
        since = now - self._intensity.period_seconds
        self._times = [*(time for time in self._times if time > since), now]
        return len(self._times) <= self._intensity.max_restarts
