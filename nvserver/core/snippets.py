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
    spans = _spans(list(words_of(text)), list(terms))
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


def _spans(words: Sequence[Word], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms fit: places in the text, in order; what overlaps is joined."""
    found: list[tuple[int, int]] = []
    for index, word in enumerate(words):
        for term in terms:
            length = len(term.words)
            if fits([candidate.text for candidate in words[index : index + length]], term):
                end = words[index + length - 1].end
                if found and found[-1][1] >= word.start:
                    found[-1] = (found[-1][0], max(end, found[-1][1]))
                else:
                    found.append((word.start, end))
    return found


def fits(words: Sequence[str], term: Term) -> bool:
    """Whether the words (as many as the term's) are what the term asks for."""
    if len(words) != len(term.words) or list(words[:-1]) != list(term.words[:-1]):
        return False
    word, typed = words[-1], term.words[-1]
    if not term.is_prefix:
        return word == typed
    return word.startswith(typed) or (bool(term.languages) and is_akin(word, typed, term.languages))
