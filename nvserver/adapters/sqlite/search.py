"""The search index on SQLite: words in an FTS5 table. The shared words are already cut and folded, so its simplest
tokenizer only parts them; its prefix index makes the search as one types quick."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from nvserver.adapters.sql.database import Statement
from nvserver.adapters.sql.search import SqlSearch, document_values, forms_of
from nvserver.core.documents import Document
from nvserver.core.search_match import MAX_INDEXED_BYTES
from nvserver.core.search_query import Term
from nvserver.core.stems import marked_stems
from nvserver.core.words import indexed_words

_APART: Final = "¦"
"""Stands between two tags and before stems, so that no phrase goes from one to the next. No word of ours."""

_FIELDS: Final = {"t": "title", "tl": "{title labels}", "tlb": "{title labels body}"}

_MOST_LOOKED_AT: Final = 500
"""Of each score, for one page: the newest by number, of which the newest by time are told."""

# A changed document gets a new number, so that numbers go as times do: the newest are found without sorting all.
_DROP_OLD_WORDS: Final = """
    DELETE FROM search_words WHERE rowid = (SELECT number FROM search_documents WHERE id = $1 AND seq < $2)"""

_DROP_OLD: Final = "DELETE FROM search_documents WHERE id = $1 AND seq < $2"

_PUT: Final = """
    INSERT INTO search_documents
        (id, workspace_id, kind, seq, title, body, tags, author_id, updated_at, is_hidden)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING"""

_DROP_WORDS: Final = """
    DELETE FROM search_words WHERE rowid = (SELECT number FROM search_documents WHERE id = $1 AND seq = $2)"""

_PUT_WORDS: Final = """
    INSERT INTO search_words (rowid, title, labels, body)
    SELECT number, $3, $4, $5 FROM search_documents WHERE id = $1 AND seq = $2"""

_DROP_ALL_WORDS: Final = """
    DELETE FROM search_words WHERE rowid IN (SELECT number FROM search_documents WHERE workspace_id = $1)"""

_DROP_ALL: Final = "DELETE FROM search_documents WHERE workspace_id = $1"


class SqliteSearch(SqlSearch):
    """Fills the port `SearchIndex`."""

    def _put(self, document: Document) -> Sequence[Statement]:
        values = document_values(document)
        version = (values[0], document.seq)
        labels = chain.from_iterable((*indexed_words(tag, MAX_INDEXED_BYTES), _APART) for tag in document.tags)
        words = [
            " ".join((*some, _APART, *marked_stems(some, document.languages)))
            for some in (
                indexed_words(document.title, MAX_INDEXED_BYTES),
                tuple(labels),
                indexed_words(document.body, MAX_INDEXED_BYTES),
            )
        ]
        return (
            Statement(_DROP_OLD_WORDS, version),
            Statement(_DROP_OLD, version),
            Statement(_PUT, values),
            Statement(_DROP_WORDS, version),
            Statement(_PUT_WORDS, (*version, *words)),
        )

    def _drop(self, workspace: bytes) -> Sequence[Statement]:
        return (Statement(_DROP_ALL_WORDS, (workspace,)), Statement(_DROP_ALL, (workspace,)))

    def _match(
        self, terms: Sequence[Term], place: str, fields: str, above: str, labels: Sequence[Sequence[str]]
    ) -> tuple[str, str]:
        expression = " AND ".join([_all_of(terms, fields), *(f'labels : "{" ".join(words)}"' for words in labels)])
        return f"search_words MATCH {place}", f"({expression}) NOT ({_all_of(terms, above)})" if above else expression

    def _tables(self, *, has_terms: bool) -> str:
        if not has_terms:
            return super()._tables(has_terms=False)
        return (  # in this order: what fits is less than what one may read
            "search_words CROSS JOIN search_documents d ON d.number = search_words.rowid "
            "CROSS JOIN members m ON m.workspace_id = d.workspace_id"
        )

    def _newest(self, limit: str, *, has_terms: bool) -> str:
        if not has_terms:
            return super()._newest(limit, has_terms=False)
        return f"search_words.rowid DESC LIMIT {_MOST_LOOKED_AT}"


def _all_of(terms: Sequence[Term], fields: str) -> str:
    return " AND ".join(_phrase(term, _FIELDS[fields]) for term in terms)


def _phrase(term: Term, fields: str) -> str:
    ending, place = " *" if term.is_prefix else "", "title" if term.in_title else fields
    phrase = f'"{" ".join(term.words)}"{ending}'
    forms = [f'"{form}"' for form in forms_of(term)]
    return f"{place} : {phrase}" if not forms else f"{place} : ({' OR '.join([phrase, *forms])})"
