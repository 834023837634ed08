"""The part of a text that shows why it was found, as HTML: everything escaped, what fits in `<mark>`."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from nvserver.core.search_query import Term
from nvserver.core.stems import is_akin
from nvserver.core.words import Word, composed, words_of

SNIPPET_CHARACTERS: Final = 200
_BEFORE: Final = 60


def snippet_of(text: str, terms: Iterable[Term]) -> str:
    """About 200 characters around the first fit, or the text's start where nothing fits."""
    text = composed(text)
    spans = _spans(words_of(text), list(terms))
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    if start:
        start = max(start, text.rfind(" ", 0, start + 20) + 1)  # not from within a word
    end = min(len(text), start + SNIPPET_CHARACTERS)
    parts = ["…"] if start else []
    place = start
    for first, last in spans:
        if first < place:
            continue
        if last > end:
            break
        parts += [escape(text[place:first]), "<mark>", escape(text[first:last]), "</mark>"]
        place = last
    parts += [escape(text[place:end]), "…" if end < len(text) else ""]
    return " ".join("".join(parts).split())


def _spans(words: Iterable[Word], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms fit: places in the text, in order; what overlaps is joined. Ends where no snippet reaches."""
    found: list[tuple[int, int]] = []
    seen: list[Word] = []
    phrases = [term for term in terms if len(term.words) > 1]
    is_one: dict[str, bool] = {}
    """Whether a word fits a term of one word: texts say the same words again and again."""
    for word in words:
        if found and word.start > found[0][0] + SNIPPET_CHARACTERS:
            break
        seen.append(word)
        if word.text not in is_one:
            is_one[word.text] = any(fits((word.text,), term) for term in terms)
        starts = [word.start] if is_one[word.text] else []
        for term in phrases:
            last = seen[-len(term.words) :]
            if fits([one.text for one in last], term):
                starts.append(last[0].start)
        if starts:
            start = min(starts)
            while found and found[-1][1] >= start:
                start = min(start, found.pop()[0])
            found.append((start, word.end))
    return found


def fits(words: Sequence[str], term: Term) -> bool:
    """Whether the words (as many as the term's) are what the term asks for."""
    if len(words) != len(term.words) or list(words[:-1]) != list(term.words[:-1]):
        return False
    word, typed = words[-1], term.words[-1]
    if not term.is_prefix:
        return word == typed
    return word.startswith(typed) or (bool(term.languages) and is_akin(word, typed, term.languages))
