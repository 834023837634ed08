"""Operations mean here what they mean in npm `ot-text-unicode`, which clients use: the two answer many cases alike."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nvserver.core.ot import Text, compose, to_wire, transform, transform_position
from tests.core.ot.generators import number_of_cases, random_operation, random_text
from tests.core.ot.model import applied
from tests.support.node import install_packages, node_environment

FOLDER = Path(__file__).parent
BATCH = 20_000

Case = dict[str, Any]


@pytest.fixture(scope="module")
def oracle() -> Path:
    """The program that answers cases, its packages installed."""
    install_packages(FOLDER)
    return FOLDER / "ot_text_unicode.mjs"


def ask(oracle: Path, cases: list[Case]) -> list[Case]:
    """What the reference implementation says to each case."""
    lines = "\n".join([json.dumps(case, ensure_ascii=False) for case in cases])
    answers = subprocess.run(
        ["node", str(oracle)],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        env=node_environment(),
        check=True,
        timeout=100,
    ).stdout
    return [json.loads(line) for line in answers.decode().split("\n")]


def ours(rng: random.Random) -> tuple[Case, Case]:
    """A random case and our answer to it."""
    text = random_text(rng, 12)
    one, other = random_operation(rng, len(text)), random_operation(rng, len(text))
    following = random_operation(rng, len(applied(text, one)))
    position = rng.randint(0, len(text))
    case = {
        "text": text,
        "one": to_wire(one),
        "other": to_wire(other),
        "following": to_wire(following),
        "position": position,
    }
    answer = {
        "applied": str(Text.of(text).apply(one)),
        "left": to_wire(transform(one, other, "left")),
        "right": to_wire(transform(one, other, "right")),
        "composed": to_wire(compose(one, following)),
        "position": transform_position(position, one),
    }
    return case, answer


def test_we_answer_as_the_reference_implementation(oracle: Path, rng: random.Random) -> None:
    left = number_of_cases()
    while left > 0:
        rows = [ours(rng) for _ in range(min(BATCH, left))]
        left -= len(rows)
        theirs = ask(oracle, [case for case, _ in rows])
        assert len(theirs) == len(rows)
        for (case, answer), their_answer in zip(rows, theirs, strict=True):
            assert answer == their_answer, case


def test_the_reference_counts_code_points(oracle: Path) -> None:
    """Were its unit another, the differential test would compare two other things."""
    case = {"text": "😀👩\u200d💻b", "one": [1, {"d": 2}, "x"], "other": [], "following": [], "position": 3}
    [answer] = ask(oracle, [case])
    assert answer["applied"] == "😀x💻b"
    assert answer["position"] == 1
