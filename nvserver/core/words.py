"""A text as the words it is found by: the same for what is indexed and for what is asked, in every store.

Stores get words, not texts, so what a query finds does not depend on a database's tokenizer. Chinese, Japanese, Thai
and Korean write without spaces or inflect at the end: their runs become pairs of neighbouring characters (and the last
one alone), the usual way to find a part of a run without a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import msgspec

MAX_WORD_CHARACTERS: Final = 64
"""Longer words are cut: nobody types them, and a store's keys are bounded."""

_RUN: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)


class Word(msgspec.Struct, frozen=True):
    """A folded word and where it stands in the text, in characters."""

    text: str
    start: int
    end: int


class _Fold(dict[int, str]):
    """Character by character, so that places in the folded text are places in the text."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKD", character)[:1].lower()
        self[code] = result = folded if len(folded) == 1 else character
        return result


_FOLD: Final = _Fold()


def fold(text: str) -> str:
    """Without case, accents and compatibility forms; as long as `text`, which should be in form NFC."""
    return text.translate(_FOLD)


def composed(text: str) -> str:
    """The text in Unicode form NFC: one character for a letter and its accents."""
    return unicodedata.normalize("NFC", text)


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in form NFC, in order."""
    for run in _RUN.finditer(fold(text)):
        yield from _words_of_run(run.group(), run.start())


def _words_of_run(run: str, start: int) -> Iterator[Word]:
    place = 0
    for unspaced in _UNSPACED.finditer(run):
        if unspaced.start() > place:
            yield _word(run, start, place, unspaced.start())
        for first in range(unspaced.start(), unspaced.end()):
            yield _word(run, start, first, min(first + 2, unspaced.end()))
        place = unspaced.end()
    if place < len(run):
        yield _word(run, start, place, len(run))


def _word(run: str, offset: int, first: int, last: int) -> Word:
    return Word(run[first : min(last, first + MAX_WORD_CHARACTERS)], offset + first, offset + last)


def indexed_words(text: str, max_bytes: int) -> tuple[str, ...]:
    """The words a store keeps of a text: from its start, as many as take `max_bytes` in UTF-8, 8 more for each."""
    found: list[str] = []
    for word in words_of(composed(text)):
        max_bytes -= len(word.text.encode()) + 8
        if max_bytes < 0:
            break
        found.append(word.text)
    return tuple(found)
