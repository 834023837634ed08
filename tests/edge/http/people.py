"""People who use the client for programs."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from nvserver.client import ApiError, NoteVault

Join: TypeAlias = Callable[[str], Awaitable[NoteVault]]


async def code_of(asked: Awaitable[Any]) -> str:
    """Of the error that it is refused with."""
    try:
        await asked
    except ApiError as error:
        return error.code
    raise AssertionError("it was not refused")
