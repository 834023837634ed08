"""The operation that leads from one text to another, for a whole text put in place of one that others are editing.

The finer it is, the more of what others write at the same time keeps its place: lines are aligned first, then the words
of the lines that differ, then equal ends of those are left alone. The work is bounded by DiffLimits; beyond them the
answer gets coarser, never wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nvserver.core.ot.lcs import common_prefix_length, common_suffix_length, increasing_matches, lcs_matches
from nvserver.core.ot.operation import Component, Operation, normalize

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class DiffLimits:
    """What one diff may cost at most. With the defaults that is tens of milliseconds, whatever the texts are."""

    lines: int = 50_000
    """Line ends in a text whose lines are aligned."""
    refined: int = 100_000
    """Characters, old and new together, that are aligned word by word."""
    cells: int = 4_000_000
    """Sum of the products of the lengths of the rows of which a longest common subsequence is computed."""


DEFAULT_LIMITS = DiffLimits()


@dataclass(slots=True)
class _Budget:
    """What is left of the limits for one diff."""

    refined: int
    cells: int


def diff(old: str, new: str, limits: DiffLimits = DEFAULT_LIMITS) -> Operation:
    """Return an operation that turns `old` into `new`."""
    budget = _Budget(limits.refined, limits.cells)
    prefix, suffix = _equal_ends(old, new)
    result: list[Component] = [prefix]
    old_lines = _lines(old[prefix : len(old) - suffix], limits.lines)
    new_lines = _lines(new[prefix : len(new) - suffix], limits.lines)
    for kept, removed, added in _hunks(old_lines, new_lines, budget):
        result.append(kept)
        result.extend(_refine(removed, added, budget))
    return normalize(result)


def _refine(removed: str, added: str, budget: _Budget) -> Iterator[Component]:
    """Replace lines by others, word by word as far as the budget goes."""
    hunks: Iterable[tuple[int, str, str]] = [(0, removed, added)]
    size = len(removed) + len(added)
    if removed and added and size <= budget.refined:
        budget.refined -= size
        hunks = _hunks(_WORD.findall(removed), _WORD.findall(added), budget)
    for kept, removed_words, added_words in hunks:
        prefix, suffix = _equal_ends(removed_words, added_words)
        yield kept + prefix
        # Inserted before what it replaces: what others type behind that meanwhile stays behind it.
        yield added_words[prefix : len(added_words) - suffix]
        yield prefix + suffix - len(removed_words)
        yield suffix


def _equal_ends(old: str, new: str) -> tuple[int, int]:
    """Lengths of the equal start and the equal end, which do not overlap."""
    prefix = common_prefix_length(old, new)
    return prefix, common_suffix_length(old[prefix:], new[prefix:])


def _lines(text: str, limit: int) -> list[str]:
    return text.splitlines(keepends=True) if text.count("\n") <= limit else [text]


def _hunks(old: list[str], new: list[str], budget: _Budget) -> Iterator[tuple[int, str, str]]:
    """Give what leads from `old` to `new`: (characters kept, string removed after them, string added in its place)."""
    kept = at_old = at_new = 0
    for in_old, in_new in [*_matches(old, new, budget), (len(old), len(new))]:
        if (in_old, in_new) != (at_old, at_new):
            yield kept, "".join(old[at_old:in_old]), "".join(new[at_new:in_new])
            kept = 0
        if in_old < len(old):
            kept += len(old[in_old])
        at_old, at_new = in_old + 1, in_new + 1
    yield kept, "", ""


def _matches(old: list[str], new: list[str], budget: _Budget) -> Iterator[tuple[int, int]]:
    """Give pairs of indexes of equal tokens, rising on both sides.

    Rows too long for the longest common subsequence are first pinned at tokens that stand once in each, as patience
    diff does (Bram Cohen); between two pins the rows are short, or else stay unmatched.
    """
    pins = _pins(old, new) if len(old) * len(new) > budget.cells else []
    at_old = at_new = 0
    for in_old, in_new in [*pins, (len(old), len(new))]:
        cells = (in_old - at_old) * (in_new - at_new)
        if cells <= budget.cells:
            budget.cells -= cells
            for one, other in lcs_matches(old[at_old:in_old], new[at_new:in_new]):
                yield at_old + one, at_new + other
        if in_old < len(old):
            yield in_old, in_new
        at_old, at_new = in_old + 1, in_new + 1


def _pins(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Tokens that stand once in each row and in the same order, as pairs of indexes."""
    once_in_old = {token for token, count in Counter(old).items() if count == 1}
    once_in_both = {token for token, count in Counter(new).items() if count == 1} & once_in_old
    places = {token: index for index, token in enumerate(new) if token in once_in_both}
    return increasing_matches([(index, places[token]) for index, token in enumerate(old) if token in once_in_both])
