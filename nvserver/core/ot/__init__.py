"""Operations on text: the format and semantics of npm `ot-text-unicode` 4.0.0, counted in Unicode code points."""

from nvserver.core.ot.diff import DiffLimits, diff
from nvserver.core.ot.operation import (
    MAX_COMPONENTS,
    Component,
    Operation,
    OperationError,
    base_length,
    check,
    check_text,
    from_wire,
    length_delta,
    normalize,
    to_wire,
)
from nvserver.core.ot.position import Selection, transform_position, transform_selection
from nvserver.core.ot.text import Text
from nvserver.core.ot.transform import Side, compose, invert, transform

__all__ = [
    "MAX_COMPONENTS",
    "Component",
    "DiffLimits",
    "Operation",
    "OperationError",
    "Selection",
    "Side",
    "Text",
    "base_length",
    "check",
    "check_text",
    "compose",
    "diff",
    "from_wire",
    "invert",
    "length_delta",
    "normalize",
    "to_wire",
    "transform",
    "transform_position",
    "transform_selection",
]
