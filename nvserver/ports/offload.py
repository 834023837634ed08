"""Work that would hold the event loop up, done elsewhere."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Offload(Protocol):
    """Calls `function(*arguments)` in one of a bounded number of threads; a simulation calls it at once."""

    async def __call__(self, function: Callable[..., T], *arguments: object) -> T: ...
