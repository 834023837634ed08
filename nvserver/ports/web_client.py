"""Requests of ours to servers that others named."""

from collections.abc import Mapping
from typing import Protocol

import msgspec


class WebAnswer(msgspec.Struct, frozen=True):
    """`body` is cut to what the client takes."""

    status: int
    body: bytes


class WebClient(Protocol):
    """Sends one request and follows nothing. Addresses that are not public are refused unless the settings allow it."""

    async def get(self, url: str, headers: Mapping[str, str]) -> WebAnswer:
        """Raises as `post`."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebAnswer:
        """Raises `Unavailable`, with a message for people, when no answer comes: refused address, no connection, no
        valid certificate, too slow, no HTTP."""
        ...
