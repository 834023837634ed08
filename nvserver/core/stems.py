"""Words by their stems, so that `apples` finds `apple`: the Snowball stemmers (https://snowballstem.org), in Python.

Stems stand beside words, never instead of them: what is typed finds what begins with it, whatever its stem, and phrases
are what they say. People of one workspace write in several languages, so words get their stem in each of those that the
server is set to.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias, get_args

import snowballstemmer

MARK: Final = "ˢ"
"""Before a stem in an index. No word has it: it is folded to `s` there."""
Language: TypeAlias = Literal[
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "czech",
    "danish",
    "dutch",
    "dutch_porter",
    "english",
    "esperanto",
    "estonian",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "persian",
    "polish",
    "porter",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "sesotho",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
]
"""As Snowball names them."""
LANGUAGES: Final = frozenset[str](get_args(Language))
_REMEMBERED: Final = 100_000


@lru_cache
def _stemmer(language: str) -> "snowballstemmer.english_stemmer.EnglishStemmer":
    return snowballstemmer.stemmer(language)


@lru_cache(_REMEMBERED)
def stems_of(word: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The word's stems in these languages, each once; itself not among them. `word` is folded."""
    found = dict.fromkeys(_stemmer(language).stemWord(word) for language in languages)
    return tuple(stem for stem in found if stem and stem != word)


def marked_stems(words: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """What an index keeps beside the words."""
    return tuple(dict.fromkeys(MARK + stem for word in words for stem in stems_of(word, languages)))


def is_akin(word: str, typed: str, languages: Sequence[str]) -> bool:
    """Whether two words are forms of one: they share a stem, or one is the other's."""
    mine = (word, *stems_of(word, languages))
    return any(stem in mine for stem in stems_of(typed, languages)) or typed in mine
