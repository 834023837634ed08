"""What makes a life of a node, and a link, unlike any other."""

import secrets
from collections.abc import Callable
from typing import TypeAlias

NewToken: TypeAlias = Callable[[], str]
"""Gives a text that nobody has had or will have."""


def new_token() -> str:
    """Eight random bytes."""
    return secrets.token_hex(8)
