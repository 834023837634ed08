"""The boundary of a task in a nursery that it shares with others: nothing that happens in it gets out."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
import trio

log = structlog.get_logger()


async def contained(function: Callable[..., Awaitable[Any]], *args: Any) -> None:
    """Run it; what it raises is logged. A stray `Cancelled`, of a scope that it mismanaged, ends here too."""
    with trio.CancelScope() as scope:
        try:
            await function(*args)
        except Exception:
            log.exception("a task failed", task=getattr(function, "__qualname__", repr(function)))
        finally:
            scope.cancel()
