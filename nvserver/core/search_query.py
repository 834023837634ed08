"""What somebody types into the search box, parsed: words, "a phrase", and the operators `title:`, `tag:`, `author:`,
`before:` and `after:` (dates as `2026-01-31`, UTC)."""

import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from nvserver.core.words import composed, fold, words_of
from nvserver.errors import ValidationFailed
from nvserver.problems import Problem

MAX_TERMS: Final = 32

_PIECE: Final = re.compile(r'(?:(title|tag|author|before|after):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)


class Term(msgspec.Struct, frozen=True):
    """Words that must follow each other. `is_prefix`: the last may go on; `in_title`: they stand in the title. A single
    word that may go on is found in its other forms too, in these `languages`."""

    words: tuple[str, ...]
    is_prefix: bool = True
    in_title: bool = False
    languages: tuple[str, ...] = ()


class SearchQuery(msgspec.Struct, frozen=True):
    """What is looked for: all of it must fit. `tags` are folded; `authors` as typed; `before` and `after` (inclusive)
    are milliseconds since 1970 UTC and bound the time of the last change."""

    terms: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    before: int | None = None
    after: int | None = None


def parse_query(text: str, languages: tuple[str, ...] = ()) -> SearchQuery:
    """`languages`: of the forms of words (`core.stems`). Raises `ValidationFailed` for a date that is none, too many
    terms, or a query that asks for nothing."""
    terms: list[Term] = []
    tags: list[str] = []
    authors: list[str] = []
    before: int | None = None
    after: int | None = None
    for operator, phrase, bare in _PIECE.findall(composed(text)):
        value = bare or phrase
        match operator.lower():
            case "tag":
                tags.append(fold(value))
            case "author":
                authors.append(value)
            case "before":
                before = _day(value) if before is None else min(before, _day(value))
            case "after":
                after = _day(value) if after is None else max(after, _day(value))
            case in_title:
                if words := tuple(word.text for word in words_of(value)):
                    has_forms = bool(bare) and len(words) == 1
                    terms.append(Term(words, bool(bare), bool(in_title), languages if has_forms else ()))
    if len(terms) + len(tags) + len(authors) > MAX_TERMS:
        raise ValidationFailed.at("q", f"must have at most {MAX_TERMS} terms", Problem.TOO_MANY, MAX_TERMS)
    query = SearchQuery(tuple(terms), tuple(tags), tuple(authors), before, after)
    if query == SearchQuery():
        raise ValidationFailed.at("q", "names nothing to look for", Problem.NOTHING_TO_FIND)
    return query


def _day(text: str) -> int:
    try:
        return int(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        raise ValidationFailed.at("q", "a date is written as 2026-01-31", Problem.NOT_A_DATE) from None
