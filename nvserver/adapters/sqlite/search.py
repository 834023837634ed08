"""The search index on SQLite: words in an FTS5 table. The shared words are already cut and folded, so its simplest
tokenizer only parts them; its prefix index makes the search as one types quick."""

from collections.abc import Sequence
from itertools import chain
from typing import Final
from uuid import UUID

from nvserver.adapters.sql.database import Statement
from nvserver.adapters.sql.search import Arguments, SqlSearch, document_values, forms_of, words_of_tags
from nvserver.core.documents import Document
from nvserver.core.search_match import MAX_INDEXED_BYTES
from nvserver.core.search_query import Term
from nvserver.core.stems import marked_stems
from nvserver.core.words import indexed_words
from nvserver.ports.search import MOST_COUNTED, SearchRequest

_APART: Final = "¦"
"""Stands between two tags and before stems, so that no phrase goes from one to the next. No word of ours."""

_FIELDS: Final = {"t": "title", "tl": "{title labels}", "tlb": "{title labels body}"}

_TIERS: Final = ((3, "t", ""), (2, "tl", "t"), (1, "tlb", "tl"))
"""Scores, where the terms stand (t: title, l: labels, which are tags, b: body), and where they do not."""

_MOST_LOOKED_AT: Final = 500
"""Of each score, for one page: the newest by number, which are told by time and id."""

_ID_BITS: Final = 20

# The number is the time of the last change and how the id begins (or the next one that is free): numbers go as what is
# found is told, so that the newest are found without sorting all.
_DROP_OLD_WORDS: Final = """
    DELETE FROM search_words WHERE rowid = (SELECT number FROM search_documents WHERE id = $1 AND seq < $2)"""

_DROP_OLD: Final = "DELETE FROM search_documents WHERE id = $1 AND seq < $2"

_PUT: Final = """
    INSERT INTO search_documents
        (id, workspace_id, kind, seq, title, body, tags, author_id, updated_at, is_hidden, number)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        CASE WHEN EXISTS (SELECT 1 FROM search_documents WHERE number = $11) THEN (
            SELECT min(taken.number) + 1 FROM search_documents taken WHERE taken.number >= $11
            AND NOT EXISTS (SELECT 1 FROM search_documents next WHERE next.number = taken.number + 1)
        ) ELSE $11 END) ON CONFLICT (id) DO NOTHING"""

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
            Statement(_PUT, (*values, _number(document))),
            Statement(_DROP_WORDS, version),
            Statement(_PUT_WORDS, (*version, *words)),
        )

    def _drop(self, workspace: bytes) -> Sequence[Statement]:
        return (Statement(_DROP_ALL_WORDS, (workspace,)), Statement(_DROP_ALL, (workspace,)))

    def _ranked(self, request: SearchRequest, arguments: Arguments, limit: str) -> tuple[str, str]:
        tiers = [
            f"SELECT * FROM ({self._tier(request, arguments, score, fields, above, limit)}) tier{score}"
            for score, fields, above in (_TIERS if request.query.terms else ((1, "", ""),))
            if request.after is None or score <= request.after[0]
        ]
        return "", " UNION ALL ".join(tiers)

    def _tier(
        self, request: SearchRequest, arguments: Arguments, score: int, fields: str, above: str, limit: str
    ) -> str:
        """The newest of those with this score: they fit in `fields` and do not in `above`."""
        tables, conditions = self._found(request, arguments, fields, above)
        conditions += self._follows(request, arguments, score)
        newest = f"search_words.rowid DESC LIMIT {_MOST_LOOKED_AT}"
        return f"""
            SELECT d.id, d.updated_at, {score} AS score FROM {tables} WHERE {" AND ".join(conditions)}
            ORDER BY {newest if fields else f"d.updated_at DESC, d.id DESC LIMIT {limit}"}"""

    def _counted(self, request: SearchRequest, arguments: Arguments) -> str:
        tables, conditions = self._found(request, arguments, "tlb" if request.query.terms else "", "")
        return f"""SELECT d.kind, d.workspace_id, d.author_id FROM {tables}
            WHERE {" AND ".join(conditions)} LIMIT {MOST_COUNTED}"""

    def _found(self, request: SearchRequest, arguments: Arguments, fields: str, above: str) -> tuple[str, list[str]]:
        """The tables, and the conditions but for the page."""
        conditions = [*self._readable(request, arguments), *self._wanted(request, arguments)]
        if not fields:
            return "members m JOIN search_documents d ON d.workspace_id = m.workspace_id", conditions
        expression = _all_of(request.query.terms, fields)
        for words in words_of_tags(request.query.tags):
            expression += f' AND labels : "{" ".join(words)}"'
        if above:
            expression = f"({expression}) NOT ({_all_of(request.query.terms, above)})"
        conditions.append(f"search_words MATCH {arguments.place(expression, 'text')}")
        return (  # in this order: what fits is less than what one may read
            "search_words CROSS JOIN search_documents d ON d.number = search_words.rowid "
            "CROSS JOIN members m ON m.workspace_id = d.workspace_id"
        ), conditions


def _number(document: Document) -> int:
    return document.updated_at << _ID_BITS | UUID(document.id).int >> (128 - _ID_BITS)


def _all_of(terms: Sequence[Term], fields: str) -> str:
    return " AND ".join(_phrase(term, _FIELDS[fields]) for term in terms)


def _phrase(term: Term, fields: str) -> str:
    ending, place = " *" if term.is_prefix else "", "title" if term.in_title else fields
    phrase = f'"{" ".join(term.words)}"{ending}'
    forms = [f'"{form}"' for form in forms_of(term)]
    return f"{place} : {phrase}" if not forms else f"{place} : ({' OR '.join([phrase, *forms])})"
