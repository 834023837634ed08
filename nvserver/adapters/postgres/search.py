"""The search index on PostgreSQL: words as a `tsvector`, given to it as such: its own parser never sees a text."""

from collections.abc import Sequence
from typing import Final

from nvserver.adapters.sql.database import Statement
from nvserver.adapters.sql.search import SqlSearch, document_values, forms_of
from nvserver.core.documents import Document
from nvserver.core.search_match import MAX_INDEXED_BYTES
from nvserver.core.search_query import Term
from nvserver.core.stems import MARK, stems_of
from nvserver.core.words import indexed_words

_LAST_POSITION: Final = 16_383
"""PostgreSQL counts words up to here; behind it a phrase may be found that is none."""

_COLUMNS: Final = {"t": "title_words", "tl": "label_words", "tlb": "words"}
_WEIGHTS: Final = {"t": "A", "tl": "AB", "tlb": ""}

_PUT: Final = """
    INSERT INTO search_documents
        (id, workspace_id, kind, seq, title, body, tags, author_id, updated_at, is_hidden, title_words,
        label_words, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::tsvector, $12::text::tsvector, $13::text::tsvector)
    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, title = excluded.title, body = excluded.body,
        tags = excluded.tags, updated_at = excluded.updated_at, is_hidden = excluded.is_hidden,
        title_words = excluded.title_words, label_words = excluded.label_words, words = excluded.words
    WHERE search_documents.seq < excluded.seq"""

_DROP_ALL: Final = "DELETE FROM search_documents WHERE workspace_id = $1"


class PostgresSearch(SqlSearch):
    """Fills the port `SearchIndex`."""

    def _put(self, document: Document) -> Sequence[Statement]:
        return (Statement(_PUT, (*document_values(document), *_vectors(document))),)

    def _drop(self, workspace: bytes) -> Sequence[Statement]:
        return (Statement(_DROP_ALL, (workspace,)),)

    def _match(
        self, terms: Sequence[Term], place: str, fields: str, above: str, labels: Sequence[Sequence[str]]
    ) -> tuple[str, str]:
        if all(term.in_title for term in terms):
            # What stands in the title has the highest score: nothing is left for the others.
            condition = f"{place} IS NULL" if above else f"d.title_words @@ {place}::tsquery"
            return condition, _all_of(terms, "t")
        if any(term.in_title for term in terms):
            parted = (" <-> ".join(f"'{word}':B" for word in words) for words in labels)
            expression = " & ".join([_all_of(terms, fields), *(f"({words})" for words in parted)])
            expression = f"({expression}) & !({_all_of(terms, above)})" if above else expression
            return f"d.words @@ {place}::tsquery", expression
        condition = f"d.{_COLUMNS[fields]} @@ {place}::tsquery"
        if above:
            condition += f" AND NOT d.{_COLUMNS[above]} @@ {place}::tsquery"
        return condition, _all_of(terms, "tlb")


def _all_of(terms: Sequence[Term], fields: str) -> str:
    return " & ".join(_phrase(term, "A" if term.in_title else _WEIGHTS[fields]) for term in terms)


def _vectors(document: Document) -> tuple[str, str, str]:
    """Of the title, of title and tags, of all."""
    parts: list[str] = []
    place = 0

    def add(text: str, weight: str) -> None:
        nonlocal place
        place += 1  # a step more than to the next word, so that no phrase goes from one text to the next
        for word in indexed_words(text, MAX_INDEXED_BYTES):
            place += 1
            here = f":{min(place, _LAST_POSITION)}{weight}"
            parts.append(f"'{word}'{here}")
            parts.extend(f"'{MARK}{stem}'{here}" for stem in stems_of(word, document.languages))

    add(document.title, "A")
    title = " ".join(parts)
    for tag in document.tags:
        add(tag, "B")
    labels = " ".join(parts)
    add(document.body, "D")
    return title, labels, " ".join(parts)


def _phrase(term: Term, weights: str) -> str:
    *first, last = term.words
    lexemes = [f"'{word}'{':' + weights if weights else ''}" for word in first]
    ending = ("*" if term.is_prefix else "") + weights
    lexemes.append(f"'{last}'{':' + ending if ending else ''}")
    forms = [f"'{form}'{':' + weights if weights else ''}" for form in forms_of(term)]
    return f"({' | '.join([' <-> '.join(lexemes), *forms])})"
