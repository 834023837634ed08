"""What an operation is: its two forms, its normal form, its lengths.

Inside the server an operation is a tuple of components that walk over a text from its start:

- a positive int `n` skips `n` code points,
- a string is inserted where the walk stands,
- a negative int `-n` deletes the next `n` code points.

On the wire a deletion is `{"d": n}`; skips and insertions look the same. Normal form: no component is empty, no two
neighbours are of one kind, the last one is not a skip. Every function of this package takes and gives normal form.
"""

from collections.abc import Iterable
from typing import TypeAlias

Component: TypeAlias = int | str
Operation: TypeAlias = tuple[Component, ...]
"""Immutable and hashable. `()` changes nothing."""

MAX_COMPONENTS = 10_000
"""Default limit of components that `from_wire` takes: what one step handles without holding up the others."""

MAX_COUNT = 2**53 - 1
"""Longest skip or deletion that `from_wire` takes: beyond it JavaScript counts in steps of two."""

_COUNT_RANGE = f"a skip or a deletion is at least 1 and at most {MAX_COUNT}"


class OperationError(ValueError):
    """An operation that is malformed, or that does not fit its text. The message holds no text of a note."""


def check_text(text: str) -> None:
    """Raise OperationError when `text` may not stand in a note.

    Lines end in LF alone, PostgreSQL cannot store NUL, and a lone surrogate has no UTF-8.
    """
    if "\r" in text:
        raise OperationError("text holds a carriage return; lines end in LF only")
    if "\0" in text:
        raise OperationError("text holds a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise OperationError("text holds a lone surrogate") from None


def check(op: Operation) -> None:
    """Raise OperationError unless `op` is in normal form and inserts only text that may stand in a note."""
    previous: Component = 0
    for component in op:
        if isinstance(component, str):
            if not component:
                raise OperationError("an insertion is empty")
            if isinstance(previous, str):
                raise OperationError("two insertions stand side by side")
            check_text(component)
        elif component == 0:
            raise OperationError("a skip or a deletion is zero")
        elif isinstance(previous, int) and (previous > 0 if component > 0 else previous < 0):
            raise OperationError(f"two {'skips' if component > 0 else 'deletions'} stand side by side")
        previous = component
    if isinstance(previous, int) and previous > 0:
        raise OperationError("the last component is a skip")


def normalize(components: Iterable[Component]) -> Operation:
    """Bring components into normal form: leave out empty ones, join neighbours of one kind, end without a skip."""
    result: list[Component] = []
    insertions: list[str] = []  # Joined once: adding them up one by one would copy a growing string each time.
    for component in components:
        if not component:
            continue
        if isinstance(component, str):
            insertions.append(component)
            continue
        if insertions:
            result.append("".join(insertions))
            insertions.clear()
        last = result[-1] if result else 0
        if isinstance(last, int) and (last > 0 if component > 0 else last < 0):
            result[-1] = last + component
        else:
            result.append(component)
    if insertions:
        result.append("".join(insertions))
    elif result:
        last = result[-1]
        if isinstance(last, int) and last > 0:
            result.pop()
    return tuple(result)


def from_wire(wire: object, *, max_components: int = MAX_COMPONENTS) -> Operation:
    """Decode a list of `n`, `"text"` and `{"d": n}` as it came from JSON; raise OperationError for anything else."""
    if not isinstance(wire, list):
        raise OperationError("an operation is a list of components")
    if len(wire) > max_components:
        raise OperationError(f"an operation has at most {max_components} components")
    components: list[Component] = []
    for component in wire:
        if type(component) is str:
            components.append(component)
        elif type(component) is int:  # Not isinstance, to which a bool is an int.
            if not 0 < component <= MAX_COUNT:
                raise OperationError(_COUNT_RANGE)
            components.append(component)
        else:
            components.append(-_deleted_count(component))
    op = tuple(components)
    check(op)
    return op


def to_wire(op: Operation) -> list[int | str | dict[str, int]]:
    """Encode an operation as what JSON can carry; the inverse of `from_wire`."""
    return [component if isinstance(component, str) or component > 0 else {"d": -component} for component in op]


def base_length(op: Operation) -> int:
    """Code points that a text must have at least for `op` to apply."""
    length = 0
    for component in op:
        if not isinstance(component, str):
            length += abs(component)
    return length


def length_delta(op: Operation) -> int:
    """Code points by which `op` makes its text longer; negative when shorter."""
    delta = 0
    for component in op:
        if isinstance(component, str):
            delta += len(component)
        else:
            delta += min(component, 0)
    return delta


def _deleted_count(component: object) -> int:
    if type(component) is not dict:
        raise OperationError('a component is a positive integer, a string or {"d": n}')
    count = component.get("d")
    if len(component) != 1 or type(count) is not int:
        raise OperationError('a deletion is {"d": n} with an integer n')
    if not 0 < count <= MAX_COUNT:
        raise OperationError(_COUNT_RANGE)
    return count
