"""Requests of ours to servers that others named."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import msgspec


class WebAnswer(msgspec.Struct, frozen=True):
    """`body` is cut to what the client takes."""

    status: int
    body: bytes


class NoAnswer(StrEnum):
    """Why no answer came, as the messages begin that tell it."""

    NOT_PUBLIC = "the address is not a public one"
    NO_CONNECTION = "no connection"
    TOO_SLOW = "it took too long"
    NOT_HTTP = "the answer is no HTTP"


class WebClient(Protocol):
    """Sends one request and follows nothing. Addresses that are not public are refused unless the settings allow it."""

    async def get(self, url: str, headers: Mapping[str, str]) -> WebAnswer:
        """Raises as `post`."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebAnswer:
        """Raises `Unavailable`, with a message that begins as one of `NoAnswer`, when no answer comes. An address whose
        certificate is not valid counts as one without a connection."""
        ...
