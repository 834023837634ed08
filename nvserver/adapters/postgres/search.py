"""The search index on PostgreSQL: words as a `tsvector`, given to it as such: its own parser never sees a text."""

from collections.abc import Iterable, Sequence
from typing import Final

from nvserver.adapters.sql.database import Statement
from nvserver.adapters.sql.search import SqlSearch, document_values
from nvserver.core.documents import Document
from nvserver.core.search_match import MAX_INDEXED_BYTES
from nvserver.core.search_query import Term
from nvserver.core.words import indexed_words

_LAST_POSITION: Final = 16_383
"""PostgreSQL counts words up to here; behind it a phrase may be found that is none."""

_WEIGHTS: Final = {"t": "A", "tl": "AB", "tlb": ""}

_PUT: Final = """
    INSERT INTO search_documents
        (id, workspace_id, kind, seq, title, body, tags, author_id, updated_at, is_hidden, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::tsvector)
    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, title = excluded.title, body = excluded.body,
        tags = excluded.tags, updated_at = excluded.updated_at, is_hidden = excluded.is_hidden, words = excluded.words
    WHERE search_documents.seq < excluded.seq"""

_DROP_ALL: Final = "DELETE FROM search_documents WHERE workspace_id = $1"


class PostgresSearch(SqlSearch):
    """Fills the port `SearchIndex`."""

    def _put(self, document: Document) -> Sequence[Statement]:
        return (Statement(_PUT, (*document_values(document), _vector(document))),)

    def _drop(self, workspace: bytes) -> Sequence[Statement]:
        return (Statement(_DROP_ALL, (workspace,)),)

    def _match(self, terms: Sequence[Term], place: str, fields: str, above: str) -> tuple[str, str]:
        expression = _all_of(terms, fields)
        return f"d.words @@ {place}::tsquery", f"({expression}) & !({_all_of(terms, above)})" if above else expression


def _all_of(terms: Sequence[Term], fields: str) -> str:
    return " & ".join(_phrase(term, "A" if term.in_title else _WEIGHTS[fields]) for term in terms)


def _vector(document: Document) -> str:
    parts: list[str] = []
    place = 0
    texts: Iterable[tuple[str, str]] = (
        (document.title, "A"),
        *((tag, "B") for tag in document.tags),
        (document.body, "D"),
    )
    for text, weight in texts:
        place += 1  # a step more than to the next word, so that no phrase goes from one text to the next
        for word in indexed_words(text, MAX_INDEXED_BYTES):
            place += 1
            parts.append(f"'{word}':{min(place, _LAST_POSITION)}{weight}")
    return " ".join(parts)


def _phrase(term: Term, weights: str) -> str:
    *first, last = term.words
    lexemes = [f"'{word}'{':' + weights if weights else ''}" for word in first]
    ending = ("*" if term.is_prefix else "") + weights
    lexemes.append(f"'{last}'{':' + ending if ending else ''}")
    return f"({' <-> '.join(lexemes)})"
