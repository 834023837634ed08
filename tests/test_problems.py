"""What can be wrong with a field: each kind is told somewhere, with the limit that its words name."""

import ast
import re
from pathlib import Path

import nvserver
from nvserver.problems import Problem

SOURCES = Path(nvserver.__file__).parent
WORDS = SOURCES.parent / "web" / "src" / "lib" / "i18n" / "problems"


def words_of(locale: str) -> dict[str, str]:
    text = (WORDS / f"{locale}.ts").read_text()
    return dict(re.findall(r"'problem\.(\w+)':\s*'([^']+)'", text))


def faults() -> list[tuple[str, bool]]:
    """Every fault that the sources tell, and whether a limit comes with it."""
    found = []
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ValidationFailed.at"):
                found += [(name, len(node.args) == 4) for name in re.findall(r"Problem\.(\w+)", ast.unparse(node))]
    return found


def test_every_kind_has_words_in_every_language() -> None:
    for locale in ("en", "de", "ar"):
        assert words_of(locale).keys() == set(Problem), locale


def test_a_limit_comes_with_the_kinds_whose_words_name_one_and_no_other() -> None:
    words = words_of("en")
    told = faults()
    assert len(told) > 60
    for name, has_limit in told:
        assert has_limit == ("{limit}" in words[name]), name


def test_every_kind_is_told_somewhere() -> None:
    text = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    assert [one for one in Problem if f"Problem.{one}" not in text] == []
