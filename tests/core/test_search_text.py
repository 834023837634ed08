"""Queries, words and snippets: what is typed, what is kept, what is shown."""

import random
from html import unescape

import pytest

from nvserver.core.search_query import SearchQuery, Term, parse_query
from nvserver.core.snippets import snippet_of
from nvserver.core.words import composed, fold, indexed_words, words_of
from nvserver.errors import ValidationFailed

DAY = 86_400_000


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Red  apple", SearchQuery((Term(("red",)), Term(("apple",))))),
        ('"Red apple" pie', SearchQuery((Term(("red", "apple"), is_prefix=False), Term(("pie",))))),
        ('"not closed', SearchQuery((Term(("not", "closed"), is_prefix=False),))),
        ("title:Plan", SearchQuery((Term(("plan",), in_title=True),))),
        ('TITLE:"my plan"', SearchQuery((Term(("my", "plan"), is_prefix=False, in_title=True),))),
        ("e-mail", SearchQuery((Term(("e", "mail")),))),
        ('tag:Café tag:"to do"', SearchQuery(tags=("cafe", "to do"))),
        ("author:me author:a@b.c", SearchQuery(authors=("me", "a@b.c"))),
        ("after:1970-01-02 before:1970-01-03", SearchQuery(after=DAY, before=2 * DAY)),
        ("before:1970-01-05 before:1970-01-03", SearchQuery(before=2 * DAY)),
        ("naïve", SearchQuery((Term(("naive",)),))),
        ("nai\u0308ve", SearchQuery((Term(("naive",)),))),
        ("東京都", SearchQuery((Term(("東京", "京都", "都")),))),
        ("OR AND NOT * ( ) : NEAR", SearchQuery((Term(("or",)), Term(("and",)), Term(("not",)), Term(("near",))))),
    ],
)
def test_queries_are_read_so(typed: str, query: SearchQuery) -> None:
    assert parse_query(typed) == query


@pytest.mark.parametrize("typed", ["", "  ", "***", '""', "before:yesterday", "after:2026-02-30", "a " * 33])
def test_queries_that_ask_for_nothing_are_refused(typed: str) -> None:
    with pytest.raises(ValidationFailed):
        parse_query(typed)


def random_text(rng: random.Random, length: int) -> str:
    return "".join(rng.choice("ab eÉß\u0301東京<&\n.🚀ﬁ가_") for _ in range(length))


def test_words_stand_where_they_say(rng: random.Random) -> None:
    for _ in range(300):
        text = composed(random_text(rng, 60))
        assert len(fold(text)) == len(text)
        for word in words_of(text):
            assert fold(text[word.start : word.end]) == word.text
            assert word.text.isalnum()


def test_words_kept_are_bounded() -> None:
    assert indexed_words("one two three", 24) == ("one", "two")
    assert indexed_words("x" * 1000, 1000) == ("x" * 64,)


def test_snippets_are_parts_of_the_text_with_nothing_but_marks(rng: random.Random) -> None:
    for _ in range(300):
        text = random_text(rng, rng.randrange(0, 700))
        snippet = snippet_of(text, parse_query("a 東 e").terms)
        plain = snippet.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in plain
        assert ">" not in plain
        shown = unescape(plain).strip("… ")
        assert shown in " ".join(composed(text).split())
        assert len(shown) <= 260


def test_a_snippet_shows_the_first_fit() -> None:
    text = "nothing " * 100 + "<script> the Crème brûlée recipe"
    snippet = snippet_of(text, parse_query("creme brulee").terms)
    assert "<mark>Crème</mark> <mark>brûlée</mark> recipe" in snippet
    assert "&lt;script&gt;" in snippet
    assert snippet.startswith("…")
    assert (
        snippet_of("Apple, red. Red apple.", parse_query('"red apple"').terms) == "Apple, red. <mark>Red apple</mark>."
    )
