"""Write `config/default.toml`: every setting with its default and what its class says of it.

The classes are the one source: their docstring, each field's docstring (where its name does not say all), its default
and the bounds in its metadata. With `--check` nothing is written, and the exit code is 1 if the file is outdated.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, get_type_hints

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "config" / "default.toml"

from nvserver.config import SHORT_NAMES, Settings  # noqa: E402
from nvserver.config_sources import default_of, known_keys, named_sections, toml_text  # noqa: E402

HEAD = """\
# Every setting of NoteVault with its default. Copy what you want to change into a file of your own and start
# `nvserver serve --config FILE`. Environment variables win over the file, flags over both: NV_SECTION__KEY, for
# instance NV_SERVER__PORT=9000; shorter names are told beside their keys. A key in a comment has no value by default.
# `nvserver config` shows what is in force and where it came from. Made by `make settings` from the settings classes.
"""


def default_file() -> str:
    """The whole text of the file."""
    return HEAD + "".join("".join(_section(section.name)) for section in fields(Settings))


def _section(section: str) -> Iterator[str]:
    if section not in named_sections(Settings):
        yield f"\n[{section}]\n"
        yield from _entries(section, get_type_hints(Settings)[section])
        return
    yield f"\n# [{section}.NAME]\n"
    yield from _comment(field_docstrings(Settings)[section])


def _entries(section: str, section_class: type) -> Iterator[str]:
    known = known_keys(Settings)
    docstrings = field_docstrings(section_class)
    yield from _comment(inspect.getdoc(section_class) or "")
    yield "\n"
    variables = {key: variable for variable, key in SHORT_NAMES.items()}
    for field in fields(section_class):
        key = f"{section}.{field.name}"
        if key not in known:
            continue
        told = [docstrings.get(field.name, ""), _bounds(field), variables.get(key, "")]
        yield from _comment(" ".join(filter(None, told)))
        default = default_of(field)
        yield f"# {field.name} = …\n" if default is None else f"{field.name} = {toml_text(default)}\n"


def _comment(text: str) -> Iterator[str]:
    text = re.sub(r"Section `\[\w+\]`( of the settings)?\.", "", text)
    return (f"# {line}\n" for line in textwrap.wrap(" ".join(text.split()), 116))


def _bounds(field: "Field[Any]") -> str:
    low, high = field.metadata.get("min"), field.metadata.get("max")
    if low is not None and high is not None:
        return f"{low} to {high}."
    return f"At least {low}." if low is not None else f"At most {high}." if high is not None else ""


def field_docstrings(section_class: type) -> dict[str, str]:
    """By field, the text that stands below it in the source of its class, on one line."""
    (class_node,) = ast.parse(textwrap.dedent(inspect.getsource(section_class))).body
    assert isinstance(class_node, ast.ClassDef)
    return {
        node.target.id: " ".join(text.value.value.split())
        for node, text in zip(class_node.body, class_node.body[1:], strict=False)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def main(*arguments: str) -> int:
    """Write or check; the exit code."""
    text = default_file()
    if "--check" not in arguments:
        FILE.write_text(text)
        return 0
    if FILE.read_text() == text:
        return 0
    print("config/default.toml is outdated: run `make settings`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
