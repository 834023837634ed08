"""What operations mean, told without the code under test: a text is a row of gaps and characters."""

import itertools

from nvserver.core.ot import Operation


def gaps_and_fates(op: Operation, length: int) -> tuple[list[str], list[bool]]:
    """What `op` inserts into each of the `length + 1` gaps, and which of the `length` characters it keeps."""
    gaps = [""] * (length + 1)
    keeps = [True] * length
    at = 0
    for component in op:
        if isinstance(component, str):
            gaps[at] += component
        else:
            for _ in range(abs(component)):
                keeps[at] = component > 0
                at += 1
    return gaps, keeps


def merged(text: str, left: Operation, right: Operation) -> str:
    """The text after two operations made at the same time: all insertions, `left` first, and what neither deletes."""
    left_gaps, left_keeps = gaps_and_fates(left, len(text))
    right_gaps, right_keeps = gaps_and_fates(right, len(text))
    result = left_gaps[0] + right_gaps[0]
    for index, character in enumerate(text):
        if left_keeps[index] and right_keeps[index]:
            result += character
        result += left_gaps[index + 1] + right_gaps[index + 1]
    return result


def applied(text: str, op: Operation) -> str:
    """The text after `op`, which has to fit it."""
    result = ""
    at = 0
    for component in op:
        if isinstance(component, str):
            result += component
        elif component > 0:
            result += text[at : at + component]
            at += component
        else:
            at -= component
    assert at <= len(text)
    return result + text[at:]


def is_normal(op: Operation) -> bool:
    kinds = ["insert" if isinstance(part, str) else "skip" if part > 0 else "delete" for part in op]
    return all(op) and all(kind != after for kind, after in itertools.pairwise(kinds)) and kinds[-1:] != ["skip"]
