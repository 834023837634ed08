"""Random texts and operations: for plain seeded loops, and as Hypothesis strategies that shrink."""

import os
import random

from hypothesis import strategies as st

from nvserver.core.ot import Component, Operation, normalize

# One, two and four bytes a character, combining marks, the pieces that join into one emoji.
ALPHABET = ["a", "b", "c", " ", "\n", "é", "e\u0301", "中", "😀", "𝒳", "👩\u200d💻", "\u200d", "🇩🇪"]


def number_of_cases() -> int:
    """How many cases a random loop tries: `NV_CASES`, or what every run does."""
    return int(os.environ.get("NV_CASES") or 100_000)


def random_text(rng: random.Random, longest: int) -> str:
    return "".join(rng.choices(ALPHABET, k=rng.randint(0, longest)))


def random_operation(rng: random.Random, length: int) -> Operation:
    """An operation that fits a text of `length` code points, in normal form."""
    components: list[Component] = []
    left = length
    for _ in range(rng.randint(0, 5)):
        kind = rng.randrange(4)
        if kind < 2:
            components.append(random_text(rng, 3))
        elif left:
            count = rng.randint(1, min(left, 6))
            components.append(count if kind == 2 else -count)
            left -= count
    return normalize(components)


def texts(longest: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(ALPHABET), max_size=longest).map("".join)


@st.composite
def operations(draw: st.DrawFn, length: int) -> Operation:
    """An operation that fits a text of `length` code points, in normal form."""
    counts = st.integers(min_value=-length, max_value=length)
    components: list[Component] = []
    left = length
    for component in draw(st.lists(counts | texts(3), max_size=8)):
        if isinstance(component, str):
            components.append(component)
        else:
            count = min(abs(component), left)
            components.append(count if component > 0 else -count)
            left -= count
    return normalize(components)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Operation, Operation]:
    """A text and two operations made on it at the same time."""
    text = draw(texts())
    return text, draw(operations(len(text))), draw(operations(len(text)))
