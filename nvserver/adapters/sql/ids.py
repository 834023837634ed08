"""Ids in the store: a UUID string is kept as its 16 bytes, which sort as the strings do."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

_AT_ONCE: Final = 500
"""Ids in one statement; far below what either database takes."""

_REMEMBERED: Final = 16_384
"""The same users, clients and notes come again and again: remembering them is a fifth of the work of parsing."""


@lru_cache(_REMEMBERED)
def id_bytes(text: str) -> bytes:
    """The 16 bytes of a UUID in its one form (36 lower-case characters). Raises `ValueError` for anything else."""
    raw = bytes.fromhex(text.replace("-", ""))
    if len(raw) != 16 or _text_of(raw) != text:
        raise ValueError("not a UUID in its canonical form")
    return raw


@lru_cache(_REMEMBERED)
def id_text(raw: bytes) -> str:
    """The inverse of `id_bytes`."""
    return _text_of(raw)


def id_batches(texts: Collection[str]) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """Of many ids, each once: `$1, $2, …` for a batch that a statement takes, and the batch."""
    ids = [id_bytes(text) for text in set(texts)]
    for start in range(0, len(ids), _AT_ONCE):
        batch = tuple(ids[start : start + _AT_ONCE])
        yield ", ".join(f"${number}" for number in range(1, len(batch) + 1)), batch


def optional_id_bytes(text: str | None) -> bytes | None:
    """`id_bytes`, None for None."""
    return None if text is None else id_bytes(text)


def optional_id_text(raw: bytes | None) -> str | None:
    """`id_text`, None for None."""
    return None if raw is None else id_text(raw)


def _text_of(raw: bytes) -> str:
    digits = raw.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
