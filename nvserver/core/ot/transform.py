"""The algebra of operations: transform, compose, invert. After npm `ot-text-unicode` 4.0.0, component for component.

Two operations that start from the same text commute after transformation (TP1):
`compose(a, transform(b, a, "right")) == compose(b, transform(a, b, "left"))` in effect.
All functions cost time in proportion to the components and the inserted text they are given.
"""

from typing import Literal, TypeAlias

from nvserver.core.ot.operation import Component, Operation, OperationError, base_length, length_delta, normalize
from nvserver.core.ot.text import Text

Side: TypeAlias = Literal["left", "right"]


def transform(op: Operation, other: Operation, side: Side) -> Operation:
    """Return `op` as it has to be after `other`, both made on the same text.

    `side`: where the insertions of `op` go that meet one of `other` at the same place. The server transforms what
    arrives as "right": what was committed first stays left.
    """
    if not op or not other:
        return op
    # Most edits are far apart. Then the later in the text only moves, by as much as the other changed the length.
    skip, their_skip = op[0], other[0]
    if isinstance(skip, int) and skip > base_length(other):
        return skip + length_delta(other), *op[1:]
    if isinstance(their_skip, int) and their_skip > base_length(op):
        return op
    result: list[Component] = []
    rest = iter(op)
    mine = next(rest, 0)  # What is left of the component in hand; 0 when `op` has ended.
    for theirs in other:
        if isinstance(theirs, str):
            if side == "left" and isinstance(mine, str):
                result.append(mine)
                mine = next(rest, 0)
            result.append(len(theirs))
            continue
        length = abs(theirs)
        while length and mine:
            if isinstance(mine, str):
                result.append(mine)
                mine = next(rest, 0)
                continue
            count = min(length, abs(mine))
            step = count if mine > 0 else -count
            if theirs > 0:
                result.append(step)  # What they deleted is neither skipped nor deleted again.
            length -= count
            mine = mine - step or next(rest, 0)
        if not mine:
            break  # Nothing but skips would follow.
    result.append(mine)
    result.extend(rest)
    return normalize(result)


def compose(first: Operation, second: Operation) -> Operation:
    """Return the one operation that does what `first` and, on its result, `second` do."""
    result: list[Component] = []
    rest = iter(first)
    mine = next(rest, 0)  # What is left of the component of `first` in hand; 0 when it has ended.
    used = 0  # Characters of `mine` that are used up, where it is an insertion: cutting it each time would copy it.
    for theirs in second:
        if isinstance(theirs, str):
            result.append(theirs)
            continue
        length = abs(theirs)
        while length:
            if isinstance(mine, str):
                count = min(length, len(mine) - used)
                if theirs > 0:
                    result.append(mine[used : used + count])
                used += count
                if used == len(mine):
                    mine, used = next(rest, 0), 0
            elif mine < 0:
                result.append(mine)
                mine = next(rest, 0)
                continue
            else:
                count = min(length, mine) if mine else length
                result.append(count if theirs > 0 else -count)
                if mine:
                    mine = mine - count or next(rest, 0)
            length -= count
    result.append(mine[used:] if isinstance(mine, str) else mine)
    result.extend(rest)
    return normalize(result)


def invert(op: Operation, text: Text) -> Operation:
    """Return the operation that takes back `op`, which was made on `text`. OperationError when it does not fit."""
    if base_length(op) > text.length:
        raise OperationError("the operation reaches past the end of the text")
    before = str(text)
    result: list[Component] = []
    position = 0
    for component in op:
        if isinstance(component, str):
            result.append(-len(component))
        elif component > 0:
            result.append(component)
            position += component
        else:
            result.append(before[position : position - component])
            position -= component
    return normalize(result)
