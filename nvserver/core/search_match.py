"""Whether a document is what somebody looks for: the same as the stores answer, for one document at hand."""

from collections.abc import Sequence
from typing import Final

from nvserver.core.documents import Document
from nvserver.core.search_query import SearchQuery, Term
from nvserver.core.snippets import fits
from nvserver.core.words import fold, indexed_words

MAX_INDEXED_BYTES: Final = 400_000
"""Words kept of one text (see `indexed_words`): what a note says after some 40,000 words is not found. PostgreSQL takes
1 MB of them."""


def is_wanted(document: Document, query: SearchQuery) -> bool:
    """Whether all but the terms fits."""
    tags = {fold(tag) for tag in document.tags}
    return (
        tags.issuperset(query.tags)
        and (not query.authors or document.author_id in query.authors)
        and (query.before is None or document.updated_at < query.before)
        and (query.after is None or document.updated_at >= query.after)
    )


def score_of(document: Document, terms: Sequence[Term]) -> int:
    """As `Found.score`; 0 for what does not fit."""
    if not terms:
        return 1
    title = [indexed_words(document.title, MAX_INDEXED_BYTES)]
    labels = [indexed_words(tag, MAX_INDEXED_BYTES) for tag in document.tags]
    body = [indexed_words(document.body, MAX_INDEXED_BYTES)]
    for score, texts in ((3, title), (2, title + labels), (1, title + labels + body)):
        if all(_stands_in(title if term.in_title else texts, term) for term in terms):
            return score
    return 0


def _stands_in(texts: Sequence[Sequence[str]], term: Term) -> bool:
    length = len(term.words)
    return any(fits(words[start : start + length], term) for words in texts for start in range(len(words)))
