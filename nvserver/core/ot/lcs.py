"""What two rows have in common: equal ends, a longest common subsequence, the longest rising row of given pairs."""

from bisect import bisect_left
from collections.abc import Sequence


def common_prefix_length(one: str, other: str) -> int:
    """Length of the equal start of two strings, by halving: slices compare at the speed of memory."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_suffix_length(one: str, other: str) -> int:
    """Length of the equal end of two strings."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def lcs_matches(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indexes of a longest common subsequence, rising.

    Bit-parallel after Hyyrö, "Bit-parallel LCS-length computation revisited" (2004): bit i of a row is 0 where the
    common length grows at `one[i]`. A row is one integer, so the inner loop runs in C.
    Time and memory: len(one) * len(other) bits, and some microseconds for each token.
    """
    places: dict[str, int] = {}
    for index, token in enumerate(one):
        places[token] = places.get(token, 0) | 1 << index
    row = -1  # Endless ones.
    rows = [row]
    for token in other:
        hits = row & places.get(token, 0)
        row = (row + hits) | (row - hits)
        rows.append(row)
    matches: list[tuple[int, int]] = []
    index, line = len(one), len(other)
    while index and line:
        if rows[line] >> (index - 1) & 1:
            index -= 1
        else:
            line -= 1
            if rows[line] >> (index - 1) & 1:
                index -= 1
                matches.append((index, line))
    matches.reverse()
    return matches


def increasing_matches(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of `pairs`, sorted by their first number, in which the second rises too.

    Patience sorting (Fredman, "On computing the length of longest increasing subsequences", 1975).
    """
    tops: list[int] = []  # Lowest second number that ends a rising row of length index + 1.
    ends: list[int] = []  # The pair it belongs to.
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        length = bisect_left(tops, second)
        before.append(ends[length - 1] if length else -1)
        if length == len(tops):
            tops.append(second)
            ends.append(index)
        else:
            tops[length] = second
            ends[length] = index
    chosen: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    chosen.reverse()
    return chosen
