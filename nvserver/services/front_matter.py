"""What stands before a Markdown text between two lines of `---`: written by us, and read as strangers write it."""

from typing import Any, Final

import msgspec
import yaml

MAX_CHARACTERS: Final = 20_000
_MAX_TAGS: Final = 50


class FrontMatter(msgspec.Struct, frozen=True):
    """What of it means something here; the rest is left."""

    title: str | None = None
    tags: tuple[str, ...] = ()
    has_more: bool = False
    """Whether there are other fields in it."""


def with_front_matter(fields: dict[str, Any], text: str) -> str:
    """The fields in YAML, then the text."""
    told = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1_000)
    return f"---\n{told}---\n{text}"


def parted(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the text behind it. What is no front matter is text."""
    if not text.startswith("---\n"):
        return FrontMatter(), text
    end = text.find("\n---", 3)
    behind = text[end + 4 :]
    if not 0 <= end <= MAX_CHARACTERS or (behind and not behind.startswith("\n")):
        return FrontMatter(), text
    try:
        fields = yaml.safe_load(text[4 : end + 1])
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter(), text
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        return FrontMatter(), text
    title = fields.get("title")
    tags = fields.get("tags", fields.get("tag", ()))
    if isinstance(tags, str):
        tags = tags.replace(",", " ").split()
    return (
        FrontMatter(
            str(title) if isinstance(title, str | int | float) else None,
            tuple(str(tag) for tag in tags if isinstance(tag, str | int))[:_MAX_TAGS] if isinstance(tags, list) else (),
            not fields.keys() <= {"title", "tags", "tag"},
        ),
        behind[1:],
    )
