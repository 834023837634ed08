"""What the failpoints do, and that they do nothing unless asked for."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nvserver import failpoints
from nvserver.errors import Unavailable
from nvserver.failpoints import POINTS, FailpointError, FailpointHit, arm, parse
from tests.test_cli import nvserver

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    arm(())


def test_off_nothing_happens() -> None:
    for name in POINTS:
        failpoints.hit(name, "anything")


def test_the_nth_hit_acts_and_no_other() -> None:
    armed = arm(parse("after_ack=raise@3, mid_snapshot=drop"))
    failpoints.hit("after_ack")
    failpoints.hit("after_ack")
    with pytest.raises(FailpointHit, match="after_ack"):
        failpoints.hit("after_ack")
    failpoints.hit("after_ack")
    with pytest.raises(Unavailable):
        failpoints.hit("mid_snapshot", "some workspace")
    failpoints.hit("mid_snapshot", "some workspace")
    assert armed.acted == {"after_ack": 1, "mid_snapshot": 1}


def test_every_nth_hit_acts() -> None:
    armed = arm(parse("after_ack=raise@/3"))
    raised = []
    for number in range(1, 10):
        try:
            failpoints.hit("after_ack")
        except FailpointHit:
            raised.append(number)
    assert raised == [3, 6, 9]
    assert armed.acted["after_ack"] == 3


def test_a_point_can_be_narrowed_to_one_thing_and_act_always() -> None:
    arm(parse("take_message[w1]=raise@*"))
    failpoints.hit("take_message", "w2")
    for _ in range(3):
        with pytest.raises(FailpointHit):
            failpoints.hit("take_message", "w1")


def test_sleeping_holds_the_thread_up(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    arm(parse("before_append=sleep:0.25@2"))
    failpoints.hit("before_append")
    failpoints.hit("before_append")
    assert slept == [0.25]


@pytest.mark.parametrize(
    "text",
    [
        "nowhere=raise",
        "after_ack",
        "after_ack=explode",
        "after_ack=raise@0",
        "after_ack=raise@x",
        "after_ack=raise@/",
        "after_ack=raise@/0",
        "after_ack=sleep:",
        "after_ack=raise:1",
        "take_message[w=raise",
    ],
)
def test_a_mistake_is_told(text: str) -> None:
    with pytest.raises(FailpointError, match="NV_FAILPOINTS"):
        parse(text)


def test_a_server_with_a_mistake_does_not_start(tmp_path: Path) -> None:
    result = nvserver("serve", "--port", "0", "--data-dir", str(tmp_path), NV_FAILPOINTS="nowhere=raise")
    assert result.returncode == 2
    assert "there is no point 'nowhere'" in result.stderr


def test_every_point_is_used_in_the_code_and_documented() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "nvserver").rglob("*.py")]
    page = (ROOT / "docs" / "failpoints.md").read_text("utf-8")
    used = set().union(*(re.findall(r"failpoints\.hit\(\"(\w+)\"", text) for text in sources))
    assert used == set(POINTS)
    assert all(f"`{name}`" in page for name in POINTS)
