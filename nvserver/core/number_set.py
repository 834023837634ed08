"""A set of whole numbers that stays small when they come nearly in order."""

from bisect import bisect_right


class NumberSet:
    """Keeps ranges. Invariant: `_starts` and `_ends` (exclusive) are parallel and ascending, no two ranges touch."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, number: int) -> bool:
        """Put the number in; False when it was in already."""
        starts, ends = self._starts, self._ends
        after = bisect_right(starts, number)
        if after and number < ends[after - 1]:
            return False
        touches_left = bool(after) and ends[after - 1] == number
        touches_right = after < len(starts) and starts[after] == number + 1
        if touches_left and touches_right:
            ends[after - 1] = ends[after]
            del starts[after], ends[after]
        elif touches_left:
            ends[after - 1] = number + 1
        elif touches_right:
            starts[after] = number
        else:
            starts.insert(after, number)
            ends.insert(after, number + 1)
        return True

    @property
    def ranges(self) -> int:
        """How many are kept."""
        return len(self._starts)
