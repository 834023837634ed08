"""Words as PostgreSQL keeps and is asked for them: a `tsvector` and a `tsquery`, given to it as such, so that its own
parser never sees a text.

A word of the title stands there twice, once marked as one of the title, and so does one of a tag: whether something
stands in the title is then answered by the index alone. So is who may read it, by words of the document's kind,
workspace and author. No word of a text has such a mark.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from nvserver.adapters.sql.search import forms_of
from nvserver.core.documents import Document
from nvserver.core.search_match import MAX_INDEXED_BYTES
from nvserver.core.search_query import Term
from nvserver.core.stems import MARK, stems_of
from nvserver.core.words import indexed_words
from nvserver.ports.search import SearchRequest

_TITLE: Final = "ᵀ"
_TAG: Final = "ᴳ"
_LAST_POSITION: Final = 16_383
"""PostgreSQL counts words up to here; behind it a phrase may be found that is none."""


class Tier(NamedTuple):
    """What fits with this score. `expression`: None when nothing is said of words."""

    score: int
    expression: str | None


def vector_of(document: Document) -> str:
    """All words of the document, and what it is."""
    parts = [
        f"'{word}'"
        for word in (_kind(document.kind), workspace_word(document.workspace_id), _author(document.author_id))
    ]
    place = 0

    def add(text: str, mark: str) -> None:
        nonlocal place
        place += 1  # a step more than to the next word, so that no phrase goes from one text to the next
        for word in indexed_words(text, MAX_INDEXED_BYTES):
            place += 1
            here = min(place, _LAST_POSITION)
            for kept in (word, *(MARK + stem for stem in stems_of(word, document.languages))):
                parts.append(f"'{kept}':{here}")
                if mark:
                    parts.append(f"'{mark}{kept}':{here}")

    add(document.title, _TITLE)
    for tag in document.tags:
        add(tag, _TAG)
    add(document.body, "")
    return " ".join(parts)


def tiers_of(terms: Sequence[Term], labels: Sequence[Sequence[str]]) -> Sequence[Tier]:
    """What is asked for, highest score first, each without what fits better. The words of each of `labels` stand in a
    tag."""
    always = [_phrase(words, _TAG) for words in labels]
    if not terms:
        return (Tier(1, _all(always) if always else None),)
    title = _all(_term(term, _TITLE) for term in terms)
    best = Tier(3, _all([title, *always]))
    if all(term.in_title for term in terms):
        return (best,)
    labelled = _all(
        _term(term, _TITLE) if term.in_title else f"({_term(term, _TITLE)} | {_term(term, _TAG)})" for term in terms
    )
    anywhere = _all(_term(term, _TITLE if term.in_title else "") for term in terms)
    return (
        best,
        Tier(2, _all([labelled, *always, f"!{title}"])),
        Tier(1, _all([anywhere, *always, f"!{labelled}"])),
    )


def wider(terms: Sequence[Term], labels: Sequence[Sequence[str]]) -> str | None:
    """What fits with any score."""
    found = [_term(term, _TITLE if term.in_title else "") for term in terms]
    found += [_phrase(words, _TAG) for words in labels]
    return _all(found) if found else None


def narrowed(expression: str, request: SearchRequest) -> str:
    """The same of those documents alone that the request is about."""
    parts = [expression]
    if request.kinds:
        parts.append(_any(f"'{_kind(kind)}'" for kind in request.kinds))
    if request.workspace_id is not None:
        parts.append(f"'{workspace_word(request.workspace_id)}'")
    if request.query.authors:
        parts.append(_any(f"'{_author(author)}'" for author in request.query.authors))
    return _all(parts)


def workspace_word(workspace_id: str) -> str:
    """What all documents of the workspace have."""
    return f"@w{workspace_id.replace('-', '')}"


def _kind(kind: str) -> str:
    return f"@k{kind}"


def _author(author_id: str) -> str:
    return f"@a{author_id.replace('-', '')}"


def _term(term: Term, mark: str) -> str:
    phrase = _phrase(term.words, mark, ending=":*" if term.is_prefix else "")
    return _any([phrase, *(f"'{mark}{form}'" for form in forms_of(term))])


def _phrase(words: Sequence[str], mark: str, *, ending: str = "") -> str:
    followed = " <-> ".join(f"'{mark}{word}'" for word in words)
    return f"({followed}{ending})"


def _all(parts: Iterable[str]) -> str:
    return f"({' & '.join(parts)})"


def _any(parts: Iterable[str]) -> str:
    return f"({' | '.join(parts)})"
