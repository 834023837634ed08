"""Logging: one line an event, the same for structlog and the standard library, and no secrets."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from nvserver.logs import LogSettings, set_up_logs


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogSettings(format="json"))
    structlog.get_logger().info("note opened", note_id="n\n1", seq=7)
    logging.getLogger("hypercorn.error").warning("odd %s", "thing")
    own, foreign = logged(capsys)
    assert (own["event"], own["note_id"], own["seq"], own["level"]) == ("note opened", "n\n1", 7, "info")
    assert (foreign["event"], foreign["level"]) == ("odd thing", "warning")
    assert own["timestamp"]


def test_an_error_stays_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogSettings(format="json"))
    try:
        raise ValueError("wrong")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("x").exception("failed too")
    for line in logged(capsys):
        assert "ValueError: wrong" in str(line["exception"])


def test_text_is_one_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogSettings(format="text"))
    structlog.get_logger().info("note opened", note_id="n\n1")
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert "note opened" in text and "\x1b" not in text


def test_values_with_secret_names_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogSettings(format="json"))
    names = ("password", "accessToken", "refresh_token", "Authorization", "set_cookie", "secret_key")
    structlog.get_logger().info("event", **dict.fromkeys(names, "pa55word"))
    (line,) = logged(capsys)
    assert [line[name] for name in names] == ["(hidden)"] * len(names)


@pytest.mark.parametrize(("level", "expected"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_holds_for_all(level: str, expected: int, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogSettings(level=level, format="json"))  # type: ignore[arg-type]
    for name in ("debug", "info", "warning", "error"):
        getattr(structlog.get_logger(), name)(name)
        getattr(logging.getLogger("other"), name)(name)
    assert len(logged(capsys)) == 2 * expected
