"""Where a cursor stands after an operation. Positions lie between code points: 0 is before the first."""

from typing import TypeAlias

from nvserver.core.ot.operation import Operation
from nvserver.core.ot.transform import Side

Selection: TypeAlias = tuple[tuple[int, int], ...]
"""Ranges of (anchor, head); the head may be before the anchor."""


def transform_position(position: int, op: Operation, side: Side = "left") -> int:
    """Return where `position` is after `op`; a position in a deleted part moves to where that was.

    `side`: where the position ends up when text is inserted exactly there. "left", as in `ot-text-unicode`, is right
    for what others type; "right" is how an author's own cursor moves.
    """
    walked = 0  # In the new text; `position` is in the new text too as far as walked.
    for component in op:
        if walked > position or (walked == position and side == "left"):
            break
        if isinstance(component, str):
            walked += len(component)
            position += len(component)
        elif component > 0:
            walked += component
        else:
            position -= min(-component, position - walked)
    return position


def transform_selection(selection: Selection, op: Operation, side: Side = "left") -> Selection:
    """Return the ranges after `op`, each end by `transform_position`."""
    return tuple(
        [(transform_position(anchor, op, side), transform_position(head, op, side)) for anchor, head in selection]
    )
