"""Which pages of other origins may call the API (the Fetch standard's CORS protocol): a fixed list, never reflected."""

from collections.abc import Sequence
from typing import Final

from werkzeug.datastructures import Headers

_METHODS: Final = "GET, POST, PUT, DELETE"
_ALLOWED_HEADERS: Final = "Authorization, Content-Type, Idempotency-Key, Range"
_EXPOSED_HEADERS: Final = "X-Request-Id, Retry-After, ETag, Content-Range, Content-Disposition, Location"
_MAX_AGE_SECONDS: Final = 600
PATHS: Final = "/api/"


class Cors:
    """Adds to answers what lets a browser show them to a page of an allowed origin."""

    def __init__(self, origins: Sequence[str]) -> None:
        """`origins` (`https://host[:port]`) are compared exactly; `null` is none."""
        self._origins = frozenset(origin.rstrip("/") for origin in origins) - {"null"}

    def add(self, origin: str | None, headers: Headers) -> None:
        """To any answer under `PATHS`."""
        headers.add("Vary", "Origin")
        if origin in self._origins:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Credentials"] = "true"
            headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS

    def add_preflight(self, origin: str | None, headers: Headers) -> None:
        """To the answer of an OPTIONS request that asks before another one, together with `add`."""
        if origin in self._origins:
            headers["Access-Control-Allow-Methods"] = _METHODS
            headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
            headers["Access-Control-Max-Age"] = str(_MAX_AGE_SECONDS)
